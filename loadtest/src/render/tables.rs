//! The run as Markdown: the verdict first, then what was asked, what came, what it cost, and where it ran.

use std::fmt::Write as _;

use crate::baselines::{Figures, a_request};
use crate::gate::{Line, Outcome, Verdict};
use crate::summary::{Latency, Summary};

pub(super) fn tables(summary: &Summary, verdict: &Verdict) -> String {
    let mut page = String::new();
    let mut add = |text: String| {
        page.push_str(&text);
        page.push_str("\n\n");
    };
    let target = &summary.target;
    add(format!("# Load: {}, {}", cell(&summary.profile), verdict.ending().word()));
    add(format!(
        "{} users for {:.0} s from {}, against {} (`{}` {}, {}).",
        summary.users,
        summary.seconds,
        cell(&summary.started_at),
        cell(&target.origin),
        cell(&target.environment),
        cell(&target.version),
        cell(&target.revision)
    ));
    add("![Throughput, users and latency over time](chart.svg)".to_owned());
    add(broken(verdict));
    add(requests(summary));
    add(reports(summary));
    add(server(summary));
    add(place(summary));
    let notes: Vec<String> = verdict.notes.iter().map(|note| format!("- {}", cell(note))).collect();
    add(notes.join("\n"));
    page.trim_end().to_owned() + "\n"
}

fn broken(verdict: &Verdict) -> String {
    let broken = |line: &&Line| matches!(line.outcome, Outcome::Failed | Outcome::Inconclusive);
    let rows: Vec<[String; 5]> = verdict
        .lines
        .iter()
        .filter(broken)
        .map(|line| {
            let outcome = line.outcome.word().to_owned();
            [line.to_string(), line.limit.clone(), line.observed.clone(), line.margin.clone(), outcome]
        })
        .collect();
    if rows.is_empty() {
        let judged = verdict.lines.iter().filter(|line| line.outcome == Outcome::Passed).count();
        return format!("All {judged} lines that were judged hold.");
    }
    table(["what broke", "limit", "observed", "margin", ""], &rows)
}

fn requests(summary: &Summary) -> String {
    let row = |(name, request): (&String, &crate::summary::Request)| {
        let [p50, p95, p99] = [request.latency.p50, request.latency.p95, request.latency.p99].map(milliseconds);
        [
            name.clone(),
            request.count.to_string(),
            format!("{:.1}", request.count as f64 / summary.seconds),
            milliseconds(request.latency.p10),
            p50,
            p95,
            p99,
            a_request(request.body_bytes, request.count).map(|bytes| format!("{bytes:.0}")).unwrap_or_default(),
            request.unexpected.to_string(),
        ]
    };
    let rows: Vec<_> = summary.requests.iter().map(row).collect();
    table(["request", "calls", "a second", "p10 ms", "p50 ms", "p95 ms", "p99 ms", "bytes", "unexpected"], &rows)
}

fn reports(summary: &Summary) -> String {
    let reports = &summary.reports;
    let mut text = format!(
        "Reports: {} paid, {} ready, {} failed, {} lost; {} streams, {} reconnects, {} without an end, {} events out of \
         sequence; {} bodies against the schema; mails missing: {}.\n\n",
        reports.paid,
        reports.ready,
        reports.failed,
        reports.lost,
        reports.streams,
        reports.reconnects,
        reports.streams_unended,
        reports.sequence_faults,
        reports.schema_faults,
        reports.mails_missing.map_or_else(|| "not seen".to_owned(), |missing| missing.to_string()),
    );
    let row = |name: &str, latency: &Latency| {
        let [p50, p95, max] = [latency.p50, latency.p95, latency.max].map(milliseconds);
        [name.to_owned(), p50, p95, max]
    };
    let mut rows = vec![row("from payment to the end", &reports.duration)];
    rows.extend(reports.overhead.as_ref().map(|overhead| row("of that beyond the stub", overhead)));
    text += &table(["a report", "p50 ms", "p95 ms", "slowest ms"], &rows);
    text
}

fn server(summary: &Summary) -> String {
    let row = |(name, operation): (&String, &crate::summary::Operation)| {
        let each = |count| a_request(count, operation.requests).map(|value| format!("{value:.2}")).unwrap_or_default();
        let calls = if operation.claude_calls > 0 { each(operation.claude_calls) } else { String::new() };
        let (statements, commands) = (each(operation.statements), each(operation.redis_commands));
        [name.clone(), operation.requests.to_string(), statements, commands, calls]
    };
    let rows: Vec<_> = summary.server.operations.iter().map(row).collect();
    let figures = Figures::of(summary);
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2} ms"));
    format!(
        "{}\n\nServer: {:.1} s of processor time, {} a request, {} a PDF ({} PDFs); {:.1} MiB at most; {} jobs left.",
        table(["operation", "requests", "statements", "Redis", "Claude"], &rows),
        summary.server.cpu_seconds,
        shown(figures.cpu_ms_a_request),
        shown(figures.cpu_ms_a_pdf),
        summary.server.pdfs,
        figures.peak_resident_bytes / 1_048_576.0,
        summary.server.jobs_left
    )
}

fn place(summary: &Summary) -> String {
    let (host, generator) = (&summary.host, &summary.generator);
    let pressure = host.cpu_pressure.map_or_else(|| "not told".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    format!(
        "Host: {}, {} ({} processors); somebody waited for a processor: {pressure}; stolen: {:.1} %. Generator: {:.0} % of a \
         processor, {:.1} requests a second of {:.1} expected, {} late starts.",
        cell(&host.runner_class),
        cell(&host.cpu_model),
        host.cpus,
        100.0 * host.steal,
        100.0 * generator.cpu_seconds / summary.seconds,
        generator.rps,
        generator.rps_expected,
        generator.late_starts
    )
}

/// The first column to the left, figures to the right.
fn table<const COLUMNS: usize>(head: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> String {
    let line = |cells: &[String; COLUMNS]| format!("| {} |\n", cells.each_ref().map(|text| cell(text)).join(" | "));
    let mut text = format!("| {} |\n|---", head.join(" | "));
    let _ = writeln!(text, "{}|", "|--:".repeat(COLUMNS - 1));
    for row in rows {
        text += &line(row);
    }
    text.trim_end().to_owned()
}

/// A text inside a table or a sentence: no new line, no border, no markup of its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}

fn milliseconds(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Limits, judge, sample};
    use crate::summary::Fault;

    #[test]
    fn what_broke_stands_first_and_foreign_text_stays_text() {
        let mut summary = sample::summary();
        summary.reports.lost = 1;
        summary.faults.push(Fault { kind: "lost".into(), count: 1, first: "a | b\n<img>".into() });
        let page = tables(&summary, &judge(&summary, None, &Limits::default()));
        let (broken, requests) = (page.find("reports lost").unwrap(), page.find("vendor_list").unwrap());
        assert!(broken < requests, "{page}");
        assert!(page.contains("FAILED") && page.contains("a \\| b &lt;img>"), "{page}");
        for row in page.lines().filter(|line| line.starts_with("| vendor_list | 900 | 15.0 |")) {
            assert_eq!(row.matches(" | ").count(), 8, "{row}");
        }
    }

    #[test]
    fn a_run_that_holds_says_so_in_one_sentence() {
        let summary = sample::summary();
        let page = tables(&summary, &judge(&summary, None, &Limits::default()));
        assert!(page.contains("lines that were judged hold."), "{page}");
    }
}
