//! An open arrival rate: journeys begin when the plan says so, however slow the ones before are.

use std::time::{Duration, Instant};

/// A start that comes later than this behind its moment is late: the generator is out of breath.
pub const TICK: Duration = Duration::from_millis(50);

/// Moments at which journeys begin, from a rate that runs straight between points of (second, starts a second).
pub fn starts(rate: &[(f64, f64)]) -> Vec<Duration> {
    let mut starts = Vec::new();
    // Journeys due before the segment begins.
    let mut before = 0.0;
    for pair in rate.windows(2) {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        let (length, slope) = (to - from, (high - low) / (to - from));
        let brings = f64::midpoint(low, high) * length;
        let mut due = starts.len() as f64 + 1.0;
        while due <= before + brings + 1e-9 {
            // low·t + slope·t²/2 = what is still due
            let wanted = due - before;
            let root = slope.mul_add(2.0 * wanted, low * low).max(0.0).sqrt();
            let after = 2.0 * wanted / (low + root);
            starts.push(Duration::from_secs_f64((from + after).min(to).max(0.0)));
            due += 1.0;
        }
        before += brings;
    }
    starts
}

/// Waits for each moment in its turn and counts those that came late.
#[derive(Debug)]
pub struct Pacer {
    begun: Instant,
    starts: std::vec::IntoIter<Duration>,
    late: u64,
}

impl Pacer {
    pub fn new(begun: Instant, rate: &[(f64, f64)]) -> Self {
        Self { begun, starts: starts(rate).into_iter(), late: 0 }
    }

    /// False after the last start.
    pub async fn next(&mut self) -> bool {
        let Some(start) = self.starts.next() else { return false };
        let due = self.begun + start;
        tokio::time::sleep_until(due.into()).await;
        self.came(due, Instant::now());
        true
    }

    pub const fn late(&self) -> u64 {
        self.late
    }

    fn came(&mut self, due: Instant, now: Instant) {
        self.late += u64::from(now.saturating_duration_since(due) > TICK);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{Pacer, TICK, starts};

    #[test]
    fn a_steady_rate_starts_at_even_distances() {
        let starts: Vec<u128> = starts(&[(0.0, 2.0), (3.0, 2.0)]).iter().map(Duration::as_millis).collect();
        assert_eq!(starts, [500, 1000, 1500, 2000, 2500, 3000]);
    }

    #[test]
    fn a_climbing_rate_starts_closer_and_closer() {
        let starts = starts(&[(0.0, 0.0), (10.0, 2.0), (20.0, 0.0)]);
        assert_eq!(starts.len(), 20);
        let gap = |index: usize| starts[index].saturating_sub(starts[index - 1]);
        assert!(gap(1) > gap(9));
        assert!(gap(19) > gap(11));
    }

    #[test]
    fn a_start_is_late_behind_a_tick() {
        let now = Instant::now();
        let mut pacer = Pacer::new(now, &[(0.0, 1.0), (1.0, 1.0)]);
        pacer.came(now, now + TICK);
        assert_eq!(pacer.late(), 0);
        pacer.came(now, now + TICK * 2);
        assert_eq!(pacer.late(), 1);
    }

    proptest! {
        #[test]
        fn there_are_as_many_starts_as_the_area_below_the_rate(
            rates in prop::collection::vec(0.0_f64..20.0, 2..6),
        ) {
            let rate: Vec<(f64, f64)> =
                rates.iter().enumerate().map(|(index, rate)| (index as f64 * 5.0, *rate)).collect();
            let area: f64 = rates.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]) * 5.0).sum();
            let starts = starts(&rate);
            prop_assert!((starts.len() as f64 - area).abs() <= 1.0, "{} of {area}", starts.len());
            prop_assert!(starts.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
