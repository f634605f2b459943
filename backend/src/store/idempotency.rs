//! Table `idempotency_keys`: the answer to a request that may be sent twice.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Connection;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// A second request with the same key and another body is refused by this.
    pub request_hash: String,
    pub status: u16,
    pub response: Value,
}

pub async fn find(conn: &impl Connection, key: &str, route: &str, now: DateTime<Utc>) -> Result<Option<Answer>> {
    todo!()
}

/// False when the key is taken: read it again.
pub async fn put(
    conn: &impl Connection,
    key: &str,
    route: &str,
    answer: &Answer,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// Deletes what has expired. How many.
pub async fn expire(conn: &impl Connection, now: DateTime<Utc>) -> Result<u64> {
    todo!()
}
