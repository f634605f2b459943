//! The repository's habits as one program: `cargo xtask dev`, `test`, `gen`, `fuzz-api`.

mod binaries;
mod budgets;
mod buyer;
mod call;
mod deploy;
mod dev;
mod environment;
mod fuzz;
mod generate;
mod growth;
mod install;
mod lighthouse;
mod load;
mod net;
mod page;
mod pipeline;
mod process;
mod product;
mod python;
mod servers;
mod stack;
mod test;
mod twins;
mod usage;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::binaries::Selection;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The habits of CRB Analyser, set-up included")]
struct Habits {
    #[command(subcommand)]
    habit: Habit,
}

#[derive(Subcommand)]
enum Habit {
    /// Build and run everything on this machine, with stand-ins for the paid services, until Ctrl-C
    Dev(dev::Options),
    /// Check everything: format, lints, house rules, the page, tests on SQLite and on PostgreSQL + Redis, Chromium, fuzz
    Test(test::Options),
    /// Write the committed files that the program itself describes
    Gen {
        /// Write nothing; fail and show the difference where a committed file is not current
        #[arg(long)]
        check: bool,
    },
    /// Drive the page in Chromium against the real backend; what stands behind `--` goes to Playwright
    Browser {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Measure the pages with Lighthouse, as a phone on slow 4G sees them: median of five against the budgets
    Lighthouse {
        /// landing, quiz, score, progress, report; all of them where none is named
        pages: Vec<String>,
    },
    /// Count the instructions of the hot paths, against their committed budgets
    Budgets(budgets::Options),
    /// Users against the optimised product: the gate. 0 passed, 1 failed, 2 refused, 3 inconclusive
    Load(load::Options),
    /// Measure the hot requests beside bare handlers that return the same bytes
    Twins(twins::Options),
    /// Walk the whole journey beside a thousand to a million rows, and read PostgreSQL's plans
    Growth(growth::Options),
    /// Try the running API against its own OpenAPI document with schemathesis
    FuzzApi(fuzz::Options),
    /// Release to Railway, roll back, smoke or look: hands over to crb-deploy, exit code included
    #[command(disable_help_flag = true)]
    Deploy(deploy::Options),
}

fn main() -> ExitCode {
    match process::watch_signals().and_then(|()| run(Habits::parse().habit)) {
        Ok(code) => code,
        // 128 + SIGINT, as a shell would say it.
        Err(_) if process::interrupted() => {
            eprintln!("stopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(habit: Habit) -> Result<ExitCode> {
    std::env::set_current_dir(environment::root())?;
    let done = match habit {
        Habit::Load(options) => return load::run(&options),
        Habit::Deploy(options) => return deploy::run(&options),
        Habit::Dev(options) => dev::run(&options),
        Habit::Test(options) => test::run(&options),
        Habit::Gen { check } => {
            let crb = binaries::build(Selection::Run)?.crb;
            if check {
                generate::check(&crb)?;
                page::check_client()
            } else {
                generate::write(&crb)?;
                page::write_client()
            }
        }
        Habit::Browser { arguments } => {
            let binaries = binaries::build(Selection::Run)?;
            page::build()?;
            page::browser(&binaries, &arguments)
        }
        Habit::Budgets(options) => budgets::run(&options),
        Habit::Lighthouse { pages } => lighthouse::run(&pages),
        Habit::Twins(options) => twins::run(&options),
        Habit::Growth(options) => growth::run(&options),
        Habit::FuzzApi(options) => fuzz::run(&binaries::build(Selection::Run)?, &options),
    };
    done.map(|()| ExitCode::SUCCESS)
}
