//! What a run has seen, whole: what the gate judges, what a baseline keeps, what the pages are drawn from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One run. Durations are milliseconds unless the name says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub profile: String,
    /// RFC 3339.
    pub started_at: String,
    /// Of the load itself, without ramp-up and drain.
    pub seconds: f64,
    pub users: u32,
    pub target: Target,
    pub host: Host,
    /// By operation id; for an event stream, the operation and `:events` (to the terminal event).
    pub requests: BTreeMap<String, Request>,
    pub reports: Reports,
    /// The server's own counts over the run: what it said afterwards less what it said before.
    pub server: Server,
    /// The stub's count of calls to Claude over the run; none where there is no stub to ask.
    pub claude_calls: Option<u64>,
    pub generator: Generator,
    /// What did not go as it should, the first of each kind, in words.
    pub faults: Vec<Fault>,
    /// Throughput and latency over time.
    pub course: Vec<Moment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub origin: String,
    pub version: String,
    pub revision: String,
    pub environment: String,
}

/// Where it ran, and how noisy that place was meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Machines whose figures may be compared, e.g. `linux-x86_64-2cpu`.
    pub runner_class: String,
    pub cpu_model: String,
    pub cpus: u32,
    /// Share of the time in which somebody waited for a processor (PSI `some`), 0 to 1; none where the kernel does not say.
    pub cpu_pressure: Option<f64>,
    /// Share of processor time that the hypervisor gave to others, 0 to 1.
    pub steal: f64,
}

/// All calls of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub count: u64,
    /// Calls whose status was not among those expected at that place.
    pub unexpected: u64,
    pub statuses: BTreeMap<u16, u64>,
    /// Bytes of bodies as they came over the wire, compressed ones compressed.
    pub body_bytes: u64,
    /// To the last byte of the body.
    pub latency: Latency,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    pub min: f64,
    pub p10: f64,
    pub p50: f64,
    pub p75: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
    pub mean: f64,
}

/// The ledger of reports: each one that was paid for must come to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    pub paid: u64,
    pub ready: u64,
    pub failed: u64,
    /// Paid, and neither ready nor failed when the drain ended.
    pub lost: u64,
    /// Streams that were followed, and those of them that ended without `ready` or `failed`.
    pub streams: u64,
    pub streams_unended: u64,
    pub reconnects: u64,
    /// Events that came twice, in the wrong order, or not at all, over all streams.
    pub sequence_faults: u64,
    /// Bodies that break the OpenAPI document's schema.
    pub schema_faults: u64,
    /// Ready reports whose mail was not seen by the end of the drain; none where mails cannot be seen.
    pub mails_missing: Option<u64>,
    /// From payment to the terminal event.
    pub duration: Latency,
    /// The same less the time that the stub is known to have taken on the critical path; none without a stub.
    pub overhead: Option<Latency>,
}

/// The server's counts over a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub operations: BTreeMap<String, Operation>,
    pub statements: u64,
    pub redis_commands: u64,
    pub claude_calls: u64,
    pub sent_bytes: u64,
    pub reports_ready: u64,
    pub reports_failed: u64,
    /// After the drain.
    pub jobs_left: u64,
    pub cpu_seconds: f64,
    pub peak_resident_bytes: u64,
    pub pdfs: u64,
    pub pdf_cpu_seconds: f64,
}

/// What one operation asked of the house. For `report_write` a request is an attempt at a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub requests: u64,
    pub statements: u64,
    pub redis_commands: u64,
    #[serde(default)]
    pub claude_calls: u64,
}

/// The load's own effort: a generator that is out of breath measures itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    pub cpu_seconds: f64,
    /// Requests a second that were made, and that this number of users makes when nothing is slow.
    pub rps: f64,
    pub rps_expected: f64,
    /// For an open arrival rate: starts that came late by more than a tick.
    pub late_starts: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: String,
    pub count: u64,
    /// The first one's words, with its request id where there is one.
    pub first: String,
}

/// A few seconds of the run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Since the start.
    pub second: u32,
    pub users: u32,
    pub requests: u64,
    pub p50: f64,
    pub p95: f64,
}
