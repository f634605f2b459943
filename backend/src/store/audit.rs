//! Table `audit_log`: who changed what. Written in the transaction of the change, never updated.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Connection, Page};
use crate::domain::ids::AuditId;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: AuditId,
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct NewEntry {
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

pub async fn insert(conn: &impl Connection, new: &NewEntry, now: DateTime<Utc>) -> Result<AuditId> {
    todo!()
}

/// Newest first.
pub async fn list(conn: &impl Connection, cursor: Option<&str>, limit: u64) -> Result<Page<Entry>> {
    todo!()
}
