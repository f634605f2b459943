//! The queue: nobody is given another's job, a lost lease comes back, and its old owner can do nothing any more.

use std::collections::BTreeSet;
use std::time::Duration;

use crb_backend::domain::ids::{JobState, ReportId};
use crb_backend::error::Kind;
use crb_backend::store::jobs::{self, Job};
use crb_backend::store::{Db, events};
use futures_util::future::join_all;

use super::events::progress;
use super::{minutes, noon, report};
use crate::support::db::TestDb;

const LEASE: Duration = Duration::from_mins(1);

async fn queued(db: &Db) -> ReportId {
    let id = report(db).await;
    jobs::enqueue(db.conn(), id, 3, Some("00-trace-01"), noon()).await.unwrap();
    id
}

async fn claim(db: &Db, owner: &str, after: i64) -> Option<Job> {
    let mut claimed = jobs::claim(db.conn(), owner, 1, LEASE, noon() + minutes(after)).await.unwrap();
    assert!(claimed.len() <= 1, "more than was asked for");
    claimed.pop()
}

#[tokio::test]
async fn a_job_is_claimed_with_what_it_carries_and_finished() {
    let test = TestDb::new().await;
    let id = queued(&test.db).await;
    assert!(claim(&test.db, "a", -1).await.is_none(), "not due yet");
    let job = claim(&test.db, "a", 0).await.unwrap();
    assert_eq!((job.report_id, job.attempt, job.max_attempts, job.exhausted), (id, 1, 3, false));
    assert_eq!((job.traceparent.as_deref(), job.enqueued_at), (Some("00-trace-01"), noon()));
    assert!(claim(&test.db, "b", 0).await.is_none());

    let entry = jobs::find(test.db.conn(), id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.lease_owner.as_deref()), (JobState::Leased, Some("a")));
    assert_eq!(entry.lease_expires_at, Some(noon() + minutes(1)));

    assert!(jobs::finish(test.db.conn(), &job, noon()).await.unwrap());
    assert!(!jobs::finish(test.db.conn(), &job, noon()).await.unwrap());
    let entry = jobs::find(test.db.conn(), id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.lease_owner, entry.lease_expires_at), (JobState::Done, None, None));
    assert!(claim(&test.db, "a", 99).await.is_none());
    assert_eq!(jobs::enqueue(test.db.conn(), id, 3, None, noon()).await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_that_claim_at_once_never_share_a_job() {
    let test = TestDb::new().await;
    let other = test.replica().await;
    let mut expected = BTreeSet::new();
    for _ in 0..20 {
        expected.insert(queued(&test.db).await);
    }
    let owners = (0..8).map(|n| {
        let db = if n % 2 == 0 { test.db.clone() } else { other.clone() };
        async move {
            let mut mine = Vec::new();
            loop {
                // Some one by one, some several at once.
                let most = 1 + n / 2;
                let claimed = jobs::claim(db.conn(), &format!("owner-{n}"), most, LEASE, noon()).await.unwrap();
                assert!(claimed.len() <= most as usize, "more than was asked for");
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|job| job.report_id));
            }
        }
    });
    let claimed: Vec<ReportId> = join_all(owners).await.into_iter().flatten().collect();
    assert_eq!(claimed.len(), 20, "each once");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn jobs_come_in_the_order_in_which_they_are_due() {
    let test = TestDb::new().await;
    let (first, second) = (queued(&test.db).await, queued(&test.db).await);
    let job = claim(&test.db, "a", 0).await.unwrap();
    let (held, waits) = if job.report_id == first { (first, second) } else { (second, first) };
    assert!(jobs::retry(test.db.conn(), &job, noon() + minutes(2), "529", noon()).await.unwrap());
    assert_eq!(jobs::find(test.db.conn(), held).await.unwrap().unwrap().last_error.as_deref(), Some("529"));
    let next = claim(&test.db, "a", 1).await.unwrap();
    assert_eq!(next.report_id, waits);
    assert!(jobs::finish(test.db.conn(), &next, noon()).await.unwrap());
    assert!(claim(&test.db, "a", 1).await.is_none(), "the retry is not due");
    let again = claim(&test.db, "a", 2).await.unwrap();
    assert_eq!((again.report_id, again.attempt), (held, 2));
}

