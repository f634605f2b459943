//! What is deleted after its time, and what a person may ask for. Time travels by `now`.

use chrono::{DateTime, Duration, Utc};
use crb_backend::domain::ids::{CallId, CallOutcome, MailKind, OrderStatus, PaymentProvider, Phase, ReportId};
use crb_backend::store::calls::Call;
use crb_backend::store::outbox::NewMail;
use crb_backend::store::retention::{self, Erased, Pruned};
use crb_backend::store::{self, Db, idempotency::Answer, orders::Change, reports::Pdf};
use serde_json::json;

use super::{count, finished, noon, order, report, session};
use crate::support::db::TestDb;

fn days(days: i64) -> DateTime<Utc> {
    noon() + Duration::days(days)
}

async fn prune(db: &Db, now: DateTime<Utc>) -> Pruned {
    let tx = db.begin().await.unwrap();
    let pruned = retention::prune(&tx, now).await.unwrap();
    tx.commit().await.unwrap();
    pruned
}

/// A ready report with everything that hangs on it.
async fn full_report(db: &Db) -> ReportId {
    let (conn, id) = (db.conn(), report(db).await);
    store::jobs::enqueue(conn, id, 3, None, noon()).await.unwrap();
    store::checkpoints::put(conn, id, Phase::Findings, "{}".to_owned(), noon()).await.unwrap();
    let tx = db.begin().await.unwrap();
    store::events::append(&tx, id, super::events::progress(5), noon()).await.unwrap();
    tx.commit().await.unwrap();
    let call = Call {
        id: CallId::new(),
        report_id: id,
        task: "findings".to_owned(),
        model: "m".to_owned(),
        attempt: 1,
        input_tokens: 1,
        output_tokens: 1,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        cost_microusd: 1,
        latency_ms: 1,
        ttft_ms: None,
        stop_reason: None,
        outcome: CallOutcome::Ok,
        provider_request_id: None,
        at: noon(),
    };
    store::calls::insert(conn, &call).await.unwrap();
    let mail = NewMail {
        kind: MailKind::ReportReady,
        recipient: "buyer@EXAMPLE.com".to_owned(),
        payload: json!({}),
        dedupe_key: format!("ready:{id}"),
        report_id: Some(id),
    };
    store::outbox::insert(conn, &mail, noon()).await.unwrap();
    store::reports::start(conn, id, noon()).await.unwrap();
    store::reports::finish_ready(conn, id, finished(), noon()).await.unwrap();
    let pdf = Pdf { key: format!("{id}.pdf"), etag: "e".to_owned(), bytes: 1 };
    store::reports::set_pdf(conn, id, &pdf, noon()).await.unwrap();
    id
}

#[tokio::test]
async fn unpaid_sessions_go_thirty_days_after_they_expired_and_paid_ones_stay() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let alone = session(&test.db).await;
    let unpaid = order(&test.db, noon()).await;
    let (open, expired) = (OrderStatus::Open, OrderStatus::Expired);
    store::orders::set_status(conn, unpaid, open, expired, &Change::default(), noon()).await.unwrap();
    let pending = order(&test.db, noon()).await;
    report(&test.db).await;

    assert_eq!(prune(&test.db, days(37)).await, Pruned::default(), "not a moment too early");
    let pruned = prune(&test.db, days(37) + Duration::seconds(1)).await;
    assert_eq!(pruned, Pruned { sessions: 2, ..Pruned::default() });
    assert!(store::sessions::find(conn, alone).await.unwrap().is_none());
    assert!(store::orders::find(conn, unpaid).await.unwrap().is_none());
    assert!(store::orders::find(conn, pending).await.unwrap().is_some(), "may still be paid");
    assert_eq!(count(&test.db, "quiz_sessions").await, 2);
}

#[tokio::test]
async fn calls_and_events_go_after_ninety_days_and_keys_when_they_are_spent() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    full_report(&test.db).await;
    let stripe = PaymentProvider::Stripe;
    store::webhooks::record(conn, stripe, "evt_1", "t", &json!({}), noon()).await.unwrap();
    let answer = Answer { request_hash: "h".to_owned(), status: 201, response: json!({}) };
    store::idempotency::put(conn, "k", "r", &answer, days(1), noon()).await.unwrap();

    assert_eq!(prune(&test.db, days(1)).await, Pruned { keys: 1, ..Pruned::default() });
    assert_eq!(prune(&test.db, days(90)).await, Pruned::default());
    let pruned = prune(&test.db, days(90) + Duration::seconds(1)).await;
    assert_eq!(pruned, Pruned { calls: 1, webhooks: 1, ..Pruned::default() });
}

