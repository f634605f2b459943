//! Table `reports`: what was bought, and the document once it is written.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::SimpleExpr,
};
use serde_json::Value;
use uuid::Uuid;

use super::entities::reports;
use super::page::id_cursor;
use super::values::{json, signed, stamp, statement, unsigned, word};
use super::{Connection, Page, calls};
use crate::domain::ids::{OrderId, ReportId, ReportStatus, SessionId};
use crate::domain::report::Language;
use crate::error::{Error, Result};

pub use super::stats::{DayCost, Stats, stats};

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
    /// Of its calls, as the last event or the end of the last attempt found it.
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
    /// JSON, as is the snapshot: as text, because a tree of values would only be copied once more.
    pub document: String,
    pub document_version: u32,
    /// Hash of the JSON; the ETag of the page.
    pub document_etag: String,
    /// The same JSON, compressed once: what most readers are sent.
    pub document_gzip: Vec<u8>,
    pub kb_version: String,
    pub prompt_version: String,
    pub input_snapshot: String,
}

/// The compressed document, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub etag: String,
    pub gzip: Vec<u8>,
}

/// Queued.
pub async fn insert(conn: &impl Connection, new: &NewReport, now: DateTime<Utc>) -> Result<()> {
    let row = reports::ActiveModel {
        id: Set(new.id.0),
        order_id: Set(new.order_id.0),
        session_id: Set(new.session_id.0),
        tier: Set(new.tier.clone()),
        status: Set(ReportStatus::Queued.to_string()),
        access_token_sha256: Set(new.access_token_sha256.clone()),
        language: Set(new.language.to_string()),
        readiness_score: Set(signed(new.readiness_score)),
        refund_due: Set(false),
        cost_microusd: Set(0),
        event_seq: Set(0),
        resends: Set(0),
        created_at: Set(stamp(now)),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    reports::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub async fn find(conn: &impl Connection, id: ReportId) -> Result<Option<Report>> {
    one(conn, reports::Column::Id.eq(id.0)).await
}

pub async fn find_by_order(conn: &impl Connection, order_id: OrderId) -> Result<Option<Report>> {
    one(conn, reports::Column::OrderId.eq(order_id.0)).await
}

/// The document of a ready report.
pub async fn document(conn: &impl Connection, id: ReportId) -> Result<Option<Value>> {
    let query = ready(id).column(reports::Column::Document);
    Ok(query.into_tuple::<Option<Value>>().one(conn).await?.flatten())
}

/// The compressed document of a ready report.
pub async fn packed(conn: &impl Connection, id: ReportId) -> Result<Option<Packed>> {
    let query = ready(id).columns([reports::Column::DocumentEtag, reports::Column::DocumentGzip]);
    let found = query.into_tuple::<(Option<String>, Option<Vec<u8>>)>().one(conn).await?;
    Ok(found.and_then(|(etag, gzip)| Some(Packed { etag: etag?, gzip: gzip? })))
}

/// queued → running; a running report whose lease was lost stays running. False when it is ready or failed.
pub async fn start(conn: &impl Connection, id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE reports SET status = 'running', started_at = COALESCE(started_at, $2), updated_at = $2 \
               WHERE id = $1 AND status IN ('queued', 'running')";
    let done = conn.execute_raw(statement(conn, sql, [id.0.into(), stamp(now).into()])).await?;
    Ok(done.rows_affected() == 1)
}

/// running → ready. False when it is not running.
pub async fn finish_ready(
    conn: &impl Connection,
    id: ReportId,
    finished: Finished,
    now: DateTime<Utc>,
) -> Result<bool> {
    let sql = format!(
        "UPDATE reports SET status = 'ready', document = {}, document_version = $3, document_etag = $4, \
         document_gzip = $5, kb_version = $6, prompt_version = $7, input_snapshot = {}, ready_at = $9, updated_at = $9 \
         WHERE id = $1 AND status = 'running'",
        json(conn, "$2"),
        json(conn, "$8"),
    );
    let values = [
        id.0.into(),
        finished.document.into(),
        signed(finished.document_version).into(),
        finished.document_etag.into(),
        finished.document_gzip.into(),
        finished.kb_version.into(),
        finished.prompt_version.into(),
        finished.input_snapshot.into(),
        stamp(now).into(),
    ];
    Ok(conn.execute_raw(statement(conn, sql, values)).await?.rows_affected() == 1)
}

/// queued | running → failed. False when it was ready or failed before.
pub async fn fail(
    conn: &impl Connection,
    id: ReportId,
    reason: &str,
    refund_due: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = reports::ActiveModel {
        status: Set(ReportStatus::Failed.to_string()),
        failed_reason: Set(Some(reason.to_owned())),
        refund_due: Set(refund_due),
        failed_at: Set(Some(stamp(now))),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    compare_and_set(conn, id, &[ReportStatus::Queued, ReportStatus::Running], change).await
}

/// running (the lease was given back) | failed (an operator's retry) → queued. False otherwise.
pub async fn requeue(conn: &impl Connection, id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    let change = reports::ActiveModel {
        status: Set(ReportStatus::Queued.to_string()),
        failed_reason: Set(None),
        failed_at: Set(None),
        refund_due: Set(false),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    compare_and_set(conn, id, &[ReportStatus::Running, ReportStatus::Failed], change).await
}

pub async fn set_pdf(conn: &impl Connection, id: ReportId, pdf: &Pdf, now: DateTime<Utc>) -> Result<()> {
    let change = reports::ActiveModel {
        pdf_key: Set(Some(pdf.key.clone())),
        pdf_etag: Set(Some(pdf.etag.clone())),
        pdf_bytes: Set(Some(pdf.bytes)),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    let done = reports::Entity::update_many().set(change).filter(reports::Column::Id.eq(id.0)).exec(conn).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(unknown()) }
}

/// What its calls have cost, as it stands.
pub async fn count_cost(conn: &impl Connection, id: ReportId) -> Result<()> {
    let sql = format!("UPDATE reports SET cost_microusd = ({}) WHERE id = $1", calls::sum("report_id = $1"));
    conn.execute_raw(statement(conn, sql, [id.0.into()])).await?;
    Ok(())
}

/// Counts one more mail of the link on `day`. How many it is today, this one included.
pub async fn count_resend(conn: &impl Connection, id: ReportId, day: NaiveDate) -> Result<u32> {
    let sql = "UPDATE reports SET resends = CASE WHEN resends_on = $2 THEN resends + 1 ELSE 1 END, resends_on = $2 \
               WHERE id = $1 RETURNING resends";
    let row = conn.query_one_raw(statement(conn, sql, [id.0.into(), day.into()])).await?.ok_or_else(unknown)?;
    Ok(unsigned(row.try_get::<i32>("", "resends")?))
}

/// Newest first.
pub async fn list(
    conn: &impl Connection,
    status: Option<ReportStatus>,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page<Report>> {
    let mut query = light().order_by(reports::Column::Id, Order::Desc).limit(limit + 1);
    if let Some(status) = status {
        query = query.filter(reports::Column::Status.eq(status.as_str()));
    }
    if let Some(id) = id_cursor(cursor)? {
        query = query.filter(reports::Column::Id.lt(id));
    }
    let rows = query.into_model::<Row>().all(conn).await?;
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, limit, |report| report.id.to_string()))
}

fn unknown() -> Error {
    Error::not_found("there is no such report")
}

async fn compare_and_set(
    conn: &impl Connection,
    id: ReportId,
    expected: &[ReportStatus],
    change: reports::ActiveModel,
) -> Result<bool> {
    let done = reports::Entity::update_many()
        .set(change)
        .filter(reports::Column::Id.eq(id.0))
        .filter(reports::Column::Status.is_in(expected.iter().map(|status| status.as_str())))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn ready(id: ReportId) -> Select<reports::Entity> {
    reports::Entity::find()
        .select_only()
        .filter(reports::Column::Id.eq(id.0))
        .filter(reports::Column::Status.eq(ReportStatus::Ready.as_str()))
}

/// The columns of a report without its documents.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    order_id: Uuid,
    session_id: Uuid,
    tier: String,
    status: String,
    access_token_sha256: String,
    language: String,
    readiness_score: i32,
    document_version: Option<i32>,
    document_etag: Option<String>,
    kb_version: Option<String>,
    prompt_version: Option<String>,
    started_at: Option<DateTime<Utc>>,
    ready_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    failed_reason: Option<String>,
    refund_due: bool,
    cost_microusd: i64,
    pdf_key: Option<String>,
    pdf_etag: Option<String>,
    pdf_bytes: Option<i64>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn light() -> Select<reports::Entity> {
    use reports::Column as C;
    let columns = [
        C::Id,
        C::OrderId,
        C::SessionId,
        C::Tier,
        C::Status,
        C::AccessTokenSha256,
        C::Language,
        C::ReadinessScore,
        C::DocumentVersion,
        C::DocumentEtag,
        C::KbVersion,
        C::PromptVersion,
        C::StartedAt,
        C::ReadyAt,
        C::FailedAt,
        C::FailedReason,
        C::RefundDue,
        C::CostMicrousd,
        C::PdfKey,
        C::PdfEtag,
        C::PdfBytes,
        C::CreatedAt,
        C::UpdatedAt,
    ];
    reports::Entity::find().select_only().columns(columns)
}

async fn one(conn: &impl Connection, condition: SimpleExpr) -> Result<Option<Report>> {
    light().filter(condition).into_model::<Row>().one(conn).await?.map(read).transpose()
}

fn read(row: Row) -> Result<Report> {
    let pdf = row.pdf_key.zip(row.pdf_etag).zip(row.pdf_bytes);
    Ok(Report {
        id: ReportId(row.id),
        order_id: OrderId(row.order_id),
        session_id: SessionId(row.session_id),
        tier: row.tier,
        status: word(&row.status)?,
        access_token_sha256: row.access_token_sha256,
        language: word(&row.language)?,
        readiness_score: unsigned(row.readiness_score),
        document_version: row.document_version.map(unsigned),
        document_etag: row.document_etag,
        kb_version: row.kb_version,
        prompt_version: row.prompt_version,
        started_at: row.started_at,
        ready_at: row.ready_at,
        failed_at: row.failed_at,
        failed_reason: row.failed_reason,
        refund_due: row.refund_due,
        cost_microusd: row.cost_microusd,
        pdf: pdf.map(|((key, etag), bytes)| Pdf { key, etag, bytes }),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
