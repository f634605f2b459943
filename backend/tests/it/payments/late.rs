//! When the webhook does not come: the page asks, the reconciler asks, and what comes after all changes nothing.

use crb_backend::app::payments::reconcile;
use crb_backend::domain::ids::OrderStatus;
use crb_stubs::Stub as _;

use super::{Open, effects, stripe};
use crate::support::app::{TestApp, ahead};
use crate::support::buyer::deliver;
use crate::support::wait::until;

#[tokio::test]
async fn the_return_page_asks_stripe_once_the_webhook_is_late() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let event = open.pay(&app);
    assert_eq!(open.quiz.view(&app.door, &open.order).await["status"], "open");
    assert_eq!(asked(&app), 0, "a young order is the webhook's business");

    let later = app.again(|plan| plan.at(ahead::<30>)).await;
    let view = open.quiz.view(&later.door, &open.order).await;
    assert_eq!(view["status"], "paid");
    assert!(view["report_url"].is_string());
    assert_eq!((effects(&app).await, asked(&app)), ([1, 1, 1, 1], 1));

    open.quiz.view(&later.door, &open.order).await;
    assert_eq!(asked(&app), 1, "what is paid is not asked about");
    deliver(&app, &event).await.of(200);
    assert_eq!(effects(&app).await, [1, 1, 1, 1], "the webhook comes after all");
}

#[tokio::test]
async fn the_reconciler_finds_payments_and_expiries() {
    let app = stripe().await;
    let (paid, expired, open) = (Open::at(&app).await, Open::at(&app).await, Open::at(&app).await);
    paid.pay(&app);
    app.outside().stripe().expire(&expired.checkout, app.app.now().timestamp()).expect("an open checkout");
    assert_eq!(reconcile(&app.app, app.app.now()).await.expect("asked"), 0);
    assert_eq!(asked(&app), 0);

    let later = app.again(|plan| plan.at(ahead::<660>)).await;
    assert_eq!(reconcile(&later.app, later.app.now()).await.expect("asked"), 2);
    assert_eq!(paid.stored(&app).await.status, OrderStatus::Paid);
    assert_eq!(expired.stored(&app).await.status, OrderStatus::Expired);
    assert_eq!(open.stored(&app).await.status, OrderStatus::Open, "what Stripe holds open is not ours to close");
    assert_eq!(effects(&app).await, [1, 1, 1, 1]);
    assert_eq!(reconcile(&later.app, later.app.now()).await.expect("asked"), 0);
}

#[tokio::test]
async fn a_worker_reconciles_by_itself() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    open.pay(&app);
    let working = app.again(|plan| plan.at(ahead::<660>).working()).await;
    let paid = || async { (open.stored(&app).await.status == OrderStatus::Paid).then_some(()) };
    until("the order is paid", paid).await;
    working.leaves_jobs();
}

fn asked(app: &TestApp) -> u64 {
    app.outside().stripe().counts().by_task.get("checkout.get").copied().unwrap_or(0)
}
