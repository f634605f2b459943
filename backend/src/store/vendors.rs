//! Tables `vendors` and `industry_vendor_tiers`: the catalogue, seeded from the knowledge base, edited by admins.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Connection, Page, Tx};
use crate::domain::ids::{CompanySize, Complexity, PriceModel, VendorId, VendorStatus};
use crate::domain::knowledge::{self, Knowledge, VendorTier};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub struct Vendor {
    pub id: VendorId,
    pub slug: String,
    pub details: Details,
    pub status: VendorStatus,
    /// An admin has touched it: the seed leaves it alone.
    pub edited: bool,
    /// Grows with every change: the ETag of the row.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Everything an admin can change.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    pub name: String,
    pub category: String,
    pub cross_industry: bool,
    pub description: String,
    pub website: String,
    pub pricing_url: String,
    pub price_model: PriceModel,
    pub starting_price_cents: Option<i64>,
    pub currency: String,
    pub free_tier: bool,
    pub company_sizes: Vec<CompanySize>,
    pub complexity: Complexity,
    pub implementation_weeks: u32,
    pub implementation_cents: i64,
    pub api_openness: Option<u32>,
    pub rating: u32,
    pub verified_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub category: Option<String>,
    /// Vendors with a tier in this industry, and those that serve every industry.
    pub industry: Option<String>,
    /// Part of the name, slug or description, case aside.
    pub q: Option<String>,
    /// None: all but the deprecated.
    pub status: Option<VendorStatus>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    pub inserted: u64,
    pub updated: u64,
    /// Left alone, because an admin edited them.
    pub kept: u64,
}

/// Writes the knowledge base's vendors, prices and tiers. Safe to run again; a row or a price list that an admin
/// touched stays as it is; nothing is deprecated.
pub async fn seed(tx: &Tx, knowledge: &Knowledge, now: DateTime<Utc>) -> Result<Seeded> {
    todo!()
}

/// By slug.
pub async fn list(conn: &impl Connection, filter: &Filter, cursor: Option<&str>, limit: u64) -> Result<Page<Vendor>> {
    todo!()
}

pub async fn find(conn: &impl Connection, slug: &str) -> Result<Option<Vendor>> {
    todo!()
}

/// Active, version 1, marked as edited. `Conflict` when the slug is taken.
pub async fn insert(conn: &impl Connection, slug: &str, details: &Details, now: DateTime<Utc>) -> Result<VendorId> {
    todo!()
}

/// The new version; none when `version` is stale or the slug unknown.
pub async fn update(
    conn: &impl Connection,
    slug: &str,
    version: i64,
    details: &Details,
    status: VendorStatus,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    todo!()
}

/// False when the slug is unknown.
pub async fn deprecate(conn: &impl Connection, slug: &str, now: DateTime<Utc>) -> Result<bool> {
    todo!()
}

/// The tiers of an industry, best first, deprecated vendors left out.
pub async fn tiers(conn: &impl Connection, industry: &str) -> Result<Vec<VendorTier>> {
    todo!()
}

/// The active vendors with their current prices: what the engine chooses from.
pub async fn catalogue(conn: &impl Connection) -> Result<Vec<knowledge::Vendor>> {
    todo!()
}
