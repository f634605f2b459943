//! Golden scores, every edge of the tables, and what holds for every option.

use proptest::prelude::*;

use super::super::fixtures::{any_profile, profile};
use super::super::report::{Confidence, Risk, RoiInputs};
use super::super::roi;
use super::*;

fn costs([financial, time, opportunity, complexity, risk_reversibility, brand_trust]: [u32; 6]) -> CostDims {
    CostDims { financial, time, opportunity, complexity, risk_reversibility, brand_trust }
}

fn benefits([financial, time, strategic, quality]: [u32; 4]) -> BenefitDims {
    BenefitDims { financial, time, strategic, quality }
}

fn option(kind: OptionKind, b: [u32; 4], c: [u32; 6], eligible: bool) -> ReportOption {
    let inputs = RoiInputs {
        hours_week: 1.0,
        rate_cents: 5_000,
        revenue_year_cents: 0,
        confidence: Confidence::Medium,
        implementation_cents: 0,
        monthly_cents: 100,
    };
    let score = risk_score(1, 2, 1, 1);
    let (cost_dims, benefit_dims) = (costs(c), benefits(b));
    ReportOption {
        kind,
        label: kind.to_string(),
        vendor_slug: None,
        price: None,
        custom: None,
        weeks: 1,
        pros: vec![],
        cons: vec![],
        net: net(&cost_dims, &benefit_dims, score),
        cost_dims,
        benefit_dims,
        risk: Risk { p: 1, i: 2, v: 1, d: 1, score, band: risk_band(score), note: String::new() },
        eligible,
        ineligible_reason: None,
        fit: 50,
        roi: roi::compute(&inputs),
    }
}

#[test]
fn the_golden_options_score_as_published() {
    let table = [
        ([8, 7, 5, 7], [3, 2, 2, 2, 2, 1], (2, 2, 2, 2), 8.0, "3.95"),
        ([9, 7, 7, 8], [6, 4, 4, 4, 3, 2], (2, 3, 2, 2), 12.0, "2.72"),
        ([8, 7, 9, 8], [7, 8, 6, 8, 6, 3], (3, 4, 3, 3), 36.0, "-1.93"),
    ];
    for (b, c, (p, i, v, d), risk, expected) in table {
        let score = risk_score(p, i, v, d);
        assert_eq!(Some(score), Some(risk));
        assert_eq!(net(&costs(c), &benefits(b), score).to_string(), expected);
    }
    assert_eq!(Some(mean_benefits(&benefits([8, 7, 5, 7]))), Some(6.75));
    assert_eq!(Some(mean_costs(&costs([3, 2, 2, 2, 2, 1]))), Some(2.0));
}

#[test]
fn risk_runs_from_one_to_one_hundred_and_twenty_five() {
    use RiskBand::{High, Low, Moderate, Severe};
    assert_eq!(Some(risk_score(1, 1, 1, 1)), Some(1.0));
    assert_eq!(Some(risk_score(5, 5, 5, 5)), Some(125.0));
    assert_eq!(Some(risk_score(2, 3, 1, 2)), Some(9.0));
    let bands = [9.5, 10.0, 24.5, 25.0, 49.5, 50.0].map(risk_band);
    assert_eq!(bands, [Low, Moderate, Moderate, High, High, Severe]);
}

#[test]
fn the_financial_dimensions_come_from_the_euros() {
    // The budget of a moderate customer is 200 euros a month, 2 400 a year.
    let moderate = profile();
    let scores = [0, 11_999, 12_000, 120_000, 240_000, 9_999_999].map(|cents| financial_cost(cents, &moderate));
    assert_eq!(scores, [0, 0, 1, 5, 10, 10]);
    assert_eq!(
        Budget::ALL
            .iter()
            .map(|&budget_comfort| { financial_cost(60_000, &Profile { budget_comfort, ..profile() }) })
            .collect::<Vec<_>>(),
        [10, 3, 1, 0]
    );

    let scores = [i64::MIN, -10_000, -8_001, -8_000, 0, 10_000, 29_999, 30_000, i64::MAX].map(financial_benefit);
    assert_eq!(scores, [0, 0, 0, 1, 3, 5, 10, 10, 10]);
}

