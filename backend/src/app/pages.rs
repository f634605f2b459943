//! What is kept in this process: answers, encoded and ready to send, that are the same for everybody; ready reports, for
//! whoever holds their token; and the catalogue that reports are written from.
//!
//! What changes what they show says so in its transaction (`forgotten_by`), and every replica forgets on hearing it.
//! An answer that was begun before is kept under the number of its time, and nobody asks for that any more.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use serde::Serialize;

use super::App;
use super::reports::Encoded;
use crate::domain::ids::ReportId;
use crate::domain::knowledge::Vendor;
use crate::domain::tokens::Token;
use crate::error::{Error, Result};
use crate::store::{self, Channel, Tx};

/// A change that nobody told of (a statement by hand, a sweep elsewhere) shows after this.
const TTL: Duration = Duration::from_mins(15);
/// Bytes of each kind. A report is about 60 KB.
const ROOM: u64 = 6 * 1024 * 1024;

pub struct Pages {
    time: AtomicU64,
    public: moka::future::Cache<(u64, String), Encoded>,
    reports: moka::sync::Cache<(u64, ReportId), Owned>,
    catalogue: moka::future::Cache<u64, Arc<Vec<Vendor>>>,
}

/// A ready report, and whose it is.
#[derive(Clone)]
struct Owned {
    token_sha256: String,
    document: Encoded,
}

impl Default for Pages {
    fn default() -> Self {
        let size = |page: &Encoded| {
            let packed = page.gzip.as_ref().map_or(0, bytes::Bytes::len);
            u32::try_from(page.body.len() + packed + 256).unwrap_or(u32::MAX)
        };
        Self {
            time: AtomicU64::new(0),
            public: moka::future::Cache::builder()
                .weigher(move |_: &(u64, String), page: &Encoded| size(page))
                .max_capacity(ROOM)
                .time_to_live(TTL)
                .build(),
            reports: moka::sync::Cache::builder()
                .weigher(move |_: &(u64, ReportId), owned: &Owned| size(&owned.document))
                .max_capacity(ROOM)
                .time_to_live(TTL)
                .build(),
            catalogue: moka::future::Cache::builder()
                .max_capacity(1)
                // The newest is the one that is asked for, however often an older one was.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(TTL)
                .build(),
        }
    }
}

impl Pages {
    /// The kept page, or what `load` gives: one load at a time for a key. An error is not kept.
    pub(super) async fn get_or<T: Serialize>(
        &self,
        key: String,
        load: impl Future<Output = Result<T>> + Send,
    ) -> Result<Encoded> {
        let key = (self.now(), key);
        if let Some(page) = self.public.get(&key).await {
            return Ok(page);
        }
        let load = async { Encoded::of(&load.await?)?.packed().await };
        // On the heap: the way of a miss would make every caller's future large.
        Box::pin(self.public.try_get_with(key, load)).await.map_err(Error::shared)
    }

    /// The kept catalogue, or what `load` gives: one load at a time. An error is not kept.
    pub(super) async fn catalogue(
        &self,
        load: impl Future<Output = Result<Vec<Vendor>>> + Send,
    ) -> Result<Arc<Vec<Vendor>>> {
        let load = async { load.await.map(Arc::new) };
        Box::pin(self.catalogue.try_get_with(self.now(), load)).await.map_err(Error::shared)
    }

    /// A ready report, for whoever holds its token.
    pub(super) fn report(&self, id: ReportId, token: &Token) -> Option<Encoded> {
        let owned = self.reports.get(&(self.now(), id))?;
        token.opens(&owned.token_sha256).then_some(owned.document)
    }

    /// Keeps a ready report that was read at `time`.
    pub(super) fn keep_report(&self, time: u64, id: ReportId, token_sha256: String, document: Encoded) {
        self.reports.insert((time, id), Owned { token_sha256, document });
    }

    pub(super) fn now(&self) -> u64 {
        self.time.load(Ordering::SeqCst)
    }

