//! What is deleted after its time, and a person's right to have it all, or to have it gone.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entities::{orders, outbox, reports, sessions};
use super::values::{stamp, statement};
use super::{Connection, Tx, idempotency};
use crate::domain::ids::OrderStatus;
use crate::error::Result;

/// What a sweep deleted. The PDFs of `pdf_keys` are to be deleted by the caller, after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    pub sessions: u64,
    pub reports: u64,
    pub calls: u64,
    pub webhooks: u64,
    pub keys: u64,
    pub pdf_keys: Vec<String>,
}

/// What was erased of one person. The PDFs of `pdf_keys` are to be deleted by the caller, after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    pub sessions: u64,
    pub orders: u64,
    pub reports: u64,
    pub mails: u64,
    pub pdf_keys: Vec<String>,
}

/// How many rows of a table a sweep deletes at once, so that it never holds the database long.
const BATCH: u64 = 500;
const UNPAID_SESSIONS: Duration = Duration::days(30);
const REPORTS: Duration = Duration::days(365);
const CALLS: Duration = Duration::days(90);
/// The provider repeats an event for days at the most; its payload names the buyer.
const WEBHOOKS: Duration = Duration::days(90);
/// Stands where an address stood. The order stays, because books must be kept.
const NOBODY: &str = "erased";

/// Unpaid sessions 30 days after they expired, reports after 365 days, calls and the provider's events after 90, spent
/// keys. In batches: run it until it returns nothing.
pub async fn prune(tx: &Tx, now: DateTime<Utc>) -> Result<Pruned> {
    let (reports, pdf_keys) = prune_reports(tx, now - REPORTS).await?;
    let sessions = prune_sessions(tx, now - UNPAID_SESSIONS).await?;
    let calls = delete_before(tx, "llm_calls", "at", now - CALLS).await?;
    let webhooks = delete_before(tx, "webhook_events", "received_at", now - WEBHOOKS).await?;
    let keys = idempotency::expire(tx.conn(), now).await?;
    Ok(Pruned { sessions, reports, calls, webhooks, keys, pdf_keys })
}

/// Removes the reports, answers and mails of a person. Orders stay, as books must be kept, without the address.
pub async fn erase_person(tx: &Tx, email: &str, now: DateTime<Utc>) -> Result<Erased> {
    let session_ids = sessions_of(tx.conn(), email).await?;
    let mails =
        outbox::Entity::delete_many().filter(is_address(outbox::Column::Recipient, email)).exec(tx.conn()).await?;
    let (reports, pdf_keys) = delete_reports(tx, reports::Column::SessionId.is_in(session_ids.clone()).into()).await?;
    let orders = forget_orders(tx, &session_ids, email, now).await?;
    forget_events(tx, email).await?;
    let sessions = session_ids.len() as u64;
    forget_sessions(tx, session_ids, now).await?;
    Ok(Erased { sessions, orders, reports, mails: mails.rows_affected, pdf_keys })
}

