//! `cargo xtask test`: every check of the house, in order of what fails soonest, with a table of times at the end.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::binaries::{self, Binaries, Selection};
use crate::servers::Servers;
use crate::{environment, fuzz, generate, install, load, page, pipeline, process};

#[derive(Args)]
pub struct Options {
    /// Run only this step; may be given more than once
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Go on after a step that failed
    #[arg(long)]
    keep_going: bool,
    /// Name the steps and do nothing
    #[arg(long)]
    list: bool,
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Bench) -> Result<()>,
}

const STEPS: [Step; 12] = [
    Step { name: "format", about: "every Rust file as rustfmt writes it", run: format },
    Step { name: "rules", about: "the rules of house and pipeline (xtask/tests), xtask's own tests", run: rules },
    Step { name: "page", about: "the page: format, lint, types, unit tests, bundle and its budgets", run: check_page },
    Step { name: "pipeline", about: "workflows by zizmor and schema, Railway's graph by rules", run: check_pipeline },
    Step { name: "build", about: "the workspace and all of its tests", run: |bench| bench.binaries().map(drop) },
    Step { name: "lint", about: "clippy, no warning allowed", run: lint },
    Step { name: "generated", about: "committed files that the program describes are current", run: generated },
    Step { name: "sqlite", about: "unit, integration and documentation tests on SQLite, without Redis", run: sqlite },
    Step { name: "servers", about: "the same tests on a real PostgreSQL and a real Redis", run: servers },
    Step { name: "browser", about: "the page in Chromium against the real backend and the stand-ins", run: browser },
    Step { name: "fuzz-api", about: "schemathesis against the running API", run: fuzz_api },
    Step { name: "load", about: "the load test's own tests, then ten users through its gate", run: load },
];

pub fn run(options: &Options) -> Result<()> {
    if options.list {
        for step in &STEPS {
            println!("{:<10} {}", step.name, step.about);
        }
        return Ok(());
    }
    let steps = chosen(&options.only)?;
    let mut bench = Bench { binaries: None };
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for step in steps {
        if process::interrupted() || (!failed.is_empty() && !options.keep_going) {
            lines.push(line(step.name, "not run", Duration::ZERO));
            continue;
        }
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let result = (step.run)(&mut bench);
        lines.push(line(step.name, if result.is_ok() { "ok" } else { "FAILED" }, start.elapsed()));
        if let Err(error) = result {
            eprintln!("{}: {error:#}", step.name);
            failed.push(step.name);
        }
    }
    println!("\n{}", lines.join("\n"));
    if !failed.is_empty() {
        bail!("failed: {}; again with `cargo xtask test --only {}`", failed.join(", "), failed[0]);
    }
    Ok(())
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str())) {
        bail!("there is no step {unknown:?}; the steps are {}", STEPS.map(|step| step.name).join(", "));
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect())
}

fn line(name: &str, outcome: &str, took: Duration) -> String {
    format!("{name:<10} {outcome:<8} {:>7.1} s", took.as_secs_f64())
}

/// What one step leaves for the next.
struct Bench {
    binaries: Option<Binaries>,
}

impl Bench {
    /// The programs, from the same build as the tests.
    fn binaries(&mut self) -> Result<Binaries> {
        if self.binaries.is_none() {
            self.binaries = Some(binaries::build(Selection::Tests)?);
        }
        self.binaries.clone().ok_or_else(|| unreachable!("just built"))
    }
}

fn format(_: &mut Bench) -> Result<()> {
    process::run("cargo fmt", process::cargo().args(["fmt", "--all", "--check"]))
}

fn rules(_: &mut Bench) -> Result<()> {
    process::run("the house rules", process::cargo().args(["test", "--quiet", "--package", "xtask"]))
}

fn check_page(_: &mut Bench) -> Result<()> {
    page::check()
}

fn check_pipeline(_: &mut Bench) -> Result<()> {
    pipeline::check()
}

