//! The link to Redis: a bounded pool behind a breaker. Redis holds nothing that we cannot lose.

/// Cheap to clone; the clones share one pool and one breaker.
#[derive(Debug, Clone)]
pub struct Redis {}

impl Redis {
    /// Opens no connection yet; an address that cannot be read is a fault.
    pub fn new(_config: &crate::config::Redis) -> crate::error::Result<Self> {
        todo!()
    }

    /// For the health check: asks Redis itself, whatever the breaker thinks.
    pub async fn ping(&self) -> crate::error::Result<()> {
        todo!()
    }
}
