//! The class of the verdict, by a table; its headline is the writer's.

use super::report::{Colour, VerdictClass};

/// What a class asks for: all four must hold.
struct Row {
    class: VerdictClass,
    readiness: u32,
    customer_value: f64,
    business_health: f64,
    not_recommended: f64,
}

/// Best class first.
const ROWS: [Row; 3] = [
    Row {
        class: VerdictClass::Proceed,
        readiness: 70,
        customer_value: 7.0,
        business_health: 7.0,
        not_recommended: 0.30,
    },
    Row {
        class: VerdictClass::ProceedCautiously,
        readiness: 50,
        customer_value: 5.0,
        business_health: 5.0,
        not_recommended: 0.40,
    },
    Row { class: VerdictClass::Wait, readiness: 30, customer_value: 4.0, business_health: 4.0, not_recommended: 0.50 },
];

/// `mean_cv` and `mean_bh` are the means over all findings, the ratio is not-recommended ÷ all findings.
///
/// A best conservative ROI below zero, or none at all (nothing is recommended), never yields more than `wait`. It does
/// not lift a `not_recommended` either.
pub fn class(
    readiness: u32,
    mean_cv: f64,
    mean_bh: f64,
    not_recommended_ratio: f64,
    best_conservative_roi_bp: Option<i64>,
) -> (VerdictClass, Colour) {
    let by_table = ROWS
        .iter()
        .find(|row| {
            readiness >= row.readiness
                && mean_cv >= row.customer_value
                && mean_bh >= row.business_health
                && not_recommended_ratio <= row.not_recommended
        })
        .map_or(VerdictClass::NotRecommended, |row| row.class);
    let pays = best_conservative_roi_bp.is_some_and(|roi| roi >= 0);
    let class = if pays { by_table } else { by_table.max(VerdictClass::Wait) };
    (class, colour(class))
}

pub const fn colour(class: VerdictClass) -> Colour {
    match class {
        VerdictClass::Proceed => Colour::Green,
        VerdictClass::ProceedCautiously => Colour::Yellow,
        VerdictClass::Wait => Colour::Orange,
        VerdictClass::NotRecommended => Colour::Gray,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_threshold_is_where_the_table_says() {
        use VerdictClass::{NotRecommended, Proceed, ProceedCautiously, Wait};
        let table = [
            ((70, 7.0, 7.0, 0.30), Proceed),
            ((69, 7.0, 7.0, 0.30), ProceedCautiously),
            ((70, 6.99, 7.0, 0.30), ProceedCautiously),
            ((70, 7.0, 6.99, 0.30), ProceedCautiously),
            ((70, 7.0, 7.0, 0.31), ProceedCautiously),
            ((50, 5.0, 5.0, 0.40), ProceedCautiously),
            ((49, 5.0, 5.0, 0.40), Wait),
            ((50, 4.99, 5.0, 0.40), Wait),
            ((50, 5.0, 4.99, 0.40), Wait),
            ((50, 5.0, 5.0, 0.41), Wait),
            ((30, 4.0, 4.0, 0.50), Wait),
            ((29, 4.0, 4.0, 0.50), NotRecommended),
            ((30, 3.99, 4.0, 0.50), NotRecommended),
            ((30, 4.0, 3.99, 0.50), NotRecommended),
            ((100, 10.0, 10.0, 0.51), NotRecommended),
        ];
        for ((readiness, cv, bh, ratio), expected) in table {
            let (class, shown) = class(readiness, cv, bh, ratio, Some(0));
            assert_eq!(class, expected, "{readiness} {cv} {bh} {ratio}");
            assert_eq!(shown, colour(expected));
        }
    }

    #[test]
    fn a_negative_best_roi_falls_to_wait_and_lifts_nothing() {
        for roi in [Some(-1), Some(-10_000), None] {
            assert_eq!(class(90, 9.0, 9.0, 0.1, roi), (VerdictClass::Wait, Colour::Orange));
            assert_eq!(class(60, 6.0, 6.0, 0.1, roi).0, VerdictClass::Wait);
            assert_eq!(class(10, 9.0, 9.0, 0.1, roi), (VerdictClass::NotRecommended, Colour::Gray));
        }
    }

    #[test]
    fn what_is_not_a_number_recommends_nothing() {
        assert_eq!(class(90, f64::NAN, 9.0, 0.1, Some(1)).0, VerdictClass::NotRecommended);
        assert_eq!(class(90, 9.0, 9.0, f64::NAN, Some(1)).0, VerdictClass::NotRecommended);
    }

    proptest! {
        #[test]
        fn more_readiness_never_worsens_the_class(
            readiness in 0_u32..100, cv in 0.0..10.0_f64, bh in 0.0..10.0_f64, ratio in 0.0..1.0_f64,
            roi in proptest::option::of(-10_000_i64..50_000),
        ) {
            prop_assert!(class(readiness + 1, cv, bh, ratio, roi).0 <= class(readiness, cv, bh, ratio, roi).0);
        }
    }
}
