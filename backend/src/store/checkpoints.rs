//! Table `report_checkpoints`: the result of each finished phase, so that it is never paid twice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::Connection;
use super::entities::checkpoints;
use super::values::{stamp, word};
use crate::domain::ids::{Phase, ReportId};
use crate::error::Result;

/// Written again, it replaces.
pub async fn put(
    conn: &impl Connection,
    report_id: ReportId,
    phase: Phase,
    payload: &Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = checkpoints::ActiveModel {
        report_id: Set(report_id.0),
        phase: Set(phase.to_string()),
        payload: Set(payload.clone()),
        created_at: Set(stamp(now)),
    };
    let replace = OnConflict::columns([checkpoints::Column::ReportId, checkpoints::Column::Phase])
        .update_columns([checkpoints::Column::Payload, checkpoints::Column::CreatedAt])
        .to_owned();
    checkpoints::Entity::insert(row).on_conflict(replace).exec_without_returning(conn).await?;
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
