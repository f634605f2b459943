//! The outbox: each mail once.

use std::time::Duration;

use crb_backend::domain::ids::MailKind;
use crb_backend::store::Db;
use crb_backend::store::outbox::{self, Mail, NewMail};
use futures_util::future::join_all;
use serde_json::json;

use super::{minutes, noon, report};
use crate::support::db::TestDb;

const LEASE: Duration = Duration::from_mins(1);

fn mail(key: &str) -> NewMail {
    NewMail {
        kind: MailKind::ReportReady,
        recipient: "buyer@example.com".to_owned(),
        payload: json!({ "link": "https://app.example/r#t" }),
        dedupe_key: key.to_owned(),
        report_id: None,
    }
}

async fn claim(db: &Db, owner: &str, limit: u64, after: i64) -> Vec<Mail> {
    outbox::claim_due(db.conn(), owner, LEASE, limit, noon() + minutes(after)).await.unwrap()
}

#[tokio::test]
async fn a_mail_is_written_once_claimed_and_sent() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let report_id = report(&test.db).await;
    assert!(outbox::insert(conn, &NewMail { report_id: Some(report_id), ..mail("ready:1") }, noon()).await.unwrap());
    assert!(!outbox::insert(conn, &mail("ready:1"), noon()).await.unwrap());
    assert_eq!(outbox::pending(conn).await.unwrap(), 1);

    let claimed = claim(&test.db, "a", 10, 0).await;
    assert_eq!(claimed.len(), 1);
    let found = &claimed[0];
    assert_eq!((found.kind, found.recipient.as_str()), (MailKind::ReportReady, "buyer@example.com"));
    assert_eq!((found.report_id, found.attempts, found.created_at), (Some(report_id), 1, noon()));
    assert_eq!(found.payload, mail("x").payload);
    assert!(claim(&test.db, "b", 10, 0).await.is_empty());
    assert!(outbox::sent(conn, found, noon()).await.unwrap());
    assert!(claim(&test.db, "b", 10, 99).await.is_empty());
    assert_eq!(outbox::pending(conn).await.unwrap(), 0);
    assert!(!outbox::insert(conn, &mail("ready:1"), noon()).await.unwrap(), "not even after it was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_at_once_never_send_the_same_mail() {
    let test = TestDb::new().await;
    for n in 0..30 {
        outbox::insert(test.db.conn(), &mail(&n.to_string()), noon()).await.unwrap();
    }
    let senders = (0..6).map(|n| {
        let db = test.db.clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let claimed = claim(&db, &format!("sender-{n}"), 4, 0).await;
                assert!(claimed.len() <= 4);
                if claimed.is_empty() {
                    break mine;
                }
                for mail in claimed {
                    assert!(outbox::sent(db.conn(), &mail, noon()).await.unwrap());
                    mine.push(mail.id);
                }
            }
        }
    });
    let mut sent: Vec<_> = join_all(senders).await.into_iter().flatten().collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 30);
}

#[tokio::test]
async fn a_failed_mail_comes_again_and_a_lost_claim_changes_nothing() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    outbox::insert(conn, &mail("m"), noon()).await.unwrap();
    let first = claim(&test.db, "a", 1, 0).await.remove(0);
    let next = Some(noon() + minutes(5));
    assert!(outbox::failed(conn, &first, next, "503", noon()).await.unwrap());
    assert!(claim(&test.db, "a", 1, 4).await.is_empty());

    let second = claim(&test.db, "a", 1, 5).await.remove(0);
    assert_eq!(second.attempts, 2);
    // The claim runs out; another sender takes it.
    let third = claim(&test.db, "b", 1, 6).await.remove(0);
    assert!(!outbox::sent(conn, &second, noon()).await.unwrap());
    assert!(!outbox::failed(conn, &second, None, "late", noon()).await.unwrap());
    assert_eq!(outbox::pending(conn).await.unwrap(), 1);
    assert!(outbox::failed(conn, &third, None, "400", noon()).await.unwrap());
    assert_eq!(outbox::pending(conn).await.unwrap(), 0, "given up");
    assert!(claim(&test.db, "a", 1, 999).await.is_empty());
}
