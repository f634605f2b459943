//! Tables `vendors` and `industry_vendor_tiers`: the catalogue, seeded from the knowledge base, edited by admins.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::entities::{prices, tiers, vendors};
use super::prices::Price;
use super::values::{signed, stamp, statement, unsigned, word};
use super::{Connection, Page, Tx, seed};
use crate::domain::ids::{CompanySize, Complexity, PriceModel, VendorId, VendorStatus};
use crate::domain::knowledge::{self, Knowledge, VendorTier};
use crate::error::{Error, Result};

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
    seed::run(tx, knowledge, now).await
}

/// By slug.
pub async fn list(conn: &impl Connection, filter: &Filter, cursor: Option<&str>, limit: u64) -> Result<Page<Vendor>> {
    let mut query = vendors::Entity::find().order_by(vendors::Column::Slug, Order::Asc).limit(limit + 1);
    query = match filter.status {
        Some(status) => query.filter(vendors::Column::Status.eq(status.as_str())),
        None => query.filter(vendors::Column::Status.ne(VendorStatus::Deprecated.as_str())),
    };
    if let Some(category) = &filter.category {
        query = query.filter(vendors::Column::Category.eq(category.as_str()));
    }
    if let Some(industry) = &filter.industry {
        let tiered = tiers::Entity::find()
            .select_only()
            .column(tiers::Column::VendorId)
            .filter(tiers::Column::Industry.eq(industry.as_str()))
            .into_query();
        let cross = vendors::Column::CrossIndustry.eq(true);
        query = query.filter(Condition::any().add(cross).add(vendors::Column::Id.in_subquery(tiered)));
    }
    if let Some(q) = &filter.q {
        query = query.filter(contains(q));
    }
    if let Some(slug) = cursor {
        query = query.filter(vendors::Column::Slug.gt(slug));
    }
    let items = query.all(conn).await?.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, limit, |vendor| vendor.slug.clone()))
}

pub async fn find(conn: &impl Connection, slug: &str) -> Result<Option<Vendor>> {
    vendors::Entity::find().filter(vendors::Column::Slug.eq(slug)).one(conn).await?.map(read).transpose()
}

pub async fn by_id(conn: &impl Connection, id: VendorId) -> Result<Option<Vendor>> {
    vendors::Entity::find_by_id(id.0).one(conn).await?.map(read).transpose()
}

/// Active, version 1, marked as edited. `Conflict` when the slug is taken.
pub async fn insert(conn: &impl Connection, slug: &str, details: &Details, now: DateTime<Utc>) -> Result<VendorId> {
    let id = VendorId::new();
    let row = new_row(id, slug, details, true, now);
    vendors::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(id)
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
    let next = version + 1;
    let change = vendors::ActiveModel {
        status: Set(status.to_string()),
        edited: Set(true),
        version: Set(next),
        updated_at: Set(stamp(now)),
        ..columns(details)
    };
    let done = vendors::Entity::update_many()
        .set(change)
        .filter(vendors::Column::Slug.eq(slug))
        .filter(vendors::Column::Version.eq(version))
        .exec(conn)
        .await?;
    Ok((done.rows_affected == 1).then_some(next))
}

