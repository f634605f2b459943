//! The same promises of both places, and what remains of them while Redis is away.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::super::redis::tests::{absent, configured};
use super::*;
use crate::error::Kind;

const HOUR: Duration = Duration::from_hours(1);
const SOON: Duration = Duration::from_secs(5);

/// Memory always, Redis where the environment names one; keys of their own, so that runs do not meet. A database of its own
/// for each test: a removal counts up the epoch of its database, and what another test has begun to load is then not kept.
fn caches(database: u8) -> Vec<(Cache, String)> {
    let mut caches = vec![Cache::new(None, &Arc::default()).expect("memory")];
    if let Some(mut config) = configured() {
        let mut url: url::Url = config.url.expose_secret().parse().expect("TEST_REDIS_URL is a URL");
        url.set_path(&database.to_string());
        config.url = url.to_string().into();
        caches.push(Cache::new(Some(&config), &Arc::default()).expect("Redis"));
    }
    caches.into_iter().map(|cache| (cache, format!("test:{}:", uuid::Uuid::new_v4()))).collect()
}

#[tokio::test]
async fn what_is_put_is_got_until_it_is_removed_or_flushed() {
    for (cache, own) in caches(11) {
        cache.ping().await.expect("TEST_REDIS_URL is set, so Redis must answer");
        let [a, b, other] = ["a", "b[*]?\\", "other"].map(|name| format!("{own}{name}"));
        assert_eq!(cache.get(&a).await, None);
        for key in [&a, &b, &other] {
            cache.put(key, Bytes::from_static(b"\x00\xffdata"), HOUR).await;
            assert_eq!(cache.get(key).await.as_deref(), Some(&b"\x00\xffdata"[..]));
        }
        cache.remove(&a).await;
        assert_eq!(cache.get(&a).await, None);
        assert_eq!(cache.flush(&format!("{own}b[*]")).await.expect("flushed"), 1, "a prefix is no pattern");
        assert_eq!((cache.get(&b).await, cache.get(&other).await.is_some()), (None, true));
        assert_eq!(cache.flush(&own).await.expect("flushed"), 1);
    }
}

#[tokio::test]
async fn an_entry_ends_with_its_time() {
    for (cache, own) in caches(12) {
        cache.put(&own, Bytes::from_static(b"x"), Duration::from_millis(20)).await;
        let gone = async {
            while cache.get(&own).await.is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, gone).await.expect("it ends");
    }
}

#[tokio::test]
async fn a_hundred_askers_share_one_load_and_one_error() {
    for (cache, own) in caches(13) {
        let loads = AtomicU32::new(0);
        let load = |result: fn() -> Result<Bytes>| {
            loads.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::task::yield_now().await;
                result()
            }
        };
        let failed =
            join_all((0..100).map(|_| {
                cache.get_or(&own, HOUR, || load(|| Err(Error::not_found("no such vendor").retry_after(SOON))))
            }))
            .await;
        assert!(failed.iter().all(|result| {
            let error = result.as_ref().expect_err("an error");
            (error.kind(), error.detail(), error.wait()) == (Kind::NotFound, "no such vendor", Some(SOON))
        }));
        let before = loads.swap(0, Ordering::SeqCst);
        assert!(before >= 1);

        let loaded =
            join_all((0..100).map(|_| cache.get_or(&own, HOUR, || load(|| Ok(Bytes::from_static(b"v")))))).await;
        assert!(loaded.iter().all(|result| result.as_ref().expect("bytes") == "v"));
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        assert_eq!(cache.get(&own).await.as_deref(), Some(&b"v"[..]));
    }
}

#[tokio::test]
async fn a_load_that_began_before_a_removal_is_not_kept() {
    for (cache, own) in caches(14) {
        for flush in [false, true] {
            let (begun, go) = (Notify::new(), Notify::new());
            let old = cache.get_or(&own, HOUR, || async {
                begun.notify_one();
                go.notified().await;
                Ok(Bytes::from_static(b"old"))
            });
            let write = async {
                begun.notified().await;
                if flush {
                    cache.flush(&own).await.expect("flushed");
                } else {
                    cache.remove(&own).await;
                }
                go.notify_one();
            };
            let (old, ()) = tokio::join!(old, write);
            assert_eq!(old.expect("bytes"), "old");
            assert_eq!(cache.get(&own).await, None, "what the writer replaced must not return");
        }
    }
}

#[tokio::test]
async fn every_subscriber_hears_a_wake_up() {
    for (cache, own) in caches(15) {
        let mut subscribers = [cache.subscribe(&own), cache.subscribe(&own)];
        if cache.redis().is_some() {
            for subscriber in &mut subscribers {
                timeout(SOON, subscriber.next()).await.expect("connected");
            }
        }
        cache.wake(&own).await;
        for subscriber in &mut subscribers {
            timeout(SOON, subscriber.next()).await.expect("woken");
            let again = timeout(Duration::from_millis(1), subscriber.next()).await;
            assert!(again.is_err(), "one wake-up is one");
        }
    }
}

#[tokio::test]
async fn an_absent_redis_is_a_miss_and_only_the_operator_hears_of_it() {
    let cache = Cache::new(Some(&absent()), &Arc::default()).expect("a cache");
    cache.put("k", Bytes::from_static(b"x"), HOUR).await;
    cache.remove("k").await;
    cache.wake("jobs").await;
    assert_eq!(cache.get("k").await, None);
    assert_eq!(cache.get_or("k", HOUR, || async { Ok(Bytes::from_static(b"v")) }).await.expect("loaded"), "v");
    assert_eq!(cache.flush("").await.expect_err("away").kind(), Kind::Unavailable);
    assert_eq!(cache.ping().await.expect_err("away").kind(), Kind::Unavailable);
}

#[test]
fn times_to_live_vary_by_a_tenth() {
    let ttls: Vec<_> = (0..200).map(|_| jittered(HOUR)).collect();
    assert!(ttls.iter().all(|ttl| (3240.0..=3960.0).contains(&ttl.as_secs_f64())));
    assert!(ttls.iter().any(|ttl| *ttl < HOUR) && ttls.iter().any(|ttl| *ttl > HOUR));
    assert_eq!(millis(Duration::ZERO), 1);
}
