//! Table `vendor_prices`: a history; one price a tier is current, the others are superseded.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder};

use super::entities::prices;
use super::values::{stamp, word};
use super::{Connection, Tx};
use crate::domain::ids::{PriceId, PriceSource, VendorId};
use crate::domain::report::PriceUnit;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub id: PriceId,
    pub vendor_id: VendorId,
    pub tier_name: String,
    /// None: on request.
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    pub source_url: String,
    pub source: PriceSource,
    pub created_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub struct NewPrice {
    pub vendor_id: VendorId,
    pub tier_name: String,
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    pub source_url: String,
    pub source: PriceSource,
}

/// The current prices of one vendor, cheapest first.
pub async fn current(conn: &impl Connection, vendor_id: VendorId) -> Result<Vec<Price>> {
    Ok(current_of(conn, &[vendor_id]).await?.remove(&vendor_id).unwrap_or_default())
}

/// The current prices of many vendors in one query.
pub async fn current_of(conn: &impl Connection, vendors: &[VendorId]) -> Result<BTreeMap<VendorId, Vec<Price>>> {
    let query = prices::Entity::find()
        .filter(prices::Column::VendorId.is_in(vendors.iter().map(|id| id.0)))
        .filter(prices::Column::SupersededAt.is_null());
    group(query.all(conn).await?)
}

/// Every price ever seen, newest first.
pub async fn history(conn: &impl Connection, vendor_id: VendorId) -> Result<Vec<Price>> {
    let query = prices::Entity::find()
        .filter(prices::Column::VendorId.eq(vendor_id.0))
        .order_by(prices::Column::Id, Order::Desc);
    query.all(conn).await?.into_iter().map(read).collect()
}

/// Supersedes the current price of the same tier.
pub async fn add(tx: &Tx, new: &NewPrice, now: DateTime<Utc>) -> Result<PriceId> {
    supersede(tx, new.vendor_id, &new.tier_name, now).await?;
    let id = PriceId::new();
    let row = prices::ActiveModel {
        id: Set(id.0),
        vendor_id: Set(new.vendor_id.0),
        tier_name: Set(new.tier_name.clone()),
        price_cents: Set(new.price_cents),
        currency: Set(new.currency.clone()),
        per: Set(new.per.to_string()),
        observed_on: Set(new.observed_on),
        source_url: Set(new.source_url.clone()),
        source: Set(new.source.to_string()),
        created_at: Set(stamp(now)),
        superseded_at: Set(None),
    };
    prices::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Ends the current price of a tier, if there is one.
pub(super) async fn supersede(tx: &Tx, vendor_id: VendorId, tier_name: &str, now: DateTime<Utc>) -> Result<()> {
    let change = prices::ActiveModel { superseded_at: Set(Some(stamp(now))), ..Default::default() };
    prices::Entity::update_many()
        .set(change)
        .filter(prices::Column::VendorId.eq(vendor_id.0))
        .filter(prices::Column::TierName.eq(tier_name))
        .filter(prices::Column::SupersededAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// By vendor, cheapest first; what is priced on request comes last.
pub(super) fn group(rows: Vec<prices::Model>) -> Result<BTreeMap<VendorId, Vec<Price>>> {
    let mut grouped: BTreeMap<VendorId, Vec<Price>> = BTreeMap::new();
    for row in rows {
        grouped.entry(VendorId(row.vendor_id)).or_default().push(read(row)?);
    }
    for prices in grouped.values_mut() {
        prices.sort_by(|a, b| {
            let key = |price: &Price| (price.price_cents.is_none(), price.price_cents);
            key(a).cmp(&key(b)).then_with(|| a.tier_name.cmp(&b.tier_name))
        });
    }
    Ok(grouped)
}

fn read(row: prices::Model) -> Result<Price> {
    Ok(Price {
        id: PriceId(row.id),
        vendor_id: VendorId(row.vendor_id),
        tier_name: row.tier_name,
        price_cents: row.price_cents,
        currency: row.currency,
        per: word(&row.per)?,
        observed_on: row.observed_on,
        source_url: row.source_url,
        source: word(&row.source)?,
        created_at: row.created_at,
        superseded_at: row.superseded_at,
    })
}
