//! The seed of the catalogue: the knowledge base's vendors, prices and tiers, written where no admin has been.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::entities::{prices, tiers, vendors};
use super::prices::{NewPrice, Price};
use super::values::{signed, stamp, statement};
use super::vendors::{Details, Seeded, Vendor};
use super::{Connection, Tx};
use crate::domain::ids::{PriceSource, VendorId};
use crate::domain::knowledge::{self, Industry, Knowledge, VendorPrice};
use crate::error::{Error, Result};

pub(super) async fn run(tx: &Tx, knowledge: &Knowledge, now: DateTime<Utc>) -> Result<Seeded> {
    one_at_a_time(tx).await?;
    let mut known = all_vendors(tx).await?;
    let mut priced = super::prices::group(prices::Entity::find().all(tx.conn()).await?)?;
    let mut seeded = Seeded::default();
    for (slug, vendor) in &knowledge.vendors {
        let id = if let Some(row) = known.get(slug) {
            renew(tx, row, vendor, &mut seeded, now).await?;
            row.id
        } else {
            seeded.inserted += 1;
            let row = insert(tx, slug, vendor, now).await?;
            known.entry(slug.clone()).or_insert(row).id
        };
        set_prices(tx, id, priced.remove(&id).unwrap_or_default(), &vendor.prices, now).await?;
    }
    for industry in knowledge.industries.values() {
        set_tiers(tx, industry, &known).await?;
    }
    Ok(seeded)
}

/// Replicas that start together take turns; on SQLite the transaction is the turn.
async fn one_at_a_time(tx: &Tx) -> Result<()> {
    if tx.conn().get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock(hashtext('crb seed'))";
        tx.conn().query_one_raw(statement(tx.conn(), lock, [])).await?;
    }
    Ok(())
}

async fn all_vendors(tx: &Tx) -> Result<BTreeMap<String, Vendor>> {
    let rows = vendors::Entity::find().all(tx.conn()).await?;
    rows.into_iter().map(|row| super::vendors::read(row).map(|vendor| (vendor.slug.clone(), vendor))).collect()
}

async fn insert(tx: &Tx, slug: &str, vendor: &knowledge::Vendor, now: DateTime<Utc>) -> Result<Vendor> {
    let row = super::vendors::new_row(VendorId::new(), slug, &Details::from(vendor), false, now);
    super::vendors::read(vendors::Entity::insert(row).exec_with_returning(tx.conn()).await?)
}

async fn renew(
    tx: &Tx,
    row: &Vendor,
    vendor: &knowledge::Vendor,
    seeded: &mut Seeded,
    now: DateTime<Utc>,
) -> Result<()> {
    let details = Details::from(vendor);
    if row.edited {
        seeded.kept += 1;
    } else if row.details != details {
        seeded.updated += 1;
        let change = vendors::ActiveModel {
            version: Set(row.version + 1),
            updated_at: Set(stamp(now)),
            ..super::vendors::columns(&details)
        };
        vendors::Entity::update_many().set(change).filter(vendors::Column::Id.eq(row.id.0)).exec(tx.conn()).await?;
    }
    Ok(())
}

/// A price list in which anybody but the seed has written is not the seed's any more.
async fn set_prices(
    tx: &Tx,
    vendor_id: VendorId,
    history: Vec<Price>,
    wanted: &[VendorPrice],
    now: DateTime<Utc>,
) -> Result<()> {
    if history.iter().any(|price| price.source != PriceSource::Seed) {
        return Ok(());
    }
    let current: Vec<Price> = history.into_iter().filter(|price| price.superseded_at.is_none()).collect();
    for price in &current {
        if !wanted.iter().any(|wanted| wanted.tier_name == price.tier_name) {
            super::prices::supersede(tx, vendor_id, &price.tier_name, now).await?;
        }
    }
    for price in wanted {
        if current.iter().any(|current| same(current, price)) {
            continue;
        }
        let new = NewPrice {
            vendor_id,
            tier_name: price.tier_name.clone(),
            price_cents: price.price_cents,
            currency: price.currency.clone(),
            per: price.per,
            observed_on: price.observed_on,
            source_url: price.source_url.clone(),
            source: PriceSource::Seed,
        };
        super::prices::add(tx, &new, now).await?;
    }
    Ok(())
}

fn same(current: &Price, wanted: &VendorPrice) -> bool {
    current.tier_name == wanted.tier_name
        && current.price_cents == wanted.price_cents
        && current.currency == wanted.currency
        && current.per == wanted.per
        && current.observed_on == wanted.observed_on
        && current.source_url == wanted.source_url
}

/// Tiers are the knowledge base's alone: they become what it says.
async fn set_tiers(tx: &Tx, industry: &Industry, known: &BTreeMap<String, Vendor>) -> Result<()> {
    let mut wanted: BTreeSet<(Uuid, i32, i32)> = BTreeSet::new();
    for tier in &industry.vendors {
        let Some(vendor) = known.get(&tier.vendor) else {
            return Err(Error::invalid(format!("{}: there is no vendor {:?}", industry.slug, tier.vendor)));
        };
        wanted.insert((vendor.id.0, signed(tier.tier), tier.boost));
    }
    let of_industry = tiers::Column::Industry.eq(industry.slug.as_str());
    let current = tiers::Entity::find().filter(of_industry.clone()).all(tx.conn()).await?;
    if current.iter().map(|row| (row.vendor_id, row.tier, row.boost)).collect::<BTreeSet<_>>() == wanted {
        return Ok(());
    }
    tiers::Entity::delete_many().filter(of_industry).exec(tx.conn()).await?;
    let rows = wanted.into_iter().map(|(vendor_id, tier, boost)| tiers::ActiveModel {
        industry: Set(industry.slug.clone()),
        vendor_id: Set(vendor_id),
        tier: Set(tier),
        boost: Set(boost),
    });
    tiers::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}