#[test]
fn eligibility_follows_comfort_capability_and_budget() {
    for &budget_comfort in Budget::ALL {
        let customer = Profile { budget_comfort, ..profile() };
        let barred = matches!(budget_comfort, Budget::Low | Budget::Moderate);
        assert_eq!(ineligible(OptionKind::BestInClass, &customer).is_some(), barred, "{budget_comfort}");
        assert_eq!(ineligible(OptionKind::OffTheShelf, &customer), None);
    }
    for &implementation_capability in Capability::ALL {
        for technology_comfort in 1..=10 {
            let customer = Profile { technology_comfort, implementation_capability, ..profile() };
            let unable = matches!(implementation_capability, Capability::NonTechnical | Capability::TutorialFollower);
            let reason = ineligible(OptionKind::Custom, &customer);
            assert_eq!(reason.is_some(), unable || technology_comfort < 4, "{customer:?}");
            assert!(reason.is_none_or(|text| text.ends_with('.') && !text.contains(char::is_numeric)));
        }
    }
}

#[test]
fn priority_changes_just_at_its_edges() {
    use Priority::{Consider, Defer, QuickWin, Strategic};
    let table = [
        ((6.0, 4.0, 9.5, 2), QuickWin),
        ((6.0, 4.0, 9.5, 3), Strategic),
        ((6.0, 4.0, 10.0, 2), Strategic),
        ((6.0, 4.1, 9.5, 2), Strategic),
        ((6.0, 9.0, 24.5, 26), Strategic),
        ((6.0, 4.0, 25.0, 2), Consider),
        ((5.9, 1.0, 1.0, 1), Consider),
        ((4.0, 9.0, 125.0, 26), Consider),
        ((3.9, 0.0, 1.0, 1), Defer),
    ];
    for ((b, c, r, weeks), expected) in table {
        assert_eq!(priority(b, c, r, weeks), expected, "{b} {c} {r} {weeks}");
    }
}

#[test]
fn fit_weighs_capability_preference_budget_time_and_value() {
    // automation_user, buy, moderate (2 400 euros a year), this quarter (90 days).
    let fit_of = |kind, year1_cents, weeks| fit(FitInput { kind, year1_cents, weeks }, &profile());
    assert_eq!(fit_of(OptionKind::OffTheShelf, 120_000, 6), 27 + 20 + 20 + 15 + 12);
    assert_eq!(fit_of(OptionKind::OffTheShelf, 120_001, 6), 27 + 20 + 16 + 15 + 12);
    assert_eq!(fit_of(OptionKind::OffTheShelf, 240_001, 7), 27 + 20 + 10 + 12 + 12);
    // Half of the limit in weeks is 6.4, the whole 12.9: 27 + 20 + 4 + 7.5 + 12, half up.
    assert_eq!(fit_of(OptionKind::OffTheShelf, 360_001, 13), 71);
    assert_eq!(fit_of(OptionKind::BestInClass, 120_000, 6), 30 + 12 + 20 + 15 + 12);
    assert_eq!(fit_of(OptionKind::Custom, 120_000, 6), 15 + 12 + 20 + 15 + 12);
}

#[test]
fn the_capability_matrix_is_the_published_one() {
    let rows = [
        (Preference::Buy, [100, 100, 90, 80, 70]),
        (Preference::Connect, [20, 60, 100, 90, 85]),
        (Preference::Build, [10, 30, 50, 100, 100]),
        (Preference::Hire, [90, 85, 80, 70, 50]),
    ];
    for (way, row) in rows {
        assert_eq!(Capability::ALL.iter().map(|&level| capability(way, level)).collect::<Vec<_>>(), row, "{way}");
    }
}