    /// Nothing that was kept until now is shown again. What is no longer asked for goes by its age and size.
    pub fn forget(&self) {
        self.time.fetch_add(1, Ordering::SeqCst);
    }
}

/// Tells every replica to forget, when the transaction commits; this process is told by `forget`, after it.
pub(super) async fn forgotten_by(tx: &Tx) -> Result<()> {
    store::notify(tx.conn(), Channel::Pages, "").await
}

/// Commits a change of what pages show.
pub(super) async fn commit(app: &App, tx: Tx) -> Result<()> {
    forgotten_by(&tx).await?;
    tx.commit().await?;
    app.pages.forget();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(byte: u8) -> Token {
        Token::from_bytes([byte; 32])
    }

    #[tokio::test]
    async fn a_page_is_made_once_until_it_is_forgotten() {
        let pages = Pages::default();
        let first = pages.get_or("vendors".into(), async { Ok("old") }).await.expect("a page");
        let kept = pages.get_or("vendors".into(), async { Ok("new") }).await.expect("a page");
        assert_eq!((&first.body, &first.etag), (&kept.body, &kept.etag));
        pages.forget();
        let fresh = pages.get_or("vendors".into(), async { Ok("new") }).await.expect("a page");
        assert_eq!(&fresh.body[..], b"\"new\"");
        assert_ne!(fresh.etag, first.etag);
    }

    #[tokio::test]
    async fn the_catalogue_is_read_once_until_it_changes_however_often_the_old_one_was_asked_for() {
        let (pages, reads) = (Pages::default(), AtomicU64::new(0));
        let read = || async {
            reads.fetch_add(1, Ordering::SeqCst);
            Ok(Vec::new())
        };
        for changes in 1..=3 {
            for _ in 0..50 {
                pages.catalogue(read()).await.expect("a catalogue");
            }
            assert_eq!(reads.load(Ordering::SeqCst), changes);
            pages.forget();
        }
        let away = pages.catalogue(async { Err(Error::unavailable("the database is away")) }).await;
        assert_eq!(away.expect_err("away").kind(), crate::error::Kind::Unavailable);
        pages.catalogue(read()).await.expect("an error is not kept");
    }

    #[tokio::test]
    async fn what_was_begun_before_a_change_is_not_shown_after_it() {
        let pages = Pages::default();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let slow = pages.get_or("vendors".into(), async {
            gone.await.map_err(|_| Error::internal("nobody says go"))?;
            Ok("old")
        });
        let change = async {
            pages.forget();
            let fresh = pages.get_or("vendors".into(), async { Ok("new") }).await.expect("a page");
            go.send(()).expect("somebody waits");
            fresh
        };
        let (old, fresh) = tokio::join!(slow, change);
        assert_eq!(&old.expect("a page").body[..], b"\"old\"");
        let after = pages.get_or("vendors".into(), async { Ok("newer") }).await.expect("a page");
        assert_eq!(after.body, fresh.body);
    }

    #[tokio::test]
    async fn an_error_is_told_and_not_kept() {
        let pages = Pages::default();
        let away = async { Err::<(), _>(Error::unavailable("the database is away")) };
        let error = pages.get_or("vendors".into(), away).await.expect_err("away");
        assert_eq!(error.kind(), crate::error::Kind::Unavailable);
        assert!(pages.get_or("vendors".into(), async { Ok(1) }).await.is_ok());
    }

    #[test]
    fn a_report_is_shown_to_its_owner_and_to_nobody_else() {
        let pages = Pages::default();
        let id = ReportId::new();
        let document = Encoded::of(&"report").expect("a document");
        pages.keep_report(pages.now(), id, token(1).sha256(), document);
        assert!(pages.report(id, &token(1)).is_some());
        assert!(pages.report(id, &token(2)).is_none());
        assert!(pages.report(ReportId::new(), &token(1)).is_none());
        pages.forget();
        assert!(pages.report(id, &token(1)).is_none());
    }
}
