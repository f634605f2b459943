//! Table `price_proposals`: prices found by a look-up, waiting for a person.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::entities::proposals;
use super::page::id_cursor;
use super::values::{stamp, word};
use super::{Connection, Page};
use crate::domain::ids::{ProposalStatus, VendorId};
use crate::domain::report::PriceUnit;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: Uuid,
    pub vendor_id: VendorId,
    pub tier_name: String,
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    pub observed_on: NaiveDate,
    /// The words of the page that the price was read from.
    pub excerpt: String,
    pub status: ProposalStatus,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
}

#[derive(Debug, Clone)]
pub struct NewProposal {
    pub vendor_id: VendorId,
    pub tier_name: String,
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    pub observed_on: NaiveDate,
    pub excerpt: String,
}

pub async fn insert(conn: &impl Connection, new: &NewProposal, now: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = proposals::ActiveModel {
        id: Set(id),
        vendor_id: Set(new.vendor_id.0),
        tier_name: Set(new.tier_name.clone()),
        price_cents: Set(new.price_cents),
        currency: Set(new.currency.clone()),
        per: Set(new.per.to_string()),
        source_url: Set(new.source_url.clone()),
        observed_on: Set(new.observed_on),
        excerpt: Set(new.excerpt.clone()),
        status: Set(ProposalStatus::Proposed.to_string()),
        created_at: Set(stamp(now)),
        ..Default::default()
    };
    proposals::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(id)
}

pub async fn find(conn: &impl Connection, id: Uuid) -> Result<Option<Proposal>> {
    proposals::Entity::find_by_id(id).one(conn).await?.map(read).transpose()
}

/// Newest first.
pub async fn list(
    conn: &impl Connection,
    status: Option<ProposalStatus>,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page<Proposal>> {
    let mut query = proposals::Entity::find().order_by(proposals::Column::Id, Order::Desc).limit(limit + 1);
    if let Some(status) = status {
        query = query.filter(proposals::Column::Status.eq(status.as_str()));
    }
    if let Some(id) = id_cursor(cursor)? {
        query = query.filter(proposals::Column::Id.lt(id));
    }
    let items = query.all(conn).await?.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, limit, |proposal| proposal.id.to_string()))
}

/// proposed → accepted | rejected. False when it was decided before.
pub async fn decide(
    conn: &impl Connection,
    id: Uuid,
    status: ProposalStatus,
    decided_by: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = proposals::ActiveModel {
        status: Set(status.to_string()),
        decided_at: Set(Some(stamp(now))),
        decided_by: Set(Some(decided_by.to_owned())),
        ..Default::default()
    };
    let done = proposals::Entity::update_many()
        .set(change)
        .filter(proposals::Column::Id.eq(id))
        .filter(proposals::Column::Status.eq(ProposalStatus::Proposed.as_str()))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn read(row: proposals::Model) -> Result<Proposal> {
    Ok(Proposal {
        id: row.id,
        vendor_id: VendorId(row.vendor_id),
        tier_name: row.tier_name,
        price_cents: row.price_cents,
        currency: row.currency,
        per: word(&row.per)?,
        source_url: row.source_url,
        observed_on: row.observed_on,
        excerpt: row.excerpt,
        status: word(&row.status)?,
        created_at: row.created_at,
        decided_at: row.decided_at,
        decided_by: row.decided_by,
    })
}
