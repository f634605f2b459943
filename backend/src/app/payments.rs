//! Payments: what Stripe tells us, taken once; and what it did not tell us, asked for.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{App, mails, orders, reports};
use crate::clients::stripe::{Change as Said, CheckoutState, CheckoutStatus, Event};
use crate::domain::ids::{MailKind, OrderId, OrderStatus, PaymentProvider, ReportId, WebhookOutcome};
use crate::domain::orders::{OrderEvent, refunded_cents};
use crate::domain::report::Language;
use crate::error::{Error, Result};
use crate::store::orders::{Change, Order};
use crate::store::outbox::NewMail;
use crate::store::reports::NewReport;
use crate::store::{self, Channel, Tx};

/// Open orders younger than this are the webhook's business.
const RECONCILE_AFTER: Duration = Duration::minutes(10);
/// A refund that is this young may have overtaken its payment.
const DISORDER: Duration = Duration::hours(1);
const RECONCILE_AT_ONCE: u64 = 20;

/// Verifies the raw bytes and applies the event with all its effects in one transaction. A bad or old signature is
/// `Malformed` (400); a duplicate does nothing and is fine.
pub async fn receive(app: &App, body: &[u8], signature: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    let stripe = app.stripe.as_ref().ok_or_else(|| Error::malformed("no webhook is expected here"))?;
    let signature = signature.ok_or_else(|| Error::malformed("the signature is missing"))?;
    let event = stripe.verify(body, signature, now)?;
    let said = event.change()?;
    let tx = app.db.begin().await?;
    let payload = json!({"created": event.created, "livemode": event.livemode, "object": event.data_object.get("id")});
    let provider = PaymentProvider::Stripe;
    if !store::webhooks::record(tx.conn(), provider, &event.id, &event.kind, &payload, now).await? {
        tracing::info!(event.id, event.kind, "a webhook came again");
        return Ok(());
    }
    let outcome = apply(app, &tx, &event, said, now).await?;
    store::webhooks::finish(tx.conn(), provider, &event.id, outcome, now).await?;
    tx.commit().await?;
    tracing::info!(event.id, event.kind, %outcome, "a webhook is taken");
    app.wakes.jobs();
    app.wakes.mails();
    Ok(())
}

async fn apply(app: &App, tx: &Tx, event: &Event, said: Said, now: DateTime<Utc>) -> Result<WebhookOutcome> {
    if event.livemode != app.config.is_production() {
        tracing::warn!(event.id, event.livemode, "a webhook of the other mode is ignored");
        return Ok(WebhookOutcome::Ignored);
    }
    match said {
        Said::CheckoutCompleted(checkout) | Said::CheckoutPaidLater(checkout) if checkout.is_paid() => {
            take_payment(app, tx, &checkout, now).await
        }
        Said::CheckoutExpired(checkout) => {
            let Some(order) = order_of(tx, &checkout).await? else { return Ok(WebhookOutcome::Ignored) };
            let order = lock(tx, order.id).await?;
            // A payment that came first stands.
            let Ok(status) = order.status.apply(OrderEvent::Expire) else { return Ok(WebhookOutcome::Ignored) };
            set(tx, &order, status, &Change::default(), now).await
        }
        Said::Refunded(charge) => {
            let Some(order) = order_of_charge(tx, charge.payment_intent.as_deref(), event, now).await? else {
                return Ok(WebhookOutcome::Ignored);
            };
            let (total_cents, amount_cents) = (charge.amount_refunded, order.amount_cents);
            let status =
                order.status.apply(OrderEvent::Refund { total_cents, amount_cents }).map_err(|_| too_early())?;
            let refunded = refunded_cents(order.refunded_cents, total_cents, amount_cents);
            let change = Change { refunded_cents: Some(refunded), ..Change::default() };
            set(tx, &order, status, &change, now).await
        }
        Said::Disputed(dispute) => {
            let Some(order) = order_of_charge(tx, dispute.payment_intent.as_deref(), event, now).await? else {
                return Ok(WebhookOutcome::Ignored);
            };
            let status = order.status.apply(OrderEvent::Dispute).map_err(|_| too_early())?;
            tracing::error!(order.id = %order.id, "a payment is disputed");
            set(tx, &order, status, &Change::default(), now).await
        }
        // Completed but not paid yet, a payment that failed (the checkout stays open), or nothing of ours.
        Said::CheckoutCompleted(_) | Said::CheckoutPaidLater(_) | Said::CheckoutPaymentFailed(_) | Said::Other => {
            Ok(WebhookOutcome::Ignored)
        }
    }
}

async fn take_payment(app: &App, tx: &Tx, checkout: &CheckoutState, now: DateTime<Utc>) -> Result<WebhookOutcome> {
    let Some(order) = order_of(tx, checkout).await? else {
        tracing::warn!(checkout.id, "a paid checkout belongs to no order of ours");
        return Ok(WebhookOutcome::Ignored);
    };
    let currency = checkout.currency.as_deref().unwrap_or_default();
    if checkout.amount_total != Some(order.amount_cents) || !currency.eq_ignore_ascii_case(&order.currency) {
        tracing::error!(order.id = %order.id, "a payment is of another amount than its order");
        return Ok(WebhookOutcome::Failed);
    }
    let payment_ref = checkout.payment_intent.clone().unwrap_or_else(|| checkout.id.clone());
    settle(app, tx, order.id, &payment_ref, now).await?;
    Ok(WebhookOutcome::Applied)
}

/// Marks an order paid, with everything that follows. Doing it again changes nothing.
pub(super) async fn pay(app: &App, order: OrderId, payment_ref: &str, now: DateTime<Utc>) -> Result<()> {
    let tx = app.db.begin().await?;
    settle(app, &tx, order, payment_ref, now).await?;
    tx.commit().await?;
    app.wakes.jobs();
    app.wakes.mails();
    Ok(())
}

