//! Events without gaps, and checkpoints.

use std::collections::BTreeMap;
use std::time::Duration;

use crb_backend::domain::ids::{EventKind, Phase, ReportId};
use crb_backend::error::Kind;
use crb_backend::store::events::{self, NewEvent};
use crb_backend::store::jobs::{self, Job};
use crb_backend::store::{Channel, Wake, checkpoints};
use futures_util::future::join_all;
use serde_json::json;

use super::{minutes, noon, report};
use crate::support::db::{PATIENCE, TestDb};

pub fn progress(percent: u32) -> NewEvent {
    NewEvent {
        kind: EventKind::Progress,
        phase: Some(Phase::Findings),
        progress: percent,
        payload: json!({ "of": percent }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_once_number_their_events_without_gap_or_double() {
    let test = TestDb::new().await;
    let (id, other) = (report(&test.db).await, report(&test.db).await);
    let writers = (0..6).map(|writer| {
        let db = test.db.clone();
        async move {
            for turn in 0..4 {
                let tx = db.begin().await.unwrap();
                events::append(&tx, id, progress(turn), noon()).await.unwrap();
                // Every third event is taken back: its number must be given again.
                if (writer + turn) % 3 == 0 { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
            }
        }
    });
    join_all(writers).await;
    let seqs: Vec<i64> = events::after(test.db.conn(), id, 0, 100).await.unwrap().iter().map(|e| e.seq).collect();
    assert_eq!(seqs, (1..=16).collect::<Vec<i64>>());

    let tx = test.db.begin().await.unwrap();
    assert_eq!(events::append(&tx, other, progress(0), noon()).await.unwrap(), 1, "each report counts for itself");
    let nobody = events::append(&tx, ReportId::new(), progress(0), noon()).await.unwrap_err();
    assert_eq!(nobody.kind(), Kind::NotFound);
}

/// The calls of a phase tell at the same time, and their lease may be lost meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn who_holds_the_lease_tells_without_gap_and_listeners_hear() {
    let test = TestDb::new().await;
    let (conn, id) = (test.db.conn(), report(&test.db).await);
    jobs::enqueue(conn, id, 3, None, noon()).await.unwrap();
    let lease = Duration::from_mins(1);
    let old = jobs::claim(conn, "me", 1, lease, noon()).await.unwrap().remove(0);
    let listener = test.db.listen(&[Channel::Events]).await.unwrap();
    let tell = async |job: &Job| {
        let tx = test.db.begin().await.unwrap();
        let told = events::append_under_lease(&tx, job, [1, 2].map(progress).to_vec(), noon()).await;
        if told.is_ok() {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        told
    };
    let told = join_all((0..8).map(|_| tell(&old))).await;
    assert!(told.iter().all(Result::is_ok));
    let heir = jobs::claim(conn, "me", 1, lease, noon() + minutes(2)).await.unwrap().remove(0);
    let told = join_all((0..8).map(|turn| tell(if turn % 2 == 0 { &old } else { &heir }))).await;
    for (turn, told) in told.into_iter().enumerate() {
        assert_eq!(told.err().map(|error| error.kind()), (turn % 2 == 0).then_some(Kind::Conflict));
    }
    let seqs: Vec<i64> = events::after(conn, id, 0, 100).await.unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=24).collect::<Vec<i64>>());
    if let Some(mut listener) = listener {
        let heard = Wake::Notified { channel: Channel::Events, payload: id.to_string() };
        assert_eq!(tokio::time::timeout(PATIENCE, listener.next()).await.expect("a wake-up").unwrap(), heard);
    }
}

#[tokio::test]
async fn events_are_read_after_the_last_one_seen() {
    let test = TestDb::new().await;
    let id = report(&test.db).await;
    assert!(events::last(test.db.conn(), id).await.unwrap().is_none());
    jobs::enqueue(test.db.conn(), id, 3, None, noon()).await.unwrap();
    let job = jobs::claim(test.db.conn(), "me", 1, Duration::from_mins(1), noon()).await.unwrap().remove(0);
    let tx = test.db.begin().await.unwrap();
    let several = [10, 20, 30].map(progress).to_vec();
    events::append_under_lease(&tx, &job, several, noon() + minutes(1)).await.unwrap();
    let end = NewEvent { kind: EventKind::Ready, phase: None, progress: 100, payload: json!({}) };
    assert_eq!(events::append(&tx, id, end, noon() + minutes(2)).await.unwrap(), 4);
    tx.commit().await.unwrap();

    let conn = test.db.conn();
    let seen = |events: Vec<events::Event>| events.iter().map(|e| (e.seq, e.progress)).collect::<Vec<_>>();
    assert_eq!(seen(events::after(conn, id, 1, 10).await.unwrap()), [(2, 20), (3, 30), (4, 100)]);
    assert_eq!(seen(events::after(conn, id, 0, 2).await.unwrap()), [(1, 10), (2, 20)]);
    let last = events::last(conn, id).await.unwrap().unwrap();
    assert_eq!((last.kind, last.phase, last.at), (EventKind::Ready, None, noon() + minutes(2)));
    let first = &events::after(conn, id, 0, 1).await.unwrap()[0];
    assert_eq!((first.phase, &first.payload), (Some(Phase::Findings), &json!({ "of": 10 })));

    // The database itself refuses a progress that is none.
    let tx = test.db.begin().await.unwrap();
    assert_eq!(events::append(&tx, id, progress(101), noon()).await.unwrap_err().kind(), Kind::Internal);
}

#[tokio::test]
async fn a_checkpoint_is_kept_by_phase_and_replaced_when_written_again() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let (id, other) = (report(&test.db).await, report(&test.db).await);
    checkpoints::put(conn, id, Phase::Findings, json!({ "n": 1 }).to_string(), noon()).await.unwrap();
    checkpoints::put(conn, id, Phase::Options, json!([1, 2.5, null]).to_string(), noon()).await.unwrap();
    checkpoints::put(conn, id, Phase::Findings, json!({ "n": 2 }).to_string(), noon()).await.unwrap();
    checkpoints::put(conn, other, Phase::Compute, json!({}).to_string(), noon()).await.unwrap();
    let expected = BTreeMap::from([(Phase::Findings, json!({ "n": 2 })), (Phase::Options, json!([1, 2.5, null]))]);
    assert_eq!(checkpoints::all(conn, id).await.unwrap(), expected);
    checkpoints::clear(conn, id).await.unwrap();
    assert!(checkpoints::all(conn, id).await.unwrap().is_empty());
    assert_eq!(checkpoints::all(conn, other).await.unwrap().len(), 1);
}
