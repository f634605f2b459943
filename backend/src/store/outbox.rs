//! Table `outbox`: mails, written with the change that causes them, sent later, each once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Connection;
use crate::domain::ids::{MailKind, OutboxId, ReportId};
use crate::error::Result;

/// A claimed mail: the proof of the claim, to be handed to `sent` or `failed`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    pub id: OutboxId,
    pub kind: MailKind,
    pub recipient: String,
    pub payload: Value,
    pub report_id: Option<ReportId>,
    /// From 1, this one included.
    pub attempts: u32,
    pub lease_owner: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct NewMail {
    pub kind: MailKind,
    pub recipient: String,
    pub payload: Value,
    /// The same key is never sent twice.
    pub dedupe_key: String,
    pub report_id: Option<ReportId>,
}

/// False when a mail with the same key is there already.
pub async fn insert(conn: &impl Connection, new: &NewMail, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// At most `limit` due mails, oldest first, given to nobody else until the lease is over.
pub async fn claim_due(
    conn: &impl Connection,
    owner: &str,
    lease: Duration,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Vec<Mail>> {
    todo!()
}

/// False when the claim was lost.
pub async fn sent(conn: &impl Connection, mail: &Mail, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// Due again at `next_at`; none gives the mail up.
pub async fn failed(
    conn: &impl Connection,
    mail: &Mail,
    next_at: Option<DateTime<Utc>>,
    error: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// Neither sent nor given up.
pub async fn pending(conn: &impl Connection) -> Result<u64> {
    todo!()
}
