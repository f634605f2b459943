//! Baselines: what a profile usually costs on a class of machine, committed, and changed only with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::gate::{self, Ending, Limits};
use crate::summary::Summary;

#[cfg(test)]
mod tests;

/// Where they stand, seen from the repository.
pub const FOLDER: &str = "loadtest/baselines";

/// The middle of some runs of one profile on one class of machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub profile: String,
    pub runner_class: String,
    pub users: u32,
    pub cpu_model: String,
    /// What was measured.
    pub revision: String,
    /// When the last of the runs began.
    pub date: String,
    pub runs: usize,
    /// Why these figures are the right ones.
    pub reason: String,
    pub figures: Figures,
    pub requests: BTreeMap<String, Usual>,
    pub operations: BTreeMap<String, Asked>,
}

/// The server as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// All of the server's processor time over all requests, reports and PDFs included.
    pub cpu_ms_a_request: Option<f64>,
    pub cpu_ms_a_pdf: Option<f64>,
    pub peak_resident_bytes: f64,
}

/// One kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usual {
    pub count: u64,
    /// Milliseconds.
    pub p10: f64,
    /// A request.
    pub body_bytes: f64,
}

/// What one request of an operation asks of the house.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub statements: f64,
    pub redis_commands: f64,
}

impl Figures {
    pub fn of(summary: &Summary) -> Self {
        let server = &summary.server;
        let requests: u64 = summary.requests.values().map(|request| request.count).sum();
        let each = |seconds: f64, count: u64| (count > 0).then(|| 1_000.0 * seconds / count as f64);
        Self {
            cpu_ms_a_request: each(server.cpu_seconds, requests),
            cpu_ms_a_pdf: each(server.pdf_cpu_seconds, server.pdfs),
            peak_resident_bytes: server.peak_resident_bytes as f64,
        }
    }
}

/// A count for each request; none where there was no request.
pub fn a_request(count: u64, requests: u64) -> Option<f64> {
    (requests > 0).then(|| count as f64 / requests as f64)
}

impl Baseline {
    /// The middle of the runs. Runs that may not be mixed, that fail by themselves, or that a noisy host has slowed
    /// are refused: a slow baseline would hide what it is there to show.
    pub fn of(summaries: &[Summary], reason: &str) -> Result<Self> {
        ensure!(
            reason.trim().len() >= 10,
            "a baseline wants a reason that a reviewer understands, in 10 letters or more"
        );
        let (first, last) = match summaries {
            [] => bail!("a baseline wants a summary at least"),
            [first, .., last] => (first, last),
            [only] => (only, only),
        };
        for (index, summary) in summaries.iter().enumerate() {
            let what = |summary: &Summary| {
                (
                    summary.profile.clone(),
                    summary.host.runner_class.clone(),
                    summary.users,
                    summary.target.revision.clone(),
                )
            };
            ensure!(
                what(summary) == what(first),
                "summary {} is of another profile, machine, number of users or revision: {:?}, not {:?}",
                index + 1,
                what(summary),
                what(first)
            );
            let limits = Limits::of(&summary.profile);
            let verdict = gate::judge(summary, None, &limits);
            ensure!(verdict.ending() == Ending::Passed, "summary {} does not pass by itself:\n{verdict}", index + 1);
            let noise = gate::noise(summary, &limits);
            ensure!(noise.is_empty(), "summary {} is no measure: {}", index + 1, noise.join("; "));
        }
        let figures: Vec<Figures> = summaries.iter().map(Figures::of).collect();
        let middle_of = |pick: fn(&Figures) -> Option<f64>| {
            let values: Vec<f64> = figures.iter().filter_map(pick).collect();
            (values.len() == figures.len()).then(|| median(values))
        };
        Ok(Self {
            profile: first.profile.clone(),
            runner_class: first.host.runner_class.clone(),
            users: first.users,
            cpu_model: first.host.cpu_model.clone(),
            revision: first.target.revision.clone(),
            date: last.started_at.clone(),
            runs: summaries.len(),
            reason: reason.trim().to_owned(),
            figures: Figures {
                cpu_ms_a_request: middle_of(|figures| figures.cpu_ms_a_request),
                cpu_ms_a_pdf: middle_of(|figures| figures.cpu_ms_a_pdf),
                peak_resident_bytes: median(figures.iter().map(|figures| figures.peak_resident_bytes).collect()),
            },
            requests: usual(summaries),
            operations: asked(summaries),
        })
    }

    /// The committed baseline of a run's profile and machine, where there is one and it is of as many users.
    pub fn find(folder: &Path, summary: &Summary) -> Result<Option<Self>> {
        let path = path(folder, &summary.profile, &summary.host.runner_class)?;
        if !path.exists() {
            return Ok(None);
        }
        let baseline: Self = read(&path)?;
        ensure!(
            baseline.profile == summary.profile && baseline.runner_class == summary.host.runner_class,
            "{} is the baseline of {} on {}",
            path.display(),
            baseline.profile,
            baseline.runner_class
        );
        Ok(Some(baseline).filter(|baseline| baseline.users == summary.users))
    }

    /// Writes it where `find` looks.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        let path = path(folder, &self.profile, &self.runner_class)?;
        let parent = path.parent().context("the path of a baseline has a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    }
}

/// One of the files that runs leave.
pub fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what it should be", path.display()))
}

/// The names come from a file that anybody may hand in: they name a file, and no way out of the folder.
fn path(folder: &Path, profile: &str, runner_class: &str) -> Result<PathBuf> {
    for name in [profile, runner_class] {
        let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '-' | '_');
        ensure!(!name.is_empty() && name.chars().all(plain), "{name:?} cannot name a baseline: use a-z, 0-9, - and _");
    }
    Ok(folder.join(profile).join(format!("{runner_class}.json")))
}

/// Of the calls that every run made.
fn usual(summaries: &[Summary]) -> BTreeMap<String, Usual> {
    let names = summaries.iter().flat_map(|summary| summary.requests.keys());
    let mut usual = BTreeMap::new();
    for name in names {
        let of_all: Option<Vec<_>> = summaries.iter().map(|summary| summary.requests.get(name)).collect();
        let Some(of_all) = of_all.filter(|of_all| of_all.iter().all(|request| request.count > 0)) else { continue };
        let middle = Usual {
            count: median(of_all.iter().map(|request| request.count as f64).collect()) as u64,
            p10: median(of_all.iter().map(|request| request.latency.p10).collect()),
            body_bytes: median(
                of_all.iter().filter_map(|request| a_request(request.body_bytes, request.count)).collect(),
            ),
        };
        usual.insert(name.clone(), middle);
    }
    usual
}

fn asked(summaries: &[Summary]) -> BTreeMap<String, Asked> {
    let names = summaries.iter().flat_map(|summary| summary.server.operations.keys());
    let mut asked = BTreeMap::new();
    for name in names {
        let of_all: Option<Vec<_>> = summaries.iter().map(|summary| summary.server.operations.get(name)).collect();
        let Some(of_all) = of_all.filter(|of_all| of_all.iter().all(|operation| operation.requests > 0)) else {
            continue;
        };
        let middle = Asked {
            statements: median(of_all.iter().filter_map(|of| a_request(of.statements, of.requests)).collect()),
            redis_commands: median(of_all.iter().filter_map(|of| a_request(of.redis_commands, of.requests)).collect()),
        };
        asked.insert(name.clone(), middle);
    }
    asked
}

/// The middle value, rounded to what a reviewer can read. The callers have one value at least.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let middle = if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) };
    (middle * 10_000.0).round() / 10_000.0
}
