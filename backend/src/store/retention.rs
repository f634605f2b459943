//! What is deleted after its time, and a person's right to have it all, or to have it gone.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Connection, Tx};
use crate::error::Result;

/// What a sweep deleted. The PDFs of `pdf_keys` are to be deleted by the caller, after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    pub sessions: u64,
    pub reports: u64,
    pub calls: u64,
    pub keys: u64,
    pub pdf_keys: Vec<String>,
}

/// What was erased of one person. The PDFs of `pdf_keys` are to be deleted by the caller, after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    pub sessions: u64,
    pub orders: u64,
    pub reports: u64,
    pub mails: u64,
    pub pdf_keys: Vec<String>,
}

/// Unpaid sessions 30 days after they expired, reports after 365 days, calls after 90 days, spent keys; in batches,
/// so that no sweep holds the database long. Run it until it returns nothing.
pub async fn prune(tx: &Tx, now: DateTime<Utc>) -> Result<Pruned> {
    todo!()
}

/// Removes the reports, answers and mails of a person. Orders stay, as books must be kept, without the address.
pub async fn erase_person(tx: &Tx, email: &str, now: DateTime<Utc>) -> Result<Erased> {
    todo!()
}

/// Everything that is stored under an address.
pub async fn export_person(conn: &impl Connection, email: &str) -> Result<Value> {
    todo!()
}
