//! `cargo xtask twins`: the product's hot requests beside bare handlers that return the same bytes.
//!
//! Rounds alternate, so that both meet the same machine. What decides is processor time of the server by the kernel's
//! books: it is honest also while something else runs, which a wall clock is not.

mod burst;
mod cases;
mod figures;
mod load;
mod start;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use rustix::process::Signal;
use serde_json::json;

use crate::binaries::{self, Choice, Measured};
use crate::process::{self, Child};
use crate::product::{self, Plan, Product};
use crate::servers::Servers;
use crate::{environment, install, net, usage};
use cases::{Case, Side};
use figures::{Figures, Round};

#[derive(Args)]
pub struct Options {
    /// Rounds a case and side
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long a round takes
    #[arg(long, default_value_t = 6)]
    seconds: u32,
    #[command(flatten)]
    programs: Choice,
    /// Plant a fault in the product, to see the figures move
    #[arg(long, value_parser = ["delay", "statement"])]
    planted: Option<String>,
    /// Only these cases: health, vendors, report, answer
    #[arg(long)]
    only: Vec<String>,
    /// Instead: a hundred reports, paid in the same moment
    #[arg(long)]
    burst: bool,
    /// How many reports a burst has
    #[arg(long, default_value_t = 100)]
    reports: usize,
    /// Instead: how long a start takes, and what an idle process needs
    #[arg(long, conflicts_with = "burst")]
    start: bool,
}

pub fn run(options: &Options) -> Result<()> {
    let programs = binaries::measured(&options.programs)?;
    if options.burst {
        return burst::run(&programs, options.reports);
    }
    if options.start {
        return start::run(&programs);
    }
    beside(&programs, options)
}

fn beside(programs: &Measured, options: &Options) -> Result<()> {
    let wrk = wrk()?;
    let folder = environment::target().join("twins");
    let servers = Servers::start()?;
    let database_url = servers.create_database("crb_twins")?;
    let planted: Vec<(&str, &str)> = options.planted.iter().map(|fault| ("PLANTED_FAULT", fault.as_str())).collect();
    let folder = std::path::absolute(folder)?;
    let plan = Plan {
        folder: &folder,
        database_url: &database_url,
        redis_url: Some(servers.redis_url()),
        variables: &planted,
    };
    let product = Product::start(programs, &plan)?;
    let set = cases::prepare(&product, &folder)?;
    let (twin, twin_port) = start_twin(programs, &plan, &set.copies)?;
    let sides = [
        Side { name: "product", id: product.id(), port: product.shop().port, load_header: Some(product.load_header()) },
        Side { name: "twin", id: twin.id(), port: twin_port, load_header: None },
    ];
    let chosen = |case: &&Case| options.only.is_empty() || options.only.iter().any(|name| name == case.name);
    let cases: Vec<&Case> = set.cases.iter().filter(chosen).collect();
    if cases.is_empty() {
        bail!("no case is called {}", options.only.join(" or "));
    }
    for case in &cases {
        cases::check_same(case, &sides)?;
    }
    let driver = load::Driver { wrk, twins: programs.twins.clone(), sessions: set.sessions };
    let before = usage::load_average();
    let mut figures = Figures::new(cases.iter().map(|case| (case.name, case.aim)).collect());
    for case in cases {
        measure(case, &sides, &driver, options, &mut figures)?;
    }
    println!("{}", figures.table());
    println!("load average before {before}, after {}", usage::load_average());
    let file = folder.join("figures.json");
    let mut told = figures.told();
    told["rounds"] = json!({"count": options.rounds, "seconds": options.seconds, "connections": load::CONNECTIONS});
    told["planted"] = json!(options.planted);
    std::fs::write(&file, serde_json::to_string_pretty(&told)? + "\n")?;
    println!("written: {}", file.display());
    match figures.faults().as_slice() {
        [] => Ok(()),
        faults => bail!("{}", faults.join("; ")),
    }
}

fn measure(
    case: &Case,
    sides: &[Side; 2],
    driver: &load::Driver,
    options: &Options,
    figures: &mut Figures,
) -> Result<()> {
    for side in sides {
        driver.closed(case, side, 1)?;
    }
    for number in 0..options.rounds {
        // Who begins changes with each round.
        for index in [number % 2, 1 - number % 2] {
            let side = &sides[index];
            let before = usage::cpu_seconds(side.id)?;
            let seen = driver.closed(case, side, options.seconds)?;
            let used = usage::cpu_seconds(side.id)? - before;
            let round = Round {
                cpu_per_thousand: used * 1000.0 / seen.requests.max(1) as f64,
                p99_ms: seen.p99_ms,
                rate: seen.requests as f64 / seen.seconds,
                errors: seen.errors,
            };
            println!("{:>8} {:>7} round {}: {}", case.name, side.name, number + 1, round.told());
            figures.add(case.name, index, round);
        }
    }
    for (index, side) in sides.iter().enumerate() {
        let seen = driver.paced(case, side, options.seconds)?;
        figures.pace(case.name, index, seen.p99_ms, seen.errors);
    }
    Ok(())
}

fn start_twin(programs: &Measured, plan: &Plan, copies: &Path) -> Result<(Child, u16)> {
    let port = net::free_port()?;
    let mut command = process::command(&programs.twins);
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--database-url", plan.database_url]);
    command.args(["--redis-url", plan.redis_url.unwrap_or_default(), "--copies"]).arg(copies);
    let log = plan.folder.join("twin.log");
    let mut twin = Child::start("crb-twins", product::into_file(&mut command, &log)?, Signal::TERM)?;
    product::await_answer(&mut twin, port, "/health", &log)?;
    Ok((twin, port))
}

fn wrk() -> Result<PathBuf> {
    let find = || environment::program("wrk", &[install::unpacked_programs()]);
    if find().is_none() {
        install::packages(&["wrk"], "wrk asks the questions.")?;
    }
    find().ok_or_else(|| anyhow::anyhow!("wrk was fetched and is still not found"))
}
