//! Payments: an order becomes what Stripe says, once, whatever is lost, doubled, late or forged on the way.

mod disorder;
mod late;
mod signatures;

use crb_backend::app::mails;
use crb_backend::domain::ids::{OrderId, OrderStatus};
use crb_backend::store;
use crb_backend::store::orders::Order;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::app::{Plan, TestApp};
use crate::support::buyer::{Quiz, deliver, reference};

/// An order that is open at Stripe.
struct Open {
    quiz: Quiz,
    order: String,
    checkout: String,
}

impl Open {
    async fn at(app: &TestApp) -> Self {
        let quiz = Quiz::finished(&app.door, &json!({})).await;
        let created = quiz.order(&app.door, "an-order-at-stripe").send().await.of(201).json();
        let order = created["order_id"].as_str().expect("an id").to_owned();
        Self { quiz, order, checkout: reference(&created) }
    }

    /// What is stored of it.
    async fn stored(&self, app: &TestApp) -> Order {
        let id: OrderId = self.order.parse().expect("an id");
        store::orders::find(app.db().conn(), id).await.expect("the store answers").expect("the order is there")
    }

    /// The buyer pays at Stripe; the event of it is not delivered yet.
    fn pay(&self, app: &TestApp) -> Value {
        app.outside().stripe().pay(&self.checkout, app.app.now().timestamp()).expect("an open checkout")
    }
}

/// Everything that a payment brings about, counted.
async fn effects(app: &TestApp) -> [i64; 4] {
    [
        app.count("orders WHERE status <> 'open' AND status <> 'expired'").await,
        app.count("reports").await,
        app.count("report_jobs").await,
        app.count("outbox").await,
    ]
}

/// A Stripe to pay at, and nobody who works: what a payment brings about stays where it can be counted.
async fn stripe() -> TestApp {
    Plan::new().stripe().sendgrid().idle().start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_copies_of_an_event_pay_once() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let event = open.pay(&app);
    let answers = join_all((0..50).map(|_| deliver(&app, &event))).await;
    let (taken, later): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert!(!taken.is_empty());
    for answer in later {
        // A copy may be told to come again, and Stripe does; none may be refused.
        answer.problem(503, "unavailable");
    }
    assert_eq!(effects(&app).await, [1, 1, 1, 1]);
    assert_eq!(app.count("webhook_events").await, 1);
    // Two senders at once, and still one mail.
    let sent = tokio::join!(mails::send_due(&app.app, "one"), mails::send_due(&app.app, "other"));
    assert_eq!(sent.0.expect("sent") + sent.1.expect("sent"), 1);
    assert_eq!(app.letters().len(), 1);
    assert_eq!(open.stored(&app).await.status, OrderStatus::Paid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_double_click_opens_one_order_and_one_checkout() {
    let app = stripe().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let clicks = join_all((0..8).map(|_| quiz.order(&app.door, "a-nervous-finger").send())).await;
    let answers: Vec<Value> = clicks.into_iter().map(|click| click.of(201).json()).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(app.count("orders").await, 1);
    assert_eq!(app.outside().stripe().sessions().len(), 1);
    let later = quiz.order(&app.door, "a-nervous-finger").send().await.of(201).json();
    assert_eq!(later, answers[0]);

    let other = json!({"session_id": quiz.id, "tier": "report", "email": "other@practice.example"});
    let refused = quiz.order(&app.door, "a-nervous-finger").json(&other).send().await.problem(409, "conflict");
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("Idempotency-Key")), "{refused}");
    // Another key is another order, and the first is still open.
    quiz.order(&app.door, "another-finger").send().await.problem(409, "conflict");
    assert_eq!(app.count("orders").await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_its_session() {
    let app = stripe().await;
    let (one, other) = (Quiz::finished(&app.door, &json!({})).await, Quiz::finished(&app.door, &json!({})).await);
    let first = one.order(&app.door, "the-same-key").send().await.of(201).json();
    let second = other.order(&app.door, "the-same-key").send().await.of(201).json();
    assert_ne!(first["order_id"], second["order_id"]);
}

#[tokio::test]
async fn an_order_needs_a_finished_quiz_and_a_known_tier() {
    let app = stripe().await;
    let quiz = Quiz::begin(&app.door).await;
    quiz.order(&app.door, "too-early").send().await.problem(409, "conflict");
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let body = json!({"session_id": quiz.id, "tier": "gold", "email": "buyer@practice.example"});
    quiz.order(&app.door, "wrong-tier").json(&body).send().await.names(422, "invalid", "tier");
    assert_eq!((app.count("orders").await, app.outside().stripe().sessions().len()), (0, 0));
}

#[tokio::test]
async fn a_refund_is_noted_part_by_part() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    deliver(&app, &open.pay(&app)).await.of(200);
    let stripe = app.outside().stripe();
    for (back, status, sum) in
        [(Some(4_700), OrderStatus::PartiallyRefunded, 4_700), (None, OrderStatus::Refunded, 14_700)]
    {
        let event = stripe.refund(&open.checkout, back, app.app.now().timestamp()).expect("a paid checkout");
        deliver(&app, &event).await.of(200);
        let stored = open.stored(&app).await;
        assert_eq!((stored.status, stored.refunded_cents), (status, sum));
    }
    let view = open.quiz.view(&app.door, &open.order).await;
    assert_eq!(view["status"], "refunded");
    assert!(view["report_id"].is_string(), "what was bought stays");
    open.quiz.order(&app.door, "once-more").send().await.problem(409, "conflict");
}

#[tokio::test]
async fn an_expired_checkout_makes_room_for_another() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let event = app.outside().stripe().expire(&open.checkout, app.app.now().timestamp()).expect("an open checkout");
    deliver(&app, &event).await.of(200);
    let view = open.quiz.view(&app.door, &open.order).await;
    assert_eq!((&view["status"], view.get("checkout_url")), (&json!("expired"), None));
    let again = open.quiz.order(&app.door, "a-second-try").send().await.of(201).json();
    assert_ne!(again["order_id"], open.order);
    assert_eq!(effects(&app).await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn the_development_provider_can_be_left_without_paying() {
    let app = Plan::new().idle().start().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let created = quiz.order(&app.door, "undecided").send().await.of(201).json();
    let decide = |word: &'static str| {
        let call = app.door.call("dev_checkout_decide").at("ref", reference(&created)).body(format!("action={word}"));
        call.header("content-type", "application/x-www-form-urlencoded")
    };
    decide("think").send().await.names(422, "invalid", "action");
    let left = decide("cancel").send().await.of(303);
    assert!(left.header("location").ends_with("outcome=cancelled"));
    assert_eq!(effects(&app).await, [0, 0, 0, 0]);
    let told = decide("pay").header("accept", "application/json").send().await.of(200).json();
    assert!(told["redirect_url"].as_str().is_some_and(|url| url.ends_with("outcome=success")), "{told}");
    decide("pay").send().await.of(303);
    assert_eq!(effects(&app).await, [1, 1, 1, 1], "paid twice is paid once");

    // Where Stripe takes the money, that page does not exist.
    let stripe = stripe().await;
    let open = Open::at(&stripe).await;
    for reference in [open.checkout.to_lowercase(), format!("dev_{}", open.order)] {
        stripe.door.call("dev_checkout_view").at("ref", &reference).send().await.problem(404, "not_found");
    }
    app.door.call("payment_receive").body("{}").send().await.problem(400, "malformed");
}
