//! Table `llm_calls`: every call of the model, paid or failed, with its cost.

use chrono::{DateTime, Utc};

use super::Connection;
use crate::domain::ids::{CallId, CallOutcome, ReportId};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub id: CallId,
    pub report_id: ReportId,
    pub task: String,
    pub model: String,
    pub attempt: u32,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub cache_read_tokens: i64,
    pub cache_write_tokens: i64,
    pub cost_microusd: i64,
    pub latency_ms: i64,
    /// Time to the first token.
    pub ttft_ms: Option<i64>,
    pub stop_reason: Option<String>,
    pub outcome: CallOutcome,
    pub provider_request_id: Option<String>,
    pub at: DateTime<Utc>,
}

pub async fn insert(conn: &impl Connection, call: &Call) -> Result<()> {
    todo!()
}

/// In the order they were made.
pub async fn by_report(conn: &impl Connection, report_id: ReportId) -> Result<Vec<Call>> {
    todo!()
}

pub async fn cost_of_report(conn: &impl Connection, report_id: ReportId) -> Result<i64> {
    todo!()
}

pub async fn cost_since(conn: &impl Connection, time: DateTime<Utc>) -> Result<i64> {
    todo!()
}
