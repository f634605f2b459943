//! What an opportunity can save this customer: hours from the customer's own figures, revenue where they gave some.

use serde::{Deserialize, Serialize};

use super::super::ids::words;
use super::super::knowledge::Opportunity;
use super::super::money::{euros, hours};
use super::super::profile::Profile;
use super::super::roi::WEEKS;

words! {
    /// Which figure of the customer's drives an opportunity's benefit.
    Driver {
        AdminHours = "admin_hours", MissedCalls = "missed_calls", NoShows = "no_shows", Drafting = "drafting",
        Dispatch = "dispatch", TimeCapture = "time_capture",
    }
}

impl Driver {
    pub(crate) const fn admin_hours() -> Self {
        Self::AdminHours
    }
}

/// Share of the team's admin hours that one opportunity can reach: more where the customer named its area.
const NAMED_SHARE_BP: u32 = 4_000;
const OTHER_SHARE_BP: u32 = 2_000;
/// Share of drafting hours that assistance saves; vendors claim more.
const DRAFTING_SHARE_BP: u32 = 5_000;
/// Missed callers who are reached after all, of whom so many book.
const RECOVERED_CALLS_BP: i64 = 3_000;
const CALL_TO_BOOKING_BP: i64 = 7_000;
/// What reminders leave of no-shows, and what a no-show costs of its appointment.
const NO_SHOW_FLOOR_PERCENT: i64 = 10;
const NO_SHOW_COST_BP: i64 = 7_000;
/// Jobs that better dispatch adds, and billable hours that better capture finds; vendors claim several times as much.
const EXTRA_JOBS_BP: i64 = 200;
const FOUND_HOURS_BP: i64 = 200;
/// Hours of a fee earner's week.
const WEEK_HOURS: i64 = 40;
/// Work days in a week.
const DAYS: i64 = 5;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Half-hour steps.
    pub hours_week: f64,
    pub revenue_year_cents: i64,
    /// Questions whose figures went in.
    pub basis: Vec<String>,
    /// The sum in words.
    pub calculation: String,
}

pub fn estimate(profile: &Profile, opportunity: &Opportunity) -> Estimate {
    let (hours_week, hours_basis, hours_words) = hours_of(profile, opportunity);
    let revenue = revenue_of(profile, opportunity);
    let mut basis = vec![hours_basis.to_owned()];
    let mut calculation = hours_words;
    let mut revenue_year_cents = 0;
    if let Some((cents, questions, words)) = revenue {
        revenue_year_cents = cents;
        basis.extend(questions.iter().map(|id| (*id).to_owned()));
        calculation = format!("{calculation}; {words}");
    }
    if revenue_year_cents == 0 && hours_week == 0.0 {
        basis.clear();
    }
    Estimate { hours_week, revenue_year_cents, basis, calculation }
}

fn hours_of(profile: &Profile, opportunity: &Opportunity) -> (f64, &'static str, String) {
    let (from, share_bp, basis, what) = if opportunity.driver == Driver::Drafting {
        let drafting = profile.industry_answers.get("drafting_hours_week").copied().unwrap_or_default();
        (drafting as f64, DRAFTING_SHARE_BP, "drafting_hours_week", "hours of drafting")
    } else {
        let named = profile.pain_points.contains(&opportunity.area);
        let share = if named { NAMED_SHARE_BP } else { OTHER_SHARE_BP };
        (f64::from(profile.admin_hours_week), share, "admin_hours_week", "admin hours")
    };
    let reachable = from * f64::from(share_bp) / 10_000.0;
    let bounded = reachable.min(opportunity.hours_week_max).min(profile.capacity_hours_week()).min(60.0);
    let credited = (bounded * 2.0).floor() / 2.0;
    let words = format!(
        "{} {what} a week × {} %, at most {}: {} hours a week",
        hours(from),
        share_bp / 100,
        hours(opportunity.hours_week_max),
        hours(credited)
    );
    (credited, basis, words)
}

