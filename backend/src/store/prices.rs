//! Table `vendor_prices`: a history; one price a tier is current, the others are superseded.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

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
    todo!()
}

/// The current prices of many vendors in one query.
pub async fn current_of(conn: &impl Connection, vendors: &[VendorId]) -> Result<BTreeMap<VendorId, Vec<Price>>> {
    todo!()
}

/// Every price ever seen, newest first.
pub async fn history(conn: &impl Connection, vendor_id: VendorId) -> Result<Vec<Price>> {
    todo!()
}

/// Supersedes the current price of the same tier.
pub async fn add(tx: &Tx, new: &NewPrice, now: DateTime<Utc>) -> Result<PriceId> {
    todo!()
}
