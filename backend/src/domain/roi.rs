//! The one ROI engine: integer cents in, three scenarios out, exact in between.
//!
//! Every intermediate value is a fraction over a fixed denominator in `i128`; rounding happens once a figure, half
//! away from zero. The page computes the same by the vectors in `tests/vectors/roi.json`.

use super::confidence::factor_bp;
use super::report::{Constants, Roi, RoiInputs, RoiScenario, Sensitivity};

mod bounds;

pub use bounds::{Action, Bound, Breach, bounds, clip};

/// Working weeks a year.
pub const WEEKS: u32 = 48;
/// Share of the saved time that becomes useful time.
pub const EFFICIENCY_BP: u32 = 7_000;
/// Share of the people who really use the new way.
pub const ADOPTION_BP: u32 = 8_000;
/// Share of added revenue that is counted as benefit.
pub const REVENUE_SHARE_BP: u32 = 5_000;
/// Loaded cost of an hour where the customer gives none.
pub const DEFAULT_RATE_CENTS: i64 = 5_000;
/// No more than 500 % is shown.
pub const CAP_BP: i64 = 50_000;

pub const CONSERVATIVE_BP: u32 = 7_000;
pub const EXPECTED_BP: u32 = 10_000;
pub const OPTIMISTIC_BP: u32 = 13_000;
/// The sensitivity line halves the expected benefit.
pub const SENSITIVITY_BP: u32 = 5_000;

const BP: i128 = 10_000;
/// Denominator of a yearly value: tenths of hours, efficiency, adoption, confidence.
pub(super) const SCALE: i128 = 10 * BP * BP * BP;

/// Inputs beyond these are counted as these, so that no product leaves `i128`; real ones are far below.
const MONEY_MAX_CENTS: i64 = 10_000_000_000_000;
const HOURS_MAX: f64 = 10_000.0;

/// What the document says about the formula.
pub const fn constants() -> Constants {
    Constants { weeks: WEEKS, efficiency_bp: EFFICIENCY_BP, adoption_bp: ADOPTION_BP }
}

pub fn compute(inputs: &RoiInputs) -> Roi {
    Roi {
        conservative: scenario(inputs, CONSERVATIVE_BP),
        expected: scenario(inputs, EXPECTED_BP),
        optimistic: scenario(inputs, OPTIMISTIC_BP),
        inputs: inputs.clone(),
    }
}

/// The same with half of the expected benefit.
pub fn sensitivity(inputs: &RoiInputs) -> Sensitivity {
    let RoiScenario { roi_bp, payback_months, net_3y_cents, .. } = scenario(inputs, SENSITIVITY_BP);
    Sensitivity { roi_bp, payback_months, net_3y_cents }
}

/// A payback under three months or an ROI above 300 % is too good to stand alone.
pub fn needs_sensitivity(shown: &RoiScenario) -> bool {
    shown.payback_months.is_some_and(|months| months < 3.0) || shown.roi_raw_bp > 30_000
}

/// What an option costs in its first year.
pub fn year1_cents(inputs: &RoiInputs) -> i64 {
    saturated(cost_year1(inputs))
}

/// A year's benefit in its two parts, numerators over `SCALE` cents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yearly {
    pub(super) time: i128,
    pub(super) revenue: i128,
}

pub(super) fn yearly(inputs: &RoiInputs) -> Yearly {
    let confidence = i128::from(factor_bp(inputs.confidence));
    let time = tenths(inputs.hours_week)
        * money(inputs.rate_cents)
        * i128::from(WEEKS)
        * i128::from(EFFICIENCY_BP)
        * i128::from(ADOPTION_BP)
        * confidence;
    let revenue = money(inputs.revenue_year_cents) * confidence * i128::from(REVENUE_SHARE_BP) * (SCALE / (BP * BP));
    Yearly { time, revenue }
}

/// One scenario. Without any cost in the first year the ratio has no value: it then counts as the cap, marked as
/// capped, where there is a benefit, and as zero where there is none.
fn scenario(inputs: &RoiInputs, share_bp: u32) -> RoiScenario {
    let Yearly { time, revenue } = yearly(inputs);
    let benefit = divide((time + revenue) * i128::from(share_bp), SCALE * BP);
    let (implementation, monthly) = (money(inputs.implementation_cents), money(inputs.monthly_cents));
    let cost = cost_year1(inputs);
    let raw = match cost {
        0 if benefit > 0 => i128::from(CAP_BP),
        0 => 0,
        _ => divide((benefit - cost) * BP, cost),
    };
    let gain_year = benefit - 12 * monthly;
    RoiScenario {
        benefit_year_cents: saturated(benefit),
        roi_bp: saturated(raw).min(CAP_BP),
        roi_raw_bp: saturated(raw),
        capped: raw > i128::from(CAP_BP) || (cost == 0 && benefit > 0),
        // implementation ÷ (benefit/12 − monthly), in hundredths of a month.
        payback_months: (gain_year > 0).then(|| divide(implementation * 12 * 100, gain_year) as f64 / 100.0),
        net_3y_cents: saturated(3 * benefit - implementation - 36 * monthly),
    }
}

fn cost_year1(inputs: &RoiInputs) -> i128 {
    money(inputs.implementation_cents) + 12 * money(inputs.monthly_cents)
}

/// Hours in tenths: half-hour steps are exact. Not a number and below zero count as none.
fn tenths(hours: f64) -> i128 {
    (hours.clamp(0.0, HOURS_MAX) * 10.0).round() as i128
}

fn money(cents: i64) -> i128 {
    i128::from(cents.clamp(0, MONEY_MAX_CENTS))
}

/// `numerator ÷ denominator`, rounded half away from zero. The denominator is positive.
pub(super) const fn divide(numerator: i128, denominator: i128) -> i128 {
    let half = if numerator < 0 { -(denominator / 2) } else { denominator / 2 };
    (numerator + half) / denominator
}

pub(super) fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests;
