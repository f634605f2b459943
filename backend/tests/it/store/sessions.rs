//! Sessions and the answers to repeated requests.

use std::collections::BTreeMap;

use chrono::Duration;
use crb_backend::domain::ids::{SessionId, SessionStatus};
use crb_backend::error::Kind;
use crb_backend::store::idempotency::{self, Answer};
use crb_backend::store::sessions::{self, Completion, NewSession};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{minutes, noon, session};
use crate::support::db::TestDb;

fn answers(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect()
}

fn completion() -> Completion {
    Completion {
        email: Some("a@example.com".to_owned()),
        consent: true,
        readiness_score: 44,
        teaser: json!({ "score": 44, "components": [29.86] }),
    }
}

#[tokio::test]
async fn a_session_is_read_as_it_was_written() {
    let test = TestDb::new().await;
    let now = noon() + Duration::nanoseconds(123_456_789);
    let new = NewSession {
        id: SessionId::new(),
        token_sha256: "abc".to_owned(),
        industry: "dental".to_owned(),
        questionnaire_version: "1".to_owned(),
        expires_at: now + Duration::days(7),
    };
    sessions::insert(test.db.conn(), &new, now).await.unwrap();
    let found = sessions::find(test.db.conn(), new.id).await.unwrap().unwrap();
    assert_eq!((found.id, found.token_sha256.as_str(), found.industry.as_str()), (new.id, "abc", "dental"));
    assert_eq!((found.status, found.version), (SessionStatus::InProgress, 1));
    assert_eq!(found.created_at, noon() + Duration::microseconds(123_456), "to the microsecond");
    assert!(found.answers.is_empty() && found.teaser.is_none() && found.email.is_none());
    assert!(sessions::find(test.db.conn(), SessionId::new()).await.unwrap().is_none());

    let same_token = NewSession { id: SessionId::new(), ..new };
    let error = sessions::insert(test.db.conn(), &same_token, now).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
}

#[tokio::test]
async fn an_answer_needs_the_version_it_was_made_from() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = session(&test.db).await;
    let first = answers(&[("company_name", json!("Zahn & Söhne \"GmbH\"")), ("employee_count", json!(12))]);
    assert_eq!(sessions::answer(conn, id, 1, &first, noon() + minutes(1)).await.unwrap(), Some(2));
    assert_eq!(sessions::answer(conn, id, 1, &answers(&[]), noon() + minutes(2)).await.unwrap(), None, "stale");
    let found = sessions::find(conn, id).await.unwrap().unwrap();
    assert_eq!(*found.answers, first);
    assert_eq!((found.version, found.updated_at), (2, noon() + minutes(1)));

    let late = noon() + Duration::days(8);
    assert_eq!(sessions::answer(conn, id, 2, &first, late).await.unwrap(), None, "its time is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_answers_from_one_version_exactly_one_is_taken() {
    let test = TestDb::new().await;
    let id = session(&test.db).await;
    let tries = (0..8).map(|n| {
        let db = test.db.clone();
        async move { sessions::answer(db.conn(), id, 1, &answers(&[("n", json!(n))]), noon()).await.unwrap() }
    });
    let taken = join_all(tries).await.into_iter().flatten().count();
    assert_eq!(taken, 1);
}

#[tokio::test]
async fn a_session_is_completed_once_and_takes_no_answers_after() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = session(&test.db).await;
    assert!(sessions::complete(conn, id, &completion(), noon() + minutes(5)).await.unwrap());
    assert!(!sessions::complete(conn, id, &completion(), noon() + minutes(6)).await.unwrap());
    let found = sessions::find(conn, id).await.unwrap().unwrap();
    assert_eq!(found.status, SessionStatus::Completed);
    assert_eq!((found.readiness_score, found.teaser), (Some(44), Some(completion().teaser)));
    assert_eq!((found.consent_at, found.completed_at), (Some(noon() + minutes(5)), Some(noon() + minutes(5))));
    assert_eq!((found.email.as_deref(), found.version), (Some("a@example.com"), 2));
    assert_eq!(sessions::answer(conn, id, 2, &answers(&[]), noon() + minutes(7)).await.unwrap(), None);

    let silent = session(&test.db).await;
    let without = Completion { email: None, consent: false, ..completion() };
    assert!(sessions::complete(conn, silent, &without, noon()).await.unwrap());
    assert_eq!(sessions::find(conn, silent).await.unwrap().unwrap().consent_at, None);
}

#[tokio::test]
async fn only_sessions_in_progress_expire() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let (open, done) = (session(&test.db).await, session(&test.db).await);
    sessions::complete(conn, done, &completion(), noon()).await.unwrap();
    assert_eq!(sessions::set_expired(conn, noon() + Duration::days(6)).await.unwrap(), 0);
    assert_eq!(sessions::set_expired(conn, noon() + Duration::days(7)).await.unwrap(), 1);
    assert_eq!(sessions::find(conn, open).await.unwrap().unwrap().status, SessionStatus::Expired);
    assert_eq!(sessions::find(conn, done).await.unwrap().unwrap().status, SessionStatus::Completed);
    assert!(!sessions::complete(conn, open, &completion(), noon()).await.unwrap());
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_the_callers_fault() {
    let test = TestDb::new().await;
    let id = session(&test.db).await;
    let zero = answers(&[("company_name", json!("a\u{0}b"))]);
    let result = sessions::answer(test.db.conn(), id, 1, &zero, noon()).await;
    // SQLite keeps it; PostgreSQL cannot, and says so without an alarm.
    if test.db.is_postgres() {
        assert_eq!(result.unwrap_err().kind(), Kind::Invalid);
    } else {
        assert_eq!(result.unwrap(), Some(2));
    }
}

#[tokio::test]
async fn an_answer_to_a_repeated_request_lasts_until_it_expires() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let answer = |hash: &str| Answer { request_hash: hash.to_owned(), status: 201, response: json!({ "id": hash }) };
    let (soon, later) = (noon() + minutes(10), noon() + minutes(20));
    assert!(idempotency::put(conn, "k", "POST /orders", &answer("a"), soon, noon()).await.unwrap());
    assert!(!idempotency::put(conn, "k", "POST /orders", &answer("b"), soon, noon()).await.unwrap());
    assert!(idempotency::put(conn, "k", "POST /other", &answer("c"), soon, noon()).await.unwrap());
    assert_eq!(idempotency::find(conn, "k", "POST /orders", noon()).await.unwrap(), Some(answer("a")));

    assert_eq!(idempotency::find(conn, "k", "POST /orders", soon).await.unwrap(), None);
    assert!(idempotency::put(conn, "k", "POST /orders", &answer("d"), later, soon).await.unwrap(), "free again");
    assert_eq!(idempotency::find(conn, "k", "POST /orders", soon).await.unwrap(), Some(answer("d")));
    assert_eq!(idempotency::expire(conn, soon).await.unwrap(), 1);
    assert_eq!(idempotency::expire(conn, later).await.unwrap(), 1);
}
