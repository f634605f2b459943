//! Table `reports`: what was bought, and the document once it is written.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{Connection, Page};
use crate::domain::ids::{OrderId, ReportId, ReportStatus, SessionId};
use crate::domain::report::Language;
use crate::error::Result;

/// Without the document: who polls does not carry 60 KB each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub id: ReportId,
    pub order_id: OrderId,
    pub session_id: SessionId,
    pub tier: String,
    pub status: ReportStatus,
    pub access_token_sha256: String,
    pub language: Language,
    pub readiness_score: u32,
    pub document_version: Option<u32>,
    pub document_etag: Option<String>,
    pub kb_version: Option<String>,
    pub prompt_version: Option<String>,
    pub started_at: Option<DateTime<Utc>>,
    pub ready_at: Option<DateTime<Utc>>,
    pub failed_at: Option<DateTime<Utc>>,
    pub failed_reason: Option<String>,
    pub refund_due: bool,
    pub cost_microusd: i64,
    pub pdf: Option<Pdf>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Where the PDF lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    pub key: String,
    pub etag: String,
    pub bytes: i64,
}

#[derive(Debug, Clone)]
pub struct NewReport {
    pub id: ReportId,
    pub order_id: OrderId,
    pub session_id: SessionId,
    pub tier: String,
    pub access_token_sha256: String,
    pub language: Language,
    pub readiness_score: u32,
}

/// What a finished report consists of.
#[derive(Debug, Clone)]
pub struct Finished {
    pub document: Value,
    pub document_version: u32,
    /// Hash of the JSON; the ETag of the page.
    pub document_etag: String,
    /// The same JSON, compressed once: what most readers are sent.
    pub document_gzip: Vec<u8>,
    pub kb_version: String,
    pub prompt_version: String,
    pub input_snapshot: Value,
    pub cost_microusd: i64,
}

/// The compressed document, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub etag: String,
    pub gzip: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    pub queued: u64,
    pub running: u64,
    pub ready_24h: u64,
    pub failed_24h: u64,
    /// Over the reports that became ready in the last 30 days, 1 000 newest at the most.
    pub generation_p50_seconds: Option<f64>,
    pub generation_p95_seconds: Option<f64>,
    /// The last 30 days, oldest first, days without cost left out.
    pub cost_per_day: Vec<DayCost>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCost {
    pub day: NaiveDate,
    pub cost_microusd: i64,
}

/// Queued.
pub async fn insert(conn: &impl Connection, new: &NewReport, now: DateTime<Utc>) -> Result<()> {
    todo!()
}

pub async fn find(conn: &impl Connection, id: ReportId) -> Result<Option<Report>> {
    todo!()
}

pub async fn find_by_order(conn: &impl Connection, order_id: OrderId) -> Result<Option<Report>> {
    todo!()
}

/// The document of a ready report.
pub async fn document(conn: &impl Connection, id: ReportId) -> Result<Option<Value>> {
    todo!()
}

/// The compressed document of a ready report.
pub async fn packed(conn: &impl Connection, id: ReportId) -> Result<Option<Packed>> {
    todo!()
}

/// queued → running; a running report whose lease was lost stays running. False when it is ready or failed.
pub async fn start(conn: &impl Connection, id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// running → ready. False when it is not running.
pub async fn finish_ready(
    conn: &impl Connection,
    id: ReportId,
    finished: &Finished,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// queued | running → failed. False when it was ready or failed before.
pub async fn fail(
    conn: &impl Connection,
    id: ReportId,
    reason: &str,
    refund_due: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// running (the lease was given back) | failed (an operator's retry) → queued. False otherwise.
pub async fn requeue(conn: &impl Connection, id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

pub async fn set_pdf(conn: &impl Connection, id: ReportId, pdf: &Pdf, now: DateTime<Utc>) -> Result<()> {
    todo!()
}

/// What the report has cost so far, after this.
pub async fn add_cost(conn: &impl Connection, id: ReportId, microusd: i64) -> Result<i64> {
    todo!()
}

/// Counts one more mail of the link on `day`. How many it is today, this one included.
pub async fn count_resend(conn: &impl Connection, id: ReportId, day: NaiveDate) -> Result<u32> {
    todo!()
}

/// Newest first.
pub async fn list(
    conn: &impl Connection,
    status: Option<ReportStatus>,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page<Report>> {
    todo!()
}

pub async fn stats(conn: &impl Connection, now: DateTime<Utc>) -> Result<Stats> {
    todo!()
}
