//! Operations: the queue, retries, cost, price proposals, audit, cache.

mod counters;
mod prices;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::{App, Page, pages};
use crate::domain::ids::{CallOutcome, JobState, OrderId, ProposalStatus, ReportId, ReportStatus};
use crate::domain::report::PriceUnit;
use crate::domain::tokens::{self, Operator};
use crate::error::{Error, Result};
use crate::store;
use crate::store::audit::NewEntry;
use crate::store::jobs::Entry;
use crate::store::reports::Report;
use crate::store::sessions::Session;
use secrecy::ExposeSecret as _;
use serde_json::json;

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
    /// Why the last attempt failed, for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
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
    /// Jobs that were given up and wait for an operator.
    pub dead_jobs: i64,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    /// The words of the page around the figure.
    pub excerpt: String,
    pub observed_on: NaiveDate,
    pub status: ProposalStatus,
    pub created_at: DateTime<Utc>,
}

pub use counters::{CountersView, counters};
pub use prices::{decide_proposal, look_up_prices, proposals};

/// Who the token names; unauthenticated otherwise.
pub fn authenticate(app: &App, token: &str, now: DateTime<Utc>) -> Result<Operator> {
    tokens::verify_operator(app.config.secret_key.expose_secret(), token, now)
}

pub async fn reports(
    app: &App,
    status: Option<ReportStatus>,
    cursor: Option<String>,
    limit: u32,
) -> Result<Page<ReportRow>> {
    let page = store::reports::list(app.db.conn(), status, cursor.as_deref(), limit.into()).await?;
    Ok(Page { items: rows(app, page.items).await?, next: page.next })
}

/// Queues a failed report again; a conflict in every other state.
pub async fn retry(app: &App, actor: &str, id: ReportId, now: DateTime<Utc>) -> Result<ReportRow> {
    let none = || Error::not_found("there is no such report");
    let tx = app.db.begin().await?;
    let report = store::reports::find(tx.conn(), id).await?.ok_or_else(none)?;
    if report.status != ReportStatus::Failed {
        return Err(Error::conflict(format!("the report is {}; only a failed one can be tried again", report.status)));
    }
    if !store::reports::requeue(tx.conn(), id, now).await? || !store::jobs::revive(tx.conn(), id, now).await? {
        return Err(Error::conflict("the report is queued already"));
    }
    let last = store::events::last(tx.conn(), id).await?;
    let event = store::events::NewEvent {
        kind: crate::domain::ids::EventKind::Progress,
        phase: None,
        progress: last.map_or(0, |event| event.progress),
        payload: json!({"retried": true}),
    };
    store::events::append(&tx, id, event, now).await?;
    let entry = NewEntry {
        actor: actor.into(),
        action: "retry".into(),
        entity: "report".into(),
        entity_id: id.to_string(),
        before: Some(json!({"failed_reason": report.failed_reason})),
        after: None,
    };
    store::audit::insert(tx.conn(), &entry, now).await?;
    store::notify(tx.conn(), store::Channel::Jobs, "").await?;
    tx.commit().await?;
    app.wakes.jobs();
    app.wakes.events(id);
    let report = store::reports::find(app.db.conn(), id).await?.ok_or_else(none)?;
    row(app, report).await
}

pub async fn calls(app: &App, id: ReportId) -> Result<Vec<CallRow>> {
    let found = store::reports::find(app.db.conn(), id).await?;
    found.ok_or_else(|| Error::not_found("there is no such report"))?;
    let calls = store::calls::by_report(app.db.conn(), id).await?;
    let row = |call: store::calls::Call| CallRow {
        task: call.task,
        model: call.model,
        attempt: call.attempt,
        input_tokens: call.input_tokens,
        output_tokens: call.output_tokens,
        cache_read_tokens: call.cache_read_tokens,
        cache_write_tokens: call.cache_write_tokens,
        cost_microusd: call.cost_microusd,
        latency_ms: call.latency_ms,
        ttft_ms: call.ttft_ms,
        stop_reason: call.stop_reason,
        outcome: call.outcome,
        provider_request_id: call.provider_request_id,
        at: call.at,
    };
    Ok(calls.into_iter().map(row).collect())
}

