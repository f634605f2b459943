//! Which vendors fit an opportunity, what they cost this customer, and how far their prices can be trusted.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::ids::{CompanySize, Complexity, PriceModel};
use super::knowledge::{Knowledge, Opportunity, Vendor, VendorTier};
use super::profile::{Budget, Profile};
use super::report::{CustomCost, Freshness, Price, PriceUnit};
use crate::error::{Error, Result};

/// What a report must say about every vendor price in it.
pub const PRICE_NOTE: &str = "Vendor prices are starting prices as last observed; larger plans cost more. Prices that \
     a vendor lists in US dollars are counted as the same number of euros. Ask for a quote before you decide.";

/// Products of this category can be bent to almost any task; they stand in where nothing else can be named.
pub const SUBSTITUTE_CATEGORY: &str = "automation";

/// Seats that a price per user is multiplied with when vendors are compared without a customer in mind.
const TYPICAL_USERS: i64 = 5;
/// No vendor grants its list price above this; a quote replaces it.
const MAX_USERS: u32 = 25;
/// Where not one vendor of a category publishes a price.
const UNKNOWN_MONTHLY_CENTS: i64 = 25_000;
const FRESH_DAYS: i64 = 90;
const AGING_DAYS: i64 = 180;

/// How a vendor came to be a candidate. Earlier is better, whatever the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Of the right category and on the industry's list.
    Industry,
    /// Of the right category, made for everybody.
    CrossIndustry,
    /// Of another category: an automation platform that would have to be taught the task.
    Substitute,
}

/// A vendor measured against one customer and one opportunity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked<'a> {
    pub vendor: &'a Vendor,
    pub score: i32,
    /// What the vendor would cost this customer a month.
    pub monthly_cents: i64,
    pub implementation_cents: i64,
    pub standing: Standing,
    pub within_budget: bool,
}

/// The three ways to serve an opportunity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choices<'a> {
    pub off_the_shelf: Ranked<'a>,
    pub best_in_class: Ranked<'a>,
    pub custom: CustomChoice,
}

/// Building it: a range, and the weeks it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomChoice {
    pub min_cents: i64,
    pub max_cents: i64,
    pub running_monthly_cents: i64,
    pub weeks: u32,
}

/// The candidates among the current vendors: by standing, then score (highest first), price (lowest first) and slug.
///
/// The catalogue is what the database holds today. Where it has fewer than two candidates, or none that can be
/// introduced without a project, the automation platforms of the knowledge base fill it up.
pub fn rank<'a>(
    knowledge: &'a Knowledge,
    catalogue: &'a [Vendor],
    profile: &Profile,
    opportunity: &Opportunity,
) -> Vec<Ranked<'a>> {
    let industry = knowledge.industry(&profile.industry);
    let measure = |vendor: &'a Vendor| {
        let tier = industry.and_then(|industry| industry.tier(&vendor.slug));
        let standing = standing(vendor, tier, opportunity)?;
        let monthly_cents = estimated_monthly_cents(vendor, profile, catalogue);
        Some(Ranked {
            vendor,
            score: score(vendor, tier, profile, monthly_cents),
            monthly_cents,
            implementation_cents: implementation_cents(vendor, profile),
            standing,
            within_budget: monthly_cents <= profile.budget_comfort.monthly_ceiling_cents(),
        })
    };
    let mut ranked: Vec<Ranked> = catalogue.iter().filter_map(measure).collect();
    if ranked.len() < 2 || !ranked.iter().any(|candidate| is_simple(candidate)) {
        let known: Vec<&str> = ranked.iter().map(|candidate| candidate.vendor.slug.as_str()).collect();
        let spare =
            knowledge.vendors.values().filter(|vendor| is_substitute(vendor) && !known.contains(&vendor.slug.as_str()));
        ranked.extend(spare.filter_map(measure));
    }
    ranked.sort_by_key(|candidate| {
        (candidate.standing, Reverse(candidate.score), candidate.monthly_cents, candidate.vendor.slug.as_str())
    });
    ranked
}

