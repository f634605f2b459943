//! How sure a figure is: computed from what speaks for it, and from then on it can only fall.

use super::report::Confidence;

/// What stands behind one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvidenceSummary {
    /// References to the customer's own answers.
    pub answers: u32,
    /// References to benchmarks whose status is `verified`.
    pub verified_benchmarks: u32,
    /// The calculation uses at least one number that the customer gave.
    pub uses_customer_number: bool,
}

/// High needs an answer, a verified benchmark and a number of the customer; medium is exactly one of answer and
/// verified benchmark.
///
/// An answer and a verified benchmark without any number of the customer is low: the two then describe the market and
/// not this company, and the rule names only "exactly one" as medium. In doubt the smaller factor is used.
pub const fn level(evidence: EvidenceSummary) -> Confidence {
    match (evidence.answers > 0, evidence.verified_benchmarks > 0, evidence.uses_customer_number) {
        (true, true, true) => Confidence::High,
        (true, false, _) | (false, true, _) => Confidence::Medium,
        (true, true, false) | (false, false, _) => Confidence::Low,
    }
}

/// One level down; low stays low. There is no way up.
#[must_use]
pub const fn lower(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}

/// The share of a benefit that is counted, in basis points.
pub const fn factor_bp(confidence: Confidence) -> u32 {
    match confidence {
        Confidence::High => 10_000,
        Confidence::Medium => 8_500,
        Confidence::Low => 7_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_follows_the_table() {
        let table = [
            ((0, 0, false), Confidence::Low),
            ((0, 0, true), Confidence::Low),
            ((1, 0, false), Confidence::Medium),
            ((3, 0, true), Confidence::Medium),
            ((0, 1, false), Confidence::Medium),
            ((0, 2, true), Confidence::Medium),
            ((1, 1, false), Confidence::Low),
            ((1, 1, true), Confidence::High),
            ((4, 2, true), Confidence::High),
        ];
        for ((answers, verified_benchmarks, uses_customer_number), expected) in table {
            let evidence = EvidenceSummary { answers, verified_benchmarks, uses_customer_number };
            assert_eq!(level(evidence), expected, "{evidence:?}");
        }
    }

    #[test]
    fn lowering_never_raises_the_factor_and_ends_at_low() {
        for &confidence in Confidence::ALL {
            assert!(factor_bp(lower(confidence)) <= factor_bp(confidence));
            assert_eq!(lower(lower(confidence)), Confidence::Low);
        }
        assert_eq!(Confidence::ALL.iter().map(|&c| factor_bp(c)).collect::<Vec<_>>(), [10_000, 8_500, 7_000]);
    }
}
