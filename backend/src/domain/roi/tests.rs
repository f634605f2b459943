//! The vectors that page and engine share, and what holds for every input.

use proptest::prelude::*;
use serde::Deserialize;

use super::super::fixtures::{any_profile, profile};
use super::super::profile::{Profile, RevenueBand};
use super::super::report::Confidence;
use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    constants: Constants,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    inputs: RoiInputs,
    conservative: RoiScenario,
    expected: RoiScenario,
    optimistic: RoiScenario,
    needs_sensitivity: bool,
    sensitivity: Sensitivity,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/roi.json")).expect("the vectors parse")
}

#[test]
fn every_vector_is_computed_to_the_cent() {
    let vectors = vectors();
    assert_eq!(vectors.constants, constants());
    assert!(vectors.cases.len() >= 12);
    for case in vectors.cases {
        let roi = compute(&case.inputs);
        assert_eq!(roi.conservative, case.conservative, "{}", case.name);
        assert_eq!(roi.expected, case.expected, "{}", case.name);
        assert_eq!(roi.optimistic, case.optimistic, "{}", case.name);
        assert_eq!(roi.inputs, case.inputs, "{}", case.name);
        assert_eq!(needs_sensitivity(&roi.conservative), case.needs_sensitivity, "{}", case.name);
        assert_eq!(sensitivity(&case.inputs), case.sensitivity, "{}", case.name);
    }
}

#[test]
fn the_golden_rows_read_as_published() {
    let roi = compute(&RoiInputs { hours_week: 5.0, ..inputs(50_000, 5_000) });
    let shown = [&roi.conservative, &roi.expected, &roi.optimistic].map(|scenario| {
        format!(
            "{:.2} {:.1} % {:.2} {:.0}",
            scenario.benefit_year_cents as f64 / 100.0,
            divide(scenario.roi_raw_bp.into(), 10) as f64 / 10.0,
            scenario.payback_months.expect("it pays back"),
            scenario.net_3y_cents as f64 / 100.0,
        )
    });
    assert_eq!(shown, ["3998.40 263.5 % 1.77 9695", "5712.00 419.3 % 1.17 14836", "7425.60 575.1 % 0.88 19977"]);
    assert!(roi.optimistic.capped && !roi.expected.capped);
    assert_eq!(roi.optimistic.roi_bp, CAP_BP);
}

fn inputs(implementation_cents: i64, monthly_cents: i64) -> RoiInputs {
    RoiInputs {
        hours_week: 4.0,
        rate_cents: DEFAULT_RATE_CENTS,
        revenue_year_cents: 0,
        confidence: Confidence::Medium,
        implementation_cents,
        monthly_cents,
    }
}

fn breaches(inputs: &RoiInputs, profile: &Profile) -> Vec<(Breach, Action)> {
    bounds(inputs, profile).into_iter().map(|bound| (bound.breach, bound.action)).collect()
}

#[test]
fn each_bound_bites_just_beyond_its_edge() {
    let large = Profile { employee_count: 100, annual_revenue_band: RevenueBand::Over20m, ..profile() };
    let fine = inputs(50_000, 5_000);
    let table = [
        (RoiInputs { hours_week: 0.5, ..fine.clone() }, None),
        (RoiInputs { hours_week: 60.0, ..fine.clone() }, None),
        (RoiInputs { hours_week: 60.5, ..fine.clone() }, Some((Breach::HoursTooHigh, Action::Clip))),
        (RoiInputs { rate_cents: 1_000, ..fine.clone() }, None),
        (RoiInputs { rate_cents: 999, ..fine.clone() }, Some((Breach::RateTooLow, Action::Clip))),
        (RoiInputs { rate_cents: 50_000, ..fine.clone() }, None),
        (RoiInputs { rate_cents: 50_001, ..fine.clone() }, Some((Breach::RateTooHigh, Action::Clip))),
        (RoiInputs { implementation_cents: 5_000_000, ..fine.clone() }, None),
        (
            RoiInputs { implementation_cents: 5_000_001, ..fine.clone() },
            Some((Breach::ImplementationTooHigh, Action::Reject)),
        ),
        (RoiInputs { hours_week: 0.0, ..fine.clone() }, Some((Breach::NoBenefit, Action::Reject))),
        (RoiInputs { hours_week: 0.0, revenue_year_cents: 1, ..fine.clone() }, None),
        (RoiInputs { hours_week: 0.4, revenue_year_cents: 1, ..fine }, Some((Breach::HoursTooLow, Action::Clip))),
    ];
    for (inputs, expected) in table {
        assert_eq!(breaches(&inputs, &large), Vec::from_iter(expected), "{inputs:?}");
    }
}

#[test]
fn a_small_company_is_not_asked_for_more_than_two_thousand_a_month() {
    let (small, large) = (profile(), Profile { employee_count: 51, ..profile() });
    let dear = inputs(0, 200_001);
    assert_eq!(breaches(&inputs(0, 200_000), &small), []);
    assert_eq!(breaches(&dear, &small), [(Breach::MonthlyTooHigh, Action::Reject)]);
    assert_eq!(breaches(&dear, &large), []);
}

#[test]
fn nobody_saves_more_than_half_of_the_teams_time() {
    let alone = Profile { employee_count: 1, annual_revenue_band: RevenueBand::PreferNotSay, ..profile() };
    let eager = RoiInputs { hours_week: 20.5, ..inputs(0, 100) };
    assert_eq!(breaches(&eager, &alone), [(Breach::HoursAboveCapacity, Action::Clip)]);
    assert_eq!(clip(&eager, &alone), RoiInputs { hours_week: 20.0, ..eager });
}

