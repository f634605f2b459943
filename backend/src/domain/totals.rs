//! Sums over the winning options of the recommended findings, and over nothing else: no hour is counted twice.

use super::report::{Hours, Range, ReportOption, RoiInputs, Scenarios};
use super::roi::{SCALE, divide, saturated, yearly};

/// Spread around the expected value, in percent.
const TIME_SPREAD: i128 = 20;
const REVENUE_SPREAD: i128 = 30;
const YEARS: i128 = 3;

/// Hours a week that each recommendation is credited with: together never more than `capacity`.
///
/// Above it all are cut in proportion. Half-hour steps, rounded down: what is lost by rounding is given to nobody, and
/// sums of halves are exact.
pub fn credit_hours(raw: &[f64], capacity: f64) -> Vec<f64> {
    let raw: Vec<i128> = raw.iter().map(|&hours| halves(hours)).collect();
    let (sum, capacity) = (raw.iter().sum::<i128>(), halves(capacity));
    let credited = |hours: i128| if sum > capacity { hours * capacity / sum } else { hours };
    raw.into_iter().map(|hours| credited(hours) as f64 / 2.0).collect()
}

/// Both sums as the document shows them.
pub fn hours(raw: &[f64], capacity: f64) -> Hours {
    let whole = raw.iter().map(|&hours| halves(hours)).sum::<i128>();
    Hours { raw: whole as f64 / 2.0, credited: credit_hours(raw, capacity).iter().sum() }
}

/// The value of three years before its cost (which stands beside it as the investment): time ±20 %, revenue ±30 %
/// around the expected. Give it the inputs of the winning options, with `hours_week` as credited.
pub fn total_value(winners: &[RoiInputs]) -> Scenarios {
    let (mut time, mut revenue) = (0_i128, 0_i128);
    for inputs in winners {
        let value = yearly(inputs);
        time = time.saturating_add(value.time);
        revenue = revenue.saturating_add(value.revenue);
    }
    // Beyond this bound there is no money in the world; it keeps the products below inside `i128`.
    let bound = i128::MAX / 1_000;
    let (time, revenue) = (time.min(bound), revenue.min(bound));
    let cents = |direction: i128| {
        let percent = time * (100 + direction * TIME_SPREAD) + revenue * (100 + direction * REVENUE_SPREAD);
        saturated(divide(percent * YEARS, SCALE * 100))
    };
    Scenarios { conservative_cents: cents(-1), expected_cents: cents(0), optimistic_cents: cents(1) }
}

/// What one winning option costs to introduce, and to run for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Investment {
    pub implementation_min_cents: i64,
    pub implementation_max_cents: i64,
    pub monthly_cents: i64,
}

impl Investment {
    /// From the option's price, or from the range of what is built. An option with neither costs nothing.
    pub fn of(option: &ReportOption) -> Self {
        match (&option.price, &option.custom) {
            (Some(price), _) => Self {
                implementation_min_cents: price.implementation_cents,
                implementation_max_cents: price.implementation_cents,
                monthly_cents: price.estimated_monthly_cents,
            },
            (None, Some(custom)) => Self {
                implementation_min_cents: custom.min_cents,
                implementation_max_cents: custom.max_cents,
                monthly_cents: custom.running_monthly_cents,
            },
            (None, None) => Self { implementation_min_cents: 0, implementation_max_cents: 0, monthly_cents: 0 },
        }
    }
}

/// Introduction and twelve months of all winning options.
pub fn investment_year1(winners: &[Investment]) -> Range {
    let sum = |implementation: fn(&Investment) -> i64| {
        let year1 = |winner: &Investment| i128::from(implementation(winner)) + 12 * i128::from(winner.monthly_cents);
        saturated(winners.iter().map(year1).sum())
    };
    Range {
        min_cents: sum(|winner| winner.implementation_min_cents.min(winner.implementation_max_cents)),
        max_cents: sum(|winner| winner.implementation_max_cents.max(winner.implementation_min_cents)),
    }
}

/// Half hours, rounded down; not a number and below zero count as none.
fn halves(hours: f64) -> i128 {
    (hours.clamp(0.0, 1_000_000.0) * 2.0).floor() as i128
}
