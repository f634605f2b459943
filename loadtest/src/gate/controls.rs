//! Every line proves itself: for each kind a run that is good but for one thing, which fails with exactly that line.

use std::collections::BTreeSet;

use super::*;
use crate::summary::{Fault, Latency, Operation, Request};

type Spoil = fn(&mut Summary);

/// What breaks which line, and for which operation.
#[rustfmt::skip]
const CONTROLS: [(Check, Option<&str>, Spoil); 40] = [
    (Check::UnexpectedStatus, Some("session_answer"), |run| of(run, "session_answer").unexpected = 1),
    (Check::StreamUnended, None, |run| run.reports.streams_unended = 1),
    (Check::SequenceFault, None, |run| run.reports.sequence_faults = 1),
    (Check::ReportLost, None, |run| run.reports.lost = 1),
    (Check::ReportFailed, None, |run| run.reports.failed = { run.server.reports_failed = 1; 1 }),
    (Check::SchemaFault, None, |run| run.reports.schema_faults = 1),
    (Check::MailMissing, None, |run| run.reports.mails_missing = Some(1)),
    (Check::ClaudeCalls, None, |run| operation(run, "report_write").claude_calls += 1),
    (Check::ClaudeCalls, None, |run| operation(run, "report_write").claude_calls -= 1),
    (Check::ClaudeCalls, None, |run| { operation(run, "report_write").requests = 0; }),
    (Check::StubAgrees, None, |run| run.claude_calls = Some(7 * 60 + 1)),
    (Check::StubAgrees, None, |run| run.server.claude_calls += 1),
    (Check::Statements, Some("session_answer"), |run| one_more(run, "session_answer").statements += 1_800),
    (Check::Statements, Some("session_answer"), |run| one_more(run, "session_answer").statements += 181),
    (Check::Statements, Some("vendor_list"), |run| one_more(run, "vendor_list").statements += 900),
    (Check::Statements, Some("report_write"), |run| one_more(run, "report_write").statements += 60),
    (Check::RedisCommands, Some("vendor_list"), |run| one_more(run, "vendor_list").redis_commands += 900),
    (Check::BodyBytes, Some("vendor_list"), |run| of(run, "vendor_list").body_bytes += 900 * 1_801),
    (Check::JobsLeft, None, |run| run.server.jobs_left = 1),
    (Check::ServerAgrees, Some("ready"), |run| run.server.reports_ready = 59),
    (Check::ServerAgrees, Some("failed"), |run| run.server.reports_failed = 1),
    (Check::PageTime, Some("vendor_list"), |run| of(run, "vendor_list").latency.p95 = 2_000.1),
    (Check::ReportTime, None, |run| run.reports.duration.p95 = 120_000.1),
    (Check::Overhead, None, |run| run.reports.overhead = Some(Latency { p95: 2_000.1, ..Latency::default() })),
    (Check::ReportsPaid, None, |run| run.reports.paid = 0),
    (Check::Throughput, None, |run| run.generator.rps = 0.89 * run.generator.rps_expected),
    (Check::Throughput, None, |run| run.generator.rps = f64::NAN),
    (Check::GeneratorCpu, None, |run| run.generator.cpu_seconds = 0.61 * run.seconds),
    (Check::LateStarts, None, |run| run.generator.late_starts = 1),
    (Check::Coverage, Some("vendor_list"), |run| no_vendors(run)),
    (Check::QuickestTenth, Some("vendor_list"), |run| of(run, "vendor_list").latency.p10 = 5.0 + 3.0),
    (Check::QuickestTenth, Some("vendor_list"), |run| of(run, "vendor_list").latency.p10 = 5.0 * 1.16),
    (Check::QuickestTenth, Some("session_answer"), |run| of(run, "session_answer").latency.p10 = 3.0 + 0.51),
    (Check::CpuRequest, None, |run| run.server.cpu_seconds *= 1.16),
    (Check::CpuPdf, None, |run| run.server.pdf_cpu_seconds *= 1.3),
    (Check::CpuPdf, None, |run| run.server.pdfs = 0),
    (Check::Resident, None, |run| run.server.peak_resident_bytes = 55 * 1_048_576 * 126 / 100),
    (Check::Resident, None, |run| run.server.peak_resident_bytes *= 2),
    (Check::UnexpectedStatus, None, |run| no_calls(run)),
    (Check::UnexpectedStatus, Some("vendor_list"), |run| of(run, "vendor_list").unexpected = 2),
];

fn of<'run>(run: &'run mut Summary, name: &str) -> &'run mut Request {
    run.requests.get_mut(name).expect("the good run has it")
}

fn operation<'run>(run: &'run mut Summary, name: &str) -> &'run mut Operation {
    run.server.operations.get_mut(name).expect("the good run has it")
}

fn one_more<'run>(run: &'run mut Summary, name: &str) -> &'run mut Operation {
    operation(run, name)
}

