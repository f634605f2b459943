//! What a figure may be at the most: clipped, warned about or rejected, each with its reason.
//!
//! Benefits are clipped down to what is possible. Costs are never clipped: a smaller cost would flatter the option, so
//! an option beyond them is rejected.

use super::super::ids::{CompanySize, words};
use super::super::profile::Profile;
use super::super::report::RoiInputs;
use super::compute;

const HOURS_MIN: f64 = 0.5;
const HOURS_MAX: f64 = 60.0;
const RATE_MIN_CENTS: i64 = 1_000;
const RATE_MAX_CENTS: i64 = 50_000;
const IMPLEMENTATION_MAX_CENTS: i64 = 5_000_000;
const MONTHLY_MAX_CENTS: i64 = 200_000;

words! {
    /// Which bound was broken; the word is the code of a warning.
    Breach {
        HoursTooLow = "hours_too_low", HoursTooHigh = "hours_too_high", HoursAboveCapacity = "hours_above_capacity",
        RateTooLow = "rate_too_low", RateTooHigh = "rate_too_high", NoBenefit = "no_benefit",
        SavingHigh = "saving_high", SavingTooHigh = "saving_too_high",
        ImplementationTooHigh = "implementation_too_high", MonthlyTooHigh = "monthly_too_high",
    }
    Action { Clip = "clip", Warn = "warn", Reject = "reject" }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub breach: Breach,
    pub action: Action,
    pub message: String,
}

/// Every bound that these inputs break. The yearly saving is judged after clipping, as the expected benefit of a year.
pub fn bounds(inputs: &RoiInputs, profile: &Profile) -> Vec<Bound> {
    let clipped = clip(inputs, profile);
    let saving = i128::from(compute(&clipped).expected.benefit_year_cents);
    let over = |percent: i128| {
        let midpoint = profile.annual_revenue_band.midpoint_cents();
        midpoint.is_some_and(|cents| saving * 100 > i128::from(cents) * percent)
    };
    let small = matches!(profile.size(), CompanySize::Startup | CompanySize::Smb);
    let has_hours = inputs.hours_week > 0.0;

    let mut found = Vec::new();
    let mut note = |broken: bool, breach, action, message: &str| {
        if broken {
            found.push(Bound { breach, action, message: message.to_owned() });
        }
    };
    note(
        has_hours && inputs.hours_week < HOURS_MIN,
        Breach::HoursTooLow,
        Action::Clip,
        "less than half an hour a week is not counted",
    );
    note(
        inputs.hours_week > HOURS_MAX,
        Breach::HoursTooHigh,
        Action::Clip,
        "no single measure is credited with more than 60 hours a week",
    );
    note(
        inputs.hours_week > profile.capacity_hours_week(),
        Breach::HoursAboveCapacity,
        Action::Clip,
        "no measure is credited with more than half of the team's working time",
    );
    note(
        inputs.rate_cents < RATE_MIN_CENTS,
        Breach::RateTooLow,
        Action::Clip,
        "an hour is counted with at least 10 euros",
    );
    note(
        inputs.rate_cents > RATE_MAX_CENTS,
        Breach::RateTooHigh,
        Action::Clip,
        "an hour is counted with at most 500 euros",
    );
    note(
        clipped.hours_week <= 0.0 && clipped.revenue_year_cents <= 0,
        Breach::NoBenefit,
        Action::Reject,
        "neither time nor revenue is gained",
    );
    note(
        over(30) && !over(50),
        Breach::SavingHigh,
        Action::Warn,
        "the yearly benefit is above 30 % of the estimated revenue",
    );
    note(over(50), Breach::SavingTooHigh, Action::Reject, "the yearly benefit is above 50 % of the estimated revenue");
    note(
        inputs.implementation_cents > IMPLEMENTATION_MAX_CENTS,
        Breach::ImplementationTooHigh,
        Action::Reject,
        "the introduction costs more than 50,000 euros",
    );
    note(
        small && inputs.monthly_cents > MONTHLY_MAX_CENTS,
        Breach::MonthlyTooHigh,
        Action::Reject,
        "the running cost is above 2,000 euros a month, too much for a company of this size",
    );
    found
}

/// The inputs with hours and rate brought inside their bounds: hours in half-hour steps, rounded down.
#[must_use]
pub fn clip(inputs: &RoiInputs, profile: &Profile) -> RoiInputs {
    let ceiling = HOURS_MAX.min(profile.capacity_hours_week());
    // `max` also turns what is not a number into none.
    let hours = inputs.hours_week.max(0.0).min(ceiling);
    RoiInputs {
        hours_week: (hours * 2.0).floor() / 2.0,
        rate_cents: inputs.rate_cents.clamp(RATE_MIN_CENTS, RATE_MAX_CENTS),
        ..inputs.clone()
    }
}
