//! Table `audit_log`: who changed what. Written in the transaction of the change, never updated.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::entities::audit;
use super::page::id_cursor;
use super::values::stamp;
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
    let id = AuditId::new();
    let row = audit::ActiveModel {
        id: Set(id.0),
        actor: Set(new.actor.clone()),
        action: Set(new.action.clone()),
        entity: Set(new.entity.clone()),
        entity_id: Set(new.entity_id.clone()),
        before: Set(new.before.clone()),
        after: Set(new.after.clone()),
        at: Set(stamp(now)),
    };
    audit::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(id)
}

/// Newest first.
pub async fn list(conn: &impl Connection, cursor: Option<&str>, limit: u64) -> Result<Page<Entry>> {
    let mut query = audit::Entity::find().order_by(audit::Column::Id, Order::Desc).limit(limit + 1);
    if let Some(id) = id_cursor(cursor)? {
        query = query.filter(audit::Column::Id.lt(id));
    }
    let items = query.all(conn).await?.into_iter().map(read).collect();
    Ok(Page::cut(items, limit, |entry| entry.id.to_string()))
}

fn read(row: audit::Model) -> Entry {
    Entry {
        id: AuditId(row.id),
        actor: row.actor,
        action: row.action,
        entity: row.entity,
        entity_id: row.entity_id,
        before: row.before,
        after: row.after,
        at: row.at,
    }
}
