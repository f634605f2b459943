//! Stage two: counts. They have no noise, so one statement more in one operation is seen on any host.

use super::Limits;
use super::line::{Check, Line, Unit};
use crate::baselines::{Baseline, a_request};
use crate::summary::{Operation, Summary};

/// The pipeline's name among the server's operations: one request is one attempt at a report.
const PIPELINE: &str = "report_write";

const NEW: &str = "not in the baseline";
const NO_BASELINE: &str = "no baseline";
const FEW: &str = "too few calls";

pub(super) fn lines(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let mut lines = vec![claude_calls(summary, limits), stub_agrees(summary)];
    lines.extend(counted(summary, baseline, limits, Check::Statements));
    lines.extend(counted(summary, baseline, limits, Check::RedisCommands));
    lines.extend(bodies(summary, baseline, limits));
    lines.push(Line::none_of(Check::JobsLeft, summary.server.jobs_left));
    let (server, ledger) = (&summary.server, &summary.reports);
    for (what, counted, seen) in
        [("ready", server.reports_ready, ledger.ready), ("failed", server.reports_failed, ledger.failed)]
    {
        lines.push(Line::equal(Check::ServerAgrees, counted as f64, seen as f64).about(what));
    }
    lines
}

fn claude_calls(summary: &Summary, limits: &Limits) -> Line {
    let written = summary.server.operations.get(PIPELINE).copied().unwrap_or_default();
    let observed = a_request(written.claude_calls, written.requests).unwrap_or(0.0);
    if limits.injects_faults {
        return Line::not_judged(Check::ClaudeCalls, Unit::Plain.write(observed), "faults are injected");
    }
    if summary.claude_calls.is_none() && summary.reports.paid == 0 {
        return Line::not_judged(Check::ClaudeCalls, Unit::Plain.write(observed), "nobody can pay here");
    }
    Line::equal(Check::ClaudeCalls, observed, limits.claude_calls_a_report as f64)
}

fn stub_agrees(summary: &Summary) -> Line {
    let server = summary.server.claude_calls;
    match summary.claude_calls {
        Some(stub) => Line::equal(Check::StubAgrees, stub as f64, server as f64),
        None => Line::not_judged(Check::StubAgrees, server.to_string(), "no stub to ask"),
    }
}

/// Statements or commands a request, a line for each operation.
fn counted(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits, check: Check) -> Vec<Line> {
    let of = |operation: &Operation| match check {
        Check::Statements => operation.statements,
        _ => operation.redis_commands,
    };
    let mut lines = Vec::new();
    for (name, operation) in &summary.server.operations {
        let Some(observed) = a_request(of(operation), operation.requests) else { continue };
        let known = baseline.map(|baseline| baseline.operations.get(name));
        let line = match known {
            None => Line::not_judged(check, Unit::Plain.write(observed), NO_BASELINE),
            Some(None) => Line::not_judged(check, Unit::Plain.write(observed), NEW),
            Some(Some(_)) if operation.requests < limits.few_for_counts => {
                Line::not_judged(check, Unit::Plain.write(observed), FEW)
            }
            Some(Some(_)) if limits.injects_faults && name == PIPELINE => {
                Line::not_judged(check, Unit::Plain.write(observed), "faults are injected")
            }
            Some(Some(known)) => {
                let usual = if check == Check::Statements { known.statements } else { known.redis_commands };
                let more = if is_mixed(summary, name) { limits.more_where_mixed } else { limits.more_a_request };
                Line::at_most(check, observed, usual + more, Unit::Plain)
            }
        };
        lines.push(line.about(name));
    }
    lines
}

/// Whether the generator tells several kinds of calls of this operation apart.
fn is_mixed(summary: &Summary, operation: &str) -> bool {
    summary.requests.keys().any(|name| name.strip_prefix(operation).is_some_and(|rest| rest.starts_with(':')))
}

fn bodies(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, request) in &summary.requests {
        let Some(observed) = a_request(request.body_bytes, request.count) else { continue };
        let line = match baseline.map(|baseline| baseline.requests.get(name)) {
            None => Line::not_judged(Check::BodyBytes, Unit::Bytes.write(observed), NO_BASELINE),
            Some(None) => Line::not_judged(Check::BodyBytes, Unit::Bytes.write(observed), NEW),
            Some(Some(_)) if request.count < limits.few_for_counts => {
                Line::not_judged(Check::BodyBytes, Unit::Bytes.write(observed), FEW)
            }
            Some(Some(known)) => {
                Line::at_most(Check::BodyBytes, observed, known.body_bytes * limits.body_factor, Unit::Bytes)
            }
        };
        lines.push(line.about(name));
    }
    lines
}