type Revenue = (i64, &'static [&'static str], String);

fn revenue_of(profile: &Profile, opportunity: &Opportunity) -> Option<Revenue> {
    if opportunity.revenue_bp_max == 0 {
        return None;
    }
    let answer = |id: &str| profile.industry_answers.get(id).copied();
    let weeks = i64::from(WEEKS);
    let (cents, basis, words): Revenue = match opportunity.driver {
        Driver::MissedCalls => {
            let (calls, value, basis): (i64, i64, &'static [&'static str]) =
                match (answer("missed_calls_week"), answer("missed_calls_day")) {
                    (Some(calls), _) => {
                        (calls, answer("avg_appointment_eur")?, &["missed_calls_week", "avg_appointment_eur"])
                    }
                    (None, Some(calls)) => {
                        (calls * DAYS, answer("avg_ticket_eur")?, &["missed_calls_day", "avg_ticket_eur"])
                    }
                    (None, None) => return None,
                };
            let booked_bp = RECOVERED_CALLS_BP * CALL_TO_BOOKING_BP / 10_000;
            let cents = calls * weeks * value * 100 * booked_bp / 10_000;
            let words = format!(
                "{calls} missed calls a week × {weeks} weeks × {} % reached × {} % booked × {}",
                RECOVERED_CALLS_BP / 100,
                CALL_TO_BOOKING_BP / 100,
                euros(value * 100)
            );
            (cents, basis, words)
        }
        Driver::NoShows => {
            let (patients, percent, value) =
                (answer("patients_week")?, answer("no_show_pct")?, answer("avg_appointment_eur")?);
            let avoidable = (percent - NO_SHOW_FLOOR_PERCENT).max(0);
            let cents = patients * weeks * avoidable * value * NO_SHOW_COST_BP / 10_000;
            let words = format!(
                "{patients} patients a week × {weeks} weeks × {avoidable} % avoidable no-shows × {} % of {}",
                NO_SHOW_COST_BP / 100,
                euros(value * 100)
            );
            (cents, &["patients_week", "no_show_pct", "avg_appointment_eur"], words)
        }
        Driver::Dispatch => {
            let (people, jobs, value) =
                (answer("technicians")?, answer("jobs_per_tech_day")?, answer("avg_ticket_eur")?);
            let cents = people * jobs * DAYS * weeks * value * 100 / 10_000 * EXTRA_JOBS_BP;
            let words = format!(
                "{people} technicians × {jobs} jobs a day × {DAYS} days × {weeks} weeks × {} % more jobs × {}",
                EXTRA_JOBS_BP / 100,
                euros(value * 100)
            );
            (cents, &["technicians", "jobs_per_tech_day", "avg_ticket_eur"], words)
        }
        Driver::TimeCapture => {
            let (people, rate, used) =
                (answer("fee_earners")?, answer("billable_rate_eur")?, answer("utilisation_pct")?);
            let cents = people * WEEK_HOURS * used * weeks * rate * FOUND_HOURS_BP / 10_000;
            let words = format!(
                "{people} fee earners × {WEEK_HOURS} hours × {used} % utilisation × {weeks} weeks × {} % more hours captured × {}",
                FOUND_HOURS_BP / 100,
                euros(rate * 100)
            );
            (cents, &["fee_earners", "billable_rate_eur", "utilisation_pct"], words)
        }
        Driver::AdminHours | Driver::Drafting => return None,
    };
    let bound = profile
        .annual_revenue_band
        .midpoint_cents()
        .map(|cents| cents / 10_000 * i64::from(opportunity.revenue_bp_max));
    match bound {
        Some(bound) if cents > bound => {
            let share = f64::from(opportunity.revenue_bp_max) / 100.0;
            Some((bound, basis, format!("{words}, at most {} % of revenue: {} a year", hours(share), euros(bound))))
        }
        _ if cents > 0 => Some((cents, basis, format!("{words}: {} a year", euros(cents)))),
        _ => None,
    }
}
