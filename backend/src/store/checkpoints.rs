//! Table `report_checkpoints`: the result of each finished phase, so that it is never paid twice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::Connection;
use super::entities::checkpoints;
use super::values::{json, stamp, statement, word};
use crate::domain::ids::{Phase, ReportId};
use crate::error::Result;

/// Written again, it replaces. `payload` is JSON.
pub async fn put(
    conn: &impl Connection,
    report_id: ReportId,
    phase: Phase,
    payload: String,
    now: DateTime<Utc>,
) -> Result<()> {
    let given = json(conn, "$3");
    let sql = format!(
        "INSERT INTO report_checkpoints (report_id, phase, payload, created_at) VALUES ($1, $2, {given}, $4) \
         ON CONFLICT (report_id, phase) DO UPDATE SET payload = excluded.payload, created_at = excluded.created_at"
    );
    let values = [report_id.0.into(), phase.as_str().into(), payload.into(), stamp(now).into()];
    conn.execute_raw(statement(conn, sql, values)).await?;
    Ok(())
}

pub async fn all(conn: &impl Connection, report_id: ReportId) -> Result<BTreeMap<Phase, Value>> {
    let rows = checkpoints::Entity::find().filter(checkpoints::Column::ReportId.eq(report_id.0)).all(conn).await?;
    rows.into_iter().map(|row| Ok((word(&row.phase)?, row.payload))).collect()
}

pub async fn clear(conn: &impl Connection, report_id: ReportId) -> Result<()> {
    checkpoints::Entity::delete_many().filter(checkpoints::Column::ReportId.eq(report_id.0)).exec(conn).await?;
    Ok(())
}
