//! Vendors: list, view; create, update, remove and price by an operator, audited.

mod input;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reports::Encoded;
use super::{App, Page, pages};
use crate::domain::ids::{CompanySize, Complexity, PriceModel, PriceSource, VendorStatus};
use crate::domain::report::{Freshness, PriceUnit};
use crate::domain::vendors::freshness;
use crate::error::{Error, Result};
use crate::store;
use crate::store::Tx;
use crate::store::audit::NewEntry;
use crate::store::prices::{self, Price};
use crate::store::vendors::{Details, Vendor};
use serde_json::{Value, json};

use input::{check_change, check_new, check_price};

#[derive(Debug, Clone, Default, Serialize)]
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
    #[schemars(regex(pattern = r"^[a-z0-9-]{2,60}$"))]
    pub slug: String,
    #[schemars(length(min = 1, max = 80))]
    pub name: String,
    #[schemars(length(min = 1, max = 60))]
    pub category: String,
    #[schemars(length(min = 1, max = 500))]
    pub description: String,
    #[schemars(url, length(min = 10, max = 500))]
    pub website: String,
    #[schemars(url, length(min = 10, max = 500))]
    pub pricing_url: String,
    pub price_model: PriceModel,
    #[schemars(range(min = 0))]
    #[serde(default)]
    pub starting_price_cents: Option<i64>,
    pub free_tier: bool,
    #[schemars(length(min = 1, max = 4))]
    pub company_sizes: Vec<CompanySize>,
    pub complexity: Complexity,
    #[schemars(range(min = 1, max = 26))]
    pub implementation_weeks: u32,
    #[schemars(range(min = 1, max = 5))]
    #[serde(default)]
    pub api_openness: Option<u32>,
}

/// A change: what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorChange {
    #[schemars(length(min = 1, max = 80))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[schemars(length(min = 1, max = 60))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[schemars(length(min = 1, max = 500))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[schemars(url, length(min = 10, max = 500))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[schemars(url, length(min = 10, max = 500))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_tier: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    #[schemars(range(min = 1, max = 26))]
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
    #[schemars(length(min = 1, max = 60))]
    pub tier_name: String,
    #[schemars(range(min = 0))]
    #[serde(default)]
    pub price_cents: Option<i64>,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    #[schemars(url, length(min = 10, max = 500))]
    pub source_url: String,
}

