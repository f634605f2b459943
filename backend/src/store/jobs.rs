//! Table `report_jobs`: the queue. A job is leased, not held; every later step is fenced by its owner and attempt.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Connection, Tx};
use crate::domain::ids::{JobState, ReportId};
use crate::error::Result;

/// A leased job: the proof of the lease, to be handed to every later step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub report_id: ReportId,
    /// From 1.
    pub attempt: u32,
    pub max_attempts: u32,
    /// The last attempt died without a word: do not try again, fail the report.
    pub exhausted: bool,
    pub lease_owner: String,
    pub traceparent: Option<String>,
    pub enqueued_at: DateTime<Utc>,
}

/// A job as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub report_id: ReportId,
    pub state: JobState,
    pub attempt: u32,
    pub max_attempts: u32,
    pub run_after: DateTime<Utc>,
    pub lease_owner: Option<String>,
    pub lease_expires_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
    pub enqueued_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    pub queued: u64,
    pub leased: u64,
    pub dead: u64,
    /// How long the oldest job that could run has been waiting.
    pub oldest_wait: Option<Duration>,
}

pub async fn enqueue(
    conn: &impl Connection,
    report_id: ReportId,
    max_attempts: u32,
    traceparent: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    todo!()
}

pub async fn find(conn: &impl Connection, report_id: ReportId) -> Result<Option<Entry>> {
    todo!()
}

/// The next due job, or one whose lease ran out; its attempt is counted. No job is ever given to two owners.
pub async fn claim(conn: &impl Connection, owner: &str, lease: Duration, now: DateTime<Utc>) -> Result<Option<Job>> {
    todo!()
}

/// Heartbeat. False when the lease is no longer ours: stop the work.
pub async fn extend(conn: &impl Connection, job: &Job, lease: Duration, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// `Conflict` unless the lease is still ours; holds the job until the transaction ends. First thing in every
/// transaction that writes a checkpoint, an event or the document.
pub async fn fence(tx: &Tx, job: &Job) -> Result<()> {
    todo!()
}

/// leased → done.
pub async fn finish(conn: &impl Connection, job: &Job, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// leased → queued, due at `run_after`.
pub async fn retry(
    conn: &impl Connection,
    job: &Job,
    run_after: DateTime<Utc>,
    error: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// leased → queued at once, the attempt refunded: we stop, the job did nothing wrong.
pub async fn release(conn: &impl Connection, job: &Job, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// leased → dead.
pub async fn bury(conn: &impl Connection, job: &Job, error: &str, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// dead | done → queued with fresh attempts: an operator's retry. False when it is queued or leased.
pub async fn revive(conn: &impl Connection, report_id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

pub async fn depth(conn: &impl Connection, now: DateTime<Utc>) -> Result<Depth> {
    todo!()
}