/// The three options of a recommendation.
///
/// - off the shelf: the best score among what is simple (complexity low or medium) and within the budget. Where every
///   simple product of the right kind is too dear, the cheapest of them stands, marked by `within_budget: false`: a
///   cheap product of another kind would not save the hours that the report credits. A substitute comes last.
/// - best in class: the best rated of the rest, whatever it costs; one made for companies of this size comes first,
///   because the best product for a company ten times as large is not the best for this one.
/// - custom: the opportunity's cost range for a company of this size.
///
/// A knowledge base that passed its check always yields all three.
pub fn choose<'a>(
    knowledge: &'a Knowledge,
    catalogue: &'a [Vendor],
    profile: &Profile,
    opportunity: &Opportunity,
) -> Result<Choices<'a>> {
    let ranked = rank(knowledge, catalogue, profile, opportunity);
    let nothing = || Error::internal(format!("fewer than two vendors can serve {:?}", opportunity.id));
    let simple = || ranked.iter().filter(|candidate| is_simple(candidate));
    let (of_kind, others): (Vec<&Ranked>, Vec<&Ranked>) = simple().partition(|candidate| !candidate.is_substitute());
    let affordable =
        |candidates: &[&Ranked<'a>]| candidates.iter().find(|candidate| candidate.within_budget).map(|found| **found);
    let off_the_shelf = affordable(&of_kind)
        .or_else(|| of_kind.iter().min_by_key(|candidate| candidate.monthly_cents).map(|found| **found))
        .or_else(|| affordable(&others))
        .or_else(|| others.first().map(|found| **found))
        .ok_or_else(nothing)?;
    let best_in_class = ranked
        .iter()
        .filter(|candidate| candidate.vendor.slug != off_the_shelf.vendor.slug)
        .min_by_key(|candidate| {
            (candidate.standing, !fits_size(candidate.vendor, profile), Reverse(candidate.vendor.rating))
        })
        .copied()
        .ok_or_else(nothing)?;
    Ok(Choices { off_the_shelf, best_in_class, custom: custom(opportunity, profile) })
}

impl Ranked<'_> {
    /// The product is of another kind than the task asks for; the report must say so.
    pub fn is_substitute(&self) -> bool {
        self.standing == Standing::Substitute
    }

    /// The price as the report shows it. A vendor without any recorded price was "observed" today to have none.
    pub fn price(&self, today: NaiveDate) -> Price {
        let vendor = self.vendor;
        let starting = vendor.prices.iter().find(|price| price.price_cents == vendor.starting_price_cents);
        let observed_on = starting.or(vendor.prices.first()).map_or(today, |price| price.observed_on);
        Price {
            monthly_cents: vendor.starting_price_cents,
            estimated_monthly_cents: self.monthly_cents,
            implementation_cents: self.implementation_cents,
            per: price_unit(vendor.price_model),
            verified_on: vendor.verified_on,
            observed_on,
            freshness: freshness(vendor.verified_on, observed_on, today),
        }
    }
}

impl CustomChoice {
    /// The middle of the range: what the figures use.
    pub const fn implementation_cents(self) -> i64 {
        i64::midpoint(self.min_cents, self.max_cents)
    }

    /// The cost as the report shows it.
    pub const fn cost(self) -> CustomCost {
        CustomCost {
            min_cents: self.min_cents,
            max_cents: self.max_cents,
            running_monthly_cents: self.running_monthly_cents,
        }
    }
}

/// What a vendor costs this customer a month.
///
/// Per user: the price times `users`. Flat, per location (one location) and usage: the starting price. On request: the
/// median of the starting prices of its category (per-user prices for five users), times the size factor; where the
/// category publishes no price, 250 euros times the size factor.
pub fn estimated_monthly_cents(vendor: &Vendor, profile: &Profile, catalogue: &[Vendor]) -> i64 {
    match vendor.starting_price_cents {
        Some(price) if vendor.price_model == PriceModel::PerUser => price * i64::from(users(profile)),
        Some(price) => price,
        None => {
            let median = median_cents(catalogue, &vendor.category).unwrap_or(UNKNOWN_MONTHLY_CENTS);
            for_size(median, profile.size())
        }
    }
}

/// Who needs a seat: half of the team, rounded up, at most 25. Nobody is asked for it, so it is an assumption to list.
pub fn users(profile: &Profile) -> u32 {
    profile.employee_count.div_ceil(2).clamp(1, MAX_USERS)
}

/// What introducing a vendor costs once: its own figure, for a company of this size.
pub const fn implementation_cents(vendor: &Vendor, profile: &Profile) -> i64 {
    for_size(vendor.implementation_cents, profile.size())
}

