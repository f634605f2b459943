//! Stage five: worse than the committed baseline of the same profile on the same class of machine.
//!
//! Only what repeats is judged: the quickest tenth of each call, processor time, memory. Percentiles above the median
//! move by a third from run to run on a quiet machine and judge nothing.

use super::Limits;
use super::levels::is_of_a_page;
use super::line::{Check, Line, Unit};
use crate::baselines::{Baseline, Figures};
use crate::summary::Summary;

const NO_BASELINE: &str = "no baseline";

pub(super) fn lines(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let mut lines = quickest(summary, baseline, limits);
    lines.extend(whole(summary, baseline, limits));
    lines
}

fn quickest(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, request) in &summary.requests {
        let observed = request.latency.p10;
        let told = |why| Line::not_judged(Check::QuickestTenth, Unit::Milliseconds.write(observed), why);
        let line = if !is_of_a_page(name) {
            told("waits for the model")
        } else if limits.bound_by_cpu.contains(&name.as_str()) {
            told("judged by its CPU")
        } else if request.count < limits.few_for_times {
            told("too few calls")
        } else {
            match baseline.map(|baseline| baseline.requests.get(name)) {
                None => told(NO_BASELINE),
                Some(None) => told("not in the baseline"),
                Some(Some(known)) if known.count < limits.few_for_times => told("too few calls in the baseline"),
                Some(Some(known)) => {
                    let limit = (known.p10 * limits.p10_factor).max(known.p10 + limits.p10_slack_ms);
                    Line::at_most(Check::QuickestTenth, observed, limit, Unit::Milliseconds)
                }
            }
        };
        lines.push(line.about(name));
    }
    lines
}

/// Figures of the server as a whole.
fn whole(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let now = Figures::of(summary);
    let known = baseline.map(|baseline| baseline.figures);
    let rows = [
        (
            Check::CpuRequest,
            now.cpu_ms_a_request,
            known.map(|known| known.cpu_ms_a_request),
            limits.cpu_factor,
            Unit::Milliseconds,
        ),
        (Check::CpuPdf, now.cpu_ms_a_pdf, known.map(|known| known.cpu_ms_a_pdf), limits.cpu_factor, Unit::Milliseconds),
        (
            Check::Resident,
            Some(now.peak_resident_bytes),
            known.map(|known| Some(known.peak_resident_bytes)),
            limits.resident_factor,
            Unit::Bytes,
        ),
    ];
    let line = |(check, observed, known, factor, unit): (Check, Option<f64>, Option<Option<f64>>, f64, Unit)| {
        let written = observed.map(|observed| unit.write(observed)).unwrap_or_default();
        match (observed, known) {
            (_, None) => Line::not_judged(check, written, NO_BASELINE),
            (_, Some(None)) => Line::not_judged(check, written, "not in the baseline"),
            // The baseline has it and this run does not: nothing was measured, so nothing holds.
            (None, Some(Some(known))) => Line::at_most(check, f64::NAN, known * factor, unit),
            (Some(observed), Some(Some(known))) => Line::at_most(check, observed, known * factor, unit),
        }
    };
    rows.into_iter().map(line).collect()
}
