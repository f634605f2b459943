//! Stage one: everything that was asked was answered rightly, and everything that was paid for came.

use super::Limits;
use super::line::{Check, Line, Outcome};
use crate::summary::{Request, Summary};

pub(super) fn lines(summary: &Summary, limits: &Limits) -> Vec<Line> {
    let reports = &summary.reports;
    let mut lines = unexpected(summary);
    lines.push(Line::none_of(Check::StreamUnended, reports.streams_unended));
    lines.push(Line::none_of(Check::SequenceFault, reports.sequence_faults));
    lines.push(Line::none_of(Check::ReportLost, reports.lost));
    lines.push(if limits.injects_faults {
        Line::not_judged(Check::ReportFailed, reports.failed.to_string(), "faults are injected")
    } else {
        Line::none_of(Check::ReportFailed, reports.failed)
    });
    lines.push(Line::none_of(Check::SchemaFault, reports.schema_faults));
    lines.push(match reports.mails_missing {
        Some(missing) => Line::none_of(Check::MailMissing, missing),
        None => Line::not_judged(Check::MailMissing, String::new(), "mails cannot be seen"),
    });
    lines
}

/// One line when all is well, else one for each operation that is not.
fn unexpected(summary: &Summary) -> Vec<Line> {
    let wrong: Vec<_> = summary.requests.iter().filter(|(_, request)| request.unexpected > 0).collect();
    if wrong.is_empty() {
        let calls: u64 = summary.requests.values().map(|request| request.count).sum();
        let line = Line::none_of(Check::UnexpectedStatus, 0);
        // A run in which nothing was asked has shown nothing.
        let outcome = if calls == 0 { Outcome::Failed } else { Outcome::Passed };
        return vec![Line { observed: format!("0 of {calls}"), outcome, ..line }];
    }
    let line = |(name, request): (&String, &Request)| {
        let line = Line::none_of(Check::UnexpectedStatus, request.unexpected).about(name);
        let seen: Vec<String> = request.statuses.iter().map(|(status, count)| format!("{status}×{count}")).collect();
        Line { observed: format!("{} of {} ({})", request.unexpected, request.count, seen.join(" ")), ..line }
    };
    wrong.into_iter().map(line).collect()
}
