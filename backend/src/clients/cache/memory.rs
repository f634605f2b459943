//! The process's own memory: bounded by bytes, each entry with its own time to live.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use moka::Expiry;
use tokio::sync::watch;

const CAPACITY: u64 = 64 * 1024 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Memory {
    entries: moka::future::Cache<String, Entry>,
    epoch: Arc<AtomicU64>,
    channels: Arc<Mutex<HashMap<String, watch::Sender<u64>>>>,
}

#[derive(Debug, Clone)]
struct Entry {
    bytes: Bytes,
    ttl: Duration,
}

struct Lives;

impl Expiry<String, Entry> for Lives {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: std::time::Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        _: std::time::Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        let entries = moka::future::Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(|key: &String, entry: &Entry| {
                u32::try_from(key.len() + entry.bytes.len() + 128).unwrap_or(u32::MAX)
            })
            .expire_after(Lives)
            .build();
        Self { entries, epoch: Arc::default(), channels: Arc::default() }
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        self.entries.get(key).await.map(|entry| entry.bytes)
    }

    pub(super) async fn put(&self, key: &str, bytes: Bytes, ttl: Duration) {
        self.entries.insert(key.to_owned(), Entry { bytes, ttl }).await;
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// Puts, and takes it back when something was removed in the meantime. A removal counts first and removes then,
    /// so that one of the two sees the other.
    pub(super) async fn keep(&self, key: &str, bytes: Bytes, ttl: Duration, epoch: u64) {
        if self.epoch() != epoch {
            return;
        }
        self.put(key, bytes, ttl).await;
        if self.epoch() != epoch {
            self.entries.invalidate(key).await;
        }
    }

    pub(super) async fn remove(&self, key: &str) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        self.entries.invalidate(key).await;
    }

    pub(super) async fn flush(&self, prefix: &str) -> u64 {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        let keys: Vec<_> = self.entries.iter().map(|(key, _)| key).filter(|key| key.starts_with(prefix)).collect();
        for key in &keys {
            self.entries.invalidate(key.as_str()).await;
        }
        keys.len() as u64
    }

    pub(super) fn wake(&self, channel: &str) {
        if let Some(sender) = self.channels().get(channel) {
            sender.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    pub(super) fn subscribe(&self, channel: &str) -> watch::Receiver<u64> {
        self.channels().entry(channel.to_owned()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    fn channels(&self) -> std::sync::MutexGuard<'_, HashMap<String, watch::Sender<u64>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
