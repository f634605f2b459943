//! What can be asked for on the command line.

mod judge;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use url::Url;

use crate::baselines;
use crate::environment::secret;
use crate::gate::REFUSED;
use crate::knee;
use crate::profiles::{Arrival, Profile};
use crate::run::{Plan, run};
use crate::staging::{Questions, preflight};
use crate::summary::Summary;
use crate::watch::say;

/// A hundred users against the product, and a gate whose exit code decides.
#[derive(Debug, Parser)]
#[command(name = "crb-loadtest", version)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Drive one profile, write summary.json and judge it: 0 passed, 1 failed, 2 refused, 3 inconclusive.
    Run(Drive),
    /// Climb until the product no longer carries its users, and print the capacity.
    Knee(Drive),
    #[command(flatten)]
    Judge(judge::Judging),
}

#[derive(Debug, Args)]
struct Drive {
    /// Who comes, how many, for how long.
    #[arg(long, default_value = "smoke", value_parser = profile)]
    profile: Profile,
    /// The product's origin.
    #[arg(long)]
    target: Url,
    /// The stand-ins' origin; without it nobody buys and nobody reads.
    #[arg(long)]
    stub: Option<Url>,
    /// The variable that holds the key by which requests pass the limits.
    #[arg(long, value_name = "NAME")]
    load_key_env: Option<String>,
    /// The variable that holds an operator's token, for the counters.
    #[arg(long, value_name = "NAME")]
    admin_token_env: Option<String>,
    /// Where the summary and goose's report go.
    #[arg(long, default_value = "target/load")]
    out: PathBuf,
    /// The same seed draws the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Other than the profile's.
    #[arg(long)]
    users: Option<u32>,
    /// Other than the profile's.
    #[arg(long)]
    seconds: Option<u32>,
    /// Where the baselines stand.
    #[arg(long, value_name = "FOLDER", default_value = baselines::FOLDER)]
    baselines: PathBuf,
}

pub async fn main() -> ExitCode {
    let done = match Options::parse().command {
        Command::Run(drive) => drive_once(drive).await,
        Command::Knee(drive) => climb(drive).await,
        Command::Judge(judging) => judging.run().await.map_err(Stopped::Refused),
    };
    done.unwrap_or_else(|stopped| {
        let (Stopped::Refused(error) | Stopped::Broken(error)) = &stopped;
        let _ = writeln!(io::stderr(), "crb-loadtest: {error:#}");
        ExitCode::from(if matches!(stopped, Stopped::Refused(_)) { REFUSED } else { 1 })
    })
}

/// Why there is no verdict.
enum Stopped {
    /// Nothing was loaded: the command or the place is not right.
    Refused(anyhow::Error),
    /// The load began and broke off.
    Broken(anyhow::Error),
}

async fn drive_once(drive: Drive) -> Result<ExitCode, Stopped> {
    if drive.profile.name == "knee" {
        return climb(drive).await;
    }
    let (out, baselines) = (drive.out.clone(), drive.baselines.clone());
    let plan = drive.plan().map_err(Stopped::Refused)?;
    look_first(&plan).await.map_err(Stopped::Refused)?;
    let summary = run(&plan).await.map_err(Stopped::Broken)?;
    tell(&summary);
    write(&out, "summary.json", &summary).map_err(Stopped::Broken)?;
    // A baseline that cannot be read is no reason to call the run bad.
    judge::judged(&summary, &baselines, Some(&out)).map_err(Stopped::Refused)
}

async fn climb(mut drive: Drive) -> Result<ExitCode, Stopped> {
    let out = drive.out.clone();
    if drive.profile.name != "knee" {
        drive.profile = profile("knee").map_err(anyhow::Error::msg).map_err(Stopped::Refused)?;
    }
    let plan = drive.plan().map_err(Stopped::Refused)?;
    look_first(&plan).await.map_err(Stopped::Refused)?;
    climbed(plan, &out).await.map_err(Stopped::Broken)
}

async fn climbed(plan: Plan, out: &Path) -> Result<ExitCode> {
    let (rungs, held) = knee::climb(plan).await?;
    say(knee::told(&rungs).trim_end());
    write(out, "knee.json", &rungs)?;
    if let Some(summary) = held {
        write(out, "summary.json", &summary)?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Whether the place may be loaded.
async fn look_first(plan: &Plan) -> Result<()> {
    let questions = Questions {
        target: &plan.target,
        stub: plan.stub.as_ref(),
        load_key: plan.load_key.as_ref(),
        admin_token: plan.admin_token.as_ref(),
        tries_at_home: false,
    };
    preflight(&questions).await.map(drop)
}

impl Drive {
    fn plan(self) -> Result<Plan> {
        let mut profile = self.profile;
        if let (Some(users), Arrival::Closed { ramp_seconds, .. }) = (self.users, profile.arrival) {
            profile.arrival = Arrival::Closed { users, ramp_seconds };
        }
        profile.seconds = self.seconds.unwrap_or(profile.seconds);
        Ok(Plan {
            profile,
            target: self.target,
            stub: self.stub,
            load_key: secret(self.load_key_env.as_deref())?,
            admin_token: secret(self.admin_token_env.as_deref())?,
            out: self.out,
            seed: self.seed,
        })
    }
}

fn profile(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| format!("there are the profiles {}", Profile::NAMES.join(", ")))
}

fn tell(summary: &Summary) {
    let (reports, generator) = (&summary.reports, &summary.generator);
    say(&format!(
        "{}: {:.1} rps of {:.1} expected; reports {} paid, {} ready, {} failed, {} lost; p95 {:.0} ms",
        summary.profile,
        generator.rps,
        generator.rps_expected,
        reports.paid,
        reports.ready,
        reports.failed,
        reports.lost,
        reports.duration.p95,
    ));
    for fault in &summary.faults {
        say(&format!("  {} x {}: {}", fault.count, fault.kind, fault.first));
    }
}

fn write(out: &Path, name: &str, value: &impl Serialize) -> Result<()> {
    let path = out.join(name);
    fs::write(&path, serde_json::to_vec_pretty(value)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    say(&format!("written: {}", path.display()));
    Ok(())
}