/// The server did less, so that the cost of a request stays what it was.
fn no_vendors(run: &mut Summary) {
    let before: u64 = run.requests.values().map(|request| request.count).sum();
    let removed = run.requests.remove("vendor_list").expect("the good run has it");
    run.server.cpu_seconds *= (before - removed.count) as f64 / before as f64;
}

/// Nothing was asked; the baseline's own calls are then missing, too, so the control judges without one.
fn no_calls(run: &mut Summary) {
    run.requests.values_mut().for_each(|request| request.count = 0);
}

fn broken(verdict: &Verdict) -> Vec<(Check, Option<&str>, Outcome)> {
    let broken = |line: &&Line| matches!(line.outcome, Outcome::Failed | Outcome::Inconclusive);
    verdict.lines.iter().filter(broken).map(|line| (line.check, line.subject.as_deref(), line.outcome)).collect()
}

fn judged(run: &Summary) -> Verdict {
    judge(run, Some(&sample::baseline()), &Limits::default())
}

#[test]
fn a_good_run_passes_every_line() {
    let verdict = judged(&sample::summary());
    assert_eq!(broken(&verdict), []);
    assert_eq!(verdict.ending().exit_code(), 0);
    let judged: BTreeSet<Check> =
        verdict.lines.iter().filter(|line| line.outcome == Outcome::Passed).map(|line| line.check).collect();
    let all: BTreeSet<Check> = Check::ALL.into_iter().filter(|check| check.group() != Group::Advisory).collect();
    assert_eq!(judged, all, "each kind is judged in the good run");
}

#[test]
fn each_control_fails_with_exactly_its_line() {
    for (check, subject, spoil) in CONTROLS {
        let mut run = sample::summary();
        spoil(&mut run);
        let asked: u64 = run.requests.values().map(|request| request.count).sum();
        let baseline = (asked > 0).then(sample::baseline);
        let verdict = judge(&run, baseline.as_ref(), &Limits::default());
        // A generator that is out of breath is the one thing that is noise itself.
        let (outcome, code) =
            if check == Check::GeneratorCpu { (Outcome::Inconclusive, 3) } else { (Outcome::Failed, 1) };
        assert_eq!(broken(&verdict), [(check, subject, outcome)], "{verdict}");
        assert_eq!(verdict.ending().exit_code(), code, "{verdict}");
    }
}

#[test]
fn another_mix_of_calls_is_no_regression_and_a_statement_in_each_is() {
    let mixed = |statements: u64| {
        let mut run = sample::summary();
        let again = of(&mut run, "session_answer").clone();
        run.requests.insert("session_answer:again".into(), again);
        operation(&mut run, "session_answer").statements += statements;
        let mut baseline = sample::baseline();
        let known = baseline.requests["session_answer"];
        baseline.requests.insert("session_answer:again".into(), known);
        let verdict = judge(&run, Some(&baseline), &Limits::default());
        broken(&verdict).iter().map(|(check, subject, _)| (*check, subject.map(str::to_owned))).collect::<Vec<_>>()
    };
    assert_eq!(mixed(899), []);
    assert_eq!(mixed(1_800), [(Check::Statements, Some("session_answer".to_owned()))]);
}

#[test]
fn every_kind_of_line_has_its_control() {
    let controlled: BTreeSet<Check> = CONTROLS.iter().map(|(check, ..)| *check).collect();
    let judging: BTreeSet<Check> = Check::ALL.into_iter().filter(|check| check.group() != Group::Advisory).collect();
    assert_eq!(controlled, judging);
}

#[test]
fn small_changes_are_no_regressions() {
    let mut run = sample::summary();
    of(&mut run, "vendor_list").latency.p10 = 5.0 * 1.14;
    // More than the factor, and less than half a millisecond.
    of(&mut run, "session_answer").latency.p10 = 3.0 + 0.49;
    operation(&mut run, "session_answer").statements += 179;
    run.server.cpu_seconds *= 1.14;
    run.server.pdf_cpu_seconds *= 1.14;
    run.server.peak_resident_bytes = 55 * 1_048_576 * 124 / 100;
    run.generator.cpu_seconds = 0.59 * run.seconds;
    run.generator.rps = 0.91 * run.generator.rps_expected;
    assert_eq!(broken(&judged(&run)), []);
}