/// False when the slug is unknown.
pub async fn deprecate(conn: &impl Connection, slug: &str, now: DateTime<Utc>) -> Result<bool> {
    let change = vendors::ActiveModel {
        status: Set(VendorStatus::Deprecated.to_string()),
        edited: Set(true),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    let done = vendors::Entity::update_many()
        .set(change)
        .col_expr(vendors::Column::Version, Expr::col(vendors::Column::Version).add(1))
        .filter(vendors::Column::Slug.eq(slug))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The tiers of an industry, best first, deprecated vendors left out.
pub async fn tiers(conn: &impl Connection, industry: &str) -> Result<Vec<VendorTier>> {
    let sql = "SELECT vendors.slug, tiers.tier, tiers.boost FROM industry_vendor_tiers tiers \
               JOIN vendors ON vendors.id = tiers.vendor_id \
               WHERE tiers.industry = $1 AND vendors.status <> 'deprecated' \
               ORDER BY tiers.tier, tiers.boost DESC, vendors.slug";
    let rows = conn.query_all_raw(statement(conn, sql, [industry.into()])).await?;
    rows.iter()
        .map(|row| {
            Ok(VendorTier {
                vendor: row.try_get("", "slug")?,
                tier: unsigned(row.try_get::<i32>("", "tier")?),
                boost: row.try_get("", "boost")?,
            })
        })
        .collect()
}

/// The active vendors with their current prices: what the engine chooses from.
pub async fn catalogue(conn: &impl Connection) -> Result<Vec<knowledge::Vendor>> {
    let query = vendors::Entity::find()
        .filter(vendors::Column::Status.eq(VendorStatus::Active.as_str()))
        .order_by(vendors::Column::Slug, Order::Asc);
    let vendors = query.all(conn).await?.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let current = prices::Entity::find().filter(prices::Column::SupersededAt.is_null()).all(conn).await?;
    let mut current = super::prices::group(current)?;
    Ok(vendors
        .into_iter()
        .map(|vendor| {
            let prices = current.remove(&vendor.id).unwrap_or_default();
            for_engine(vendor, prices)
        })
        .collect())
}

impl From<&knowledge::Vendor> for Details {
    fn from(vendor: &knowledge::Vendor) -> Self {
        Self {
            name: vendor.name.clone(),
            category: vendor.category.clone(),
            cross_industry: vendor.cross_industry,
            description: vendor.description.clone(),
            website: vendor.website.clone(),
            pricing_url: vendor.pricing_url.clone(),
            price_model: vendor.price_model,
            starting_price_cents: vendor.starting_price_cents,
            currency: vendor.currency.clone(),
            free_tier: vendor.free_tier,
            company_sizes: vendor.company_sizes.clone(),
            complexity: vendor.complexity,
            implementation_weeks: vendor.implementation_weeks,
            implementation_cents: vendor.implementation_cents,
            api_openness: vendor.api_openness,
            rating: vendor.rating,
            verified_on: vendor.verified_on,
        }
    }
}

fn for_engine(vendor: Vendor, prices: Vec<Price>) -> knowledge::Vendor {
    let details = vendor.details;
    knowledge::Vendor {
        slug: vendor.slug,
        name: details.name,
        category: details.category,
        cross_industry: details.cross_industry,
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
        implementation_cents: details.implementation_cents,
        api_openness: details.api_openness,
        rating: details.rating,
        verified_on: details.verified_on,
        prices: prices
            .into_iter()
            .map(|price| knowledge::VendorPrice {
                tier_name: price.tier_name,
                price_cents: price.price_cents,
                currency: price.currency,
                per: price.per,
                observed_on: price.observed_on,
                source_url: price.source_url,
            })
            .collect(),
    }
}

/// The words a visitor typed, anywhere in the name, the slug or the description; their wildcards mean themselves.
fn contains(q: &str) -> Condition {
    let escaped = q.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let columns = [vendors::Column::Name, vendors::Column::Slug, vendors::Column::Description];
    columns
        .into_iter()
        .fold(Condition::any(), |any, column| any.add(Expr::expr(Func::lower(Expr::col(column))).like(pattern.clone())))
}

pub(super) fn new_row(
    id: VendorId,
    slug: &str,
    details: &Details,
    edited: bool,
    now: DateTime<Utc>,
) -> vendors::ActiveModel {
    vendors::ActiveModel {
        id: Set(id.0),
        slug: Set(slug.to_owned()),
        status: Set(VendorStatus::Active.to_string()),
        edited: Set(edited),
        version: Set(1),
        created_at: Set(stamp(now)),
        updated_at: Set(stamp(now)),
        ..columns(details)
    }
}

pub(super) fn columns(details: &Details) -> vendors::ActiveModel {
    vendors::ActiveModel {
        name: Set(details.name.clone()),
        category: Set(details.category.clone()),
        cross_industry: Set(details.cross_industry),
        description: Set(details.description.clone()),
        website: Set(details.website.clone()),
        pricing_url: Set(details.pricing_url.clone()),
        price_model: Set(details.price_model.to_string()),
        starting_price_cents: Set(details.starting_price_cents),
        currency: Set(details.currency.clone()),
        free_tier: Set(details.free_tier),
        company_sizes: Set(details.company_sizes.iter().map(|size| size.as_str()).collect()),
        complexity: Set(details.complexity.to_string()),
        implementation_weeks: Set(signed(details.implementation_weeks)),
        implementation_cents: Set(details.implementation_cents),
        api_openness: Set(details.api_openness.map(signed)),
        rating: Set(signed(details.rating)),
        verified_on: Set(details.verified_on),
        ..Default::default()
    }
}

pub(super) fn read(row: vendors::Model) -> Result<Vendor> {
    let company_sizes = serde_json::from_value(row.company_sizes)
        .map_err(|error| Error::internal("the company sizes of a vendor cannot be read").caused_by(error))?;
    Ok(Vendor {
        id: VendorId(row.id),
        slug: row.slug,
        details: Details {
            name: row.name,
            category: row.category,
            cross_industry: row.cross_industry,
            description: row.description,
            website: row.website,
            pricing_url: row.pricing_url,
            price_model: word(&row.price_model)?,
            starting_price_cents: row.starting_price_cents,
            currency: row.currency,
            free_tier: row.free_tier,
            company_sizes,
            complexity: word(&row.complexity)?,
            implementation_weeks: unsigned(row.implementation_weeks),
            implementation_cents: row.implementation_cents,
            api_openness: row.api_openness.map(unsigned),
            rating: unsigned(row.rating),
            verified_on: row.verified_on,
        },
        status: word(&row.status)?,
        edited: row.edited,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