#[tokio::test]
async fn a_lost_lease_is_claimed_again_and_its_old_owner_is_fenced() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = queued(&test.db).await;
    let old = claim(&test.db, "a", 0).await.unwrap();
    assert!(jobs::extend(conn, &old, LEASE * 3, noon()).await.unwrap());
    assert!(claim(&test.db, "a", 2).await.is_none(), "the heartbeat moved the end of the lease");

    // The same owner gets it again: only the attempt tells the two apart.
    let new = claim(&test.db, "a", 3).await.unwrap();
    assert_eq!((new.report_id, new.attempt), (id, 2));
    let later = noon() + minutes(3);
    assert!(!jobs::extend(conn, &old, LEASE, later).await.unwrap());
    assert!(!jobs::finish(conn, &old, later).await.unwrap());
    assert!(!jobs::retry(conn, &old, later, "e", later).await.unwrap());
    assert!(!jobs::release(conn, &old, later).await.unwrap());
    assert!(!jobs::bury(conn, &old, "e", later).await.unwrap());

    let tx = test.db.begin().await.unwrap();
    let told = |job| events::append_under_lease(&tx, job, vec![progress(10)], later);
    assert_eq!(told(&old).await.unwrap_err().kind(), Kind::Conflict);
    told(&new).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(events::last(conn, id).await.unwrap().unwrap().seq, 1, "the old owner has told nothing");
    assert!(jobs::finish(conn, &new, later).await.unwrap());
}

#[tokio::test]
async fn who_writes_holds_the_job_until_the_transaction_ends() {
    let test = TestDb::new().await;
    if !test.db.is_postgres() {
        return; // SQLite's transaction holds the whole database: nobody can claim meanwhile.
    }
    queued(&test.db).await;
    let job = claim(&test.db, "a", 0).await.unwrap();
    let tx = test.db.begin().await.unwrap();
    events::append_under_lease(&tx, &job, vec![progress(10)], noon()).await.unwrap();
    assert!(claim(&test.db, "b", 5).await.is_none(), "the lease is over, but its owner is writing");
    tx.commit().await.unwrap();
    let job = claim(&test.db, "b", 5).await.unwrap();
    assert_eq!(job.attempt, 2);

    let tx = test.db.begin().await.unwrap();
    assert!(jobs::bury(tx.conn(), &job, "too often", noon()).await.unwrap());
    assert!(claim(&test.db, "c", 9).await.is_none(), "it is being given up");
    tx.rollback().await.unwrap();
    assert_eq!(claim(&test.db, "c", 9).await.unwrap().attempt, 3);
}

#[tokio::test]
async fn a_job_that_died_in_its_last_attempt_comes_back_as_exhausted() {
    let test = TestDb::new().await;
    let id = queued(&test.db).await;
    for attempt in 1..=3_i64 {
        let job = claim(&test.db, "a", attempt * 10).await.unwrap();
        assert_eq!((i64::from(job.attempt), job.exhausted), (attempt, false));
    }
    let last = claim(&test.db, "a", 40).await.unwrap();
    assert_eq!((last.report_id, last.exhausted), (id, true));
    assert!(jobs::bury(test.db.conn(), &last, "three attempts", noon()).await.unwrap());
    let entry = jobs::find(test.db.conn(), id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.last_error.as_deref()), (JobState::Dead, Some("three attempts")));
    assert!(claim(&test.db, "a", 99).await.is_none());

    assert!(jobs::revive(test.db.conn(), id, noon() + minutes(50)).await.unwrap());
    assert!(!jobs::revive(test.db.conn(), id, noon()).await.unwrap(), "it is queued");
    let fresh = claim(&test.db, "a", 50).await.unwrap();
    assert_eq!((fresh.attempt, fresh.exhausted, fresh.enqueued_at), (1, false, noon() + minutes(50)));
    assert!(!jobs::revive(test.db.conn(), id, noon()).await.unwrap(), "it is leased");
}

#[tokio::test]
async fn a_job_given_back_keeps_its_attempts_and_is_due_at_once() {
    let test = TestDb::new().await;
    queued(&test.db).await;
    for _ in 0..5 {
        let job = claim(&test.db, "a", 0).await.unwrap();
        assert_eq!((job.attempt, job.exhausted), (1, false));
        assert!(jobs::release(test.db.conn(), &job, noon()).await.unwrap());
    }
}

#[tokio::test]
async fn the_depth_counts_states_and_the_longest_wait() {
    let test = TestDb::new().await;
    let empty = jobs::depth(test.db.conn(), noon()).await.unwrap();
    assert_eq!((empty.queued, empty.leased, empty.dead, empty.oldest_wait), (0, 0, 0, None));
    for _ in 0..4 {
        queued(&test.db).await;
    }
    let leased = claim(&test.db, "a", 0).await.unwrap();
    let buried = claim(&test.db, "a", 0).await.unwrap();
    assert!(jobs::bury(test.db.conn(), &buried, "e", noon()).await.unwrap());
    assert!(jobs::extend(test.db.conn(), &leased, LEASE * 10, noon()).await.unwrap());
    let depth = jobs::depth(test.db.conn(), noon() + minutes(4)).await.unwrap();
    assert_eq!((depth.queued, depth.leased, depth.dead), (2, 1, 1));
    assert_eq!(depth.oldest_wait, Some(Duration::from_mins(4)));
}
