//! `cargo xtask load`: users against the optimised product on this machine, and an exit code that decides.
//!
//! PostgreSQL, Redis, the stand-ins and the product are started here and stop here. Telemetry is on as in production, with
//! the stand-ins as its collector.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use rustix::process::Signal;

use crate::binaries::{self, Choice, Measured};
use crate::environment;
use crate::process::{self, Child};
use crate::product::{self, Plan, Product};
use crate::servers::Servers;

const KEY: &str = "LOAD_KEY";
const TOKEN: &str = "LOAD_ADMIN_TOKEN";
/// Lines of the product's log, at its beginning and at its end.
const SHOWN: usize = 10;

#[derive(Args)]
pub struct Options {
    /// Who comes, how many, for how long; `crb-loadtest run --help` names them
    #[arg(long, default_value = "smoke")]
    profile: String,
    /// Plant a fault in the product, to see the gate fail
    #[arg(long, value_parser = PLANTED)]
    planted: Option<String>,
    /// Make what these runs have in the middle the baseline of this machine's class, for this reason
    #[arg(long, value_name = "REASON", conflicts_with = "planted")]
    bless: Option<String>,
    /// Runs one after the other, each on a fresh product; the first that does not pass ends them
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9))]
    runs: u32,
    /// Leave the product running afterwards, until Ctrl-C
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    programs: Choice,
}

const PLANTED: [&str; 6] = ["statement", "delay", "pdf_cpu", "lost_event", "unfinished_report", "error"];

impl Options {
    /// What the checks of the house run.
    pub fn smoke() -> Self {
        Self {
            profile: "smoke".to_owned(),
            planted: None,
            bless: None,
            runs: 1,
            keep: false,
            programs: Choice::default(),
        }
    }
}

/// The programs of a run, each built by itself: cargo unites the features of what is chosen together, and the load test
/// brings a cryptography that must not reach the product.
struct Programs {
    product: Measured,
    loadtest: PathBuf,
}

/// The gate's word for a run whose times mean nothing, because something else ran on the machine.
pub fn inconclusive() -> ExitCode {
    ExitCode::from(3)
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let programs = programs(&options.programs)?;
    let folder = std::path::absolute(environment::target().join("load"))?;
    let mut summaries = Vec::new();
    for number in 1..=options.runs {
        let out = folder.join(match (&options.planted, options.runs) {
            (Some(fault), _) => format!("{}-{fault}", options.profile),
            (None, 1) => options.profile.clone(),
            (None, _) => format!("{}-{number}", options.profile),
        });
        let code = run_once(options, &programs, &folder, &out)?;
        if code != 0 {
            return Ok(ExitCode::from(code));
        }
        summaries.push(out.join("summary.json"));
    }
    let Some(reason) = &options.bless else { return Ok(ExitCode::SUCCESS) };
    let mut bless = process::command(&programs.loadtest);
    bless.args(["bless", "--reason", reason, "--summary"]).args(summaries);
    process::run("crb-loadtest bless", &mut bless)?;
    Ok(ExitCode::SUCCESS)
}

/// One run against a product of its own, and its exit code.
fn run_once(options: &Options, programs: &Programs, folder: &Path, out: &Path) -> Result<u8> {
    // A database and a cache of its own: what a run finds there would be counted as its own.
    let servers = Servers::start()?;
    let database_url = servers.create_database("crb_load")?;
    let revision = revision()?;
    let mut variables = vec![
        ("APP_REVISION", revision.as_str()),
        // The stub's words have a price in the ledger; nobody pays it.
        ("DAY_BUDGET_USD", "1000000"),
    ];
    variables.extend(options.planted.iter().map(|fault| ("PLANTED_FAULT", fault.as_str())));
    let place = folder.join("product");
    let plan = Plan {
        folder: &place,
        database_url: &database_url,
        redis_url: Some(servers.redis_url()),
        variables: &variables,
    };
    let product = Product::start(&programs.product, &plan)?;
    let shop = product.shop();
    let printed = process::output(
        "crb admin-token",
        product::crb(&programs.product, &plan, shop).args(["admin-token", "--actor", "loadtest"]),
    )?;
    let token = printed.lines().rev().map(str::trim).find(|line| !line.is_empty());

    let mut drive = process::command(&programs.loadtest);
    drive.args(["run", "--profile", &options.profile]);
    drive.args(["--target", &format!("http://127.0.0.1:{}", shop.port)]);
    drive.args(["--stub", &format!("http://127.0.0.1:{}", shop.stubs_port)]);
    drive.args(["--load-key-env", KEY, "--admin-token-env", TOKEN]).arg("--out").arg(out);
    drive.env(KEY, &shop.load_key).env(TOKEN, token.context("crb admin-token printed nothing")?);
    let status = Child::start("crb-loadtest", &mut drive, Signal::TERM)?.finish()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    if code != 0 {
        show_log(&place.join("crb.log"));
    }
    if options.keep {
        println!("running at http://127.0.0.1:{} until Ctrl-C; logs in {}", shop.port, place.display());
        while !process::interrupted() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
    Ok(code)
}

fn programs(choice: &Choice) -> Result<Programs> {
    let folder = if let Some(folder) = choice.folder()? {
        folder
    } else {
        for package in ["crb-backend", "crb-stubs", "crb-loadtest"] {
            binaries::build_release(&[package])?;
        }
        environment::target().join("release")
    };
    let place = |name: &str| folder.join(name);
    let product = Measured { crb: place("crb"), stubs: place("crb-stubs"), twins: place("crb-twins") };
    let programs = Programs { product, loadtest: place("crb-loadtest") };
    for program in [&programs.product.crb, &programs.product.stubs, &programs.loadtest] {
        if !program.is_file() {
            bail!("{} is not there; let it be built", program.display());
        }
    }
    Ok(programs)
}

/// The commit that is measured, and whether something was changed since.
fn revision() -> Result<String> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        process::output("git", command.args(["-c", "safe.directory=*"]).args(arguments))
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Ok(format!("{}{}", commit.trim(), if changed.trim().is_empty() { "" } else { "-changed" }))
}

/// What the product complained about, its first lines and its last ones.
fn show_log(path: &Path) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    eprintln!("{} has {} lines:", path.display(), lines.len());
    let rest = lines.len().saturating_sub(SHOWN).max(SHOWN.min(lines.len()));
    for line in lines.iter().take(SHOWN).chain(lines.iter().skip(rest)) {
        eprintln!("  {}", line.chars().take(400).collect::<String>());
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Typed {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn a_fault_that_nobody_can_plant_is_refused_and_none_becomes_a_baseline() {
        let typed = |words: &[&str]| Typed::try_parse_from([&["load"], words].concat()).map(|typed| typed.options);
        assert!(typed(&["--planted", "statement"]).is_ok_and(|options| options.planted.is_some()));
        assert!(typed(&["--planted", "earthquake"]).is_err());
        assert!(typed(&["--planted", "error", "--bless", "a reason"]).is_err());
        assert!(typed(&["--runs", "0"]).is_err());
        assert_eq!(typed(&[]).ok().map(|options| options.profile), Some("smoke".to_owned()));
    }
}