#[test]
fn the_limits_of_budget_and_time_are_the_published_ones() {
    let points = |customer: &Profile, year1_cents, weeks| {
        fit(FitInput { kind: OptionKind::OffTheShelf, year1_cents, weeks }, customer)
    };
    for (&budget_comfort, euros) in Budget::ALL.iter().zip([600, 2_400, 6_000, 50_000]) {
        let customer = Profile { budget_comfort, ..profile() };
        // One step down the ladder of the budget is 4 points, then 6, then 6.
        let edges = [50, 51, 101, 151].map(|percent| points(&customer, euros * percent, 1));
        assert_eq!(edges, [94, 90, 84, 78], "{budget_comfort}");
    }
    // Weeks just inside and just beyond half of the limit, the limit, and one and a half of it.
    let weeks = [(1, 1, 1), (2, 4, 6), (6, 12, 19), (26, 52, 78)];
    for (&implementation_urgency, (half, whole, more)) in Urgency::ALL.iter().zip(weeks) {
        let customer = Profile { implementation_urgency, ..profile() };
        let [half, half_beyond, whole, whole_beyond, more, more_beyond] =
            [half, half + 1, whole, whole + 1, more, more + 1].map(|weeks| points(&customer, 0, weeks));
        if implementation_urgency == Urgency::ThisWeek {
            assert_eq!([half, half_beyond], [91, 82], "a week is the whole limit, two are beyond it");
        } else {
            assert_eq!([half, half_beyond, whole, whole_beyond, more, more_beyond], [94, 91, 91, 87, 87, 82]);
        }
    }
}

#[test]
fn a_solution_of_ones_own_is_built_or_hired_for() {
    let points = |implementation_preference, implementation_capability| {
        let customer = Profile { implementation_capability, implementation_preference, ..profile() };
        fit(FitInput { kind: OptionKind::Custom, year1_cents: 0, weeks: 1 }, &customer)
    };
    let rest = 20 + 15 + 12;
    assert_eq!(points(Preference::Build, Capability::NonTechnical), 3 + 20 + rest);
    assert_eq!(points(Preference::Hire, Capability::NonTechnical), 27 + 20 + rest);
    assert_eq!(points(Preference::Buy, Capability::NonTechnical), 27 + 12 + rest);
    assert_eq!(points(Preference::Buy, Capability::HasDevelopers), 30 + 12 + rest);
    assert_eq!(points(Preference::Hire, Capability::HasDevelopers), 15 + 20 + rest);
}

#[test]
fn the_winner_is_the_best_eligible_one() {
    use OptionKind::{BestInClass, Custom, OffTheShelf};
    let (good, fair, poor) = ([8, 8, 8, 8], [7, 7, 7, 7], [0, 0, 0, 0]);
    let (cheap, dear) = ([2; 6], [3; 6]);
    let three = [
        option(OffTheShelf, fair, cheap, true),
        option(BestInClass, good, cheap, false),
        option(Custom, poor, dear, true),
    ];
    assert_eq!(winner(&three), Some(OffTheShelf));
    // Equal NET: the lower cost wins, whatever the order.
    let tied = [option(OffTheShelf, good, dear, true), option(Custom, fair, cheap, true)];
    assert_eq!(winner(&tied), Some(Custom));
    // Equal NET and cost: the simpler kind wins.
    let same = [Custom, BestInClass, OffTheShelf].map(|kind| option(kind, good, cheap, true));
    assert_eq!(winner(&same), Some(OffTheShelf));
    assert_eq!(winner(&same[..2]), Some(BestInClass));
    assert_eq!(winner(&[option(OffTheShelf, poor, dear, true), option(Custom, good, cheap, false)]), None);
    assert_eq!(winner(&[]), None);
    // Exactly zero is not worth it.
    let zero = ReportOption { net: 0.0, ..option(OffTheShelf, good, cheap, true) };
    assert_eq!(winner(&[zero]), None);
}

