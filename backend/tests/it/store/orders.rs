//! Orders and the provider's events.

use crb_backend::domain::ids::{OrderId, OrderStatus, PaymentProvider, WebhookOutcome};
use crb_backend::error::Kind;
use crb_backend::store::orders::{self, Change};
use crb_backend::store::webhooks;
use futures_util::future::join_all;
use serde_json::json;

use super::{count, minutes, new_order, noon, order, session};
use crate::support::db::TestDb;

#[tokio::test]
async fn an_order_is_found_by_every_reference() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let new = new_order(session(&test.db).await);
    orders::insert(conn, &new, noon()).await.unwrap();
    assert!(orders::set_checkout(conn, new.id, "cs_1", "https://pay.example/1", noon() + minutes(1)).await.unwrap());
    let paid = Change { payment_ref: Some("pi_1".to_owned()), paid_at: Some(noon() + minutes(2)), ..Change::default() };
    let (open, is_paid) = (OrderStatus::Open, OrderStatus::Paid);
    assert_eq!(orders::open_for_session(conn, new.session_id).await.unwrap().unwrap().id, new.id);
    assert!(orders::set_status(conn, new.id, open, is_paid, &paid, noon() + minutes(2)).await.unwrap());

    let found = orders::find(conn, new.id).await.unwrap().unwrap();
    assert_eq!((found.amount_cents, found.currency.as_str(), found.tier.as_str()), (14_700, "EUR", "report"));
    assert_eq!((found.status, found.provider), (OrderStatus::Paid, PaymentProvider::Stripe));
    assert_eq!(found.checkout_url.as_deref(), Some("https://pay.example/1"));
    assert_eq!((found.paid_at, found.refunded_cents), (Some(noon() + minutes(2)), 0));
    assert_eq!(orders::by_checkout_ref(conn, "cs_1").await.unwrap().unwrap(), found);
    assert_eq!(orders::by_payment_ref(conn, "pi_1").await.unwrap().unwrap(), found);
    assert_eq!(orders::by_session(conn, new.session_id).await.unwrap(), [found]);
    assert!(orders::by_checkout_ref(conn, "cs_2").await.unwrap().is_none());
    assert!(orders::open_for_session(conn, new.session_id).await.unwrap().is_none());
    assert!(!orders::set_checkout(conn, new.id, "cs_3", "https://pay.example/3", noon()).await.unwrap(), "not open");
}

#[tokio::test]
async fn a_status_changes_only_from_the_expected_one_and_keeps_the_rest() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = order(&test.db, noon()).await;
    let paid = Change { payment_ref: Some("pi_1".to_owned()), paid_at: Some(noon()), ..Change::default() };
    assert!(orders::set_status(conn, id, OrderStatus::Open, OrderStatus::Paid, &paid, noon()).await.unwrap());
    assert!(!orders::set_status(conn, id, OrderStatus::Open, OrderStatus::Expired, &paid, noon()).await.unwrap());
    let refund = Change { refunded_cents: Some(700), ..Change::default() };
    let (from, to) = (OrderStatus::Paid, OrderStatus::PartiallyRefunded);
    assert!(orders::set_status(conn, id, from, to, &refund, noon() + minutes(1)).await.unwrap());
    let found = orders::find(conn, id).await.unwrap().unwrap();
    assert_eq!((found.status, found.refunded_cents), (OrderStatus::PartiallyRefunded, 700));
    assert_eq!((found.payment_ref.as_deref(), found.paid_at), (Some("pi_1"), Some(noon())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_one_open_order_whatever_arrives_together() {
    let test = TestDb::new().await;
    let session_id = session(&test.db).await;
    let tries = (0..8).map(|_| {
        let db = test.db.clone();
        async move { orders::insert(db.conn(), &new_order(session_id), noon()).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) = join_all(tries).await.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    assert!(refused.into_iter().all(|result| result.unwrap_err().kind() == Kind::Conflict));

    // When the open one has expired, the next may come.
    let open = orders::open_for_session(test.db.conn(), session_id).await.unwrap().unwrap();
    let nothing = Change::default();
    orders::set_status(test.db.conn(), open.id, OrderStatus::Open, OrderStatus::Expired, &nothing, noon())
        .await
        .unwrap();
    orders::insert(test.db.conn(), &new_order(session_id), noon()).await.unwrap();
    assert_eq!(orders::by_session(test.db.conn(), session_id).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_order_makes_the_second_transaction_wait() {
    let test = TestDb::new().await;
    let id = order(&test.db, noon()).await;
    let pay = || {
        let db = test.db.clone();
        async move {
            let tx = db.begin().await.unwrap();
            let found = orders::lock(&tx, id).await.unwrap().unwrap();
            let first = found.status == OrderStatus::Open;
            if first {
                let change = Change::default();
                assert!(
                    orders::set_status(tx.conn(), id, OrderStatus::Open, OrderStatus::Paid, &change, noon())
                        .await
                        .unwrap()
                );
            }
            tx.commit().await.unwrap();
            first
        }
    };
    let firsts = join_all((0..6).map(|_| pay())).await.into_iter().filter(|first| *first).count();
    assert_eq!(firsts, 1);
    let tx = test.db.begin().await.unwrap();
    assert!(orders::lock(&tx, OrderId::new()).await.unwrap().is_none());
}

#[tokio::test]
async fn the_reconciler_is_given_old_open_orders_oldest_first() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let mut ids = Vec::new();
    for minute in [3, 1, 2, 9] {
        ids.push(order(&test.db, noon() + minutes(minute)).await);
    }
    let (from, to) = (OrderStatus::Open, OrderStatus::Paid);
    orders::set_status(conn, ids[2], from, to, &Change::default(), noon()).await.unwrap();
    let found = orders::open_before(conn, noon() + minutes(9), 10).await.unwrap();
    assert_eq!(found.iter().map(|order| order.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
    assert_eq!(orders::open_before(conn, noon() + minutes(10), 1).await.unwrap()[0].id, ids[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_recorded_once_however_often_it_comes() {
    let test = TestDb::new().await;
    let stripe = PaymentProvider::Stripe;
    let payload = json!({ "type": "checkout.session.completed", "amount": 14_700 });
    let tries = (0..50).map(|_| {
        let (db, payload) = (test.db.clone(), payload.clone());
        async move { webhooks::record(db.conn(), stripe, "evt_1", "checkout", &payload, noon()).await.unwrap() }
    });
    let firsts = join_all(tries).await.into_iter().filter(|first| *first).count();
    assert_eq!((firsts, count(&test.db, "webhook_events").await), (1, 1));

    let conn = test.db.conn();
    assert_eq!(webhooks::outcome(conn, stripe, "evt_1").await.unwrap(), Some(None));
    webhooks::finish(conn, stripe, "evt_1", WebhookOutcome::Applied, noon()).await.unwrap();
    assert_eq!(webhooks::outcome(conn, stripe, "evt_1").await.unwrap(), Some(Some(WebhookOutcome::Applied)));
    assert_eq!(webhooks::outcome(conn, PaymentProvider::Dev, "evt_1").await.unwrap(), None);
    let unknown = webhooks::finish(conn, stripe, "evt_2", WebhookOutcome::Ignored, noon()).await.unwrap_err();
    assert_eq!(unknown.kind(), Kind::NotFound);
}
