//! Table `report_jobs`: the queue. A job is leased, not held; every later step is fenced by its owner and attempt.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryResult};

use super::Connection;
use super::entities::jobs;
use super::values::{signed, skip_locked, span, stamp, statement, unsigned, word};
use crate::domain::ids::{JobState, ReportId};
use crate::error::{Error, Result};

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
    let row = jobs::ActiveModel {
        report_id: Set(report_id.0),
        state: Set(JobState::Queued.to_string()),
        attempt: Set(0),
        max_attempts: Set(signed(max_attempts)),
        run_after: Set(stamp(now)),
        traceparent: Set(traceparent.map(str::to_owned)),
        enqueued_at: Set(stamp(now)),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    jobs::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub async fn find(conn: &impl Connection, report_id: ReportId) -> Result<Option<Entry>> {
    jobs::Entity::find_by_id(report_id.0).one(conn).await?.map(read).transpose()
}

/// Those of several reports, in no order.
pub async fn find_all(conn: &impl Connection, reports: &[ReportId]) -> Result<Vec<Entry>> {
    let ids = reports.iter().map(|id| id.0);
    let rows = jobs::Entity::find().filter(jobs::Column::ReportId.is_in(ids)).all(conn).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: jobs::Model) -> Result<Entry> {
    Ok(Entry {
        report_id: ReportId(row.report_id),
        state: word(&row.state)?,
        attempt: unsigned(row.attempt),
        max_attempts: unsigned(row.max_attempts),
        run_after: row.run_after,
        lease_owner: row.lease_owner,
        lease_expires_at: row.lease_expires_at,
        last_error: row.last_error,
        enqueued_at: row.enqueued_at,
        updated_at: row.updated_at,
    })
}

/// The next due jobs, `most` at the most, and those whose lease ran out; their attempts are counted. No job is ever given
/// to two owners.
pub async fn claim(
    conn: &impl Connection,
    owner: &str,
    most: u32,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<Vec<Job>> {
    // While a job is leased, its `run_after` is the end of the lease: one condition, and one index, finds both what is
    // due and what was lost.
    let sql = format!(
        "WITH due AS MATERIALIZED (SELECT report_id FROM report_jobs \
         WHERE state IN ('queued', 'leased') AND run_after <= $3 ORDER BY run_after LIMIT $4 {}) \
         UPDATE report_jobs SET state = 'leased', attempt = attempt + 1, lease_owner = $1, lease_expires_at = $2, \
         run_after = $2, updated_at = $3 WHERE report_id IN (SELECT report_id FROM due) \
         RETURNING report_id, attempt, max_attempts, traceparent, enqueued_at",
        skip_locked(conn)
    );
    let until = stamp(now + span(lease));
    let claim = statement(conn, sql, [owner.into(), until.into(), stamp(now).into(), i64::from(most).into()]);
    let rows = conn.query_all_raw(claim).await?;
    rows.into_iter().map(|row| leased(&row, owner)).collect()
}

fn leased(row: &QueryResult, owner: &str) -> Result<Job> {
    let attempt = unsigned(row.try_get::<i32>("", "attempt")?);
    let max_attempts = unsigned(row.try_get::<i32>("", "max_attempts")?);
    Ok(Job {
        report_id: ReportId(row.try_get("", "report_id")?),
        attempt,
        max_attempts,
        exhausted: attempt > max_attempts,
        lease_owner: owner.to_owned(),
        traceparent: row.try_get("", "traceparent")?,
        enqueued_at: row.try_get("", "enqueued_at")?,
    })
}

/// Heartbeat. False when the lease is no longer ours: stop the work.
pub async fn extend(conn: &impl Connection, job: &Job, lease: Duration, now: DateTime<Utc>) -> Result<bool> {
    let until = stamp(now + span(lease));
    let change = jobs::ActiveModel {
        lease_expires_at: Set(Some(until)),
        run_after: Set(until),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    change_ours(conn, job, change).await
}

/// leased → done.
pub async fn finish(conn: &impl Connection, job: &Job, now: DateTime<Utc>) -> Result<bool> {
    let change = jobs::ActiveModel { last_error: Set(None), ..ended(JobState::Done, now) };
    change_ours(conn, job, change).await
}

/// leased → queued, due at `run_after`.
pub async fn retry(
    conn: &impl Connection,
    job: &Job,
    run_after: DateTime<Utc>,
    error: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = jobs::ActiveModel {
        run_after: Set(stamp(run_after)),
        last_error: Set(Some(error.to_owned())),
        ..ended(JobState::Queued, now)
    };
    change_ours(conn, job, change).await
}

/// leased → queued at once, the attempt refunded: we stop, the job did nothing wrong.
pub async fn release(conn: &impl Connection, job: &Job, now: DateTime<Utc>) -> Result<bool> {
    let change = jobs::ActiveModel {
        run_after: Set(stamp(now)),
        attempt: Set(signed(job.attempt.saturating_sub(1))),
        ..ended(JobState::Queued, now)
    };
    change_ours(conn, job, change).await
}

/// leased → dead.
pub async fn bury(conn: &impl Connection, job: &Job, error: &str, now: DateTime<Utc>) -> Result<bool> {
    let change = jobs::ActiveModel { last_error: Set(Some(error.to_owned())), ..ended(JobState::Dead, now) };
    change_ours(conn, job, change).await
}

/// dead | done → queued with fresh attempts: an operator's retry. False when it is queued or leased.
pub async fn revive(conn: &impl Connection, report_id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    let change = jobs::ActiveModel {
        attempt: Set(0),
        run_after: Set(stamp(now)),
        enqueued_at: Set(stamp(now)),
        ..ended(JobState::Queued, now)
    };
    let done = jobs::Entity::update_many()
        .set(change)
        .filter(jobs::Column::ReportId.eq(report_id.0))
        .filter(jobs::Column::State.is_in([JobState::Dead.as_str(), JobState::Done.as_str()]))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn depth(conn: &impl Connection, now: DateTime<Utc>) -> Result<Depth> {
    let sql = "SELECT (SELECT COUNT(*) FROM report_jobs WHERE state = 'queued') AS queued, \
               (SELECT COUNT(*) FROM report_jobs WHERE state = 'leased') AS leased, \
               (SELECT COUNT(*) FROM report_jobs WHERE state = 'dead') AS dead, \
               (SELECT MIN(run_after) FROM report_jobs WHERE state IN ('queued', 'leased') AND run_after <= $1) AS due";
    let Some(row) = conn.query_one_raw(statement(conn, sql, [stamp(now).into()])).await? else {
        return Err(Error::internal("the queue could not be counted"));
    };
    let count = |column: &str| row.try_get::<i64>("", column).map(|count| u64::from(unsigned(count)));
    let due: Option<DateTime<Utc>> = row.try_get("", "due")?;
    Ok(Depth {
        queued: count("queued")?,
        leased: count("leased")?,
        dead: count("dead")?,
        oldest_wait: due.map(|due| (now - due).to_std().unwrap_or_default()),
    })
}

/// The fence: leased by this owner at this attempt. An owner that lost its lease cannot match, even when it is the one
/// that got the job again.
fn ours(job: &Job) -> Condition {
    Condition::all()
        .add(jobs::Column::ReportId.eq(job.report_id.0))
        .add(jobs::Column::State.eq(JobState::Leased.as_str()))
        .add(jobs::Column::LeaseOwner.eq(job.lease_owner.as_str()))
        .add(jobs::Column::Attempt.eq(signed(job.attempt)))
}

async fn change_ours(conn: &impl Connection, job: &Job, change: jobs::ActiveModel) -> Result<bool> {
    let done = jobs::Entity::update_many().set(change).filter(ours(job)).exec(conn).await?;
    Ok(done.rows_affected == 1)
}

/// The lease is over, one way or another.
fn ended(state: JobState, now: DateTime<Utc>) -> jobs::ActiveModel {
    jobs::ActiveModel {
        state: Set(state.to_string()),
        lease_owner: Set(None),
        lease_expires_at: Set(None),
        updated_at: Set(stamp(now)),
        ..Default::default()
    }
}
