//! Events in any order, any number of times: after each of them the order is what the rules say, and so is the rest.

use crb_backend::domain::ids::{OrderId, OrderStatus, PaymentProvider, SessionId};
use crb_backend::domain::orders::{OrderEvent, refunded_cents};
use crb_backend::store;
use crb_backend::store::orders::NewOrder;
use crb_backend::store::sessions::NewSession;
use crb_stubs::dice::Dice;
use crb_stubs::stripe::events;
use serde_json::{Value, json};

use super::stripe;
use crate::support::app::TestApp;
use crate::support::buyer::deliver;

const PRICE: i64 = 14_700;
const PART: i64 = 4_700;
const SEQUENCES: u64 = 40;
const LENGTH: usize = 14;

/// What Stripe can say about one checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Something that we do not act on.
    Created,
    /// The buyer is through, and the money is on its way.
    Unpaid,
    Completed,
    PaidLater,
    PaymentFailed,
    Expired,
    Part,
    Full,
    Disputed,
}

const ALL: [Said; 9] = [
    Said::Created,
    Said::Unpaid,
    Said::Completed,
    Said::PaidLater,
    Said::PaymentFailed,
    Said::Expired,
    Said::Part,
    Said::Full,
    Said::Disputed,
];

impl Said {
    /// The event, with an id of its own.
    fn event(self, checkout: &Value, at: i64, number: usize) -> Value {
        let paid = events::paid(checkout.clone());
        let mut event = match self {
            Self::Created => events::event("checkout.session.created", checkout, at),
            Self::Unpaid => events::checkout_completed(checkout, at),
            Self::Completed => events::checkout_completed(&paid, at),
            Self::PaidLater => events::async_payment_succeeded(&paid, at),
            Self::PaymentFailed => events::async_payment_failed(checkout, at),
            Self::Expired => events::checkout_expired(checkout, at),
            Self::Part => events::charge_refunded(&paid, PART, at),
            Self::Full => events::charge_refunded(&paid, PRICE, at),
            Self::Disputed => events::dispute_created(&paid, at),
        };
        event["id"] = json!(format!("evt_{number}_{}", checkout["id"].as_str().expect("an id")));
        event
    }
}

/// What must be true, by the rules alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Model {
    status: OrderStatus,
    refunded_cents: i64,
}

impl Model {
    /// The state after an event and the status that Stripe is answered with: one that came too early must come again.
    fn hear(self, said: Said) -> (Self, u16) {
        let refund = |total_cents| OrderEvent::Refund { total_cents, amount_cents: PRICE };
        let (event, may_wait) = match said {
            Said::Created | Said::Unpaid | Said::PaymentFailed => return (self, 200),
            Said::Completed | Said::PaidLater => (OrderEvent::Pay, false),
            Said::Expired => (OrderEvent::Expire, false),
            Said::Part => (refund(PART), true),
            Said::Full => (refund(PRICE), true),
            Said::Disputed => (OrderEvent::Dispute, true),
        };
        let Ok(status) = self.status.apply(event) else { return (self, if may_wait { 503 } else { 200 }) };
        let refunded_cents = match event {
            OrderEvent::Refund { total_cents, amount_cents } => {
                refunded_cents(self.refunded_cents, total_cents, amount_cents)
            }
            _ => self.refunded_cents,
        };
        (Self { status, refunded_cents }, 200)
    }
}

#[tokio::test]
async fn every_sequence_of_events_ends_where_the_rules_end() {
    let app = stripe().await;
    let mut seen = std::collections::BTreeSet::new();
    for seed in 1..=SEQUENCES {
        let (order, checkout) = order(&app, seed).await;
        let mut dice = Dice::new(seed);
        let mut model = Model { status: OrderStatus::Open, refunded_cents: 0 };
        let mut told: Vec<(Said, usize)> = Vec::new();
        for number in 0..LENGTH {
            // One in three is a copy of an event that came before.
            let (said, number) = match told.get(dice.below(told.len() * 3)) {
                Some(copy) => *copy,
                None => (ALL[dice.below(ALL.len())], number),
            };
            let is_copy = told.contains(&(said, number));
            let (after, answer) = if is_copy { (model, 200) } else { model.hear(said) };
            let event = said.event(&checkout, app.app.now().timestamp(), number);
            deliver(&app, &event).await.of(answer);
            if answer == 200 && !is_copy {
                told.push((said, number));
            }
            model = after;
            assert_eq!(state(&app, order).await, (model, i64::from(model.status.was_paid())), "{seed}: {told:?}");
        }
        seen.insert(model.status);
    }
    // The control: the dice did reach every state.
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), OrderStatus::ALL);
}

/// What is stored: the order, and how many reports, which must be as many as jobs and receipts.
async fn state(app: &TestApp, order: OrderId) -> (Model, i64) {
    let conn = app.db().conn();
    let stored = store::orders::find(conn, order).await.expect("the store answers").expect("the order is there");
    let Some(report) = store::reports::find_by_order(conn, order).await.expect("the store answers") else {
        return (Model { status: stored.status, refunded_cents: stored.refunded_cents }, 0);
    };
    let reports = app.count(&format!("reports WHERE order_id = {}", literal(app, order))).await;
    assert!(store::jobs::find(conn, report.id).await.expect("the store answers").is_some());
    assert_eq!(app.count(&format!("outbox WHERE dedupe_key = 'payment_received:{order}'")).await, 1);
    (Model { status: stored.status, refunded_cents: stored.refunded_cents }, reports)
}

/// SQLite keeps an id as its sixteen bytes.
fn literal(app: &TestApp, id: OrderId) -> String {
    if app.db().is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.0.simple()) }
}

/// An order with a checkout, past the quiz: forty quizzes would take longer than what is tried here.
async fn order(app: &TestApp, seed: u64) -> (OrderId, Value) {
    let (conn, now) = (app.db().conn(), app.app.now());
    let session = NewSession {
        id: SessionId::new(),
        token_sha256: format!("{seed:064}"),
        industry: "dental".into(),
        questionnaire_version: "1".into(),
        expires_at: now + chrono::Duration::days(7),
    };
    store::sessions::insert(conn, &session, now).await.expect("a session");
    let order = NewOrder {
        id: OrderId::new(),
        session_id: session.id,
        tier: "report".into(),
        amount_cents: PRICE,
        currency: "EUR".into(),
        provider: PaymentProvider::Stripe,
        email: "buyer@practice.example".into(),
    };
    store::orders::insert(conn, &order, now).await.expect("an order");
    let checkout = format!("cs_test_{seed}");
    store::orders::set_checkout(conn, order.id, &checkout, "http://stripe.test/pay", now).await.expect("a checkout");
    let id = order.id.to_string();
    (order.id, events::session(&checkout, PRICE, "eur", &[("order_id", &id)], now.timestamp()))
}
