//! One line of the gate: what is checked, its limit, what was observed, and how much was left.

use std::fmt;

/// Each kind of line. The order is the gate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    UnexpectedStatus,
    StreamUnended,
    SequenceFault,
    ReportLost,
    ReportFailed,
    SchemaFault,
    MailMissing,
    ClaudeCalls,
    StubAgrees,
    Statements,
    RedisCommands,
    BodyBytes,
    JobsLeft,
    ServerAgrees,
    PageTime,
    ReportTime,
    Overhead,
    ReportsPaid,
    Throughput,
    GeneratorCpu,
    LateStarts,
    Coverage,
    QuickestTenth,
    CpuRequest,
    CpuPdf,
    Resident,
    Percentiles,
}

/// The gate's stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Correctness,
    Invariants,
    Levels,
    Load,
    Regression,
    Advisory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// Broken, and perhaps by the host's noise.
    Inconclusive,
    /// And why not.
    NotJudged(&'static str),
    /// Shown for the reader; nothing depends on it.
    Told,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub check: Check,
    /// The operation, where there is a line for each.
    pub subject: Option<String>,
    pub limit: String,
    pub observed: String,
    pub margin: String,
    pub outcome: Outcome,
}

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Plain,
    Milliseconds,
    Bytes,
    Percent,
}

impl Check {
    #[rustfmt::skip]
    pub const ALL: [Self; 27] = [
        Self::UnexpectedStatus, Self::StreamUnended, Self::SequenceFault, Self::ReportLost, Self::ReportFailed,
        Self::SchemaFault, Self::MailMissing, Self::ClaudeCalls, Self::StubAgrees, Self::Statements,
        Self::RedisCommands, Self::BodyBytes, Self::JobsLeft, Self::ServerAgrees, Self::PageTime, Self::ReportTime,
        Self::Overhead, Self::ReportsPaid, Self::Throughput, Self::GeneratorCpu, Self::LateStarts, Self::Coverage,
        Self::QuickestTenth, Self::CpuRequest, Self::CpuPdf, Self::Resident, Self::Percentiles,
    ];

    pub const fn group(self) -> Group {
        match self {
            Self::UnexpectedStatus
            | Self::StreamUnended
            | Self::SequenceFault
            | Self::ReportLost
            | Self::ReportFailed
            | Self::SchemaFault
            | Self::MailMissing => Group::Correctness,
            Self::ClaudeCalls
            | Self::StubAgrees
            | Self::Statements
            | Self::RedisCommands
            | Self::BodyBytes
            | Self::JobsLeft
            | Self::ServerAgrees => Group::Invariants,
            Self::PageTime | Self::ReportTime | Self::Overhead => Group::Levels,
            Self::ReportsPaid | Self::Throughput | Self::GeneratorCpu | Self::LateStarts | Self::Coverage => {
                Group::Load
            }
            Self::QuickestTenth | Self::CpuRequest | Self::CpuPdf | Self::Resident => Group::Regression,
            Self::Percentiles => Group::Advisory,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::UnexpectedStatus => "unexpected statuses",
            Self::StreamUnended => "streams without an end",
            Self::SequenceFault => "events out of sequence",
            Self::ReportLost => "reports lost",
            Self::ReportFailed => "reports failed",
            Self::SchemaFault => "bodies against the schema",
            Self::MailMissing => "mails missing",
            Self::ClaudeCalls => "Claude calls a report",
            Self::StubAgrees => "Claude calls, stub's count",
            Self::Statements => "SQL statements a request",
            Self::RedisCommands => "Redis commands a request",
            Self::BodyBytes => "body bytes a request",
            Self::JobsLeft => "jobs left",
            Self::ServerAgrees => "reports, server's count",
            Self::PageTime => "page p95",
            Self::ReportTime => "report p95",
            Self::Overhead => "report beyond the stub p95",
            Self::ReportsPaid => "reports paid",
            Self::Throughput => "requests a second",
            Self::GeneratorCpu => "generator, of a processor",
            Self::LateStarts => "late starts",
            Self::Coverage => "calls that should be there",
            Self::QuickestTenth => "p10",
            Self::CpuRequest => "server CPU a request",
            Self::CpuPdf => "CPU a PDF",
            Self::Resident => "peak memory",
            Self::Percentiles => "p50 p90 p95 p99 p99.9",
        }
    }

    /// Whether a busy host alone can break it. What a program counts, it counts on any host, and memory is no time;
    /// an absolute level is a promise whatever the host does.
    pub const fn is_shaken_by_noise(self) -> bool {
        matches!(
            self,
            Self::Throughput
                | Self::GeneratorCpu
                | Self::LateStarts
                | Self::QuickestTenth
                | Self::CpuRequest
                | Self::CpuPdf
        )
    }
}

impl Group {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correctness => "Correctness",
            Self::Invariants => "Invariants",
            Self::Levels => "Levels",
            Self::Load => "The load happened",
            Self::Regression => "Regression",
            Self::Advisory => "Advisory",
        }
    }
}

impl Outcome {
    pub(super) const fn shaken(self) -> Self {
        match self {
            Self::Failed => Self::Inconclusive,
            other => other,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::Inconclusive => "inconclusive",
            Self::NotJudged(why) => why,
            Self::Told => "",
        }
    }
}

