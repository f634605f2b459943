//! Table `quiz_sessions`: a visitor's answers while the quiz lasts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Connection;
use crate::domain::ids::{SessionId, SessionStatus};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub token_sha256: String,
    pub industry: String,
    pub email: Option<String>,
    pub answers: BTreeMap<String, Value>,
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
    todo!()
}

pub async fn find(conn: &impl Connection, id: SessionId) -> Result<Option<Session>> {
    todo!()
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
    todo!()
}

/// in_progress → completed. False when it was not in progress any more.
pub async fn complete(
    conn: &impl Connection,
    id: SessionId,
    completion: &Completion,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// in_progress → expired, for all whose time is up. How many.
pub async fn set_expired(conn: &impl Connection, now: DateTime<Utc>) -> Result<u64> {
    todo!()
}
