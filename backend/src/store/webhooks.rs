//! Table `webhook_events`: every event once, so that a repeated delivery has no second effect.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};
use serde_json::Value;

use super::Connection;
use super::entities::webhooks;
use super::values::{stamp, word_or_none};
use crate::domain::ids::{PaymentProvider, WebhookOutcome};
use crate::error::{Error, Result};

/// True when the event is new; false when it was recorded before.
pub async fn record(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
    event_type: &str,
    payload: &Value,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = webhooks::ActiveModel {
        provider: Set(provider.to_string()),
        event_id: Set(event_id.to_owned()),
        event_type: Set(event_type.to_owned()),
        received_at: Set(stamp(now)),
        payload: Set(payload.clone()),
        ..Default::default()
    };
    let done = webhooks::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(conn).await?;
    Ok(matches!(done, TryInsertResult::Inserted(1)))
}

pub async fn finish(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
    outcome: WebhookOutcome,
    now: DateTime<Utc>,
) -> Result<()> {
    let change = webhooks::ActiveModel {
        outcome: Set(Some(outcome.to_string())),
        processed_at: Set(Some(stamp(now))),
        ..Default::default()
    };
    let done = webhooks::Entity::update_many()
        .set(change)
        .filter(webhooks::Column::Provider.eq(provider.as_str()))
        .filter(webhooks::Column::EventId.eq(event_id))
        .exec(conn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::not_found("this event was never recorded")) }
}

/// None: never seen. `Some(None)`: recorded, not finished.
pub async fn outcome(
    conn: &impl Connection,
    provider: PaymentProvider,
    event_id: &str,
) -> Result<Option<Option<WebhookOutcome>>> {
    let key = (provider.to_string(), event_id.to_owned());
    let row = webhooks::Entity::find_by_id(key).one(conn).await?;
    row.map(|row| word_or_none(row.outcome.as_deref())).transpose()
}
