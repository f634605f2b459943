//! Vendors: list, view; create, update, remove and price by an operator, audited.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{App, Page};
use crate::domain::ids::{CompanySize, Complexity, PriceModel, PriceSource, VendorStatus};
use crate::domain::report::{Freshness, PriceUnit};
use crate::error::Result;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub category: Option<String>,
    pub industry: Option<String>,
    /// Part of the name.
    pub query: Option<String>,
    pub status: Option<VendorStatus>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VendorView {
    pub slug: String,
    pub name: String,
    pub category: String,
    pub description: String,
    pub website: String,
    pub pricing_url: String,
    pub price_model: PriceModel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starting_price_cents: Option<i64>,
    pub currency: String,
    pub free_tier: bool,
    pub company_sizes: Vec<CompanySize>,
    pub complexity: Complexity,
    pub implementation_weeks: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_openness: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<NaiveDate>,
    pub freshness: Freshness,
    pub status: VendorStatus,
    pub prices: Vec<PriceView>,
    pub updated_at: DateTime<Utc>,
    /// Send it back as `If-Match` with a change.
    pub version: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceView {
    pub tier_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    pub source_url: String,
    pub source: PriceSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<DateTime<Utc>>,
}

/// A new vendor, as an operator enters it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVendor {
    pub slug: String,
    pub name: String,
    pub category: String,
    pub description: String,
    pub website: String,
    pub pricing_url: String,
    pub price_model: PriceModel,
    #[serde(default)]
    pub starting_price_cents: Option<i64>,
    pub free_tier: bool,
    pub company_sizes: Vec<CompanySize>,
    pub complexity: Complexity,
    pub implementation_weeks: u32,
    #[serde(default)]
    pub api_openness: Option<u32>,
}

/// A change: what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_tier: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implementation_weeks: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<VendorStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    pub tier_name: String,
    #[serde(default)]
    pub price_cents: Option<i64>,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    pub source_url: String,
}

pub async fn list(
    app: &App,
    filter: Filter,
    cursor: Option<String>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Page<VendorView>> {
    let _ = (app, filter, cursor, limit, now);
    todo!()
}

/// With the whole price history.
pub async fn view(app: &App, slug: &str, now: DateTime<Utc>) -> Result<VendorView> {
    let _ = (app, slug, now);
    todo!()
}

pub async fn create(app: &App, actor: &str, vendor: NewVendor, now: DateTime<Utc>) -> Result<VendorView> {
    let _ = (app, actor, vendor, now);
    todo!()
}

/// `version` is optional: with it a stale change is a conflict.
pub async fn update(
    app: &App,
    actor: &str,
    slug: &str,
    version: Option<i64>,
    change: VendorChange,
    now: DateTime<Utc>,
) -> Result<VendorView> {
    let _ = (app, actor, slug, version, change, now);
    todo!()
}

/// Marks it deprecated: reports keep naming it, new ones do not choose it.
pub async fn remove(app: &App, actor: &str, slug: &str, now: DateTime<Utc>) -> Result<()> {
    let _ = (app, actor, slug, now);
    todo!()
}

pub async fn add_price(app: &App, actor: &str, slug: &str, price: NewPrice, now: DateTime<Utc>) -> Result<VendorView> {
    let _ = (app, actor, slug, price, now);
    todo!()
}
