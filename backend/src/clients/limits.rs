//! Limits: so many in a fixed window, shared by all replicas through Redis, counted per process while it is away.

use std::time::Duration;

use super::cache::Cache;
use crate::error::Result;

#[derive(Debug, Clone)]
pub struct Limits {}

/// What is left of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub remaining: u32,
    pub reset: Duration,
}

/// One of a limited number of places, given back when dropped.
#[derive(Debug)]
pub struct Place {}

impl Limits {
    /// Shares the cache's link to Redis, where there is one.
    pub fn new(_cache: &Cache) -> Self {
        todo!()
    }

    /// Takes one of `limit` in `window`; `TooMany` with the wait when there is none left.
    pub async fn take(&self, _key: &str, _limit: u32, _window: Duration) -> Result<Taken> {
        todo!()
    }

    /// One of `limit` places at a time (open streams of an address); `TooMany` when all are taken. Counted in this
    /// process: a count in Redis would leak with every crash.
    pub fn hold(&self, _key: &str, _limit: u32) -> Result<Place> {
        todo!()
    }
}
