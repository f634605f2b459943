//! A run from its first look at the product to its summary: prepare, load, drain, count.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::watch as signal;
use tokio::task::JoinSet;
use url::Url;

use crate::api::Api;
use crate::caller::Caller;
use crate::counters::{Counters, Door};
use crate::host;
use crate::journeys::{Kind, buyer};
use crate::ledger::{Ledger, rps_expected};
use crate::profiles::{Arrival, Profile};
use crate::stub::{Stub, critical_path};
use crate::summary::{Generator, Summary, Target};
use crate::users::{self, Opened};
use crate::visit::Visit;
use crate::watch::{self, Mailbox, Seen, Times, Window, say};
use crate::world::World;

/// Reports that are there before the first reader comes.
const SHELF: usize = 2;
/// For jobs and mails behind the last journey.
const SETTLE: Duration = Duration::from_mins(1);
/// For the last mails, once the server says that none is left.
const LAST_MAILS: Duration = Duration::from_secs(20);

/// What a run is told.
#[derive(Debug)]
pub struct Plan {
    pub profile: Profile,
    pub target: Url,
    /// Where the stand-ins are; without them nobody pays, and so nobody buys or reads.
    pub stub: Option<Url>,
    pub load_key: Option<SecretString>,
    /// Opens the counters; without it the server's own counts stay empty.
    pub admin_token: Option<SecretString>,
    /// Goose's report goes there.
    pub out: PathBuf,
    pub seed: u64,
}

pub async fn run(plan: &Plan) -> Result<Summary> {
    fs::create_dir_all(&plan.out).with_context(|| format!("{} cannot be made", plan.out.display()))?;
    let started_at = clock();
    let ledger = Arc::new(Ledger::default());
    let caller = Caller::new(&plan.target, plan.load_key.clone(), Arc::clone(&ledger))?;
    let target = look_at(&caller).await?;
    let mut profile = plan.profile.clone();
    let stub = plan.stub.clone().map(|origin| Stub::new(caller.client().clone(), origin));
    match &stub {
        Some(stub) => stub.prepare(&profile, plan.seed).await?,
        None => profile.mix = profile.mix.without_payment(),
    }
    let run = format!("{:x}", started_at.timestamp_millis());
    let world = Arc::new(World::new(caller, Arc::clone(&ledger), stub.clone(), profile, plan.seed, run));
    let calls_before = claude_calls(stub.as_ref()).await?;
    let door = plan.admin_token.as_ref().map(|token| Door { caller: &world.caller, token });
    let before = match &door {
        Some(door) => Some(door.read().await?),
        None => None,
    };
    let mut mailbox = match &stub {
        Some(stub) => Some(Mailbox::open(stub.clone(), Arc::clone(&world)).await?),
        None => None,
    };
    if stub.is_some() {
        fill_shelf(&world).await?;
    }
    let (loaded, seen) = load(&world, plan, &mut mailbox).await?;
    say("the load is over; every report has come to its end or to the end of our patience");
    let after = match &door {
        Some(door) => Some(door.settle(SETTLE).await?),
        None => None,
    };
    if let Some(mailbox) = &mut mailbox {
        last_mails(&world, mailbox).await?;
    }
    let calls = claude_calls(stub.as_ref()).await?.zip(calls_before).map(|(after, before)| after - before);
    let known = stub.as_ref().map(|_| critical_path(world.profile.pace));
    let window = seen.window.context("the load ended before it began: no window was measured")?;
    Ok(Summary {
        profile: world.profile.name.to_owned(),
        started_at: started_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        seconds: window.seconds,
        users: loaded.users.values().sum::<u32>().max(seen.course.iter().map(|moment| moment.users).max().unwrap_or(0)),
        target,
        host: host::host(window.noise.0, window.noise.1, window.seconds),
        requests: ledger.requests(),
        reports: ledger.reports(known, mailbox.is_some()),
        server: difference(before.as_ref(), after.as_ref()),
        claude_calls: calls,
        generator: Generator {
            cpu_seconds: window.cpu_seconds,
            rps: window.requests as f64 / window.seconds,
            rps_expected: loaded.rps_expected(&window),
            late_starts: loaded.opened.late,
        },
        faults: ledger.faults(),
        course: seen.course,
    })
}

/// What the load was.
struct Loaded {
    users: BTreeMap<&'static str, u32>,
    opened: Opened,
    /// Starts that an open rate wanted.
    wanted: u64,
}

impl Loaded {
    /// For an open rate the starts are the measure: what was made, and what would have been had all of them begun.
    fn rps_expected(&self, window: &Window) -> f64 {
        if self.wanted > 0 {
            return window.requests as f64 / window.seconds * self.wanted as f64 / (self.opened.starts.max(1)) as f64;
        }
        rps_expected(&self.users, &window.efforts)
    }
}

