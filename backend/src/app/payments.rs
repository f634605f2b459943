//! Payments: what Stripe tells us, taken once.

use chrono::{DateTime, Utc};

use super::App;
use crate::error::Result;

/// Verifies the raw bytes and applies the event with all its effects in one transaction. A bad or old signature is
/// `Malformed` (400); a duplicate does nothing and is fine.
pub async fn receive(app: &App, body: &[u8], signature: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    let _ = (app, body, signature, now);
    todo!()
}
