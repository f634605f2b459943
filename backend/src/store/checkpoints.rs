//! Table `report_checkpoints`: the result of each finished phase, so that it is never paid twice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Connection;
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
    todo!()
}

pub async fn all(conn: &impl Connection, report_id: ReportId) -> Result<BTreeMap<Phase, Value>> {
    todo!()
}

pub async fn clear(conn: &impl Connection, report_id: ReportId) -> Result<()> {
    todo!()
}