async fn load(world: &Arc<World>, plan: &Plan, mailbox: &mut Option<Mailbox>) -> Result<(Loaded, Seen)> {
    let begun = Instant::now();
    let (opens, closes) = match world.profile.arrival {
        Arrival::Closed { ramp_seconds, .. } => (ramp_seconds, ramp_seconds + world.profile.seconds),
        Arrival::Open { rate } => (0, rate.last().map_or(0, |(second, _)| second.ceil() as u32)),
    };
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    let every = seconds(if closes > 300 { 10 } else { 2 });
    let times = Times { begun, opens: seconds(opens), closes: seconds(closes), every };
    world.end_at(begun + times.closes);
    let (stop, stopped) = signal::channel(false);
    let mut watchers = JoinSet::new();
    let (watched, until) = (Arc::clone(world), stopped.clone());
    watchers.spawn(async move { Watched::Course(watch::course(&watched, times, until).await) });
    if let Some(mailbox) = mailbox.take() {
        watchers.spawn(async move { Watched::Mails(mailbox.keep_reading(stopped).await) });
    }
    let loaded = travel(world, plan, begun).await;
    stop.send_replace(true);
    let mut seen = Seen::default();
    while let Some(watched) = watchers.join_next().await {
        match watched? {
            Watched::Course(course) => seen = course,
            Watched::Mails(read) => *mailbox = Some(read),
        }
    }
    Ok((loaded?, seen))
}

enum Watched {
    Course(Seen),
    Mails(Mailbox),
}

async fn travel(world: &Arc<World>, plan: &Plan, begun: Instant) -> Result<Loaded> {
    match world.profile.arrival {
        Arrival::Closed { users, ramp_seconds } => {
            let dealt = world.profile.mix.deal(users);
            say(&format!("{users} users: {}", told(&dealt)));
            let report = plan.out.join("goose.html");
            users::by_goose(world, &dealt, ramp_seconds, world.profile.seconds, &report).await?;
            let users = dealt.iter().map(|(kind, count)| (kind.name(), *count)).collect();
            Ok(Loaded { users, opened: Opened::default(), wanted: 0 })
        }
        Arrival::Open { rate } => {
            let opened = users::by_rate(world, rate, begun).await;
            let wanted = crate::pacer::starts(rate).len() as u64;
            Ok(Loaded { users: BTreeMap::new(), opened, wanted })
        }
    }
}

async fn look_at(caller: &Caller) -> Result<Target> {
    let operation = Api::published().operation("health_detail");
    let url = caller.origin().join(&operation.target(&[]))?;
    let response = caller.client().request(operation.method.clone(), url).send().await;
    let response = response.with_context(|| format!("nobody answers at {}", caller.origin()))?;
    if response.status() != reqwest::StatusCode::OK {
        bail!("{} answers {} when asked how it is", caller.origin(), response.status());
    }
    let detail: Value = response.json().await?;
    let text = |name: &str| detail[name].as_str().unwrap_or("unknown").to_owned();
    Ok(Target {
        origin: caller.origin().origin().ascii_serialization(),
        version: text("version"),
        revision: text("revision"),
        environment: text("environment"),
    })
}

/// A few buyers in haste, so that readers find something from the first second on.
async fn fill_shelf(world: &Arc<World>) -> Result<()> {
    for _ in 0..SHELF {
        let mut visit = Visit::new(world, None).in_haste();
        if buyer::travel(&mut visit).await.is_err() {
            let faults = world.ledger.faults();
            let words: Vec<&str> = faults.iter().map(|fault| fault.first.as_str()).collect();
            // On a bad day, or with a fault that was planted, the load goes on and the book keeps what was seen.
            say(&format!("a first report was not to be had: {}", words.join("; ")));
        }
    }
    Ok(())
}

async fn claude_calls(stub: Option<&Stub>) -> Result<Option<u64>> {
    match stub {
        Some(stub) => stub.claude_calls().await.map(Some),
        None => Ok(None),
    }
}

async fn last_mails(world: &World, mailbox: &mut Mailbox) -> Result<()> {
    let until = Instant::now() + LAST_MAILS;
    loop {
        mailbox.read().await?;
        let missing = world.ledger.mails_missing();
        let Some(first) = missing.first() else { return Ok(()) };
        if Instant::now() >= until {
            world.ledger.fault("mail", format!("no mail names report {first}"));
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn difference(before: Option<&Counters>, after: Option<&Counters>) -> crate::summary::Server {
    before.zip(after).map_or_else(Default::default, |(before, after)| after.since(before))
}

#[expect(clippy::disallowed_methods, reason = "the one room of this program that asks the clock for the date")]
fn clock() -> DateTime<Utc> {
    Utc::now()
}

fn told(users: &BTreeMap<Kind, u32>) -> String {
    let parts: Vec<String> = users.iter().map(|(kind, count)| format!("{count} {}s", kind.name())).collect();
    parts.join(", ")
}