prop_compose! {
    fn any_option()(
        kind in proptest::sample::select(OptionKind::ALL),
        b in proptest::array::uniform4(0_u32..=10),
        c in proptest::array::uniform6(0_u32..=10),
        eligible: bool,
    ) -> ReportOption {
        option(kind, b, c, eligible)
    }
}

proptest! {
    #[test]
    fn net_is_bounded_and_moves_the_right_way(
        b in proptest::array::uniform4(0_u32..10), c in proptest::array::uniform6(0_u32..10),
        [p, i, v, d] in proptest::array::uniform4(1_u32..5), which in 0_usize..4,
    ) {
        let score = risk_score(p, i, v, d);
        let before = net(&costs(c), &benefits(b), score);
        prop_assert!((-22.5..=9.9).contains(&before));
        let (mut more_b, mut more_c) = (b, c);
        more_b[which] += 1;
        more_c[which] += 1;
        prop_assert!(net(&costs(c), &benefits(more_b), score) > before);
        prop_assert!(net(&costs(more_c), &benefits(b), score) < before);
        prop_assert!(net(&costs(c), &benefits(b), risk_score(p + 1, i, v, d)) < before);
        // Two decimals, and within half a hundredth of the formula in floats.
        let exact = mean_benefits(&benefits(b)) - mean_costs(&costs(c)) - score / 10.0;
        prop_assert!((before - exact).abs() < 0.005_000_1);
    }

    #[test]
    fn the_winner_is_eligible_worth_it_and_unbeaten(options in proptest::collection::vec(any_option(), 0..4)) {
        let eligible = || options.iter().filter(|option| option.eligible);
        match winner(&options) {
            None => prop_assert!(eligible().all(|option| option.net <= 0.0)),
            Some(kind) => {
                let best = eligible().map(|option| option.net).fold(f64::MIN, f64::max);
                prop_assert!(best > 0.0);
                prop_assert!(eligible().any(|option| option.kind == kind && option.net >= best));
            }
        }
    }

    #[test]
    fn the_order_of_the_options_does_not_matter(options in proptest::collection::vec(any_option(), 3)) {
        let reversed: Vec<_> = options.iter().rev().cloned().collect();
        prop_assert_eq!(winner(&options), winner(&reversed));
    }

    #[test]
    fn fit_stays_in_range_and_never_rises_with_cost_or_time(
        kind in proptest::sample::select(OptionKind::ALL), profile in any_profile(),
        year1_cents in 0_i64..20_000_000, weeks in 1_u32..=26,
    ) {
        let before = fit(FitInput { kind, year1_cents, weeks }, &profile);
        prop_assert!((22..=100).contains(&before));
        let (dearer, slower) = (year1_cents * 2, weeks * 2);
        let of_dearer = fit(FitInput { kind, year1_cents: dearer, weeks }, &profile);
        let of_slower = fit(FitInput { kind, year1_cents, weeks: slower }, &profile);
        prop_assert!(of_dearer <= before && of_slower <= before);
        prop_assert!(financial_cost(year1_cents, &profile) <= financial_cost(year1_cents * 2, &profile));
    }

    #[test]
    fn nothing_panics(
        dims in proptest::array::uniform10(any::<u32>()), cents: i64, weeks: u32, profile in any_profile(),
        score in proptest::num::f64::ANY,
    ) {
        let [a, b, c, d, e, f, g, h, i, j] = dims;
        let (cost, benefit) = (costs([a, b, c, d, e, f]), benefits([g, h, i, j]));
        prop_assert!((0.0..=10.0).contains(&mean_costs(&cost)) && (0.0..=10.0).contains(&mean_benefits(&benefit)));
        prop_assert!((1.0..=125.0).contains(&risk_score(a, b, c, d)));
        net(&cost, &benefit, score);
        priority(score, score, score, weeks);
        risk_band(score);
        prop_assert!(financial_cost(cents, &profile) <= 10 && financial_benefit(cents) <= 10);
        fit(FitInput { kind: OptionKind::Custom, year1_cents: cents, weeks }, &profile);
    }
}
