//! What the house knows about its industries and vendors: data with one checked schema, and its content hash.

mod check;
mod load;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Driver;
use super::ids::{CompanySize, Complexity, PriceModel, words};
use super::profile::PainPoint;
use super::report::{Category, PriceUnit};

words! {
    BenchmarkStatus { Verified = "verified", Estimate = "estimate", Unverified = "unverified" }
}

/// The whole base. Read once at start; a fault in it stops the start.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// Content hash of the files, 16 hex digits; stored on every report.
    pub version: String,
    /// By slug.
    pub industries: BTreeMap<String, Industry>,
    /// By slug.
    pub vendors: BTreeMap<String, Vendor>,
}

impl Knowledge {
    pub fn industry(&self, slug: &str) -> Option<&Industry> {
        self.industries.get(slug)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Industry {
    pub slug: String,
    pub name: String,
    /// One sentence for the industry picker.
    pub description: String,
    /// Exactly four.
    pub questions: Vec<IndustryQuestion>,
    /// Five to seven.
    pub opportunities: Vec<Opportunity>,
    /// Eight to twelve.
    pub benchmarks: Vec<Benchmark>,
    /// Eight to twelve, best tier first.
    pub vendors: Vec<VendorTier>,
    /// At least three.
    pub not_recommended: Vec<NotRecommended>,
}

impl Industry {
    pub fn opportunity(&self, id: &str) -> Option<&Opportunity> {
        self.opportunities.iter().find(|opportunity| opportunity.id == id)
    }

    pub fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.benchmarks.iter().find(|benchmark| benchmark.id == id)
    }

    /// The place of a vendor on this industry's list; none for a vendor that is not on it.
    pub fn tier(&self, vendor: &str) -> Option<&VendorTier> {
        self.vendors.iter().find(|tier| tier.vendor == vendor)
    }
}

/// A whole number that only this industry is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndustryQuestion {
    pub id: String,
    pub title: String,
    pub help: String,
    pub min: i64,
    pub max: i64,
    /// Shown behind the field: `EUR`, `%`, `a week`.
    pub unit: String,
    #[serde(default)]
    pub default: Option<i64>,
}

/// A place where automation can pay off in this industry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opportunity {
    pub id: String,
    pub title: String,
    pub description: String,
    pub area: PainPoint,
    pub category: Category,
    /// Which of the customer's figures drives the benefit.
    #[serde(default = "Driver::admin_hours")]
    pub driver: Driver,
    /// Upper bound of the hours a week it can save.
    pub hours_week_max: f64,
    /// Share of revenue it can add at the most, basis points a year.
    #[serde(default)]
    pub revenue_bp_max: u32,
    /// Vendor categories that serve it; a filter of the vendor choice.
    pub vendor_categories: Vec<String>,
    /// Benchmarks that speak for it.
    pub benchmarks: Vec<String>,
    /// What building it costs a company of size `smb`.
    pub custom: CustomRange,
    /// Weeks for an off-the-shelf product, and for a built one.
    pub weeks_buy: u32,
    pub weeks_build: u32,
    /// A first step of half an hour at most, in the imperative.
    pub first_step: String,
    pub first_step_minutes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomRange {
    pub min_cents: i64,
    pub max_cents: i64,
    pub running_monthly_cents: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    pub id: String,
    pub title: String,
    /// The figure in words, with its unit: what the page shows.
    pub statement: String,
    /// The numbers inside `statement`, so that prose may repeat them.
    pub values: Vec<f64>,
    pub publisher: String,
    pub year: u32,
    pub status: BenchmarkStatus,
    #[serde(default)]
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VendorTier {
    pub vendor: String,
    /// 1 (first choice) to 3.
    pub tier: u32,
    /// Points on top of the tier's own, −10 to 10.
    #[serde(default)]
    pub boost: i32,
}

/// What we advise against in this industry, and what to do instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRecommended {
    pub id: String,
    pub title: String,
    pub description: String,
    pub category: Category,
    pub why_not: String,
    pub what_instead: String,
    pub benchmarks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    pub slug: String,
    pub name: String,
    /// A vendor category, e.g. `scheduling`; opportunities name them.
    pub category: String,
    /// Serves every industry.
    #[serde(default)]
    pub cross_industry: bool,
    pub description: String,
    pub website: String,
    pub pricing_url: String,
    pub price_model: PriceModel,
    /// Cents a month (per user where `price_model` says so), never zero: a vendor with a free plan names the cheapest
    /// paid one. None: priced on request.
    #[serde(default)]
    pub starting_price_cents: Option<i64>,
    pub currency: String,
    pub free_tier: bool,
    pub company_sizes: Vec<CompanySize>,
    pub complexity: Complexity,
    pub implementation_weeks: u32,
    /// One-off cost of introducing it.
    #[serde(default)]
    pub implementation_cents: i64,
    /// 1 to 5.
    #[serde(default)]
    pub api_openness: Option<u32>,
    /// 0 to 100: how good it is for those who can pay for it.
    pub rating: u32,
    #[serde(default)]
    pub verified_on: Option<NaiveDate>,
    pub prices: Vec<VendorPrice>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorPrice {
    pub tier_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub observed_on: NaiveDate,
    pub source_url: String,
}