/// clippy's driver in build mode. `cargo clippy` asks for check mode, which compiles every dependency a second time
/// for its metadata alone; this way the dependencies are those of the tests, and only our own code is compiled twice.
fn lint(_: &mut Bench) -> Result<()> {
    // The load test is built by itself and optimised, as the load builds it.
    let load = &["--release", "--package", "crb-loadtest", "--lib", "--bins", "--tests"];
    for selection in [Selection::Tests.arguments(), &["--package", "xtask", "--bins", "--tests"], load] {
        let mut cargo = process::cargo();
        cargo.arg("build").args(selection);
        cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
        process::run("clippy", &mut cargo)?;
    }
    Ok(())
}

fn generated(bench: &mut Bench) -> Result<()> {
    generate::check(&bench.binaries()?.crb)?;
    page::check_client()
}

fn sqlite(_: &mut Bench) -> Result<()> {
    prepare()?;
    let mut tests = tests();
    Servers::hide(&mut tests);
    process::run("the tests on SQLite", &mut tests)?;
    let mut examples = process::cargo();
    examples.args(["test", "--quiet", "--doc", "--workspace", "--exclude", "xtask", "--exclude", "crb-loadtest"]);
    examples.args(["--exclude", "crb-budgets"]);
    process::run("the documentation's examples", &mut examples)
}

fn servers(_: &mut Bench) -> Result<()> {
    prepare()?;
    let servers = Servers::start()?;
    let mut tests = tests();
    if has_nextest() {
        // The other crates know neither a database nor Redis.
        tests.args(["-E", "package(crb-backend) | package(crb-migrations)"]);
    }
    servers.offer(&mut tests);
    process::run("the tests on PostgreSQL and Redis", &mut tests)
}

fn browser(bench: &mut Bench) -> Result<()> {
    page::browser(&bench.binaries()?, &[])
}

fn fuzz_api(bench: &mut Bench) -> Result<()> {
    fuzz::run(&bench.binaries()?, &fuzz::Options::GATE)
}

fn load(_: &mut Bench) -> Result<()> {
    let mut tests = process::cargo();
    tests.args(if has_nextest() { &["nextest", "run"][..] } else { &["test"] });
    tests.args(["--release", "--package", "crb-loadtest", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    process::run("the load test's own tests", &mut tests)?;
    let code = load::run(&load::Options::smoke())?;
    if code == load::inconclusive() {
        // What noise can hide is time alone: everything that counts has passed.
        println!("the host was too noisy to judge times; all that has no noise has passed");
    } else if code != ExitCode::SUCCESS {
        bail!("the load's gate did not let it through; its table stands above");
    }
    Ok(())
}

/// Programs that tests call: pdftotext reads back what a PDF says.
fn prepare() -> Result<()> {
    let has_pdftotext = environment::program("pdftotext", &[install::unpacked_programs()]).is_some();
    let missing: &[&str] = if has_pdftotext { &[] } else { &["poppler-utils"] };
    install::packages(missing, "The tests read PDFs back with its pdftotext.")
}

/// The whole suite by nextest, which is quicker and names what hangs, or else by cargo itself.
fn tests() -> Command {
    let mut cargo = process::cargo();
    cargo.args(if has_nextest() { &["nextest", "run"][..] } else { &["test"] });
    cargo.args(Selection::Tests.arguments()).arg("--no-fail-fast");
    let path = environment::variable("PATH").unwrap_or_default();
    cargo.env("PATH", format!("{path}:{}", install::unpacked_programs().display()));
    cargo
}

fn has_nextest() -> bool {
    process::output("cargo nextest", process::cargo().args(["nextest", "--version"])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_does_not_exist_is_refused_with_the_list() {
        let error = chosen(&["unit".into()]).err().expect("refused").to_string();
        assert!(error.contains("\"unit\"") && error.contains("sqlite, servers"), "{error}");
    }

    #[test]
    fn steps_keep_their_order() {
        let names: Vec<_> = chosen(&["sqlite".into(), "format".into()]).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(names, ["format", "sqlite"]);
    }
}
