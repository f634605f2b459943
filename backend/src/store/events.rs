//! Table `report_events`: what the buyer watches. Numbered without gaps, report by report.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Connection, Tx};
use crate::domain::ids::{EventKind, Phase, ReportId};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub kind: EventKind,
    pub phase: Option<Phase>,
    /// 0 to 100.
    pub progress: u32,
    pub payload: Value,
}

#[derive(Debug, Clone)]
pub struct NewEvent {
    pub kind: EventKind,
    pub phase: Option<Phase>,
    pub progress: u32,
    pub payload: Value,
}

/// The event's number, from 1. Takes a transaction, because the number and the row must appear together.
pub async fn append(tx: &Tx, report_id: ReportId, event: &NewEvent, now: DateTime<Utc>) -> Result<i64> {
    todo!()
}

/// Events after `seq`, in order.
pub async fn after(conn: &impl Connection, report_id: ReportId, seq: i64, limit: u64) -> Result<Vec<Event>> {
    todo!()
}

pub async fn last(conn: &impl Connection, report_id: ReportId) -> Result<Option<Event>> {
    todo!()
}
