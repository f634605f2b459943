//! Table `outbox`: mails, written with the change that causes them, sent later, each once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, TryInsertResult,
};
use serde_json::Value;

use super::Connection;
use super::entities::outbox;
use super::values::{signed, skip_locked, span, stamp, statement, unsigned, word};
use crate::domain::ids::{MailKind, OutboxId, ReportId};
use crate::error::Result;

/// A claimed mail: the proof of the claim, to be handed to `sent` or `failed`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    pub id: OutboxId,
    pub kind: MailKind,
    pub recipient: String,
    pub payload: Value,
    pub report_id: Option<ReportId>,
    /// From 1, this one included.
    pub attempts: u32,
    pub lease_owner: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct NewMail {
    pub kind: MailKind,
    pub recipient: String,
    pub payload: Value,
    /// The same key is never sent twice.
    pub dedupe_key: String,
    pub report_id: Option<ReportId>,
}

/// False when a mail with the same key is there already.
pub async fn insert(conn: &impl Connection, new: &NewMail, now: DateTime<Utc>) -> Result<bool> {
    let row = outbox::ActiveModel {
        id: Set(OutboxId::new().0),
        kind: Set(new.kind.to_string()),
        recipient: Set(new.recipient.clone()),
        payload: Set(new.payload.clone()),
        dedupe_key: Set(new.dedupe_key.clone()),
        report_id: Set(new.report_id.map(|id| id.0)),
        attempts: Set(0),
        next_at: Set(stamp(now)),
        created_at: Set(stamp(now)),
        ..Default::default()
    };
    let insert = outbox::Entity::insert(row).on_conflict_do_nothing_on([outbox::Column::DedupeKey]);
    Ok(matches!(insert.exec_without_returning(conn).await?, TryInsertResult::Inserted(1)))
}

/// At most `limit` due mails, oldest first, given to nobody else until the lease is over.
pub async fn claim_due(
    conn: &impl Connection,
    owner: &str,
    lease: Duration,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Vec<Mail>> {
    // The claim lasts until `next_at`, as a job's lease does. The rows are picked once, before the update, so that no
    // plan can pick more than were locked.
    let sql = format!(
        "WITH due AS MATERIALIZED (SELECT id FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL \
         AND next_at <= $3 ORDER BY next_at LIMIT $4 {}) \
         UPDATE outbox SET lease_owner = $1, next_at = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM due) RETURNING *",
        skip_locked(conn)
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let until = stamp(now + span(lease));
    let claim = statement(conn, sql, [owner.into(), until.into(), stamp(now).into(), limit.into()]);
    let mut rows = outbox::Entity::find().from_raw_sql(claim).all(conn).await?;
    rows.sort_by_key(|row| (row.created_at, row.id));
    rows.into_iter().map(|row| read(row, owner)).collect()
}

/// False when the claim was lost.
pub async fn sent(conn: &impl Connection, mail: &Mail, now: DateTime<Utc>) -> Result<bool> {
    let change = outbox::ActiveModel { sent_at: Set(Some(stamp(now))), last_error: Set(None), ..ended() };
    change_ours(conn, mail, change).await
}

/// Due again at `next_at`; none gives the mail up.
pub async fn failed(
    conn: &impl Connection,
    mail: &Mail,
    next_at: Option<DateTime<Utc>>,
    error: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = outbox::ActiveModel {
        next_at: next_at.map_or(NotSet, |time| Set(stamp(time))),
        given_up_at: if next_at.is_none() { Set(Some(stamp(now))) } else { NotSet },
        last_error: Set(Some(error.to_owned())),
        ..ended()
    };
    change_ours(conn, mail, change).await
}

/// Neither sent nor given up.
pub async fn pending(conn: &impl Connection) -> Result<u64> {
    let query =
        outbox::Entity::find().filter(outbox::Column::SentAt.is_null()).filter(outbox::Column::GivenUpAt.is_null());
    Ok(query.count(conn).await?)
}

async fn change_ours(conn: &impl Connection, mail: &Mail, change: outbox::ActiveModel) -> Result<bool> {
    let done = outbox::Entity::update_many()
        .set(change)
        .filter(outbox::Column::Id.eq(mail.id.0))
        .filter(outbox::Column::LeaseOwner.eq(mail.lease_owner.as_str()))
        .filter(outbox::Column::Attempts.eq(signed(mail.attempts)))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn ended() -> outbox::ActiveModel {
    outbox::ActiveModel { lease_owner: Set(None), ..Default::default() }
}

fn read(row: outbox::Model, owner: &str) -> Result<Mail> {
    Ok(Mail {
        id: OutboxId(row.id),
        kind: word(&row.kind)?,
        recipient: row.recipient,
        payload: row.payload,
        report_id: row.report_id.map(ReportId),
        attempts: unsigned(row.attempts),
        lease_owner: owner.to_owned(),
        created_at: row.created_at,
    })
}