#[test]
fn noise_makes_times_inconclusive_and_excuses_nothing_else() {
    let noises: [Spoil; 3] = [
        |run| run.host.cpu_pressure = Some(0.9),
        |run| run.host.steal = 0.2,
        |run| run.generator.cpu_seconds = 0.7 * run.seconds,
    ];
    for noise in noises {
        for (check, subject, spoil) in CONTROLS.iter().filter(|(check, ..)| *check != Check::GeneratorCpu) {
            let mut run = sample::summary();
            spoil(&mut run);
            noise(&mut run);
            let verdict = judge(&run, Some(&sample::baseline()), &Limits::default());
            let wanted = if check.is_shaken_by_noise() { Outcome::Inconclusive } else { Outcome::Failed };
            assert!(broken(&verdict).contains(&(*check, *subject, wanted)) || no_calls_were_made(&run), "{verdict}");
            assert_eq!(verdict.ending().exit_code(), if wanted == Outcome::Failed { 1 } else { 3 }, "{verdict}");
            assert!(verdict.notes.iter().any(|note| note.starts_with("noisy host: ")), "{verdict}");
        }
    }
}

fn no_calls_were_made(run: &Summary) -> bool {
    run.requests.values().all(|request| request.count == 0)
}

#[test]
fn noise_alone_does_not_spoil_a_run_that_passes() {
    let mut run = sample::summary();
    run.host.cpu_pressure = Some(0.9);
    assert_eq!(judged(&run).ending(), Ending::Passed);
    run.host.cpu_pressure = None;
    assert_eq!(judged(&run).ending(), Ending::Passed);
}

#[test]
fn without_a_baseline_the_rest_decides_and_the_way_to_one_is_told() {
    let mut run = sample::summary();
    let verdict = judge(&run, None, &Limits::default());
    assert_eq!(verdict.ending(), Ending::Passed);
    let open: BTreeSet<Check> = verdict
        .lines
        .iter()
        .filter(|line| line.outcome == Outcome::NotJudged("no baseline"))
        .map(|line| line.check)
        .collect();
    let needy = [
        Check::Statements,
        Check::RedisCommands,
        Check::BodyBytes,
        Check::Coverage,
        Check::QuickestTenth,
        Check::CpuRequest,
        Check::CpuPdf,
        Check::Resident,
    ];
    assert_eq!(open, BTreeSet::from(needy));
    assert!(verdict.to_string().contains("crb-loadtest bless"), "{verdict}");
    run.reports.lost = 1;
    assert_eq!(judge(&run, None, &Limits::default()).ending(), Ending::Failed);
}

#[test]
fn too_few_calls_are_said_and_not_judged() {
    let mut run = sample::summary();
    of(&mut run, "session_create").latency.p10 = 400.0;
    let verdict = judged(&run);
    assert_eq!(broken(&verdict), []);
    let line = verdict
        .lines
        .iter()
        .find(|line| line.check == Check::QuickestTenth && line.subject.as_deref() == Some("session_create"));
    assert_eq!(line.map(|line| line.outcome), Some(Outcome::NotJudged("too few calls")));
}

#[test]
fn without_a_stub_nobody_pays_and_the_rest_decides() {
    let mut run = sample::summary();
    run.claude_calls = None;
    run.reports.paid = 0;
    run.server.operations.remove("report_write");
    assert_eq!(broken(&judged(&run)), []);
    run.reports.paid = 1;
    assert_eq!(broken(&judged(&run)), [(Check::ClaudeCalls, None, Outcome::Failed)]);
}

#[test]
fn injected_faults_may_fail_reports_and_lose_none() {
    let limits = Limits::of("faults");
    let mut run = sample::summary();
    run.reports.failed = 3;
    run.server.reports_failed = 3;
    operation(&mut run, "report_write").claude_calls += 40;
    operation(&mut run, "report_write").statements += 400;
    // A report that was tried again after half a minute.
    run.reports.overhead = Some(Latency { p95: 31_000.0, ..Latency::default() });
    assert_eq!(broken(&judge(&run, Some(&sample::baseline()), &limits)), []);
    run.reports.lost = 1;
    assert_eq!(judge(&run, Some(&sample::baseline()), &limits).ending(), Ending::Failed);
}

#[test]
fn what_was_not_judged_for_one_reason_is_one_line() {
    let text = judge(&sample::summary(), None, &Limits::default()).to_string();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("SQL statements a request")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("of 5 operations") && lines[0].ends_with("no baseline"), "{text}");
    assert!(text.contains("p10  of 2 operations") && text.contains("p10  report_download"), "{text}");
}

#[test]
fn the_table_is_aligned_and_repeats_what_broke_at_the_end() {
    let mut run = sample::summary();
    run.reports.lost = 2;
    run.faults.push(Fault { kind: "lost report".into(), count: 2, first: "report 7 (request 9)".into() });
    let text = judged(&run).to_string();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("reports lost")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(lines[0], lines[1]);
    let column = |needle: &str, line: &str| line.find(needle).map(|at| line[..at].chars().count());
    let head = text.lines().next().unwrap();
    assert_eq!(column("limit", head), column("≤ 0", lines[0]), "{text}");
    assert!(text.contains("lost report (2); first: report 7 (request 9)"), "{text}");
    assert!(text.trim_end().ends_with("1 failed, 0 inconclusive"), "{text}");
}
