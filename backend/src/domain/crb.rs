//! Cost, risk and benefit of an option: NET, priority, eligibility, fit, and the winner of three.
//!
//! Sums are integers up to the last division, so equal scores are equal.

use super::profile::{Budget, Capability, Preference, Profile, Urgency};
use super::report::{BenefitDims, CostDims, OptionKind, Priority, ReportOption, RiskBand};
use super::roi::divide;

/// C: the mean of six, 0 to 10.
pub fn mean_costs(costs: &CostDims) -> f64 {
    f64::from(cost_sum(costs)) / 6.0
}

/// B: the mean of four, 0 to 10.
pub fn mean_benefits(benefits: &BenefitDims) -> f64 {
    f64::from(benefit_sum(benefits)) / 4.0
}

/// R = P·I·(V+D)/2 with each of the four between 1 and 5: from 1 to 125 in half steps.
pub fn risk_score(p: u32, i: u32, v: u32, d: u32) -> f64 {
    let [p, i, v, d] = [p, i, v, d].map(|value| value.clamp(1, 5));
    f64::from(p * i * (v + d)) / 2.0
}

/// Low below 10 (a quick win may carry it), moderate below 25 (a strategic step may), high below 50, then severe.
pub fn risk_band(score: f64) -> RiskBand {
    match score {
        low if low < 10.0 => RiskBand::Low,
        moderate if moderate < 25.0 => RiskBand::Moderate,
        high if high < 50.0 => RiskBand::High,
        _ => RiskBand::Severe,
    }
}

/// NET = B − C − R/10, two decimals, half away from zero.
pub fn net(costs: &CostDims, benefits: &BenefitDims, risk_score: f64) -> f64 {
    // In sixtieths: B is quarters, C sixths, R/10 twentieths.
    let risk_halves = (risk_score.clamp(0.0, 125.0) * 2.0).round() as i128;
    let sixtieths = 15 * i128::from(benefit_sum(benefits)) - 10 * i128::from(cost_sum(costs)) - 3 * risk_halves;
    divide(sixtieths * 100, 60) as f64 / 100.0
}

/// The cost dimension that comes from the euros: 10 is a first year that uses up the whole budget.
pub fn financial_cost(year1_cents: i64, profile: &Profile) -> u32 {
    let budget_year = 12 * i128::from(profile.budget_comfort.monthly_ceiling_cents());
    divide(10 * i128::from(year1_cents), budget_year).clamp(0, 10) as u32
}

/// The benefit dimension that comes from the euros: −100 % is 0, +300 % is 10, linear.
pub fn financial_benefit(conservative_roi_raw_bp: i64) -> u32 {
    divide(10 * (i128::from(conservative_roi_raw_bp) + 10_000), 40_000).clamp(0, 10) as u32
}

/// Why this customer cannot take such an option; none if they can.
pub fn ineligible(kind: OptionKind, profile: &Profile) -> Option<String> {
    let uneasy = profile.technology_comfort < 4;
    let unable = matches!(profile.implementation_capability, Capability::NonTechnical | Capability::TutorialFollower);
    let reason = match kind {
        OptionKind::BestInClass if profile.budget_comfort < Budget::Comfortable => {
            "The leading product costs more than the monthly budget you are comfortable with."
        }
        OptionKind::Custom if uneasy && unable => {
            "A solution of your own needs more ease with technology than you report, and someone who can automate or \
             develop."
        }
        OptionKind::Custom if uneasy => "A solution of your own needs more ease with technology than you report.",
        OptionKind::Custom if unable => {
            "A solution of your own needs someone in your team who can automate or develop."
        }
        OptionKind::OffTheShelf | OptionKind::BestInClass | OptionKind::Custom => return None,
    };
    Some(reason.to_owned())
}