/// What building the opportunity's solution costs a company of this size.
pub const fn custom(opportunity: &Opportunity, profile: &Profile) -> CustomChoice {
    let (range, size) = (opportunity.custom, profile.size());
    CustomChoice {
        min_cents: for_size(range.min_cents, size),
        max_cents: for_size(range.max_cents, size),
        running_monthly_cents: for_size(range.running_monthly_cents, size),
        weeks: opportunity.weeks_build,
    }
}

/// How far a price can be trusted. A price that was seen after the last verification has itself never been verified.
pub fn freshness(verified_on: Option<NaiveDate>, observed_on: NaiveDate, today: NaiveDate) -> Freshness {
    let Some(verified_on) = verified_on.filter(|day| *day >= observed_on) else {
        return Freshness::Unverified;
    };
    let age = (today - verified_on).num_days();
    if age <= FRESH_DAYS {
        Freshness::Fresh
    } else if age <= AGING_DAYS {
        Freshness::Aging
    } else {
        Freshness::Stale
    }
}

/// What one starting price buys. On request counts as one flat price.
pub const fn price_unit(model: PriceModel) -> PriceUnit {
    match model {
        PriceModel::PerUser => PriceUnit::User,
        PriceModel::PerLocation => PriceUnit::Location,
        PriceModel::Usage => PriceUnit::Usage,
        PriceModel::Flat | PriceModel::Custom => PriceUnit::Flat,
    }
}

/// Whether a vendor may stand in for products of another kind.
pub fn is_substitute(vendor: &Vendor) -> bool {
    vendor.cross_industry && vendor.category == SUBSTITUTE_CATEGORY
}

fn standing(vendor: &Vendor, tier: Option<&VendorTier>, opportunity: &Opportunity) -> Option<Standing> {
    let of_kind = opportunity.vendor_categories.contains(&vendor.category);
    match (of_kind, tier) {
        (true, Some(_)) => Some(Standing::Industry),
        (true, None) if vendor.cross_industry => Some(Standing::CrossIndustry),
        (false, _) if is_substitute(vendor) => Some(Standing::Substitute),
        _ => None,
    }
}

fn score(vendor: &Vendor, tier: Option<&VendorTier>, profile: &Profile, monthly_cents: i64) -> i32 {
    let tier_points = tier.map_or(0, |tier| {
        tier.boost
            + match tier.tier {
                1 => 30,
                2 => 20,
                _ => 10,
            }
    });
    let size_points = if fits_size(vendor, profile) { 20 } else { -10 };
    let complexity_points = match vendor.complexity {
        Complexity::Low => 10,
        Complexity::Medium => 0,
        Complexity::High => -5,
    };
    let free_points = if vendor.free_tier { 5 } else { 0 };
    let budget_points = match (profile.budget_comfort, vendor.starting_price_cents) {
        (Budget::Low, None) => -25,
        // One point for every 10 euros above 100, at most 20.
        (Budget::Low, Some(_)) => -((monthly_cents - 10_000) / 1_000).clamp(0, 20) as i32,
        _ => 0,
    };
    50 + tier_points + size_points + complexity_points + free_points + budget_points
}

fn fits_size(vendor: &Vendor, profile: &Profile) -> bool {
    vendor.company_sizes.contains(&profile.size())
}

fn is_simple(candidate: &Ranked) -> bool {
    candidate.vendor.complexity != Complexity::High
}

fn median_cents(catalogue: &[Vendor], category: &str) -> Option<i64> {
    let of_category = catalogue.iter().filter(|vendor| vendor.category == category);
    let mut prices: Vec<i64> = of_category
        .filter_map(|vendor| {
            let seats = if vendor.price_model == PriceModel::PerUser { TYPICAL_USERS } else { 1 };
            vendor.starting_price_cents.map(|price| price * seats)
        })
        .collect();
    prices.sort_unstable();
    let upper = *prices.get(prices.len() / 2)?;
    let lower = prices[(prices.len() - 1) / 2];
    Some(i64::midpoint(lower, upper))
}

/// Costs are given for a company of size `smb`; the others pay 0.6, 1.8 and 3 times as much.
const fn for_size(cents: i64, size: CompanySize) -> i64 {
    let tenths = match size {
        CompanySize::Startup => 6,
        CompanySize::Smb => 10,
        CompanySize::MidMarket => 18,
        CompanySize::Enterprise => 30,
    };
    cents * tenths / 10
}

#[cfg(test)]
mod tests;
