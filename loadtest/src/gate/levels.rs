//! Stage three: what was promised in seconds, whatever yesterday was.

use super::Limits;
use super::line::{Check, Line, Unit};
use crate::summary::Summary;

pub(super) fn lines(summary: &Summary, limits: &Limits) -> Vec<Line> {
    let pages = summary.requests.iter().filter(|(name, request)| is_of_a_page(name) && request.count > 0);
    let mut lines: Vec<Line> = pages
        .map(|(name, request)| {
            let p95 = request.latency.p95;
            Line::at_most(Check::PageTime, p95, limits.page_p95_ms, Unit::Milliseconds).about(name)
        })
        .collect();
    let duration = summary.reports.duration.p95;
    lines.push(Line::at_most(Check::ReportTime, duration, limits.report_p95_ms, Unit::Milliseconds));
    lines.push(match &summary.reports.overhead {
        // The pauses before another try, half a minute between two attempts at a job, are not the stub's.
        Some(overhead) if limits.injects_faults => {
            Line::not_judged(Check::Overhead, Unit::Milliseconds.write(overhead.p95), "faults are injected")
        }
        Some(overhead) => Line::at_most(Check::Overhead, overhead.p95, limits.overhead_p95_ms, Unit::Milliseconds),
        None => Line::not_judged(Check::Overhead, String::new(), "no stub to ask"),
    });
    lines
}

/// A person waits for every call but the stream, which lasts as long as the report does.
pub(super) fn is_of_a_page(name: &str) -> bool {
    !name.ends_with(":events")
}
