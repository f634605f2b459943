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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::report::Confidence;
    use super::super::roi;
    use super::*;

    fn winner(hours_week: f64, revenue_year_cents: i64) -> RoiInputs {
        RoiInputs {
            hours_week,
            rate_cents: 5_000,
            revenue_year_cents,
            confidence: Confidence::Medium,
            implementation_cents: 50_000,
            monthly_cents: 5_000,
        }
    }

    #[test]
    fn hours_are_cut_in_proportion_only_above_the_capacity() {
        let none: [f64; 0] = [];
        assert_eq!(credit_hours(&[10.0, 5.0, 5.0], 20.0), [10.0, 5.0, 5.0]);
        assert_eq!(credit_hours(&[20.0, 10.0, 10.0], 20.0), [10.0, 5.0, 5.0]);
        // 20·15/45 = 6.67, 10·15/45 = 3.33, 15·15/45 = 5: halves, rounded down.
        assert_eq!(credit_hours(&[20.0, 10.0, 15.0], 15.0), [6.5, 3.0, 5.0]);
        assert_eq!(credit_hours(&[5.0, 0.0], 0.0), [0.0, 0.0]);
        assert_eq!(credit_hours(&none, 20.0), none);
        assert_eq!(credit_hours(&[f64::NAN, -3.0, 2.0], 20.0), [0.0, 0.0, 2.0]);
        assert_eq!(hours(&[20.0, 10.0, 15.0], 15.0), Hours { raw: 45.0, credited: 14.5 });
    }

    #[test]
    fn the_value_of_three_years_is_the_expected_one_with_its_spread() {
        // The golden option gains 5 712 euros a year in time; 10 000 euros of revenue count 4 250.
        let time = total_value(&[winner(5.0, 0)]);
        assert_eq!(
            time,
            Scenarios { conservative_cents: 1_370_880, expected_cents: 1_713_600, optimistic_cents: 2_056_320 }
        );
        let revenue = total_value(&[winner(0.0, 1_000_000)]);
        assert_eq!(
            revenue,
            Scenarios { conservative_cents: 892_500, expected_cents: 1_275_000, optimistic_cents: 1_657_500 }
        );
        let both = total_value(&[winner(5.0, 0), winner(0.0, 1_000_000)]);
        assert_eq!(
            both,
            Scenarios { conservative_cents: 2_263_380, expected_cents: 2_988_600, optimistic_cents: 3_713_820 }
        );
        let nothing = Scenarios { conservative_cents: 0, expected_cents: 0, optimistic_cents: 0 };
        assert_eq!(total_value(&[]), nothing);
    }

    #[test]
    fn the_first_years_investment_adds_introduction_and_twelve_months() {
        let bought =
            Investment { implementation_min_cents: 50_000, implementation_max_cents: 50_000, monthly_cents: 5_000 };
        let built =
            Investment { implementation_min_cents: 300_000, implementation_max_cents: 800_000, monthly_cents: 1_000 };
        assert_eq!(investment_year1(&[bought, built]), Range { min_cents: 422_000, max_cents: 922_000 });
        assert_eq!(investment_year1(&[]), Range { min_cents: 0, max_cents: 0 });
    }

    fn any_hours() -> impl Strategy<Value = Vec<f64>> {
        proptest::collection::vec((0_u32..=120).prop_map(|halves| f64::from(halves) / 2.0), 0..=8)
    }

    proptest! {
        #[test]
        fn credited_hours_never_exceed_capacity_or_what_was_claimed(raw in any_hours(), capacity in 0_u32..=400) {
            let capacity = f64::from(capacity) / 2.0;
            let credited = credit_hours(&raw, capacity);
            prop_assert_eq!(credited.len(), raw.len());
            prop_assert!(credited.iter().sum::<f64>() <= capacity);
            prop_assert!(credited.iter().zip(&raw).all(|(credited, raw)| (0.0..=*raw).contains(credited)));
            if raw.iter().sum::<f64>() <= capacity {
                prop_assert_eq!(&credited, &raw);
            } else {
                // Rounding loses less than half an hour each.
                prop_assert!(credited.iter().sum::<f64>() > capacity - 0.5 * raw.len() as f64 - 0.5);
            }
            prop_assert_eq!(credit_hours(&credited, capacity), credited);
        }

        #[test]
        fn totals_are_ordered_and_conserve_what_each_option_gains(
            raw in any_hours(), revenue in proptest::collection::vec(0_i64..100_000_000, 8),
        ) {
            let winners: Vec<_> = raw.iter().zip(revenue).map(|(&hours, revenue)| winner(hours, revenue)).collect();
            let total = total_value(&winners);
            prop_assert!(total.conservative_cents <= total.expected_cents);
            prop_assert!(total.expected_cents <= total.optimistic_cents);
            let gained: i64 = winners.iter().map(|inputs| 3 * roi::compute(inputs).expected.benefit_year_cents).sum();
            // Each of the eight options' years is rounded by half a cent at most.
            prop_assert!((total.expected_cents - gained).abs() <= 8 * 3 / 2 + 1);
        }

        #[test]
        fn no_input_panics(hours_week in proptest::num::f64::ANY, money: i64, capacity in proptest::num::f64::ANY) {
            let extreme = RoiInputs { rate_cents: money, ..winner(hours_week, money) };
            total_value(&vec![extreme; 1_000]);
            hours(&[hours_week, hours_week], capacity);
            let invested =
                Investment { implementation_min_cents: money, implementation_max_cents: money, monthly_cents: money };
            investment_year1(&[invested; 3]);
        }
    }
}