/// Everything that is stored under an address.
pub async fn export_person(conn: &impl Connection, email: &str) -> Result<Value> {
    let session_ids = sessions_of(conn, email).await?;
    let sessions = sessions::Entity::find()
        .filter(sessions::Column::Id.is_in(session_ids.clone()))
        .order_by(sessions::Column::Id, Order::Asc)
        .all(conn)
        .await?;
    let orders = orders::Entity::find()
        .filter(orders::Column::SessionId.is_in(session_ids.clone()))
        .order_by(orders::Column::Id, Order::Asc)
        .all(conn)
        .await?;
    let reports = reports::Entity::find()
        .filter(reports::Column::SessionId.is_in(session_ids))
        .order_by(reports::Column::Id, Order::Asc)
        .all(conn)
        .await?;
    let mails = outbox::Entity::find()
        .filter(is_address(outbox::Column::Recipient, email))
        .order_by(outbox::Column::Id, Order::Asc)
        .all(conn)
        .await?;
    Ok(json!({
        "email": email,
        "sessions": sessions.into_iter().map(|row| json!({
            "id": row.id, "industry": row.industry, "email": row.email, "answers": row.answers,
            "readiness_score": row.readiness_score, "teaser": row.teaser, "status": row.status,
            "consent_at": row.consent_at, "created_at": row.created_at, "completed_at": row.completed_at,
        })).collect::<Vec<_>>(),
        "orders": orders.into_iter().map(|row| json!({
            "id": row.id, "session_id": row.session_id, "tier": row.tier, "amount_cents": row.amount_cents,
            "currency": row.currency, "email": row.email, "status": row.status,
            "refunded_cents": row.refunded_cents, "paid_at": row.paid_at, "created_at": row.created_at,
        })).collect::<Vec<_>>(),
        "reports": reports.into_iter().map(|row| json!({
            "id": row.id, "order_id": row.order_id, "status": row.status, "document": row.document,
            "input_snapshot": row.input_snapshot, "created_at": row.created_at, "ready_at": row.ready_at,
        })).collect::<Vec<_>>(),
        "mails": mails.into_iter().map(|row| json!({
            "kind": row.kind, "recipient": row.recipient, "created_at": row.created_at, "sent_at": row.sent_at,
        })).collect::<Vec<_>>(),
    }))
}

async fn prune_reports(tx: &Tx, before: DateTime<Utc>) -> Result<(u64, Vec<String>)> {
    let query = reports::Entity::find()
        .select_only()
        .columns([reports::Column::Id, reports::Column::SessionId])
        .filter(reports::Column::CreatedAt.lt(stamp(before)))
        .order_by(reports::Column::CreatedAt, Order::Asc)
        .limit(BATCH);
    let rows: Vec<(Uuid, Uuid)> = query.into_tuple().all(tx.conn()).await?;
    let (ids, session_ids): (Vec<Uuid>, Vec<Uuid>) = rows.into_iter().unzip();
    let deleted = delete_reports(tx, reports::Column::Id.is_in(ids).into()).await?;
    blank_sessions(tx, session_ids, before + REPORTS).await?;
    Ok(deleted)
}

/// Checkpoints, events, calls, the job and the mails go with their report. How many, and where their PDFs lie.
async fn delete_reports(tx: &Tx, which: Condition) -> Result<(u64, Vec<String>)> {
    let with_pdf = reports::Entity::find()
        .select_only()
        .column(reports::Column::PdfKey)
        .filter(which.clone())
        .filter(reports::Column::PdfKey.is_not_null());
    let pdf_keys: Vec<String> = with_pdf.into_tuple().all(tx.conn()).await?;
    let deleted = reports::Entity::delete_many().filter(which).exec(tx.conn()).await?;
    Ok((deleted.rows_affected, pdf_keys))
}

/// A session with an order that is anything but expired may still be paid for, or was.
async fn prune_sessions(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let sql = "SELECT id FROM quiz_sessions WHERE expires_at < $1 AND NOT EXISTS (SELECT 1 FROM orders \
               WHERE orders.session_id = quiz_sessions.id AND orders.status <> 'expired') \
               ORDER BY expires_at LIMIT $2";
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let rows = tx.conn().query_all_raw(statement(tx.conn(), sql, [stamp(before).into(), limit.into()])).await?;
    let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
    delete_sessions(tx, ids).await
}

async fn delete_sessions(tx: &Tx, ids: Vec<Uuid>) -> Result<u64> {
    orders::Entity::delete_many().filter(orders::Column::SessionId.is_in(ids.clone())).exec(tx.conn()).await?;
    let done = sessions::Entity::delete_many().filter(sessions::Column::Id.is_in(ids)).exec(tx.conn()).await?;
    Ok(done.rows_affected)
}