/// A page of the list, for everybody.
pub async fn list_page(
    app: &App,
    filter: Filter,
    cursor: Option<String>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Encoded> {
    let key = serde_json::to_string(&("vendors", &filter, &cursor, limit))
        .map_err(|error| Error::internal("a filter is not text").caused_by(error))?;
    app.pages.get_or(key, list(app, filter, cursor, limit, now)).await
}

/// A vendor with the whole price history, for everybody.
pub async fn view_page(app: &App, slug: &str, now: DateTime<Utc>) -> Result<Encoded> {
    app.pages.get_or(format!("vendor:{slug}"), view(app, slug, now)).await
}

pub async fn list(
    app: &App,
    filter: Filter,
    cursor: Option<String>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Page<VendorView>> {
    let filter = store::vendors::Filter {
        category: filter.category,
        industry: filter.industry,
        q: filter.query,
        status: filter.status,
    };
    let page = store::vendors::list(app.db.conn(), &filter, cursor.as_deref(), limit.into()).await?;
    let ids: Vec<_> = page.items.iter().map(|vendor| vendor.id).collect();
    let mut prices = prices::current_of(app.db.conn(), &ids).await?;
    Ok(Page::of(page, |vendor| {
        let prices = prices.remove(&vendor.id).unwrap_or_default();
        show(vendor, prices, now)
    }))
}

/// With the whole price history.
pub async fn view(app: &App, slug: &str, now: DateTime<Utc>) -> Result<VendorView> {
    let vendor = find(app, slug).await?;
    let prices = prices::history(app.db.conn(), vendor.id).await?;
    Ok(show(vendor, prices, now))
}

pub async fn create(app: &App, actor: &str, vendor: NewVendor, now: DateTime<Utc>) -> Result<VendorView> {
    check_new(&vendor)?;
    let after = json!(vendor);
    let slug = vendor.slug.clone();
    let details = Details {
        name: vendor.name,
        category: vendor.category,
        cross_industry: false,
        description: vendor.description,
        website: vendor.website,
        pricing_url: vendor.pricing_url,
        price_model: vendor.price_model,
        starting_price_cents: vendor.starting_price_cents,
        currency: "EUR".into(),
        free_tier: vendor.free_tier,
        company_sizes: vendor.company_sizes,
        complexity: vendor.complexity,
        implementation_weeks: vendor.implementation_weeks,
        implementation_cents: 0,
        api_openness: vendor.api_openness,
        rating: 50,
        verified_on: None,
    };
    let tx = app.db.begin().await?;
    store::vendors::insert(tx.conn(), &slug, &details, now).await?;
    store::audit::insert(tx.conn(), &entry(actor, "create", &slug, None, Some(after)), now).await?;
    pages::commit(app, tx).await?;
    view(app, &slug, now).await
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
    check_change(&change)?;
    let vendor = find(app, slug).await?;
    let version = version.unwrap_or(vendor.version);
    let before = json!(show(vendor.clone(), Vec::new(), now));
    let after = json!(change);
    let (old, status) = (vendor.details, change.status.unwrap_or(vendor.status));
    let details = Details {
        name: change.name.unwrap_or(old.name),
        category: change.category.unwrap_or(old.category),
        description: change.description.unwrap_or(old.description),
        website: change.website.unwrap_or(old.website),
        pricing_url: change.pricing_url.unwrap_or(old.pricing_url),
        free_tier: change.free_tier.unwrap_or(old.free_tier),
        complexity: change.complexity.unwrap_or(old.complexity),
        implementation_weeks: change.implementation_weeks.unwrap_or(old.implementation_weeks),
        verified_on: change.verified_on.or(old.verified_on),
        ..old
    };
    let tx = app.db.begin().await?;
    if store::vendors::update(tx.conn(), slug, version, &details, status, now).await?.is_none() {
        return Err(Error::conflict("the vendor was changed in the meantime; load it again"));
    }
    store::audit::insert(tx.conn(), &entry(actor, "update", slug, Some(before), Some(after)), now).await?;
    pages::commit(app, tx).await?;
    view(app, slug, now).await
}

/// Marks it deprecated: reports keep naming it, new ones do not choose it.
pub async fn remove(app: &App, actor: &str, slug: &str, now: DateTime<Utc>) -> Result<()> {
    find(app, slug).await?;
    let tx = app.db.begin().await?;
    store::vendors::deprecate(tx.conn(), slug, now).await?;
    store::audit::insert(tx.conn(), &entry(actor, "deprecate", slug, None, None), now).await?;
    pages::commit(app, tx).await
}

pub async fn add_price(app: &App, actor: &str, slug: &str, price: NewPrice, now: DateTime<Utc>) -> Result<VendorView> {
    check_price(&price, now)?;
    let vendor = find(app, slug).await?;
    let after = json!(price);
    let new = prices::NewPrice {
        vendor_id: vendor.id,
        tier_name: price.tier_name,
        price_cents: price.price_cents,
        currency: vendor.details.currency.clone(),
        per: price.per,
        observed_on: price.observed_on,
        source_url: price.source_url,
        source: PriceSource::Admin,
    };
    let tx = app.db.begin().await?;
    record_price(&tx, &vendor, &new, now).await?;
    store::audit::insert(tx.conn(), &entry(actor, "price", slug, None, Some(after)), now).await?;
    pages::commit(app, tx).await?;
    view(app, slug, now).await
}

/// Writes a price down. Where it supersedes the starting price, new reports count with it; an amount in another currency
/// is only noted.
pub(super) async fn record_price(tx: &Tx, vendor: &Vendor, price: &prices::NewPrice, now: DateTime<Utc>) -> Result<()> {
    let starting = starting_tier(tx.conn(), vendor).await?;
    prices::add(tx, price, now).await?;
    let is_followed = starting.as_ref() == Some(&price.tier_name) && price.currency == vendor.details.currency;
    if !is_followed || price.price_cents == vendor.details.starting_price_cents {
        return Ok(());
    }
    let details = Details { starting_price_cents: price.price_cents, ..vendor.details.clone() };
    let updated = store::vendors::update(tx.conn(), &vendor.slug, vendor.version, &details, vendor.status, now).await?;
    updated.map(drop).ok_or_else(|| Error::conflict("the vendor was changed in the meantime; load it again"))
}

/// The name of the price that reports count with.
pub(super) async fn starting_tier(conn: &impl store::Connection, vendor: &Vendor) -> Result<Option<String>> {
    let current = prices::current(conn, vendor.id).await?;
    let starting = current.into_iter().find(|price| price.price_cents == vendor.details.starting_price_cents);
    Ok(starting.map(|price| price.tier_name))
}

pub(super) async fn find(app: &App, slug: &str) -> Result<Vendor> {
    let vendor = store::vendors::find(app.db.conn(), slug).await?;
    vendor.ok_or_else(|| Error::not_found("there is no such vendor"))
}

pub(super) fn entry(actor: &str, action: &str, slug: &str, before: Option<Value>, after: Option<Value>) -> NewEntry {
    NewEntry {
        actor: actor.into(),
        action: action.into(),
        entity: "vendor".into(),
        entity_id: slug.into(),
        before,
        after,
    }
}

fn show(vendor: Vendor, prices: Vec<Price>, now: DateTime<Utc>) -> VendorView {
    let details = vendor.details;
    let observed_on = prices.iter().map(|price| price.observed_on).max().unwrap_or(vendor.created_at.date_naive());
    VendorView {
        slug: vendor.slug,
        name: details.name,
        category: details.category,
        description: details.description,
        website: details.website,
        pricing_url: details.pricing_url,
        price_model: details.price_model,
        starting_price_cents: details.starting_price_cents,
        currency: details.currency,
        free_tier: details.free_tier,
        company_sizes: details.company_sizes,
        complexity: details.complexity,
        implementation_weeks: details.implementation_weeks,
        api_openness: details.api_openness,
        verified_on: details.verified_on,
        freshness: freshness(details.verified_on, observed_on, now.date_naive()),
        status: vendor.status,
        prices: prices.into_iter().map(PriceView::from).collect(),
        updated_at: vendor.updated_at,
        version: vendor.version,
    }
}

impl From<Price> for PriceView {
    fn from(price: Price) -> Self {
        Self {
            tier_name: price.tier_name,
            price_cents: price.price_cents,
            currency: price.currency,
            per: price.per,
            observed_on: price.observed_on,
            source_url: price.source_url,
            source: price.source,
            superseded_at: price.superseded_at,
        }
    }
}
