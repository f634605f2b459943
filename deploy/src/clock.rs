//! The time and the waits: by the machine's clock, or by one that a test moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    /// The date once, and from then on the steady clock: a stop-watch must not jump when the date is corrected.
    Machine {
        began: DateTime<Utc>,
        since: Instant,
    },
    ByHand(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    pub fn machine() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one clock, handed to every command")]
        let began = Utc::now();
        Self(Source::Machine { began, since: Instant::now() })
    }

    /// A clock that stands still but for its waits, which are over at once. Clones share the time.
    pub fn by_hand(start: DateTime<Utc>) -> Self {
        Self(Source::ByHand(Arc::new(Mutex::new(start))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::Machine { began, since } => *began + since.elapsed(),
            Source::ByHand(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    pub async fn wait(&self, time: Duration) {
        match &self.0 {
            Source::Machine { .. } => tokio::time::sleep(time).await,
            Source::ByHand(_) => {
                self.advance(time);
                tokio::task::yield_now().await;
            }
        }
    }

    /// How long ago that was.
    pub fn since(&self, start: DateTime<Utc>) -> Duration {
        (self.now() - start).to_std().unwrap_or_default()
    }

    /// Moves a clock that is moved by hand; the machine's moves by itself.
    pub fn advance(&self, time: Duration) {
        if let Source::ByHand(now) = &self.0 {
            *now.lock().unwrap_or_else(PoisonError::into_inner) += time;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_by_hand_moves_by_its_waits_alone_and_for_all_of_its_clones() {
        let clock = Clock::by_hand(DateTime::UNIX_EPOCH);
        let start = clock.clone().now();
        clock.wait(Duration::from_mins(5)).await;
        assert_eq!(clock.clone().since(start), Duration::from_mins(5));
    }

    #[test]
    fn the_machines_clock_cannot_be_moved() {
        let clock = Clock::machine();
        let start = clock.now();
        clock.advance(Duration::from_hours(1));
        assert!(clock.since(start) < Duration::from_mins(1));
    }
}
