//! The cache: Redis for all replicas, or the process's own memory. A Redis that is away is a miss, never an error.

mod memory;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use deadpool_redis::redis::{self, Cmd};
use tokio::sync::watch;

use self::memory::Memory;
use super::redis::{Redis, Subscription};
use crate::counters::Counters;
use crate::error::{Error, Result};

/// Counts removals and flushes: what was begun before the last one is not kept.
const EPOCH: &str = "crb:epoch";
/// Keeps a value only when nothing was removed since the epoch that its reader saw.
const KEEP: &str = "if (redis.call('GET', KEYS[1]) or '0') == ARGV[1] then \
                    redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end return 1";
const REMOVE: &str = "redis.call('INCR', KEYS[1]) return redis.call('UNLINK', KEYS[2])";

/// Cheap to clone; the clones share everything.
#[derive(Debug, Clone)]
pub struct Cache {
    place: Place,
    /// Loads under way in this process; holds nothing once they have ended.
    flights: moka::future::Cache<String, Bytes>,
}

#[derive(Debug, Clone)]
enum Place {
    Redis(Redis),
    Memory(Memory),
}

/// A subscription to wake-ups.
#[derive(Debug)]
pub struct Wakes(Source);

#[derive(Debug)]
enum Source {
    Redis(Subscription),
    Memory(watch::Receiver<u64>),
}

impl Cache {
    /// Redis where it is configured, else memory.
    pub fn new(config: Option<&crate::config::Redis>, counters: &Arc<Counters>) -> Result<Self> {
        let place = match config {
            Some(config) => Place::Redis(Redis::new(config, counters)?),
            None => Place::Memory(Memory::new()),
        };
        Ok(Self { place, flights: moka::future::Cache::builder().max_capacity(10_000).build() })
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match &self.place {
            Place::Redis(redis) => redis.read::<Option<Bytes>>(redis::cmd("GET").arg(cache_key(key))).await?,
            Place::Memory(memory) => memory.get(key).await,
        }
    }

    /// The time to live is varied by ±10 %, so that what was cached together does not expire together.
    pub async fn put(&self, key: &str, bytes: Bytes, ttl: Duration) {
        let ttl = jittered(ttl);
        match &self.place {
            Place::Redis(redis) => {
                let mut set = redis::cmd("SET");
                set.arg(cache_key(key)).arg(&bytes[..]).arg("PX").arg(millis(ttl));
                redis.run::<()>(&set).await;
            }
            Place::Memory(memory) => memory.put(key, bytes, ttl).await,
        }
    }

    pub async fn remove(&self, key: &str) {
        match &self.place {
            Place::Redis(redis) => {
                redis.run::<()>(&script(REMOVE, &[EPOCH, &cache_key(key)])).await;
            }
            Place::Memory(memory) => memory.remove(key).await,
        }
    }

    /// Forgets every key that starts so; how many. An operator asked, so here a Redis that is away is an error.
    pub async fn flush(&self, prefix: &str) -> Result<u64> {
        match &self.place {
            Place::Redis(redis) => {
                flush(redis, prefix).await.ok_or_else(|| Error::unavailable("the cache could not be flushed"))
            }
            Place::Memory(memory) => Ok(memory.flush(prefix).await),
        }
    }

    /// The cached bytes, or `load`ed ones: one load at a time for a key, and none is kept that was begun before the
    /// last `remove` or `flush`. An error is handed to all who waited, and not cached.
    pub async fn get_or<F, Fut>(&self, key: &str, ttl: Duration, load: F) -> Result<Bytes>
    where
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<Bytes>> + Send,
    {
        let (found, epoch) = self.look(key).await;
        if let Some(bytes) = found {
            return Ok(bytes);
        }
        // Whoever comes after a removal does not board a flight that left before it.
        let name = format!("{}:{key}", epoch.unwrap_or_default());
        let flight = async {
            // Another flight may have landed since we looked.
            let (found, epoch) = self.look(key).await;
            if let Some(bytes) = found {
                return Ok(bytes);
            }
            let bytes = load().await?;
            self.keep(key, bytes.clone(), jittered(ttl), epoch).await;
            Ok(bytes)
        };
        // On the heap: the way of a miss would make every caller's future large.
        let landed = Box::pin(self.flights.try_get_with_by_ref(&name, flight)).await;
        self.flights.invalidate(&name).await;
        landed.map_err(Error::shared)
    }

