//! Operations: the queue, retries, cost, price proposals, audit, cache.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::{App, Page};
use crate::domain::ids::{CallOutcome, JobState, OrderId, ReportId, ReportStatus};
use crate::domain::report::PriceUnit;
use crate::domain::tokens::Operator;
use crate::error::Result;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportRow {
    pub report_id: ReportId,
    pub order_id: OrderId,
    pub company: String,
    pub industry: String,
    pub status: ReportStatus,
    pub attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_state: Option<JobState>,
    pub progress: u32,
    pub cost_microusd: i64,
    pub created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_reason: Option<String>,
    pub refund_due: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CallRow {
    pub task: String,
    pub model: String,
    pub attempt: u32,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub cache_read_tokens: i64,
    pub cache_write_tokens: i64,
    pub cost_microusd: i64,
    pub latency_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    pub outcome: CallOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_request_id: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stats {
    pub queue_depth: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_wait_seconds: Option<f64>,
    pub running: i64,
    pub ready_24h: i64,
    pub failed_24h: i64,
    pub refunds_due: i64,
    pub mails_pending: i64,
    /// Seconds from start to ready, last 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation_p50_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation_p95_seconds: Option<f64>,
    /// Newest first, 30 days.
    pub cost_per_day: Vec<DayCost>,
    pub day_budget_microusd: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DayCost {
    pub day: NaiveDate,
    pub reports: i64,
    pub cost_microusd: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditRow {
    pub id: uuid::Uuid,
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<serde_json::Value>,
    pub at: DateTime<Utc>,
}

/// A price that a look-up found; it counts only once an operator accepts it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProposalRow {
    pub id: uuid::Uuid,
    pub vendor_slug: String,
    pub tier_name: String,
    pub price_cents: i64,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    /// The words of the page around the figure.
    pub excerpt: String,
    pub observed_on: NaiveDate,
    /// proposed, accepted or rejected.
    pub status: String,
    pub created_at: DateTime<Utc>,
}

/// Who the token names; unauthenticated otherwise.
pub fn authenticate(app: &App, token: &str, now: DateTime<Utc>) -> Result<Operator> {
    let _ = (app, token, now);
    todo!()
}

pub async fn reports(
    app: &App,
    status: Option<ReportStatus>,
    cursor: Option<String>,
    limit: u32,
) -> Result<Page<ReportRow>> {
    let _ = (app, status, cursor, limit);
    todo!()
}

/// Queues a failed report again; a conflict in every other state.
pub async fn retry(app: &App, actor: &str, id: ReportId, now: DateTime<Utc>) -> Result<ReportRow> {
    let _ = (app, actor, id, now);
    todo!()
}

pub async fn calls(app: &App, id: ReportId) -> Result<Vec<CallRow>> {
    let _ = (app, id);
    todo!()
}

pub async fn stats(app: &App, now: DateTime<Utc>) -> Result<Stats> {
    let _ = (app, now);
    todo!()
}

pub async fn audit(app: &App, cursor: Option<String>, limit: u32) -> Result<Page<AuditRow>> {
    let _ = (app, cursor, limit);
    todo!()
}

pub async fn flush_cache(app: &App, actor: &str, now: DateTime<Utc>) -> Result<()> {
    let _ = (app, actor, now);
    todo!()
}

pub async fn proposals(
    app: &App,
    status: Option<String>,
    cursor: Option<String>,
    limit: u32,
) -> Result<Page<ProposalRow>> {
    let _ = (app, status, cursor, limit);
    todo!()
}

/// Looks a vendor's prices up; unavailable where no search key is set. Proposes, never changes.
pub async fn look_up_prices(app: &App, actor: &str, slug: &str, now: DateTime<Utc>) -> Result<Vec<ProposalRow>> {
    let _ = (app, actor, slug, now);
    todo!()
}

pub async fn decide_proposal(
    app: &App,
    actor: &str,
    id: uuid::Uuid,
    accept: bool,
    now: DateTime<Utc>,
) -> Result<ProposalRow> {
    let _ = (app, actor, id, accept, now);
    todo!()
}
