//! Table `llm_calls`: every call of the model, paid or failed, with its cost.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder};

use super::Connection;
use super::entities::calls;
use super::values::{signed, stamp, statement, unsigned, word};
use crate::domain::ids::{CallId, CallOutcome, ReportId};
use crate::error::{Error, Result};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    pub report_microusd: i64,
    pub day_microusd: i64,
}

pub async fn insert(conn: &impl Connection, call: &Call) -> Result<()> {
    let row = calls::ActiveModel {
        id: Set(call.id.0),
        report_id: Set(call.report_id.0),
        task: Set(call.task.clone()),
        model: Set(call.model.clone()),
        attempt: Set(signed(call.attempt)),
        input_tokens: Set(call.input_tokens),
        output_tokens: Set(call.output_tokens),
        cache_read_tokens: Set(call.cache_read_tokens),
        cache_write_tokens: Set(call.cache_write_tokens),
        cost_microusd: Set(call.cost_microusd),
        latency_ms: Set(call.latency_ms),
        ttft_ms: Set(call.ttft_ms),
        stop_reason: Set(call.stop_reason.clone()),
        outcome: Set(call.outcome.to_string()),
        provider_request_id: Set(call.provider_request_id.clone()),
        at: Set(stamp(call.at)),
    };
    calls::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// In the order they were made.
pub async fn by_report(conn: &impl Connection, report_id: ReportId) -> Result<Vec<Call>> {
    let query = calls::Entity::find()
        .filter(calls::Column::ReportId.eq(report_id.0))
        .order_by(calls::Column::At, Order::Asc)
        .order_by(calls::Column::Id, Order::Asc);
    query.all(conn).await?.into_iter().map(read).collect()
}

/// What a report's calls have cost, and everybody's since `day`.
pub async fn spent(conn: &impl Connection, report_id: ReportId, day: DateTime<Utc>) -> Result<Spent> {
    let sql = format!("SELECT ({}) AS report, ({}) AS day", sum("report_id = $1"), sum("at >= $2"));
    let row = conn.query_one_raw(statement(conn, sql, [report_id.0.into(), stamp(day).into()])).await?;
    let row = row.ok_or_else(|| Error::internal("the calls could not be summed"))?;
    Ok(Spent { report_microusd: row.try_get("", "report")?, day_microusd: row.try_get("", "day")? })
}

pub async fn cost_since(conn: &impl Connection, time: DateTime<Utc>) -> Result<i64> {
    let row = conn.query_one_raw(statement(conn, sum("at >= $1"), [stamp(time).into()])).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "cost"))?)
}

/// PostgreSQL sums bigints to a numeric; millionths of a dollar fit a bigint for ever.
pub(super) fn sum(condition: &str) -> String {
    format!("SELECT CAST(COALESCE(SUM(cost_microusd), 0) AS BIGINT) AS cost FROM llm_calls WHERE {condition}")
}

fn read(row: calls::Model) -> Result<Call> {
    Ok(Call {
        id: CallId(row.id),
        report_id: ReportId(row.report_id),
        task: row.task,
        model: row.model,
        attempt: unsigned(row.attempt),
        input_tokens: row.input_tokens,
        output_tokens: row.output_tokens,
        cache_read_tokens: row.cache_read_tokens,
        cache_write_tokens: row.cache_write_tokens,
        cost_microusd: row.cost_microusd,
        latency_ms: row.latency_ms,
        ttft_ms: row.ttft_ms,
        stop_reason: row.stop_reason,
        outcome: word(&row.outcome)?,
        provider_request_id: row.provider_request_id,
        at: row.at,
    })
}
