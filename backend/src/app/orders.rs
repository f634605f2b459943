//! Orders: offer, create, view, and the development provider's payment.

use chrono::{DateTime, Duration, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{App, payments, quizzes, reports};
use crate::clients::stripe::NewCheckout;
use crate::domain::ids::{OrderId, OrderStatus, PaymentProvider, ReportId, SessionId, SessionStatus};
use crate::domain::tokens::Token;
use crate::error::{Error, Kind, Result};
use crate::store;
use crate::store::idempotency::Answer;
use crate::store::orders::{NewOrder, Order};

/// How long an order stays open; Stripe takes a day at the most.
pub(super) const OPEN_HOURS: i64 = 24;
const ROUTE: &str = "orders_create";

/// What is for sale.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tier {
    pub id: String,
    pub name: String,
    pub amount_cents: i64,
    pub currency: String,
    pub findings_planned: u32,
    pub recommendations: u32,
    pub options_per_recommendation: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OrderCreated {
    pub order_id: OrderId,
    /// Where to pay.
    pub checkout_url: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderView {
    pub order_id: OrderId,
    pub status: OrderStatus,
    pub tier: String,
    pub amount_cents: i64,
    pub currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_id: Option<ReportId>,
    /// Page of the report; its token stands in the fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_url: Option<String>,
}

pub fn tiers(app: &App) -> Vec<Tier> {
    let catalogue = &app.config.catalogue;
    vec![Tier {
        id: catalogue.tier.clone(),
        name: "Cost, risk and benefit report".into(),
        amount_cents: catalogue.price_cents,
        currency: catalogue.currency.clone(),
        findings_planned: 10,
        recommendations: 5,
        options_per_recommendation: 3,
    }]
}

/// Opens an order and a checkout. The same idempotency key with the same body gives the same answer; with another
/// body it is a conflict.
pub async fn create(
    app: &App,
    session: SessionId,
    token: &Token,
    tier: &str,
    email: &str,
    idempotency_key: &str,
    now: DateTime<Utc>,
) -> Result<OrderCreated> {
    let session = quizzes::open(app, session, token, now).await?;
    if session.status != SessionStatus::Completed {
        return Err(Error::conflict("complete the quiz before you order the report"));
    }
    if tier != app.config.catalogue.tier {
        return Err(Error::field("tier", format!("must be {:?}", app.config.catalogue.tier)));
    }
    let email = quizzes::mail_address(email)?;
    // A key belongs to its session: nobody meets a stranger's answer by guessing one.
    let key = hash(&[&session.id.to_string(), idempotency_key]);
    let request_hash = hash(&[tier, &email]);
    let answered = || store::idempotency::find(app.db.conn(), &key, ROUTE, now);
    if let Some(answer) = answered().await? {
        return repeat(answer, &request_hash);
    }
    reports::check_worth(app, &session, now).await?;
    let order = match claim(app, session.id, &email, now).await {
        Ok(order) => order,
        Err(refused) => match answered().await? {
            // A double click: the other request was quicker, and its answer is ours too.
            Some(answer) => return repeat(answer, &request_hash),
            None => return Err(refused),
        },
    };
    let (checkout_ref, created) = check_out(app, &order).await?;
    let answer = Answer {
        request_hash: request_hash.clone(),
        status: 201,
        response: serde_json::to_value(&created).map_err(|error| Error::internal("no answer").caused_by(error))?,
    };
    let expires_at = now + Duration::hours(OPEN_HOURS);
    // Together: whoever sees the checkout finds its answer as well.
    let tx = app.db.begin().await?;
    if !store::orders::set_checkout(tx.conn(), order.id, &checkout_ref, &created.checkout_url, now).await? {
        return Err(Error::conflict("the order is not open any more"));
    }
    let is_first = store::idempotency::put(tx.conn(), &key, ROUTE, &answer, expires_at, now).await?;
    tx.commit().await?;
    match if is_first { None } else { answered().await? } {
        Some(answer) => repeat(answer, &request_hash),
        None => Ok(created),
    }
}

/// The session is the one that opened the order; its token is the key.
pub async fn view(app: &App, id: OrderId, token: &Token, now: DateTime<Utc>) -> Result<OrderView> {
    let none = || Error::not_found("there is no such order, or the token is not its own");
    let order = store::orders::find(app.db.conn(), id).await?.ok_or_else(none)?;
    let session = store::sessions::find(app.db.conn(), order.session_id).await?.ok_or_else(none)?;
    if !token.opens(&session.token_sha256) {
        return Err(none());
    }
    // The return page asks again and again; where the webhook is late, Stripe is asked as well.
    let late = order.status == OrderStatus::Open && now - order.created_at > Duration::seconds(20);
    let order = if late { payments::ask(app, order, now).await } else { order };
    show(app, order).await
}

/// What the development provider's checkout page shows. Not found unless that provider is configured.
pub async fn dev_checkout(app: &App, checkout_ref: &str) -> Result<OrderView> {
    let order = dev_order(app, checkout_ref).await?;
    show(app, order).await
}

/// Pays (or cancels) with the development provider; gives the address to go on to. Not found unless that provider is
/// configured.
pub async fn dev_pay(app: &App, checkout_ref: &str, pay: bool, now: DateTime<Utc>) -> Result<String> {
    let order = dev_order(app, checkout_ref).await?;
    if !pay {
        return Ok(return_url(app, order.id, "cancelled"));
    }
    payments::pay(app, order.id, &format!("pay_{checkout_ref}"), now).await?;
    Ok(return_url(app, order.id, "success"))
}

async fn dev_order(app: &App, checkout_ref: &str) -> Result<Order> {
    let none = || Error::not_found("there is no such checkout");
    if app.config.payment.provider != PaymentProvider::Dev {
        return Err(none());
    }
    let order = store::orders::by_checkout_ref(app.db.conn(), checkout_ref).await?;
    order.filter(|order| order.provider == PaymentProvider::Dev).ok_or_else(none)
}

/// The order to check out: the one that a broken request left behind, or a new one.
async fn claim(app: &App, session: SessionId, email: &str, now: DateTime<Utc>) -> Result<Order> {
    if let Some(open) = current(app, session, email).await? {
        return Ok(open);
    }
    match insert(app, session, email.to_owned(), now).await {
        // Somebody opened it in this very moment; both go to the same checkout.
        Err(taken) if taken.kind() == Kind::Conflict => current(app, session, email).await?.ok_or(taken),
        done => done,
    }
}

/// The open order that a broken request left behind. An open one with a checkout, or a paid one, is in the way.
async fn current(app: &App, session: SessionId, email: &str) -> Result<Option<Order>> {
    let orders = store::orders::by_session(app.db.conn(), session).await?;
    if orders.iter().any(|order| order.status.was_paid()) {
        return Err(Error::conflict("this quiz's report is paid already"));
    }
    match orders.into_iter().find(|order| order.status == OrderStatus::Open) {
        Some(open) if open.checkout_url.is_none() && open.email == email => Ok(Some(open)),
        Some(open) => {
            Err(Error::conflict(format!("order {} is still open; pay it, or wait until it expires", open.id)))
        }
        None => Ok(None),
    }
}

async fn insert(app: &App, session: SessionId, email: String, now: DateTime<Utc>) -> Result<Order> {
    let catalogue = &app.config.catalogue;
    let new = NewOrder {
        id: OrderId::new(),
        session_id: session,
        tier: catalogue.tier.clone(),
        amount_cents: catalogue.price_cents,
        currency: catalogue.currency.clone(),
        provider: app.config.payment.provider,
        email,
    };
    store::orders::insert(app.db.conn(), &new, now).await?;
    let order = store::orders::find(app.db.conn(), new.id).await?;
    order.ok_or_else(|| Error::internal("the new order is gone"))
}

/// Safe to repeat: the same order is given the same checkout.
async fn check_out(app: &App, order: &Order) -> Result<(String, OrderCreated)> {
    let (checkout_ref, checkout_url) = match (order.provider, &app.stripe) {
        (PaymentProvider::Dev, _) => {
            let checkout_ref = format!("dev_{}", order.id);
            let mut url = app.config.http.api_base_url.clone();
            url.set_path(&format!("api/v1/dev/checkout/{checkout_ref}"));
            (checkout_ref, url.to_string())
        }
        (PaymentProvider::Stripe, Some(stripe)) => {
            let new = NewCheckout {
                order_id: order.id,
                session_id: order.session_id,
                email: &order.email,
                amount_cents: order.amount_cents,
                currency: &order.currency,
                product: "Cost, risk and benefit report",
                success_url: &return_url(app, order.id, "success"),
                cancel_url: &return_url(app, order.id, "cancelled"),
                // From the order's own time, so that a repeated request says the same.
                expires_at: order.created_at + Duration::hours(OPEN_HOURS) - Duration::minutes(5),
                idempotency_key: &order.id.to_string(),
            };
            let checkout = stripe.create_checkout(new).await?;
            (checkout.id, checkout.url)
        }
        (PaymentProvider::Stripe, None) => return Err(Error::internal("no payment provider is configured")),
    };
    Ok((checkout_ref, OrderCreated { order_id: order.id, checkout_url }))
}

fn repeat(answer: Answer, request_hash: &str) -> Result<OrderCreated> {
    if answer.request_hash != request_hash {
        return Err(Error::conflict("this Idempotency-Key was used for another order; use a new one"));
    }
    OrderCreated::deserialize(answer.response)
        .map_err(|error| Error::internal("the answer cannot be read").caused_by(error))
}

async fn show(app: &App, order: Order) -> Result<OrderView> {
    let report = store::reports::find_by_order(app.db.conn(), order.id).await?;
    Ok(OrderView {
        order_id: order.id,
        status: order.status,
        tier: order.tier,
        amount_cents: order.amount_cents,
        currency: order.currency,
        checkout_url: order.checkout_url.filter(|_| order.status == OrderStatus::Open),
        report_url: report.as_ref().map(|report| reports::address(app, report.id)),
        report_id: report.map(|report| report.id),
    })
}

/// Where the checkout sends the buyer back to: from the configuration, never from a request.
fn return_url(app: &App, order: OrderId, outcome: &str) -> String {
    let mut url = app.config.http.app_base_url.clone();
    url.set_path("checkout/return");
    url.query_pairs_mut().append_pair("order", &order.to_string()).append_pair("outcome", outcome);
    url.into()
}

fn hash(parts: &[&str]) -> String {
    hex::encode(Sha256::digest(json!(parts).to_string()))
}