#[tokio::test]
async fn a_report_goes_after_a_year_with_all_that_hangs_on_it_and_its_order_stays() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = full_report(&test.db).await;
    let order_id = store::reports::find(conn, id).await.unwrap().unwrap().order_id;
    prune(&test.db, days(364)).await;
    assert!(store::reports::find(conn, id).await.unwrap().is_some());

    let pruned = prune(&test.db, days(365) + Duration::seconds(1)).await;
    assert_eq!((pruned.reports, pruned.pdf_keys), (1, vec![format!("{id}.pdf")]));
    for table in ["reports", "report_jobs", "report_checkpoints", "report_events", "llm_calls", "outbox"] {
        assert_eq!(count(&test.db, table).await, 0, "{table}");
    }
    let order = store::orders::find(conn, order_id).await.unwrap().unwrap();
    assert_eq!(order.status, OrderStatus::Paid);
    let shell = store::sessions::find(conn, order.session_id).await.unwrap().unwrap();
    assert!(shell.answers.is_empty() && shell.email.is_none() && shell.token_sha256.starts_with("erased-"));
}

#[tokio::test]
async fn a_sweep_takes_a_batch_and_the_next_the_rest() {
    let test = TestDb::new().await;
    let tx = test.db.begin().await.unwrap();
    for n in 0..501 {
        let payload = json!({});
        store::webhooks::record(tx.conn(), PaymentProvider::Dev, &n.to_string(), "t", &payload, noon()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(prune(&test.db, days(100)).await.webhooks, 500);
    assert_eq!(prune(&test.db, days(100)).await.webhooks, 1);
    assert_eq!(prune(&test.db, days(100)).await, Pruned::default());
}

#[tokio::test]
async fn a_person_is_exported_and_then_erased_and_nobody_else() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = full_report(&test.db).await;
    let order_id = store::reports::find(conn, id).await.unwrap().unwrap().order_id;
    let unpaid = order(&test.db, noon()).await;
    let event = json!({ "customer_details": { "email": "buyer@Example.com" } });
    store::webhooks::record(conn, PaymentProvider::Stripe, "evt_1", "t", &event, noon()).await.unwrap();
    let bystander = {
        let new = store::orders::NewOrder {
            email: "other@example.com".to_owned(),
            ..super::new_order(session(&test.db).await)
        };
        store::orders::insert(conn, &new, noon()).await.unwrap();
        new
    };

    let export = retention::export_person(conn, "BUYER@example.com").await.unwrap();
    let lengths = ["sessions", "orders", "reports", "mails"].map(|key| export[key].as_array().unwrap().len());
    assert_eq!(lengths, [2, 2, 1, 1]);
    let document: serde_json::Value = serde_json::from_str(&finished().document).unwrap();
    assert_eq!(export["reports"][0]["document"], document);
    assert!(!export.to_string().contains("token"), "no key to anything");

    let tx = test.db.begin().await.unwrap();
    let erased = retention::erase_person(&tx, "BUYER@example.com", noon()).await.unwrap();
    tx.commit().await.unwrap();
    let expected = Erased { sessions: 2, orders: 2, reports: 1, mails: 1, pdf_keys: vec![format!("{id}.pdf")] };
    assert_eq!(erased, expected);

    let empty = retention::export_person(conn, "buyer@example.com").await.unwrap();
    let lengths = ["sessions", "orders", "reports", "mails"].map(|key| empty[key].as_array().unwrap().len());
    assert_eq!(lengths, [0, 0, 0, 0]);
    let kept = store::orders::find(conn, order_id).await.unwrap().unwrap();
    assert_eq!((kept.email.as_str(), kept.status, kept.amount_cents), ("erased", OrderStatus::Paid, 14_700));
    assert!(store::orders::find(conn, unpaid).await.unwrap().is_none());
    assert_eq!(store::orders::find(conn, bystander.id).await.unwrap().unwrap().email, "other@example.com");
    let event = super::rows(&test.db, "SELECT payload FROM webhook_events").await;
    let payload: serde_json::Value = event[0].try_get("", "payload").unwrap();
    assert_eq!(payload, json!({ "erased": true }));
}