    /// For the health check; memory is always well.
    pub async fn ping(&self) -> Result<()> {
        match &self.place {
            Place::Redis(redis) => redis.ping().await,
            Place::Memory(_) => Ok(()),
        }
    }

    /// The link, where there is one: for limits and health.
    pub fn redis(&self) -> Option<&Redis> {
        match &self.place {
            Place::Redis(redis) => Some(redis),
            Place::Memory(_) => None,
        }
    }

    /// Tells every subscriber of the channel that there is something to do. Best effort.
    pub async fn wake(&self, channel: &str) {
        match &self.place {
            Place::Redis(redis) => {
                redis.run::<()>(redis::cmd("PUBLISH").arg(wake_channel(channel)).arg("")).await;
            }
            Place::Memory(memory) => memory.wake(channel),
        }
    }

    pub fn subscribe(&self, channel: &str) -> Wakes {
        Wakes(match &self.place {
            Place::Redis(redis) => Source::Redis(Subscription::new(redis.clone(), wake_channel(channel))),
            Place::Memory(memory) => Source::Memory(memory.subscribe(channel)),
        })
    }

    /// The value, and the epoch in which it was looked for. No epoch: nothing can be kept.
    async fn look(&self, key: &str) -> (Option<Bytes>, Option<u64>) {
        match &self.place {
            Place::Redis(redis) => {
                let mut both = redis::cmd("MGET");
                both.arg(cache_key(key)).arg(EPOCH);
                match redis.read::<(Option<Bytes>, Option<u64>)>(&both).await {
                    Some((found, epoch)) => (found, Some(epoch.unwrap_or(0))),
                    None => (None, None),
                }
            }
            Place::Memory(memory) => {
                let epoch = memory.epoch();
                (memory.get(key).await, Some(epoch))
            }
        }
    }

    async fn keep(&self, key: &str, bytes: Bytes, ttl: Duration, epoch: Option<u64>) {
        let Some(epoch) = epoch else { return };
        match &self.place {
            Place::Redis(redis) => {
                let mut keep = script(KEEP, &[EPOCH, &cache_key(key)]);
                keep.arg(epoch.to_string()).arg(&bytes[..]).arg(millis(ttl));
                redis.run::<()>(&keep).await;
            }
            Place::Memory(memory) => memory.keep(key, bytes, ttl, epoch).await,
        }
    }
}

impl Wakes {
    /// Waits for the next wake-up (several may be one, and one may come for nothing), or for ever while Redis is
    /// away: the caller polls as well. Safe to drop and call again.
    pub async fn next(&mut self) {
        match &mut self.0 {
            Source::Redis(subscription) => subscription.next().await,
            Source::Memory(receiver) => {
                if receiver.changed().await.is_err() {
                    // The cache is gone; so is everybody who could wake us.
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

fn cache_key(key: &str) -> String {
    format!("crb:cache:{key}")
}

fn wake_channel(channel: &str) -> String {
    format!("crb:wake:{channel}")
}

pub(super) fn script(text: &str, keys: &[&str]) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(text).arg(keys.len()).arg(keys);
    command
}

async fn flush(redis: &Redis, prefix: &str) -> Option<u64> {
    redis.run::<()>(redis::cmd("INCR").arg(EPOCH)).await?;
    let pattern: String =
        cache_key(prefix).chars().flat_map(|c| "*?[]\\".contains(c).then_some('\\').into_iter().chain([c])).collect();
    let (mut cursor, mut gone) = (0_u64, 0);
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(format!("{pattern}*")).arg("COUNT").arg(500);
        let (next, keys) = redis.run::<(u64, Vec<Vec<u8>>)>(&scan).await?;
        if !keys.is_empty() {
            gone += redis.run::<u64>(redis::cmd("UNLINK").arg(keys)).await?;
        }
        if next == 0 {
            return Some(gone);
        }
        cursor = next;
    }
}

fn jittered(ttl: Duration) -> Duration {
    ttl.mul_f64(rand::random_range(0.9..=1.1))
}

/// Redis refuses a time to live of zero.
fn millis(ttl: Duration) -> u64 {
    ttl.as_millis().clamp(1, u128::from(u32::MAX)) as u64
}

#[cfg(test)]
mod tests;