async fn delete_before(tx: &Tx, table: &str, column: &str, before: DateTime<Utc>) -> Result<u64> {
    // Whole rows are compared by the keys both databases have: PostgreSQL's ctid, SQLite's rowid.
    let row = if tx.conn().get_database_backend() == sea_orm::DbBackend::Postgres { "ctid" } else { "rowid" };
    let sql = format!(
        "DELETE FROM {table} WHERE {row} IN (SELECT {row} FROM {table} WHERE {column} < $1 ORDER BY {column} LIMIT $2)"
    );
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let done = tx.conn().execute_raw(statement(tx.conn(), sql, [stamp(before).into(), limit.into()])).await?;
    Ok(done.rows_affected())
}

/// Sessions that carry the address, and those of orders that do.
async fn sessions_of(conn: &impl Connection, email: &str) -> Result<Vec<Uuid>> {
    let own = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(is_address(sessions::Column::Email, email));
    let bought = orders::Entity::find()
        .select_only()
        .column(orders::Column::SessionId)
        .filter(is_address(orders::Column::Email, email));
    let mut ids: Vec<Uuid> = own.into_tuple().all(conn).await?;
    ids.extend(bought.into_tuple::<Uuid>().all(conn).await?);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

async fn forget_orders(tx: &Tx, session_ids: &[Uuid], email: &str, now: DateTime<Utc>) -> Result<u64> {
    let theirs = Condition::any()
        .add(orders::Column::SessionId.is_in(session_ids.iter().copied()))
        .add(is_address(orders::Column::Email, email));
    let close = orders::ActiveModel { status: Set(OrderStatus::Expired.to_string()), ..Default::default() };
    let open = orders::Column::Status.eq(OrderStatus::Open.as_str());
    orders::Entity::update_many().set(close).filter(theirs.clone()).filter(open).exec(tx.conn()).await?;
    let forget = orders::ActiveModel {
        email: Set(NOBODY.to_owned()),
        checkout_url: Set(None),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    Ok(orders::Entity::update_many().set(forget).filter(theirs).exec(tx.conn()).await?.rows_affected)
}

/// The provider's events name the buyer in their payload; that it came, and what became of it, stays.
async fn forget_events(tx: &Tx, email: &str) -> Result<()> {
    let sql = "UPDATE webhook_events SET payload = $2 WHERE lower(CAST(payload AS TEXT)) LIKE $1 ESCAPE '!'";
    let escaped = email.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let values = [format!("%{escaped}%").into(), json!({ NOBODY: true }).into()];
    tx.conn().execute_raw(statement(tx.conn(), sql, values)).await?;
    Ok(())
}

/// What nobody paid for goes; the rest stays as an empty shell under its order.
async fn forget_sessions(tx: &Tx, ids: Vec<Uuid>, now: DateTime<Utc>) -> Result<()> {
    let kept = orders::Entity::find()
        .select_only()
        .column(orders::Column::SessionId)
        .filter(orders::Column::SessionId.is_in(ids.clone()))
        .filter(orders::Column::Status.ne(OrderStatus::Expired.as_str()));
    let kept: Vec<Uuid> = kept.into_tuple().all(tx.conn()).await?;
    let gone = ids.into_iter().filter(|id| !kept.contains(id)).collect();
    delete_sessions(tx, gone).await?;
    blank_sessions(tx, kept, now).await
}

/// The shell opens no door any more: nobody has a token whose hash is this.
async fn blank_sessions(tx: &Tx, ids: Vec<Uuid>, now: DateTime<Utc>) -> Result<()> {
    for id in ids {
        let blank = sessions::ActiveModel {
            token_sha256: Set(format!("{NOBODY}-{id}")),
            email: Set(None),
            answers: Set(json!({})),
            teaser: Set(None),
            updated_at: Set(stamp(now)),
            ..Default::default()
        };
        sessions::Entity::update_many().set(blank).filter(sessions::Column::Id.eq(id)).exec(tx.conn()).await?;
    }
    Ok(())
}

/// Addresses are compared without case, which is what the indexes on them hold.
fn is_address(column: impl sea_orm::IntoSimpleExpr + sea_orm::sea_query::IntoColumnRef, email: &str) -> Condition {
    Condition::all().add(Expr::expr(Func::lower(Expr::col(column))).eq(Func::lower(Expr::val(email))))
}
