//! The running release as a visitor sees it. One check, one line, with what was seen.
//!
//! The checks that say which release answers come first and are asked again while the platform moves its traffic; what
//! comes behind them is about that release and nothing else.

mod headers;
mod identity;
mod journey;
mod page;
mod visitor;

use std::time::Duration;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::place::Environment;
use crate::settings::Addresses;
use crate::world::World;
pub use identity::{Expected, said};
use visitor::Visitor;

/// How long the platform may take to move all traffic to the new instances.
const SWITCH: Duration = Duration::from_mins(2);
/// Between two looks at who answers.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// Between the two tries of a check.
const SECOND_TRY: Duration = Duration::from_secs(5);
/// The whole of it; no further check begins after that.
const WHOLE: Duration = Duration::from_mins(8);

/// A thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub name: String,
    pub passed: bool,
    pub seen: String,
}

impl Check {
    pub fn passed(name: &str, seen: impl Into<String>) -> Self {
        Self { name: name.to_owned(), passed: true, seen: seen.into() }
    }

    pub fn failed(name: &str, seen: impl Into<String>) -> Self {
        Self { name: name.to_owned(), passed: false, seen: seen.into() }
    }
}

/// What is looked at, and for what.
pub struct Smoke<'a> {
    pub world: &'a World,
    pub environment: Environment,
    pub expected: Expected,
    /// Whether a report is paid at the stand-in and waited for; never in production.
    pub with_report: bool,
    visitor: Visitor,
}

/// A report costs money where no stand-in takes the payment.
pub fn may_buy(environment: Environment, with_report: bool) -> Result<()> {
    if with_report && environment == Environment::Production {
        bail!("--report is for staging, where a stand-in takes the payment; in production it would be a purchase");
    }
    Ok(())
}

impl<'a> Smoke<'a> {
    pub fn new(
        world: &'a World,
        addresses: &Addresses,
        environment: Environment,
        expected: Expected,
        with_report: bool,
    ) -> Result<Self> {
        may_buy(environment, with_report)?;
        Ok(Self { world, environment, expected, with_report, visitor: Visitor::new(addresses)? })
    }

    /// Every check, in order. When another release answers, the rest would say nothing about this one and is left out.
    pub async fn run(&self) -> Vec<Check> {
        let end = self.world.clock.now() + WHOLE;
        let mut checks = self.who_answers(SWITCH).await;
        if checks.iter().all(|check| check.passed) {
            checks.push(self.twice(end, "api headers", async || headers::of_the_api(&self.visitor).await).await);
            checks.push(self.twice(end, "problems", async || headers::of_a_refusal(&self.visitor).await).await);
            checks.push(self.twice(end, "page", async || page::documents(&self.visitor).await).await);
            checks.push(self.twice(end, "page assets", async || page::assets(&self.visitor).await).await);
            checks.push(self.twice(end, "page finds api", async || page::way_to_the_api(&self.visitor).await).await);
            checks.push(self.twice(end, "quiz", async || journey::quiz(&self.visitor).await).await);
        }
        if self.with_report && checks.iter().all(|check| check.passed) {
            let report = journey::report(&self.visitor, &self.world.clock).await;
            checks.push(self.tell("report", report));
        }
        checks
    }

    /// Whether the expected release answers, and no other, within so long.
    pub async fn who_answers(&self, patience: Duration) -> Vec<Check> {
        let until = self.world.clock.now() + patience;
        let mut checks = Vec::new();
        checks.push(self.until(until, "live", async || identity::live(&self.visitor).await).await);
        checks.push(self.until(until, "ready", async || identity::ready(&self.visitor).await).await);
        let expected = &self.expected;
        let environment = self.environment;
        checks.push(
            self.until(until, "api release", async || identity::of_the_api(&self.visitor, expected, environment).await)
                .await,
        );
        checks.push(
            self.until(until, "page release", async || {
                identity::of_the_page(&self.visitor, expected, environment).await
            })
            .await,
        );
        checks
    }

    /// Asks until it passes or the time is over. The first failure is told at once, so that nobody waits in the dark.
    async fn until(&self, end: DateTime<Utc>, name: &str, ask: impl AsyncFn() -> Result<String>) -> Check {
        let mut told = None;
        loop {
            match ask().await {
                Ok(seen) => return self.tell(name, Ok(seen)),
                Err(error) if self.world.clock.now() >= end => return self.tell(name, Err(error)),
                Err(error) => {
                    let news = format!("{error:#}");
                    if told.as_ref() != Some(&news) {
                        self.world.console.say(format!("  wait  {name:<15} {news}"));
                        told = Some(news);
                    }
                    self.world.clock.wait(LOOK_AGAIN).await;
                }
            }
        }
    }

    /// A connection may break for no fault of the release: one more try.
    async fn twice(&self, end: DateTime<Utc>, name: &str, ask: impl AsyncFn() -> Result<String>) -> Check {
        if self.world.clock.now() > end {
            return self.tell(name, Err(anyhow::anyhow!("not tried: {} s are over", WHOLE.as_secs())));
        }
        let first = match ask().await {
            Ok(seen) => return self.tell(name, Ok(seen)),
            Err(error) => error,
        };
        self.world.console.say(format!("  again {name:<15} {first:#}"));
        self.world.clock.wait(SECOND_TRY).await;
        self.tell(name, ask().await)
    }

    fn tell(&self, name: &str, outcome: Result<String>) -> Check {
        let check = match outcome {
            Ok(seen) => Check::passed(name, seen),
            Err(error) => Check::failed(name, format!("{error:#}")),
        };
        let word = if check.passed { "ok" } else { "FAIL" };
        self.world.console.say(format!("  {word:<5} {name:<15} {}", check.seen));
        check
    }
}

/// The checks that failed, in words.
pub fn failures(checks: &[Check]) -> Option<String> {
    let failed: Vec<String> =
        checks.iter().filter(|check| !check.passed).map(|check| format!("{}: {}", check.name, check.seen)).collect();
    (!failed.is_empty()).then(|| failed.join("; "))
}

/// The checks as a table of the run's page.
pub fn table(checks: &[Check]) -> String {
    let row = |check: &Check| {
        let seen = check.seen.replace('|', "\\|").replace(['\r', '\n'], " ");
        format!("| {} | {} | {seen} |", check.name, if check.passed { "ok" } else { "**failed**" })
    };
    let rows: Vec<String> = checks.iter().map(row).collect();
    format!("| check | | seen |\n|---|---|---|\n{}\n", rows.join("\n"))
}