/// Paid, report, job and mail: all or nothing.
async fn settle(app: &App, tx: &Tx, id: OrderId, payment_ref: &str, now: DateTime<Utc>) -> Result<()> {
    let order = lock(tx, id).await?;
    if order.status.was_paid() {
        return Ok(());
    }
    let status = order.status.apply(OrderEvent::Pay)?;
    let change = Change { paid_at: Some(now), payment_ref: Some(payment_ref.into()), refunded_cents: None };
    set(tx, &order, status, &change, now).await?;
    let gone = || Error::internal("the order's quiz is gone");
    let session = store::sessions::find(tx.conn(), order.session_id).await?.ok_or_else(gone)?;
    let report = ReportId::new();
    let new = NewReport {
        id: report,
        order_id: order.id,
        session_id: session.id,
        tier: order.tier.clone(),
        access_token_sha256: reports::token(app, report).sha256(),
        language: Language::English,
        readiness_score: session.readiness_score.unwrap_or_default(),
    };
    store::reports::insert(tx.conn(), &new, now).await?;
    store::events::append(tx, report, reports::queued(), now).await?;
    let traceparent = super::wakes::traceparent();
    store::jobs::enqueue(tx.conn(), report, app.config.worker.max_attempts, traceparent.as_deref(), now).await?;
    let mail = NewMail {
        kind: MailKind::PaymentReceived,
        recipient: order.email.clone(),
        payload: mails::order_payload(&order, Some(&session)),
        dedupe_key: format!("payment_received:{}", order.id),
        report_id: Some(report),
    };
    store::outbox::insert(tx.conn(), &mail, now).await?;
    store::notify(tx.conn(), Channel::Jobs, "").await?;
    store::notify(tx.conn(), Channel::Mails, "").await
}

/// Asks Stripe about orders whose webhook never came, and lets old ones expire. How many changed.
pub async fn reconcile(app: &App, now: DateTime<Utc>) -> Result<usize> {
    let open = store::orders::open_before(app.db.conn(), now - RECONCILE_AFTER, RECONCILE_AT_ONCE).await?;
    let mut changed = 0;
    for order in open {
        let before = order.status;
        changed += usize::from(ask(app, order, now).await.status != before);
    }
    Ok(changed)
}

/// The order as it stands once its provider was asked. A provider that is away changes nothing.
pub(super) async fn ask(app: &App, order: Order, now: DateTime<Utc>) -> Order {
    let id = order.id;
    match try_ask(app, &order, now).await {
        Ok(()) => store::orders::find(app.db.conn(), id).await.ok().flatten().unwrap_or(order),
        Err(error) => {
            tracing::warn!(order.id = %id, error = %error.chain(), "an order could not be reconciled");
            order
        }
    }
}

async fn try_ask(app: &App, order: &Order, now: DateTime<Utc>) -> Result<()> {
    let over = now - order.created_at > Duration::hours(orders::OPEN_HOURS);
    let checkout = match (&app.stripe, &order.checkout_ref) {
        (Some(stripe), Some(checkout_ref)) if order.provider == PaymentProvider::Stripe => {
            Some(stripe.checkout(checkout_ref).await?)
        }
        _ => None,
    };
    if let Some(checkout) = checkout.as_ref().filter(|checkout| checkout.is_paid()) {
        let tx = app.db.begin().await?;
        take_payment(app, &tx, checkout, now).await?;
        tx.commit().await?;
        app.wakes.jobs();
        app.wakes.mails();
        return Ok(());
    }
    let ended = checkout.as_ref().is_some_and(|checkout| checkout.status == CheckoutStatus::Expired);
    // What Stripe still holds open is not ours to close.
    if ended || (checkout.is_none() && over) {
        let status = order.status.apply(OrderEvent::Expire)?;
        store::orders::set_status(app.db.conn(), order.id, order.status, status, &Change::default(), now).await?;
    }
    Ok(())
}

async fn order_of(tx: &Tx, checkout: &CheckoutState) -> Result<Option<Order>> {
    if let Some(order) = store::orders::by_checkout_ref(tx.conn(), &checkout.id).await? {
        return Ok(Some(order));
    }
    // The webhook can be quicker than our own note of the checkout.
    match checkout.order_id {
        Some(id) => store::orders::find(tx.conn(), id).await,
        None => Ok(None),
    }
}

/// None: nothing of ours. An event that is young may have overtaken its payment, and has to come again.
async fn order_of_charge(tx: &Tx, payment: Option<&str>, event: &Event, now: DateTime<Utc>) -> Result<Option<Order>> {
    let order = match payment {
        Some(payment) => store::orders::by_payment_ref(tx.conn(), payment).await?,
        None => None,
    };
    match order {
        Some(order) => lock(tx, order.id).await.map(Some),
        None if payment.is_some() && now - event.created < DISORDER => Err(too_early()),
        None => Ok(None),
    }
}

fn too_early() -> Error {
    Error::unavailable("the payment of this event is not known yet; send it again")
        .retry_after(std::time::Duration::from_mins(1))
}

async fn lock(tx: &Tx, id: OrderId) -> Result<Order> {
    store::orders::lock(tx, id).await?.ok_or_else(|| Error::not_found("there is no such order"))
}

async fn set(
    tx: &Tx,
    order: &Order,
    status: OrderStatus,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<WebhookOutcome> {
    if !store::orders::set_status(tx.conn(), order.id, order.status, status, change, now).await? {
        return Err(Error::unavailable("the order changed at the same moment; send it again"));
    }
    Ok(WebhookOutcome::Applied)
}
