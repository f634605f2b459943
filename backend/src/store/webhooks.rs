//! Table `webhook_events`: every event once, so that a repeated delivery has no second effect.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Connection;
use crate::domain::ids::{PaymentProvider, WebhookOutcome};
use crate::error::Result;

/// True when the event is new; false when it was recorded before.
pub async fn record(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
    event_type: &str,
    payload: &Value,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

pub async fn finish(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
    outcome: WebhookOutcome,
    now: DateTime<Utc>,
) -> Result<()> {
    todo!()
}

/// None: never seen. `Some(None)`: recorded, not finished.
pub async fn outcome(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
) -> Result<Option<Option<WebhookOutcome>>> {
    todo!()
}
