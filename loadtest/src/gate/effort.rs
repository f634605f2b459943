//! Stage four: the load happened. A run that asked little, or that was out of breath itself, has shown little.

use super::Limits;
use super::line::{Check, Line, Unit};
use super::noise::generator_share;
use crate::baselines::Baseline;
use crate::summary::Summary;

pub(super) fn lines(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let generator = &summary.generator;
    let mut lines = vec![
        match summary.claude_calls {
            Some(_) => Line::at_least(Check::ReportsPaid, summary.reports.paid as f64, 1.0, Unit::Plain),
            None => Line::not_judged(Check::ReportsPaid, summary.reports.paid.to_string(), "nobody can pay here"),
        },
        Line::at_least(Check::Throughput, generator.rps, limits.rps_share * generator.rps_expected, Unit::Plain),
        Line::at_most(Check::GeneratorCpu, generator_share(summary), limits.generator_cpu_share, Unit::Percent),
        Line::none_of(Check::LateStarts, generator.late_starts),
    ];
    lines.extend(coverage(summary, baseline, limits));
    lines
}

/// A call that is not made any more is not judged any more: that must not happen silently.
fn coverage(summary: &Summary, baseline: Option<&Baseline>, limits: &Limits) -> Vec<Line> {
    let Some(baseline) = baseline else {
        return vec![Line::not_judged(Check::Coverage, String::new(), "no baseline")];
    };
    let usual = || baseline.requests.iter().filter(|(_, known)| known.count >= limits.few_for_times);
    let made = |name: &String| summary.requests.get(name).map_or(0, |request| request.count);
    let missing: Vec<Line> = usual()
        .filter(|(name, _)| made(name) == 0)
        .map(|(name, _)| Line::at_least(Check::Coverage, 0.0, 1.0, Unit::Plain).about(name))
        .collect();
    if missing.is_empty() {
        let count = usual().count() as f64;
        return vec![Line::at_least(Check::Coverage, count, count, Unit::Plain)];
    }
    missing
}
