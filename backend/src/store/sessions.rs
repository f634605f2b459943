//! Table `quiz_sessions`: a visitor's answers while the quiz lasts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::Value;

use super::Connection;
use super::entities::sessions;
use super::values::{json, signed, stamp, statement, unsigned, word};
use crate::domain::ids::{SessionId, SessionStatus};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub token_sha256: String,
    pub industry: String,
    pub email: Option<String>,
    /// Shared: a session is kept while its visitor goes on, and shown each time.
    pub answers: Arc<BTreeMap<String, Value>>,
    pub questionnaire_version: String,
    pub readiness_score: Option<u32>,
    pub teaser: Option<Value>,
    pub status: SessionStatus,
    pub consent_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
    /// Grows with every change: the optimistic lock.
    pub version: i64,
}

#[derive(Debug, Clone)]
pub struct NewSession {
    pub id: SessionId,
    pub token_sha256: String,
    pub industry: String,
    pub questionnaire_version: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Completion {
    pub email: Option<String>,
    pub consent: bool,
    pub readiness_score: u32,
    pub teaser: Value,
}

/// In progress, without answers, version 1.
pub async fn insert(conn: &impl Connection, new: &NewSession, now: DateTime<Utc>) -> Result<()> {
    let row = sessions::ActiveModel {
        id: Set(new.id.0),
        token_sha256: Set(new.token_sha256.clone()),
        industry: Set(new.industry.clone()),
        answers: Set(Value::Object(serde_json::Map::new())),
        questionnaire_version: Set(new.questionnaire_version.clone()),
        status: Set(SessionStatus::InProgress.to_string()),
        created_at: Set(stamp(now)),
        updated_at: Set(stamp(now)),
        expires_at: Set(stamp(new.expires_at)),
        version: Set(1),
        ..Default::default()
    };
    sessions::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub async fn find(conn: &impl Connection, id: SessionId) -> Result<Option<Session>> {
    sessions::Entity::find_by_id(id.0).one(conn).await?.map(read).transpose()
}

/// Several, in no order.
pub async fn find_all(conn: &impl Connection, ids: &[SessionId]) -> Result<Vec<Session>> {
    let ids = ids.iter().map(|id| id.0);
    sessions::Entity::find().filter(sessions::Column::Id.is_in(ids)).all(conn).await?.into_iter().map(read).collect()
}

/// Replaces the answers of a session in progress. The new version; none when `version` is stale or the session is
/// no longer in progress.
pub async fn answer(
    conn: &impl Connection,
    id: SessionId,
    version: i64,
    answers: &BTreeMap<String, Value>,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let next = version + 1;
    let answers =
        serde_json::to_string(answers).map_err(|error| Error::internal("answers are not JSON").caused_by(error))?;
    // As text in both: most calls of a quiz come here, and a tree of values would be copied once more for each.
    let given = json(conn, "$1");
    let sql = format!(
        "UPDATE quiz_sessions SET answers = {given}, updated_at = $2, version = $3 \
         WHERE id = $4 AND version = $5 AND status = $6 AND expires_at > $2"
    );
    let open = SessionStatus::InProgress.as_str();
    let values = [answers.into(), stamp(now).into(), next.into(), id.0.into(), version.into(), open.into()];
    let done = conn.execute_raw(statement(conn, sql, values)).await?;
    Ok((done.rows_affected() == 1).then_some(next))
}

/// in_progress → completed. False when it was not in progress any more.
pub async fn complete(
    conn: &impl Connection,
    id: SessionId,
    completion: &Completion,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = sessions::ActiveModel {
        email: Set(completion.email.clone()),
        consent_at: Set(completion.consent.then(|| stamp(now))),
        readiness_score: Set(Some(signed(completion.readiness_score))),
        teaser: Set(Some(completion.teaser.clone())),
        status: Set(SessionStatus::Completed.to_string()),
        completed_at: Set(Some(stamp(now))),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    let done = sessions::Entity::update_many()
        .set(change)
        .col_expr(sessions::Column::Version, Expr::col(sessions::Column::Version).add(1))
        .filter(sessions::Column::Id.eq(id.0))
        .filter(still_open(now))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// in_progress → expired, for all whose time is up. How many.
pub async fn set_expired(conn: &impl Connection, now: DateTime<Utc>) -> Result<u64> {
    let change = sessions::ActiveModel {
        status: Set(SessionStatus::Expired.to_string()),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    let done = sessions::Entity::update_many()
        .set(change)
        .filter(sessions::Column::Status.eq(SessionStatus::InProgress.as_str()))
        .filter(sessions::Column::ExpiresAt.lte(stamp(now)))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}

/// In progress, and its time not over, whether or not the sweep has been here.
fn still_open(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(sessions::Column::Status.eq(SessionStatus::InProgress.as_str()))
        .add(sessions::Column::ExpiresAt.gt(stamp(now)))
}

fn read(row: sessions::Model) -> Result<Session> {
    let answers = serde_json::from_value(row.answers)
        .map_err(|error| Error::internal("the answers of a session cannot be read").caused_by(error))?;
    Ok(Session {
        id: SessionId(row.id),
        token_sha256: row.token_sha256,
        industry: row.industry,
        email: row.email,
        answers: Arc::new(answers),
        questionnaire_version: row.questionnaire_version,
        readiness_score: row.readiness_score.map(unsigned),
        teaser: row.teaser,
        status: word(&row.status)?,
        consent_at: row.consent_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        completed_at: row.completed_at,
        expires_at: row.expires_at,
        version: row.version,
    })
}