#[test]
fn a_benefit_out_of_proportion_to_the_revenue_is_warned_about_then_rejected() {
    // The midpoint of the band is 75 000 euros; revenue counts half, with full confidence.
    let tiny = Profile { annual_revenue_band: RevenueBand::Under100k, ..profile() };
    let gain = |cents: i64| RoiInputs {
        hours_week: 0.0,
        revenue_year_cents: 2 * cents,
        confidence: Confidence::High,
        ..inputs(0, 100)
    };
    assert_eq!(breaches(&gain(2_250_000), &tiny), []);
    assert_eq!(breaches(&gain(2_250_001), &tiny), [(Breach::SavingHigh, Action::Warn)]);
    assert_eq!(breaches(&gain(3_750_000), &tiny), [(Breach::SavingHigh, Action::Warn)]);
    assert_eq!(breaches(&gain(3_750_001), &tiny), [(Breach::SavingTooHigh, Action::Reject)]);
    let silent = Profile { annual_revenue_band: RevenueBand::PreferNotSay, ..tiny };
    assert_eq!(breaches(&gain(3_750_001), &silent), []);
}

#[test]
fn a_sensitivity_line_is_asked_for_just_beyond_its_edges() {
    let scenario =
        |payback_months, roi_raw_bp| RoiScenario { roi_raw_bp, payback_months, ..compute(&inputs(1, 1)).expected };
    assert!(needs_sensitivity(&scenario(Some(2.99), 0)));
    assert!(!needs_sensitivity(&scenario(Some(3.0), 30_000)));
    assert!(needs_sensitivity(&scenario(Some(3.0), 30_001)));
    assert!(!needs_sensitivity(&scenario(None, -5_000)));
}

fn any_inputs() -> impl Strategy<Value = RoiInputs> {
    let confidence = proptest::sample::select(Confidence::ALL);
    (0_u32..=1_200, 0_i64..=60_000, 0_i64..=50_000_000, confidence, 0_i64..=8_000_000, 0_i64..=400_000).prop_map(
        |(half_hours, rate_cents, revenue_year_cents, confidence, implementation_cents, monthly_cents)| RoiInputs {
            hours_week: f64::from(half_hours) / 2.0,
            rate_cents,
            revenue_year_cents,
            confidence,
            implementation_cents,
            monthly_cents,
        },
    )
}

proptest! {
    #[test]
    fn scenarios_are_ordered_and_bounded(inputs in any_inputs()) {
        let roi = compute(&inputs);
        for (worse, better) in [(&roi.conservative, &roi.expected), (&roi.expected, &roi.optimistic)] {
            prop_assert!(worse.benefit_year_cents <= better.benefit_year_cents);
            prop_assert!(worse.roi_raw_bp <= better.roi_raw_bp);
            prop_assert!(worse.net_3y_cents <= better.net_3y_cents);
        }
        for scenario in [&roi.conservative, &roi.expected, &roi.optimistic] {
            prop_assert!((-10_000..=CAP_BP).contains(&scenario.roi_bp));
            prop_assert_eq!(scenario.roi_bp, scenario.roi_raw_bp.min(CAP_BP));
            prop_assert!(scenario.payback_months.is_none_or(|months| months >= 0.0));
        }
        prop_assert!(sensitivity(&inputs).net_3y_cents <= roi.conservative.net_3y_cents);
    }

    #[test]
    fn more_hours_never_gain_less_and_more_cost_never_earns_more(inputs in any_inputs(), more in 1_i64..10_000) {
        let before = compute(&inputs).conservative;
        let longer = RoiInputs { hours_week: inputs.hours_week + 0.5, ..inputs.clone() };
        let dearer = RoiInputs { monthly_cents: inputs.monthly_cents + more, ..inputs.clone() };
        prop_assert!(compute(&longer).conservative.net_3y_cents >= before.net_3y_cents);
        prop_assert_eq!(compute(&dearer).conservative.net_3y_cents, before.net_3y_cents - 36 * more);
        let surer = RoiInputs { confidence: Confidence::High, ..inputs };
        prop_assert!(compute(&surer).conservative.benefit_year_cents >= before.benefit_year_cents);
    }

    #[test]
    fn the_three_years_are_conserved(inputs in any_inputs()) {
        let scenario = compute(&inputs).expected;
        let cost = inputs.implementation_cents + 36 * inputs.monthly_cents;
        prop_assert_eq!(scenario.net_3y_cents + cost, 3 * scenario.benefit_year_cents);
    }

    #[test]
    fn clipped_inputs_have_nothing_left_to_clip(inputs in any_inputs(), profile in any_profile()) {
        let clipped = clip(&inputs, &profile);
        prop_assert!(bounds(&clipped, &profile).iter().all(|bound| bound.action != Action::Clip));
        prop_assert!(clipped.hours_week <= profile.capacity_hours_week());
    }

    #[test]
    fn no_input_panics(
        hours_week in proptest::num::f64::ANY, rate_cents: i64, revenue_year_cents: i64,
        implementation_cents: i64, monthly_cents: i64,
    ) {
        let confidence = Confidence::High;
        let inputs =
            RoiInputs { hours_week, rate_cents, revenue_year_cents, confidence, implementation_cents, monthly_cents };
        let roi = compute(&inputs);
        prop_assert!(roi.conservative.benefit_year_cents >= 0);
        prop_assert!(year1_cents(&inputs) >= 0);
        sensitivity(&inputs);
        bounds(&inputs, &profile());
    }
}
