//! The stand-ins' own rooms: their pace, their faults, their counts, a payment, the mails.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::profiles::{Pace, Profile};

const PATIENCE: Duration = Duration::from_secs(30);
/// Frames of a reply: twelve around the text (start, ping, thinking, the unknown one, stop) and forty of the text itself.
/// A text of more than 1,560 letters is always cut into forty, and every reply about a report is longer.
const FRAMES: u32 = 52;
/// Findings, the slowest of the options, and the narrative wait for each other.
const CRITICAL_CALLS: u32 = 3;

#[derive(Debug, Clone)]
pub struct Stub {
    client: Client,
    origin: Url,
}

/// A mail that was delivered; the rest of it is not read.
#[derive(Debug, Deserialize)]
pub struct Mail {
    pub number: u64,
    pub text: String,
}

impl Stub {
    pub const fn new(client: Client, origin: Url) -> Self {
        Self { client, origin }
    }

    /// The model takes the profile's pace and faults, and says that it has.
    pub async fn prepare(&self, profile: &Profile, seed: u64) -> Result<()> {
        let Pace { first_ms, gap_ms } = profile.pace;
        let pace = json!({"first_ms": first_ms, "min_ms": gap_ms, "max_ms": gap_ms, "frames": 40});
        let wanted =
            json!({"claude": {"seed": seed, "pace": pace, "faults": profile.stub_faults(), "stall_ms": 5_000}});
        let said = self.ask(Method::PUT, "/__stub/scenario", Some(&wanted)).await?;
        if said["claude"]["pace"] != pace || said["claude"]["seed"] != wanted["claude"]["seed"] {
            bail!("the stub does not keep the scenario that it was told: {}", said["claude"]);
        }
        Ok(())
    }

    /// How often Claude was called since the stub's start.
    pub async fn claude_calls(&self) -> Result<u64> {
        let ledger = self.ask(Method::GET, "/__stub/ledger", None).await?;
        ledger["claude"]["counts"]["calls"].as_u64().context("the stub's ledger does not count Claude's calls")
    }

    /// A buyer pays; when this returns the signed webhook has been delivered.
    pub async fn pay(&self, checkout_url: &str) -> Result<()> {
        let (_, session) = checkout_url.trim_end_matches('/').rsplit_once('/').context("no checkout's address")?;
        self.ask(Method::POST, &format!("/__stub/stripe/{session}/pay"), None).await.map(drop)
    }

    /// The mails behind a number. The stub keeps the last 500.
    pub async fn mails(&self, after: u64) -> Result<Vec<Mail>> {
        let mails: Vec<Mail> = serde_json::from_value(self.ask(Method::GET, "/__stub/mails", None).await?)?;
        Ok(mails.into_iter().filter(|mail| mail.number > after).collect())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let mut request = self.client.request(method, self.origin.join(path)?).timeout(PATIENCE);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| format!("the stub does not answer at {path}"))?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            bail!("the stub answers {status} at {path}: {}", text.chars().take(300).collect::<String>());
        }
        serde_json::from_str(&text).with_context(|| format!("the stub answers no JSON at {path}"))
    }
}

/// The time that the stub takes on a report's critical path. It is told a pace without chance (every gap alike), so a
/// reply's time is its frames' count times the gap, and the slowest of the options is as slow as the others. What the
/// stub's timers add comes on top and counts as ours: an overhead is never understated.
pub fn critical_path(pace: Pace) -> Duration {
    let call = u64::from(pace.first_ms) + u64::from(FRAMES - 1) * u64::from(pace.gap_ms);
    Duration::from_millis(u64::from(CRITICAL_CALLS) * call)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::critical_path;
    use crate::profiles::Pace;

    #[test]
    fn the_known_time_is_three_calls_of_the_pace() {
        assert_eq!(critical_path(Pace { first_ms: 0, gap_ms: 0 }), Duration::ZERO);
        let known = critical_path(Pace { first_ms: 600, gap_ms: 62 });
        assert_eq!(known, Duration::from_millis(3 * (600 + 51 * 62)));
    }
}
