//! Stage six: shown for the reader. These move too much from run to run to decide anything.

use super::line::{Check, Line, Outcome};
use crate::summary::Summary;

pub(super) fn lines(summary: &Summary) -> Vec<Line> {
    let line = |(name, request): (&String, &crate::summary::Request)| {
        let latency = &request.latency;
        let shown = [latency.p50, latency.p90, latency.p95, latency.p99, latency.p999];
        Line {
            check: Check::Percentiles,
            subject: Some(name.clone()),
            limit: String::new(),
            observed: format!("{} ms", shown.map(|value| format!("{value:.1}")).join("  ")),
            margin: String::new(),
            outcome: Outcome::Told,
        }
    };
    summary.requests.iter().map(line).collect()
}
