//! Limits: so many in a fixed window, shared by all replicas through Redis, counted per process while it is away.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use tokio::time::Instant;

use super::cache::{Cache, script};
use super::redis::Redis;
use crate::error::{Error, Result};

/// Counts, and starts the window with the first count (or where a key was left without an end).
const TAKE: &str = "local count = redis.call('INCR', KEYS[1]) \
                    local left = redis.call('PTTL', KEYS[1]) \
                    if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) left = tonumber(ARGV[1]) end \
                    return {count, left}";
/// Callers remembered at a time; beyond it the one longest unseen is forgotten.
const CALLERS: u64 = 100_000;

/// Cheap to clone; the clones share their counts.
#[derive(Debug, Clone)]
pub struct Limits {
    redis: Option<Redis>,
    windows: moka::future::Cache<String, Arc<Mutex<Window>>>,
    places: Arc<Mutex<HashMap<String, u32>>>,
}

/// What is left of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub remaining: u32,
    pub reset: Duration,
}

/// One of a limited number of places, given back when dropped.
#[derive(Debug)]
pub struct Place {
    key: String,
    places: Arc<Mutex<HashMap<String, u32>>>,
}

#[derive(Debug)]
struct Window {
    count: u64,
    ends: Instant,
}

impl Limits {
    /// Shares the cache's link to Redis, where there is one.
    pub fn new(cache: &Cache) -> Self {
        let windows = moka::future::Cache::builder()
            .max_capacity(CALLERS)
            // The default policy would not admit newcomers to a full cache, and so never count them.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { redis: cache.redis().cloned(), windows, places: Arc::default() }
    }

    /// Takes one of `limit` in `window`; `TooMany` with the wait when there is none left.
    pub async fn take(&self, key: &str, limit: u32, window: Duration) -> Result<Taken> {
        let (count, reset) = match self.count_shared(key, window).await {
            Some(counted) => counted,
            None => self.count_here(key, window, Instant::now()).await,
        };
        match u64::from(limit).checked_sub(count) {
            Some(remaining) => Ok(Taken { remaining: remaining as u32, reset }),
            None => Err(Error::too_many("too many requests; please wait").retry_after(reset)),
        }
    }

    /// One of `limit` places at a time (open streams of an address); `TooMany` when all are taken. Counted in this
    /// process: a count in Redis would leak with every crash.
    pub fn hold(&self, key: &str, limit: u32) -> Result<Place> {
        let mut places = held(&self.places);
        let taken = places.get(key).copied().unwrap_or(0);
        if taken >= limit {
            return Err(Error::too_many("too many open connections").retry_after(Duration::from_secs(5)));
        }
        places.insert(key.to_owned(), taken + 1);
        Ok(Place { key: key.to_owned(), places: Arc::clone(&self.places) })
    }

    async fn count_shared(&self, key: &str, window: Duration) -> Option<(u64, Duration)> {
        let mut take = script(TAKE, &[&format!("crb:limit:{key}")]);
        take.arg(window.as_millis().max(1) as u64);
        let (count, left) = self.redis.as_ref()?.read::<(u64, u64)>(&take).await?;
        Some((count, Duration::from_millis(left)))
    }

    async fn count_here(&self, key: &str, length: Duration, now: Instant) -> (u64, Duration) {
        let fresh = async { Arc::new(Mutex::new(Window { count: 0, ends: now + length })) };
        let window = self.windows.entry_by_ref(key).or_insert_with(fresh).await.into_value();
        let mut window = held(&window);
        if window.ends <= now {
            *window = Window { count: 0, ends: now + length };
        }
        window.count += 1;
        (window.count, window.ends.duration_since(now))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = held(&self.places);
        match places.get_mut(&self.key) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => {
                places.remove(&self.key);
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::redis::tests::{absent, configured};
    use super::*;
    use crate::error::Kind;

    const MINUTE: Duration = Duration::from_mins(1);

    async fn exhaust(limits: &Limits, key: &str) {
        for remaining in (0..3).rev() {
            let taken = limits.take(key, 3, MINUTE).await.expect("within the limit");
            assert_eq!(taken.remaining, remaining);
            assert!(taken.reset <= MINUTE && taken.reset > MINUTE / 2);
        }
        let error = limits.take(key, 3, MINUTE).await.expect_err("above the limit");
        assert_eq!(error.kind(), Kind::TooMany);
        assert!(error.wait().expect("a wait") <= MINUTE);
    }

    #[tokio::test]
    async fn every_caller_has_a_window_of_their_own_and_a_limit_of_none_admits_nobody() {
        let limits = Limits::new(&Cache::new(None, &Arc::default()).expect("memory"));
        exhaust(&limits, "a").await;
        exhaust(&limits, "b").await;
        assert_eq!(limits.take("c", 0, MINUTE).await.expect_err("none").kind(), Kind::TooMany);
    }

    #[tokio::test]
    async fn a_window_that_ended_begins_again() {
        let limits = Limits::new(&Cache::new(None, &Arc::default()).expect("memory"));
        let now = Instant::now();
        for (after, count, left) in [(0, 1, 60), (59, 2, 1), (60, 1, 60), (61, 2, 59), (500, 1, 60)] {
            let counted = limits.count_here("a", MINUTE, now + Duration::from_secs(after)).await;
            assert_eq!(counted, (count, Duration::from_secs(left)), "after {after} s");
        }
    }

    #[tokio::test]
    async fn without_its_redis_a_process_counts_for_itself() {
        let limits = Limits::new(&Cache::new(Some(&absent()), &Arc::default()).expect("a cache"));
        exhaust(&limits, "a").await;
    }

    #[tokio::test]
    async fn two_replicas_share_one_count_and_its_end() {
        let Some(config) = configured() else { return };
        let replica = || Limits::new(&Cache::new(Some(&config), &Arc::default()).expect("a cache"));
        let (one, two) = (replica(), replica());
        let key = format!("test:{}", uuid::Uuid::new_v4());
        assert_eq!(one.take(&key, 2, MINUTE).await.expect("first").remaining, 1);
        let second = two.take(&key, 2, MINUTE).await.expect("second");
        assert!(second.remaining == 0 && second.reset <= MINUTE && !second.reset.is_zero());
        assert_eq!(one.take(&key, 2, MINUTE).await.expect_err("third").kind(), Kind::TooMany);
        assert!(!one.redis.as_ref().expect("a link").is_away(), "Redis counted, not the fallback");
    }

    #[tokio::test]
    async fn a_place_is_given_back_when_dropped() {
        let limits = Limits::new(&Cache::new(None, &Arc::default()).expect("memory"));
        let first = limits.hold("a", 2).expect("a place");
        let second = limits.hold("a", 2).expect("a place");
        assert_eq!(limits.hold("a", 2).expect_err("full").kind(), Kind::TooMany);
        assert!(limits.hold("b", 2).is_ok());
        drop(first);
        assert!(limits.clone().hold("a", 2).is_ok());
        drop(second);
        assert!(held(&limits.places).is_empty(), "nothing is left behind");
    }
}
