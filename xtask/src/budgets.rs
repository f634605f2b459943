//! `cargo xtask budgets`: the instructions of the hot paths against their committed budgets.
//!
//! Instructions are counted under valgrind, so a busy machine counts as a quiet one does, and a few per cent can fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::{environment, install, process};

const BASELINES: &str = "budgets/baselines.json";
/// More or less than this is a change.
const MARGIN_PERCENT: u64 = 2;
/// Known extra work, which must be too much for the budget of `CONTROLLED`.
const CONTROL: &str = "scoring_and_more";
const CONTROLLED: &str = "scoring";
/// Counted over the whole process: what the second adds to the first is the third.
const PDF: [&str; 3] = ["pdf_once", "pdf_twice", "pdf"];

#[derive(Args)]
pub struct Options {
    /// Make these counts the budgets, for this reason
    #[arg(long, value_name = "REASON")]
    bless: Option<String>,
}

type Counts = BTreeMap<String, u64>;

pub fn run(options: &Options) -> Result<()> {
    let mut counts = count()?;
    let [once, twice, pdf] = PDF;
    let processes = counts.remove(once).zip(counts.remove(twice)).context("nobody counted the PDFs")?;
    counts.insert(pdf.to_owned(), processes.1.saturating_sub(processes.0));
    let control = counts.remove(CONTROL).with_context(|| format!("nobody counted {CONTROL}"))?;
    let controlled = *counts.get(CONTROLLED).with_context(|| format!("nobody counted {CONTROLLED}"))?;
    if !is_over(controlled, control) {
        bail!("the comparison is blind: {CONTROL} takes {control} instructions, {CONTROLLED} {controlled}");
    }
    if let Some(reason) = &options.bless {
        return bless(&counts, reason);
    }
    let text = fs::read_to_string(BASELINES).with_context(|| format!("{BASELINES} cannot be read"))?;
    let (lines, is_within) = compare(&read(&text)?, &counts);
    println!("{}", lines.join("\n"));
    if !is_within {
        bail!(
            "over budget. Where it is meant: `cargo xtask budgets --bless REASON`. The budgets were made with {}, these \
             counts with {}",
            made_with(&text)?,
            tools()?
        );
    }
    Ok(())
}

fn bless(counts: &Counts, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        bail!("a budget changes for a reason");
    }
    let text = serde_json::to_string_pretty(&json!({"reason": reason, "made_with": tools()?, "instructions": counts}))?;
    fs::write(BASELINES, text + "\n")?;
    println!("{BASELINES} is written; commit it with what changed the counts");
    Ok(())
}

fn made_with(text: &str) -> Result<String> {
    let value: Value = serde_json::from_str(text)?;
    Ok(value["made_with"].as_str().unwrap_or("unknown tools").to_owned())
}

/// What moves the counts besides the code.
fn tools() -> Result<String> {
    let rustc = process::output("rustc", process::command("rustc").arg("--version"))?;
    let valgrind = process::output("valgrind", process::command(valgrind()?).arg("--version"))?;
    Ok(format!("{}, {}, {}", rustc.trim(), valgrind.trim(), std::env::consts::ARCH))
}

fn read(text: &str) -> Result<Counts> {
    let value: Value = serde_json::from_str(text)?;
    serde_json::from_value(value["instructions"].clone()).with_context(|| format!("{BASELINES} has no instructions"))
}

fn is_over(budget: u64, count: u64) -> bool {
    count * 100 > budget * (100 + MARGIN_PERCENT)
}

fn is_under(budget: u64, count: u64) -> bool {
    count * 100 < budget * (100 - MARGIN_PERCENT)
}

/// A line for each, and whether nothing is over budget, new or gone.
fn compare(budgets: &Counts, counts: &Counts) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    let mut is_within = true;
    for (name, count) in counts {
        let Some(budget) = budgets.get(name) else {
            lines.push(format!("{name:<12} {count:>12}  has no budget: bless it"));
            is_within = false;
            continue;
        };
        let change = (*count as f64 / (*budget).max(1) as f64 - 1.0) * 100.0;
        let said = if is_over(*budget, *count) {
            is_within = false;
            "OVER"
        } else if is_under(*budget, *count) {
            "less: bless it, or the gain can be lost unseen"
        } else {
            "ok"
        };
        lines.push(format!(
            "{name:<12} {count:>12} of {budget:>12} ({change:+.2} %, at most +{MARGIN_PERCENT} %)  {said}"
        ));
    }
    for name in budgets.keys().filter(|name| !counts.contains_key(*name)) {
        lines.push(format!("{name:<12} has a budget and was not counted"));
        is_within = false;
    }
    (lines, is_within)
}

/// Builds and runs the benches.
fn count() -> Result<Counts> {
    let valgrind = valgrind()?;
    let runner = runner()?;
    let bench = build()?;
    let mut run = process::command(bench);
    let path = environment::variable("PATH").unwrap_or_default();
    let folders = [&runner, &valgrind].map(|program| program.parent().unwrap_or(Path::new("")).display().to_string());
    run.args(["--bench", "--output-format=json"]).current_dir("budgets");
    run.env("PATH", format!("{}:{path}", folders.join(":")));
    parse(&process::output("the benches", &mut run)?)
}

