//! Quizzes: create, view, answer, complete.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::App;
use crate::domain::ids::{SessionId, SessionStatus};
use crate::domain::report::Readiness;
use crate::domain::tokens::Token;
use crate::error::Result;

/// Answers by question id.
pub type Answers = std::collections::BTreeMap<String, serde_json::Value>;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndustrySummary {
    pub slug: String,
    pub name: String,
    pub description: String,
}

#[derive(Serialize, JsonSchema)]
pub struct SessionCreated {
    pub session_id: SessionId,
    /// Shown once; send it as `Authorization: Bearer …`.
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SessionView {
    pub session_id: SessionId,
    pub industry: String,
    pub questionnaire_version: String,
    pub status: SessionStatus,
    pub answers: Answers,
    pub completion_percent: u32,
    /// Required questions without an answer, in order.
    pub missing: Vec<String>,
    /// Send it back as `If-Match` with the next change.
    pub version: i64,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Completed {
    pub readiness: Readiness,
    pub teaser: serde_json::Value,
}

pub fn industries(app: &App) -> Vec<IndustrySummary> {
    let _ = app;
    todo!()
}

/// The questionnaire of an industry; not found names the known ones. (The type will be `domain::quiz::Questionnaire`: Serialize + JsonSchema.)
pub fn questionnaire(app: &App, industry: &str) -> Result<serde_json::Value> {
    let _ = (app, industry);
    todo!()
}

pub async fn create(
    app: &App,
    industry: &str,
    questionnaire_version: &str,
    now: DateTime<Utc>,
) -> Result<SessionCreated> {
    let _ = (app, industry, questionnaire_version, now);
    todo!()
}

pub async fn view(app: &App, id: SessionId, token: &Token, now: DateTime<Utc>) -> Result<SessionView> {
    let _ = (app, id, token, now);
    todo!()
}

/// Applies changes on top of `version`; a stale version is a conflict, an expired session is gone.
pub async fn answer(
    app: &App,
    id: SessionId,
    token: &Token,
    version: i64,
    changes: Answers,
    now: DateTime<Utc>,
) -> Result<SessionView> {
    let _ = (app, id, token, version, changes, now);
    todo!()
}

/// Scores the quiz. Doing it again gives the same result.
pub async fn complete(
    app: &App,
    id: SessionId,
    token: &Token,
    email: Option<String>,
    consent: bool,
    now: DateTime<Utc>,
) -> Result<Completed> {
    let _ = (app, id, token, email, consent, now);
    todo!()
}

/// Conflict until the quiz is complete.
pub async fn teaser(app: &App, id: SessionId, token: &Token, now: DateTime<Utc>) -> Result<Completed> {
    let _ = (app, id, token, now);
    todo!()
}
