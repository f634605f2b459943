//! The gate: what a run has seen, held against its limits and its baseline, line by line.
//!
//! Correctness comes first, then counts that have no noise, then absolute levels, then whether the load happened at all,
//! and only then what was quicker on another day. A noisy host can make times inconclusive; it never excuses a count.

use crate::baselines::Baseline;
use crate::summary::Summary;

mod advisory;
mod correctness;
mod effort;
mod invariants;
mod levels;
mod line;
mod noise;
mod regression;
mod table;

#[cfg(test)]
mod controls;
#[cfg(test)]
pub(crate) mod sample;

pub use line::{Check, Group, Line, Outcome};

/// What a run may not go beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The profile makes services fail on purpose: a report may then fail, and calls are repeated.
    pub injects_faults: bool,
    /// Calls to Claude that the pipeline makes for one report.
    pub claude_calls_a_report: u64,
    /// Statements or commands a request above the baseline. Misses of a cache are fractions; one more is a whole.
    pub more_a_request: f64,
    /// The same where the calls of an operation differ (the first and a repeated one, an allowed and a refused one): the
    /// server counts them together, and their mix is another in each run. One more in each of them is still a whole.
    pub more_where_mixed: f64,
    pub body_factor: f64,
    pub page_p95_ms: f64,
    pub report_p95_ms: f64,
    pub overhead_p95_ms: f64,
    pub rps_share: f64,
    /// Of one processor.
    pub generator_cpu_share: f64,
    pub p10_factor: f64,
    /// A slower p10 counts only beyond this, too.
    pub p10_slack_ms: f64,
    pub cpu_factor: f64,
    pub resident_factor: f64,
    /// Fewer calls than this say nothing about time.
    pub few_for_times: u64,
    /// Fewer calls than this say nothing about an average count.
    pub few_for_counts: u64,
    /// Names whose time is processor time: they are judged by that.
    pub bound_by_cpu: &'static [&'static str],
    /// From here on the host counts as noisy.
    pub pressure_share: f64,
    pub steal_share: f64,
}

impl Limits {
    /// The limits of a profile.
    pub fn of(profile: &str) -> Self {
        Self { injects_faults: profile == "faults", ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            injects_faults: false,
            claude_calls_a_report: 7,
            more_a_request: 0.1,
            more_where_mixed: 0.5,
            body_factor: 1.1,
            page_p95_ms: 2_000.0,
            report_p95_ms: 120_000.0,
            overhead_p95_ms: 2_000.0,
            rps_share: 0.9,
            generator_cpu_share: 0.6,
            p10_factor: 1.15,
            p10_slack_ms: 0.5,
            cpu_factor: 1.15,
            resident_factor: 1.25,
            few_for_times: 30,
            few_for_counts: 10,
            bound_by_cpu: &["report_download"],
            pressure_share: 0.5,
            steal_share: 0.02,
        }
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Passed,
    Failed,
    /// Something broke that a noisy host may have broken: nobody knows before it runs again.
    Inconclusive,
}

impl Ending {
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Inconclusive => 3,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// The exit code of a run that was refused before anything was judged.
pub const REFUSED: u8 = 2;

/// Every line in the order of the gate, and what else the reader should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub lines: Vec<Line>,
    pub notes: Vec<String>,
}

impl Verdict {
    pub fn ending(&self) -> Ending {
        let has = |outcome| self.lines.iter().any(|line| line.outcome == outcome);
        if has(Outcome::Failed) {
            Ending::Failed
        } else if has(Outcome::Inconclusive) {
            Ending::Inconclusive
        } else {
            Ending::Passed
        }
    }
}

/// Why times of this run say little about the product; empty on a quiet host.
pub fn noise(summary: &Summary, limits: &Limits) -> Vec<String> {
    noise::reasons(summary, limits)
}

/// Judges a run. Without a baseline what can be judged alone decides, and the rest says why it was not judged.
pub fn judge(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Verdict {
    let noise = noise::reasons(summary, limits);
    let mut lines = correctness::lines(summary, limits);
    lines.extend(invariants::lines(summary, baseline, limits));
    lines.extend(levels::lines(summary, limits));
    lines.extend(effort::lines(summary, baseline, limits));
    lines.extend(regression::lines(summary, baseline, limits));
    lines.extend(advisory::lines(summary));
    if !noise.is_empty() {
        for line in lines.iter_mut().filter(|line| line.check.is_shaken_by_noise()) {
            line.outcome = line.outcome.shaken();
        }
    }
    Verdict { lines, notes: notes(summary, baseline, noise) }
}

fn notes(summary: &Summary, baseline: Option<&Baseline>, noise: Vec<String>) -> Vec<String> {
    let mut notes = noise;
    notes
        .extend(summary.faults.iter().map(|fault| format!("{} ({}); first: {}", fault.kind, fault.count, fault.first)));
    match baseline {
        None => notes.push(format!(
            "no baseline for {} of {} users on {}: after a run that passes, \
             crb-loadtest bless --summary SUMMARY [SUMMARY ...] --reason \"...\" writes one",
            summary.profile, summary.users, summary.host.runner_class
        )),
        Some(baseline) => notes.push(format!(
            "baseline of {}, {} run(s) of {}: {}",
            baseline.date, baseline.runs, baseline.revision, baseline.reason
        )),
    }
    notes
}