/// One summary after the other: the bench's name and its instructions.
fn parse(text: &str) -> Result<Counts> {
    let mut counts = Counts::new();
    for summary in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let summary = summary.context("the benches printed something that is not JSON")?;
        let name = summary["function_name"].as_str().context("a summary without a name")?;
        let profiles = summary["profiles"].as_array().map(Vec::as_slice).unwrap_or_default();
        let count =
            profiles.iter().find_map(|profile| profile["data"]["total"]["metrics"]["Ir"]["values"]["new"].as_u64());
        counts.insert(name.to_owned(), count.with_context(|| format!("{name} has no count of instructions"))?);
    }
    Ok(counts)
}

/// The benches, optimised like a release.
fn build() -> Result<PathBuf> {
    let cargo = |format: &[&str]| {
        let mut cargo = process::cargo();
        cargo.args(["build", "--profile", "budgets", "--package", "crb-budgets", "--bench", "instructions"]);
        cargo.args(format);
        cargo
    };
    process::run("cargo build", &mut cargo(&[]))?;
    // Nothing is left to build, so this only tells where it stands.
    let messages = process::output("cargo build", &mut cargo(&["--message-format=json"]))?;
    let found = messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        (message["target"]["name"] == "instructions").then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    found.context("cargo does not say where the benches are")
}

fn valgrind() -> Result<PathBuf> {
    let find = || environment::program("valgrind", &[install::unpacked_programs()]);
    if find().is_none() {
        install::packages(&["valgrind"], "Instructions are counted under it.")?;
    }
    find().context("there is no valgrind after its installation")
}

/// gungraun's other half, which has to be of the same version.
fn runner() -> Result<PathBuf> {
    let version = locked("gungraun", &fs::read_to_string("Cargo.lock")?)?;
    let tools = environment::target().join("tools");
    let tools = std::path::absolute(tools)?;
    let installed = fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
    if !installed.contains(&format!("\"gungraun-runner {version} ")) {
        let mut cargo: Command = process::cargo();
        cargo.args(["install", "--locked", "--version", &version, "gungraun-runner", "--root"]).arg(&tools);
        cargo.arg("--target-dir").arg(tools.join("build"));
        process::run("cargo install", &mut cargo)?;
    }
    Ok(tools.join("bin/gungraun-runner"))
}

fn locked(name: &str, lock: &str) -> Result<String> {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let found = lock.split_once(&entry).and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(version, _)| version.to_owned()).with_context(|| format!("Cargo.lock does not know {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u64)]) -> Counts {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn more_than_the_margin_fails_and_less_is_told() {
        let budgets = counts(&[("pdf", 1_000), ("encoding", 1_000)]);
        for (count, is_within, said) in
            [(1_020, true, "ok"), (1_021, false, "OVER"), (980, true, "ok"), (979, true, "bless it")]
        {
            let (lines, within) = compare(&budgets, &counts(&[("pdf", count), ("encoding", 1_000)]));
            assert_eq!(within, is_within, "{lines:?}");
            assert!(lines[1].contains(said) && lines[0].ends_with("ok"), "{lines:?}");
        }
    }

    #[test]
    fn a_bench_without_a_budget_and_a_budget_without_a_bench_fail() {
        let (lines, is_within) = compare(&counts(&[("pdf", 1), ("gone", 1)]), &counts(&[("pdf", 1), ("new", 1)]));
        assert!(!is_within);
        assert!(lines[0].contains("new") && lines[0].contains("no budget"), "{lines:?}");
        assert!(lines[2].contains("gone") && lines[2].contains("not counted"), "{lines:?}");
    }

    #[test]
    fn a_summary_gives_a_name_and_a_count_or_an_error() {
        let summary = |metrics: &Value| {
            json!({"function_name": "pdf", "profiles": [{"tool": "Callgrind", "data": {"total": {"metrics": metrics}}}]})
                .to_string()
        };
        let ir = json!({"Ir": {"values": {"new": 7, "old": 6}}});
        assert_eq!(parse(&(summary(&ir) + "\n" + &summary(&ir))).unwrap(), counts(&[("pdf", 7)]));
        assert!(parse(&summary(&json!({"Dr": {"values": {"new": 7}}}))).is_err());
        assert!(parse("gungraun: error").is_err());
    }

    #[test]
    fn budgets_are_read_or_an_error() {
        assert_eq!(read(r#"{"instructions": {"pdf": 1}}"#).unwrap(), counts(&[("pdf", 1)]));
        assert!(read("{}").is_err());
    }

    #[test]
    fn the_locked_version_is_that_of_the_crate_itself() {
        let lock = "name = \"gungraun-macros\"\nversion = \"0.10.0\"\n\nname = \"gungraun\"\nversion = \"0.20.0\"\n";
        assert_eq!(locked("gungraun", lock).unwrap(), "0.20.0");
        assert!(locked("nobody", lock).is_err());
    }
}