pub async fn stats(app: &App, now: DateTime<Utc>) -> Result<Stats> {
    let stats = store::reports::stats(app.db.conn(), now).await?;
    let depth = store::jobs::depth(app.db.conn(), now).await?;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut cost_per_day: Vec<DayCost> =
        stats.cost_per_day.iter().map(|day| DayCost { day: day.day, cost_microusd: day.cost_microusd }).collect();
    cost_per_day.reverse();
    Ok(Stats {
        queue_depth: count(depth.queued),
        oldest_wait_seconds: depth.oldest_wait.map(|wait| wait.as_secs_f64()),
        running: count(stats.running),
        ready_24h: count(stats.ready_24h),
        failed_24h: count(stats.failed_24h),
        dead_jobs: count(depth.dead),
        mails_pending: super::mails::pending(app).await?,
        generation_p50_seconds: stats.generation_p50_seconds,
        generation_p95_seconds: stats.generation_p95_seconds,
        cost_per_day,
        day_budget_microusd: app.config.claude.day_budget_microusd,
    })
}

pub async fn audit(app: &App, cursor: Option<String>, limit: u32) -> Result<Page<AuditRow>> {
    let page = store::audit::list(app.db.conn(), cursor.as_deref(), limit.into()).await?;
    Ok(Page::of(page, |entry| AuditRow {
        id: entry.id.0,
        actor: entry.actor,
        action: entry.action,
        entity: entry.entity,
        entity_id: entry.entity_id,
        before: entry.before,
        after: entry.after,
        at: entry.at,
    }))
}

pub async fn flush_cache(app: &App, actor: &str, now: DateTime<Utc>) -> Result<()> {
    app.cache.flush("").await?;
    let tx = app.db.begin().await?;
    let entry = NewEntry {
        actor: actor.into(),
        action: "flush".into(),
        entity: "cache".into(),
        entity_id: "all".into(),
        before: None,
        after: None,
    };
    store::audit::insert(tx.conn(), &entry, now).await?;
    pages::commit(app, tx).await
}

async fn row(app: &App, report: store::reports::Report) -> Result<ReportRow> {
    let mut rows = rows(app, vec![report]).await?;
    rows.pop().ok_or_else(|| Error::internal("a report has no row"))
}

/// What belongs to each, by one statement a table however many they are.
async fn rows(app: &App, reports: Vec<Report>) -> Result<Vec<ReportRow>> {
    let conn = app.db.conn();
    let ids: Vec<_> = reports.iter().map(|report| report.id).collect();
    let sessions: Vec<_> = reports.iter().map(|report| report.session_id).collect();
    let sessions = store::sessions::find_all(conn, &sessions).await?;
    let sessions: BTreeMap<_, _> = sessions.into_iter().map(|session| (session.id, session)).collect();
    let jobs = store::jobs::find_all(conn, &ids).await?;
    let mut jobs: BTreeMap<_, _> = jobs.into_iter().map(|job| (job.report_id, job)).collect();
    let progress = store::events::progress_of(conn, &ids).await?;
    let row = |report: Report| {
        let (session, job) = (sessions.get(&report.session_id), jobs.remove(&report.id));
        let progress = progress.get(&report.id).copied().unwrap_or(0);
        show(report, session, job, progress)
    };
    Ok(reports.into_iter().map(row).collect())
}

fn show(report: Report, session: Option<&Session>, job: Option<Entry>, progress: u32) -> ReportRow {
    let company = session.and_then(|session| session.answers.get("company_name")?.as_str().map(str::to_owned));
    ReportRow {
        report_id: report.id,
        order_id: report.order_id,
        company: company.unwrap_or_default(),
        industry: session.map(|session| session.industry.clone()).unwrap_or_default(),
        status: report.status,
        attempt: job.as_ref().map_or(0, |job| job.attempt),
        job_state: job.as_ref().map(|job| job.state),
        last_error: job.and_then(|job| job.last_error),
        progress,
        cost_microusd: report.cost_microusd,
        created_at: report.created_at,
        started_at: report.started_at,
        ready_at: report.ready_at,
        failed_reason: report.failed_reason,
        refund_due: report.refund_due,
    }
}
