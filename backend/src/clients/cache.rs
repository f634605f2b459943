//! The cache: Redis for all replicas, or the process's own memory. A Redis that is away is a miss, never an error.

use std::time::Duration;

use bytes::Bytes;

use super::redis::Redis;
use crate::error::Result;

#[derive(Debug, Clone)]
pub enum Cache {
    Redis(Redis),
    Memory,
}

/// A subscription to wake-ups.
#[derive(Debug)]
pub struct Wakes {}

impl Cache {
    pub fn new(_config: Option<&crate::config::Redis>) -> Result<Self> {
        todo!()
    }

    pub async fn get(&self, _key: &str) -> Option<Bytes> {
        todo!()
    }

    /// The time to live is varied by ±10 %, so that what was cached together does not expire together.
    pub async fn put(&self, _key: &str, _bytes: Bytes, _ttl: Duration) {
        todo!()
    }

    pub async fn remove(&self, _key: &str) {
        todo!()
    }

    /// Forgets every key that starts so; how many. An operator asked, so here a Redis that is away is an error.
    pub async fn flush(&self, _prefix: &str) -> Result<u64> {
        todo!()
    }

    /// The cached bytes, or `load`ed ones: one load at a time for a key, and none is kept that was begun before the
    /// last `remove` or `flush`. An error is handed to all who waited, and not cached.
    pub async fn get_or<F, Fut>(&self, _key: &str, _ttl: Duration, _load: F) -> Result<Bytes>
    where
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<Bytes>> + Send,
    {
        todo!()
    }

    /// For the health check; memory is always well.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    /// The link, where there is one: for limits and health.
    pub fn redis(&self) -> Option<&Redis> {
        todo!()
    }

    /// Tells every subscriber of the channel that there is something to do. Best effort.
    pub async fn wake(&self, _channel: &str) {
        todo!()
    }

    pub fn subscribe(&self, _channel: &str) -> Wakes {
        todo!()
    }
}

impl Wakes {
    /// Waits for the next wake-up (several may be one), or for ever while Redis is away: the caller polls as well.
    /// Safe to drop and call again.
    pub async fn next(&mut self) {
        todo!()
    }
}
