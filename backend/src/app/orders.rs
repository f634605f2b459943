//! Orders: offer, create, view, and the development provider's payment.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::App;
use crate::domain::ids::{OrderId, OrderStatus, ReportId, SessionId};
use crate::domain::tokens::Token;
use crate::error::Result;

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

#[derive(Debug, Clone, Serialize, JsonSchema)]
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
    let _ = app;
    todo!()
}

/// Opens an order and a checkout. The same idempotency key with the same body gives the same answer; with another body it is a conflict.
pub async fn create(
    app: &App,
    session: SessionId,
    token: &Token,
    tier: &str,
    email: &str,
    idempotency_key: &str,
    now: DateTime<Utc>,
) -> Result<OrderCreated> {
    let _ = (app, session, token, tier, email, idempotency_key, now);
    todo!()
}

/// The session is the one that opened the order; its token is the key.
pub async fn view(app: &App, id: OrderId, token: &Token, now: DateTime<Utc>) -> Result<OrderView> {
    let _ = (app, id, token, now);
    todo!()
}

/// What the development provider's checkout page shows. Not found unless that provider is configured.
pub async fn dev_checkout(app: &App, checkout_ref: &str) -> Result<OrderView> {
    let _ = (app, checkout_ref);
    todo!()
}

/// Pays (or cancels) with the development provider; gives the address to go on to. Not found unless that provider is configured.
pub async fn dev_pay(app: &App, checkout_ref: &str, pay: bool, now: DateTime<Utc>) -> Result<String> {
    let _ = (app, checkout_ref, pay, now);
    todo!()
}
