//! Exact percentiles: every duration is kept, in microseconds, and sorted once at the end.

use std::time::Duration;

use crate::summary::Latency;

/// Four bytes a call: an hour of a hundred users takes a few megabytes.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    micros: Vec<u32>,
}

impl Samples {
    pub fn add(&mut self, took: Duration) {
        self.micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub const fn is_empty(&self) -> bool {
        self.micros.is_empty()
    }

    /// In milliseconds; zeros where nothing was measured.
    pub fn latency(&self) -> Latency {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else { return Latency::default() };
        let sum: u64 = sorted.iter().map(|&micros| u64::from(micros)).sum();
        let at = |share: f64| milliseconds(at(&sorted, share));
        Latency {
            min: milliseconds(min),
            p10: at(0.10),
            p50: at(0.50),
            p75: at(0.75),
            p90: at(0.90),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
            max: milliseconds(max),
            mean: sum as f64 / sorted.len() as f64 / 1e3,
        }
    }
}

/// The smallest value that this share of all values does not exceed.
fn at(sorted: &[u32], share: f64) -> u32 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

fn milliseconds(micros: u32) -> f64 {
    f64::from(micros) / 1e3
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::Samples;

    fn of(millis: impl IntoIterator<Item = u64>) -> Samples {
        let mut samples = Samples::default();
        millis.into_iter().for_each(|millis| samples.add(Duration::from_millis(millis)));
        samples
    }

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let latency = of(1..=1000).latency();
        let seen = [latency.min, latency.p10, latency.p50, latency.p95, latency.p99, latency.p999, latency.max];
        assert_eq!(seen.map(|value| value as u64), [1, 100, 500, 950, 990, 999, 1000]);
        assert!((latency.mean - 500.5).abs() < 1e-9);
        let one = of([7]).latency();
        assert!(
            [one.min, one.p10, one.p50, one.p999, one.max, one.mean].iter().all(|value| (value - 7.0).abs() < 1e-9)
        );
        assert_eq!(of([]).latency(), crate::summary::Latency::default());
    }

    proptest! {
        #[test]
        fn percentiles_never_fall(millis in prop::collection::vec(0_u64..100_000, 1..300)) {
            let latency = of(millis).latency();
            let row = [latency.min, latency.p10, latency.p50, latency.p75, latency.p90, latency.p95, latency.p99,
                latency.p999, latency.max];
            prop_assert!(row.windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        }
    }
}
