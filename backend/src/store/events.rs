//! Table `report_events`: what the buyer watches. Numbered without gaps, report by report.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use super::entities::{events, reports};
use super::jobs::Job;
use super::values::{signed, stamp, statement, unsigned, word, word_or_none};
use super::{Channel, Connection, Tx, calls};
use crate::domain::ids::{EventKind, Phase, ReportId};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub kind: EventKind,
    pub phase: Option<Phase>,
    /// 0 to 100.
    pub progress: u32,
    pub payload: Value,
}

#[derive(Debug, Clone)]
pub struct NewEvent {
    pub kind: EventKind,
    pub phase: Option<Phase>,
    pub progress: u32,
    pub payload: Value,
}

/// What every event brings up to date in its report's row. Counting there locks it until the commit, so two writers
/// cannot meet, and a rolled-back event leaves no gap.
fn count() -> String {
    format!("UPDATE reports SET event_seq = event_seq + $2, cost_microusd = ({})", calls::sum("report_id = $1"))
}

/// The event's number, from 1. Takes a transaction, because the number and the row must appear together.
pub async fn append(tx: &Tx, report_id: ReportId, event: NewEvent, now: DateTime<Utc>) -> Result<i64> {
    let sql = format!("{} WHERE id = $1 RETURNING event_seq", count());
    let statement = statement(tx.conn(), sql, [report_id.0.into(), 1_i64.into()]);
    let Some(counted) = tx.conn().query_one_raw(statement).await? else {
        return Err(Error::not_found("there is no such report"));
    };
    let last = counted.try_get("", "event_seq")?;
    insert(tx, report_id, vec![event], last, now).await?;
    Ok(last)
}

/// The same for whoever has the job: `Conflict` unless the lease is still theirs, which then holds until the transaction
/// ends. Whoever listens is woken by the commit. Two statements, however many events there are.
pub async fn append_under_lease(tx: &Tx, job: &Job, events: Vec<NewEvent>, now: DateTime<Utc>) -> Result<()> {
    let conn = tx.conn();
    let number = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let mut values =
        vec![job.report_id.0.into(), number.into(), job.lease_owner.as_str().into(), signed(job.attempt).into()];
    let (lock, wake) = if conn.get_database_backend() == DbBackend::Postgres {
        values.extend([Channel::Events.as_str().into(), job.report_id.to_string().into()]);
        ("FOR NO KEY UPDATE", ", pg_notify($5, $6)")
    } else {
        ("", "")
    };
    let sql = format!(
        "WITH held AS (SELECT report_id FROM report_jobs WHERE report_id = $1 AND state = 'leased' \
         AND lease_owner = $3 AND attempt = $4 {lock}) \
         {} WHERE id IN (SELECT report_id FROM held) RETURNING event_seq{wake}",
        count()
    );
    let Some(counted) = conn.query_one_raw(statement(conn, sql, values)).await? else {
        return Err(Error::conflict("the lease is lost"));
    };
    insert(tx, job.report_id, events, counted.try_get("", "event_seq")?, now).await
}

async fn insert(tx: &Tx, report_id: ReportId, events: Vec<NewEvent>, last: i64, now: DateTime<Utc>) -> Result<()> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let rows = events.into_iter().zip(last - count + 1..).map(|(event, seq)| events::ActiveModel {
        report_id: Set(report_id.0),
        seq: Set(seq),
        at: Set(stamp(now)),
        kind: Set(event.kind.to_string()),
        phase: Set(event.phase.map(|phase| phase.to_string())),
        progress: Set(signed(event.progress)),
        payload: Set(event.payload),
    });
    events::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Events after `seq`, in order.
pub async fn after(conn: &impl Connection, report_id: ReportId, seq: i64, limit: u64) -> Result<Vec<Event>> {
    let query = events::Entity::find()
        .filter(events::Column::ReportId.eq(report_id.0))
        .filter(events::Column::Seq.gt(seq))
        .order_by(events::Column::Seq, Order::Asc)
        .limit(limit);
    query.all(conn).await?.into_iter().map(read).collect()
}

pub async fn last(conn: &impl Connection, report_id: ReportId) -> Result<Option<Event>> {
    let query = events::Entity::find()
        .filter(events::Column::ReportId.eq(report_id.0))
        .order_by(events::Column::Seq, Order::Desc)
        .limit(1);
    query.one(conn).await?.map(read).transpose()
}

/// How far several reports are, as their last events say.
pub async fn progress_of(conn: &impl Connection, reports: &[ReportId]) -> Result<BTreeMap<ReportId, u32>> {
    let last = Expr::col((reports::Entity, reports::Column::EventSeq)).equals((events::Entity, events::Column::Seq));
    let query = events::Entity::find()
        .select_only()
        .columns([events::Column::ReportId, events::Column::Progress])
        .join(
            JoinType::InnerJoin,
            events::Entity::belongs_to(reports::Entity).from(events::Column::ReportId).to(reports::Column::Id).into(),
        )
        .filter(events::Column::ReportId.is_in(reports.iter().map(|id| id.0)))
        .filter(last);
    let rows: Vec<(Uuid, i32)> = query.into_tuple().all(conn).await?;
    Ok(rows.into_iter().map(|(id, progress)| (ReportId(id), unsigned(progress))).collect())
}

fn read(row: events::Model) -> Result<Event> {
    Ok(Event {
        seq: row.seq,
        at: row.at,
        kind: word(&row.kind)?,
        phase: word_or_none(row.phase.as_deref())?,
        progress: unsigned(row.progress),
        payload: row.payload,
    })
}
