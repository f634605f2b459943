//! Table `idempotency_keys`: the answer to a request that may be sent twice.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::Connection;
use super::entities::idempotency;
use super::values::stamp;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// A second request with the same key and another body is refused by this.
    pub request_hash: String,
    pub status: u16,
    pub response: Value,
}

pub async fn find(conn: &impl Connection, key: &str, route: &str, now: DateTime<Utc>) -> Result<Option<Answer>> {
    let row = idempotency::Entity::find_by_id((key.to_owned(), route.to_owned()))
        .filter(idempotency::Column::ExpiresAt.gt(stamp(now)))
        .one(conn)
        .await?;
    Ok(row.map(|row| Answer {
        request_hash: row.request_hash,
        status: u16::try_from(row.status).unwrap_or(500),
        response: row.response,
    }))
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
    let row = idempotency::ActiveModel {
        key: Set(key.to_owned()),
        route: Set(route.to_owned()),
        request_hash: Set(answer.request_hash.clone()),
        status: Set(i32::from(answer.status)),
        response: Set(answer.response.clone()),
        created_at: Set(stamp(now)),
        expires_at: Set(stamp(expires_at)),
    };
    // A spent key that no sweep has deleted yet is free again.
    let spent = Expr::col((idempotency::Entity, idempotency::Column::ExpiresAt)).lte(stamp(now));
    let replace = OnConflict::columns([idempotency::Column::Key, idempotency::Column::Route])
        .update_columns([
            idempotency::Column::RequestHash,
            idempotency::Column::Status,
            idempotency::Column::Response,
            idempotency::Column::CreatedAt,
            idempotency::Column::ExpiresAt,
        ])
        .action_and_where(spent)
        .to_owned();
    let rows = idempotency::Entity::insert(row).on_conflict(replace).exec_without_returning(conn).await?;
    Ok(rows == 1)
}

/// Deletes what has expired. How many.
pub async fn expire(conn: &impl Connection, now: DateTime<Utc>) -> Result<u64> {
    let done =
        idempotency::Entity::delete_many().filter(idempotency::Column::ExpiresAt.lte(stamp(now))).exec(conn).await?;
    Ok(done.rows_affected)
}