/// What to do with it, from its means B and C, its risk R and its weeks.
pub fn priority(b: f64, c: f64, r: f64, weeks: u32) -> Priority {
    if b >= 6.0 && c <= 4.0 && r < 10.0 && weeks <= 2 {
        Priority::QuickWin
    } else if b >= 6.0 && r < 25.0 {
        Priority::Strategic
    } else if b >= 4.0 {
        Priority::Consider
    } else {
        Priority::Defer
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitInput {
    pub kind: OptionKind,
    pub year1_cents: i64,
    pub weeks: u32,
}

/// How well an option suits the customer, 0 to 100; shown beside NET and never mixed into it.
pub fn fit(input: FitInput, profile: &Profile) -> u32 {
    let way = way(input.kind, profile);
    let preferred = match input.kind {
        OptionKind::OffTheShelf => profile.implementation_preference == Preference::Buy,
        OptionKind::BestInClass => profile.implementation_preference == Preference::Connect,
        OptionKind::Custom => matches!(profile.implementation_preference, Preference::Build | Preference::Hire),
    };
    let budget = ladder(input.year1_cents.into(), yearly_limit_cents(profile.budget_comfort));
    let time = ladder(i128::from(input.weeks) * 7, days(profile.implementation_urgency));
    let value = 80;
    let weighted = 30 * capability(way, profile.implementation_capability)
        + 20 * if preferred { 100 } else { 60 }
        + 20 * budget
        + 15 * time
        + 15 * value;
    divide(i128::from(weighted), 100) as u32
}

/// Highest NET among the eligible; ties go to the lower cost, then to the earlier kind. None where none is above zero.
pub fn winner(options: &[ReportOption]) -> Option<OptionKind> {
    let hundredths = |option: &ReportOption| (option.net * 100.0).round() as i64;
    options
        .iter()
        .filter(|option| option.eligible && hundredths(option) > 0)
        .min_by_key(|option| (std::cmp::Reverse(hundredths(option)), cost_sum(&option.cost_dims), option.kind))
        .map(|option| option.kind)
}

/// The row of the capability matrix for a kind of option. A ready product is bought; the leading one is connected to
/// what is there. A solution of one's own is built by those who can (from `automation_user` on) and hired for by the
/// others, unless the customer says which of the two they want.
const fn way(kind: OptionKind, profile: &Profile) -> Preference {
    match (kind, profile.implementation_preference, profile.implementation_capability) {
        (OptionKind::OffTheShelf, ..) => Preference::Buy,
        (OptionKind::BestInClass, ..) => Preference::Connect,
        (OptionKind::Custom, Preference::Hire, _)
        | (
            OptionKind::Custom,
            Preference::Buy | Preference::Connect,
            Capability::NonTechnical | Capability::TutorialFollower,
        ) => Preference::Hire,
        (OptionKind::Custom, ..) => Preference::Build,
    }
}

const fn capability(way: Preference, capability: Capability) -> u32 {
    let row = match way {
        Preference::Buy => [100, 100, 90, 80, 70],
        Preference::Connect => [20, 60, 100, 90, 85],
        Preference::Build => [10, 30, 50, 100, 100],
        Preference::Hire => [90, 85, 80, 70, 50],
    };
    row[capability as usize]
}

/// 100 up to half of the limit, 80 up to the limit, 50 up to one and a half, then 20.
const fn ladder(value: i128, limit: i128) -> u32 {
    match value * 2 {
        doubled if doubled <= limit => 100,
        doubled if doubled <= 2 * limit => 80,
        doubled if doubled <= 3 * limit => 50,
        _ => 20,
    }
}

const fn yearly_limit_cents(budget: Budget) -> i128 {
    match budget {
        Budget::Low => 60_000,
        Budget::Moderate => 240_000,
        Budget::Comfortable => 600_000,
        Budget::High => 5_000_000,
    }
}

const fn days(urgency: Urgency) -> i128 {
    match urgency {
        Urgency::ThisWeek => 7,
        Urgency::ThisMonth => 30,
        Urgency::ThisQuarter => 90,
        Urgency::NoRush => 365,
    }
}

fn cost_sum(costs: &CostDims) -> u32 {
    let CostDims { financial, time, opportunity, complexity, risk_reversibility, brand_trust } = *costs;
    [financial, time, opportunity, complexity, risk_reversibility, brand_trust].map(|value| value.min(10)).iter().sum()
}

fn benefit_sum(benefits: &BenefitDims) -> u32 {
    let BenefitDims { financial, time, strategic, quality } = *benefits;
    [financial, time, strategic, quality].map(|value| value.min(10)).iter().sum()
}

#[cfg(test)]
mod tests;
