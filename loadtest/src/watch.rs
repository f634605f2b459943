//! What is watched while the load is on: the course, the generator's own effort, the host's noise, the mails.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::watch;

use crate::host::{Noise, own_cpu_seconds};
use crate::ledger::Effort;
use crate::stub::Stub;
use crate::summary::Moment;
use crate::world::World;

/// The stub keeps 500 mails, two for each report.
const MAILS_EVERY: Duration = Duration::from_secs(15);

/// What the load took, from the moment in which all users were there to its end.
#[derive(Debug, Default)]
pub struct Seen {
    pub course: Vec<Moment>,
    pub window: Option<Window>,
}

#[derive(Debug, Clone)]
pub struct Window {
    pub seconds: f64,
    pub requests: u64,
    pub cpu_seconds: f64,
    pub noise: (Noise, Noise),
    pub efforts: BTreeMap<&'static str, Effort>,
}

/// When the window of the load opens and closes, counted from the start.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub begun: Instant,
    pub opens: Duration,
    pub closes: Duration,
    pub every: Duration,
}

/// Watches until it is told to stop, and says a line every few seconds.
pub async fn course(world: &World, times: Times, mut stop: watch::Receiver<bool>) -> Seen {
    let mut seen = Seen::default();
    let mut opened: Option<(Instant, f64, Noise)> = None;
    let mut tick = times.every;
    loop {
        let elapsed = times.begun.elapsed();
        if opened.is_none() && elapsed >= times.opens {
            world.ledger.begin_window();
            opened = Some((Instant::now(), own_cpu_seconds(), Noise::now()));
        }
        if let Some((at, cpu, noise)) = opened
            && seen.window.is_none()
            && elapsed >= times.closes
        {
            seen.window = Some(Window {
                seconds: at.elapsed().as_secs_f64(),
                requests: world.ledger.in_window(),
                cpu_seconds: own_cpu_seconds() - cpu,
                noise: (noise, Noise::now()),
                efforts: world.ledger.efforts(),
            });
        }
        if elapsed >= tick {
            tick += times.every;
            seen.course.push(moment(world, elapsed, times.every));
        }
        if *stop.borrow() {
            return seen;
        }
        let mut next = tick;
        if opened.is_none() {
            next = next.min(times.opens);
        } else if seen.window.is_none() {
            next = next.min(times.closes);
        }
        tokio::select! {
            () = tokio::time::sleep_until((times.begun + next).into()) => {}
            // The sender gone is an end, too.
            changed = stop.changed() => if changed.is_err() { return seen },
        }
    }
}

fn moment(world: &World, elapsed: Duration, every: Duration) -> Moment {
    let interval = world.ledger.interval();
    let (paid, ready, failed) = world.ledger.tally();
    let second = elapsed.as_secs_f64().round() as u32;
    say(&format!(
        "{second:>5} s  {:>4} users  {:>6.1} rps  p95 {:>7.1} ms  reports {ready}/{paid} ready, {failed} failed  faults {}",
        interval.users,
        interval.requests as f64 / every.as_secs_f64(),
        interval.p95,
        world.ledger.faults_so_far(),
    ));
    Moment { second, users: interval.users, requests: interval.requests, p50: interval.p50, p95: interval.p95 }
}

/// A line of progress. That nobody reads it is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Reads the mails while there is room for them.
#[derive(Debug)]
pub struct Mailbox {
    stub: Stub,
    world: Arc<World>,
    last: u64,
}

impl Mailbox {
    /// Mails that were there before are nobody's business.
    pub async fn open(stub: Stub, world: Arc<World>) -> Result<Self> {
        let last = stub.mails(0).await?.iter().map(|mail| mail.number).max().unwrap_or(0);
        Ok(Self { stub, world, last })
    }

    pub async fn read(&mut self) -> Result<()> {
        for mail in self.stub.mails(self.last).await? {
            self.last = self.last.max(mail.number);
            self.world.ledger.mail_seen(&mail.text);
        }
        Ok(())
    }

    /// Reads on until told to stop, and gives itself back.
    pub async fn keep_reading(mut self, mut stop: watch::Receiver<bool>) -> Self {
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(MAILS_EVERY) => {}
                changed = stop.changed() => if changed.is_err() { return self },
            }
            if let Err(error) = self.read().await {
                self.world.ledger.fault("mails", format!("{error:#}"));
            }
        }
        self
    }
}
