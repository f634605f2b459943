//! Reports: view, follow, fetch as PDF, send again.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::App;
use crate::domain::ids::{EventKind, Phase, ReportId, ReportStatus};
use crate::domain::tokens::Token;
use crate::error::Result;

/// An encoded document and its hash, ready to send. JSON, UTF-8.
#[derive(Debug, Clone)]
pub struct Encoded {
    pub body: Bytes,
    /// Without quotes.
    pub etag: String,
}

#[derive(Debug, Clone)]
pub enum View {
    Ready(Encoded),
    Pending(Pending),
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Pending {
    pub report_id: ReportId,
    pub status: ReportStatus,
    /// 0 to 100.
    pub progress: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Present when the report failed: what happened, in words for the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_reason: Option<String>,
}

/// One line of a report's history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Event {
    /// The SSE `id`.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub kind: EventKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// 0 to 100, never falls.
    pub progress: u32,
    /// `finding`: {id, title, recommendable}; `recommendation`: {id, title}; `warning`: {code, where}; `failed`: {reason}.
    pub payload: serde_json::Value,
}

/// Follows a report's events from a point on, whichever replica writes them.
pub struct Feed {
    _private: (),
}

impl Feed {
    /// Waits for the next event; none after `ready` or `failed`. Cancel-safe.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        todo!()
    }
}

#[derive(Debug, Clone)]
pub struct PdfFile {
    pub bytes: Bytes,
    /// Without quotes.
    pub etag: String,
    pub file_name: String,
}

pub async fn view(app: &App, id: ReportId, token: &Token) -> Result<View> {
    let _ = (app, id, token);
    todo!()
}

/// Checks the token alone: for the exchange of a link's token for a cookie.
pub async fn authorize(app: &App, id: ReportId, token: &Token) -> Result<()> {
    let _ = (app, id, token);
    todo!()
}

/// Events with `seq > after`, then those to come.
pub async fn follow(app: &App, id: ReportId, token: &Token, after: i64) -> Result<Feed> {
    let _ = (app, id, token, after);
    todo!()
}

/// Conflict until the report is ready.
pub async fn pdf(app: &App, id: ReportId, token: &Token) -> Result<PdfFile> {
    let _ = (app, id, token);
    todo!()
}

/// Queues the mail with the link again; three a day.
pub async fn resend(app: &App, id: ReportId, token: &Token, now: DateTime<Utc>) -> Result<()> {
    let _ = (app, id, token, now);
    todo!()
}

pub fn sample(app: &App) -> Encoded {
    let _ = app;
    todo!()
}