impl Line {
    /// What must not happen at all.
    pub(super) fn none_of(check: Check, observed: u64) -> Self {
        Self::at_most(check, observed as f64, 0.0, Unit::Plain)
    }

    pub(super) fn at_most(check: Check, observed: f64, limit: f64, unit: Unit) -> Self {
        Self::bound(check, observed, limit, unit, "≤ ", observed <= limit, limit - observed)
    }

    pub(super) fn at_least(check: Check, observed: f64, limit: f64, unit: Unit) -> Self {
        Self::bound(check, observed, limit, unit, "≥ ", observed >= limit, observed - limit)
    }

    pub(super) fn equal(check: Check, observed: f64, limit: f64) -> Self {
        // Counts below 2^53, or quotients of them that are the same quotient: equal means the same bits.
        let is_equal = observed.to_bits() == limit.to_bits();
        Self::bound(check, observed, limit, Unit::Plain, "", is_equal, -(observed - limit).abs())
    }

    pub(super) fn not_judged(check: Check, observed: String, why: &'static str) -> Self {
        Self {
            check,
            subject: None,
            limit: String::new(),
            observed,
            margin: String::new(),
            outcome: Outcome::NotJudged(why),
        }
    }

    pub(super) fn about(self, subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), ..self }
    }

    fn bound(check: Check, observed: f64, limit: f64, unit: Unit, sign: &str, holds: bool, left: f64) -> Self {
        // A figure that is no number holds no promise: every comparison with it is false.
        let outcome = if holds { Outcome::Passed } else { Outcome::Failed };
        let margin = if limit == 0.0 || left == 0.0 {
            unit.write(left)
        } else {
            format!("{} ({:.0} %)", unit.write(left), 100.0 * left / limit)
        };
        Self {
            check,
            subject: None,
            limit: format!("{sign}{}", unit.write(limit)),
            observed: unit.write(observed),
            margin,
            outcome,
        }
    }
}

impl Unit {
    pub(super) fn write(self, value: f64) -> String {
        // Minus nothing is nothing.
        let value = if value == 0.0 { 0.0 } else { value };
        match self {
            Self::Plain => number(value),
            Self::Milliseconds if value.abs() >= 10_000.0 => format!("{} s", number(value / 1_000.0)),
            Self::Milliseconds => format!("{} ms", number(value)),
            Self::Bytes if value.abs() >= 10_485_760.0 => format!("{} MiB", number(value / 1_048_576.0)),
            Self::Bytes => format!("{} B", number(value)),
            Self::Percent => format!("{} %", number(100.0 * value)),
        }
    }
}

/// Whole numbers whole, others with about three digits that say something.
fn number(value: f64) -> String {
    let size = value.abs();
    if value.fract() == 0.0 || size >= 1_000.0 {
        format!("{value:.0}")
    } else if size >= 100.0 {
        format!("{value:.1}")
    } else if size >= 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.4}")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.check.name())?;
        self.subject.as_ref().map_or(Ok(()), |subject| write!(f, " of {subject}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_itself_still_holds_and_the_margin_says_what_is_left() {
        let line = Line::at_most(Check::PageTime, 2_000.0, 2_000.0, Unit::Milliseconds);
        assert_eq!((line.outcome, line.margin.as_str()), (Outcome::Passed, "0 ms"));
        let line = Line::at_most(Check::PageTime, 2_500.0, 2_000.0, Unit::Milliseconds);
        assert_eq!((line.outcome, line.margin.as_str()), (Outcome::Failed, "-500 ms (-25 %)"));
        let line = Line::at_least(Check::Throughput, 40.0, 50.0, Unit::Plain);
        assert_eq!((line.outcome, line.margin.as_str()), (Outcome::Failed, "-10 (-20 %)"));
        let line = Line::none_of(Check::ReportLost, 3);
        assert_eq!((line.outcome, line.limit.as_str(), line.margin.as_str()), (Outcome::Failed, "≤ 0", "-3"));
    }

    #[test]
    fn what_is_no_number_passes_nothing() {
        for line in [
            Line::at_most(Check::CpuPdf, f64::NAN, 1.0, Unit::Plain),
            Line::at_least(Check::Throughput, f64::NAN, 1.0, Unit::Plain),
            Line::equal(Check::ClaudeCalls, f64::NAN, 7.0),
        ] {
            assert_eq!(line.outcome, Outcome::Failed);
        }
    }

    #[test]
    fn every_check_is_listed_once_and_in_the_order_of_the_groups() {
        let mut sorted = Check::ALL.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, Check::ALL);
        assert_eq!(Check::ALL.len(), Check::Percentiles as usize + 1);
        assert!(Check::ALL.is_sorted_by_key(|check| check.group()));
    }

    #[test]
    fn figures_are_short_and_say_their_unit() {
        assert_eq!(Unit::Milliseconds.write(12_500.0), "12.50 s");
        assert_eq!(Unit::Milliseconds.write(0.123_45), "0.1235 ms");
        assert_eq!(Unit::Bytes.write(60.0 * 1_048_576.0), "60 MiB");
        assert_eq!(Unit::Percent.write(0.6), "60 %");
        assert_eq!(Unit::Plain.write(-0.0), "0");
    }
}
