//! Stripe: the hosted checkout, asked for and asked about. The signed webhook, not the browser, says that money came.

mod webhook;

use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::http::{self, Peer, Timeouts};
use crate::domain::ids::{OrderId, SessionId, words};
use crate::error::{Error, Result};

pub use webhook::{Change, Charge, Dispute, Event};

words! {
    CheckoutStatus { Open = "open", Complete = "complete", Expired = "expired" }
    PaymentStatus { Paid = "paid", Unpaid = "unpaid", NoPaymentRequired = "no_payment_required" }
}

/// The version whose shapes we read; without it the account's own would decide.
const VERSION: &str = "2026-09-30.endive";

#[derive(Debug, Clone)]
pub struct Stripe {
    peer: Peer,
    base: Url,
    webhook_secrets: Vec<SecretString>,
}

#[derive(Debug, Clone)]
pub struct NewCheckout<'a> {
    pub order_id: OrderId,
    pub session_id: SessionId,
    pub email: &'a str,
    pub amount_cents: i64,
    /// ISO 4217, any case.
    pub currency: &'a str,
    pub product: &'a str,
    pub success_url: &'a str,
    pub cancel_url: &'a str,
    /// Stripe takes 30 minutes to 24 hours from now.
    pub expires_at: DateTime<Utc>,
    pub idempotency_key: &'a str,
}

/// Where the buyer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub id: String,
    pub url: String,
}

/// A checkout as Stripe sees it now, or saw it when it sent an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutState {
    pub id: String,
    pub status: CheckoutStatus,
    pub payment_status: PaymentStatus,
    pub payment_intent: Option<String>,
    pub amount_total: Option<i64>,
    pub currency: Option<String>,
    /// The order that we named when we made it.
    pub order_id: Option<OrderId>,
}

impl CheckoutState {
    pub fn is_paid(&self) -> bool {
        self.payment_status == PaymentStatus::Paid
    }

    /// None when it does not look like a checkout session.
    fn read(object: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self {
            id: text(&object["id"])?,
            status: CheckoutStatus::deserialize(&object["status"]).ok()?,
            payment_status: PaymentStatus::deserialize(&object["payment_status"]).ok()?,
            payment_intent: text(&object["payment_intent"]),
            amount_total: object["amount_total"].as_i64(),
            currency: text(&object["currency"]),
            order_id: object["metadata"]["order_id"].as_str().and_then(|id| id.parse().ok()),
        })
    }
}

impl Stripe {
    pub fn new(config: &crate::config::Stripe) -> Result<Self> {
        let secrets = &config.webhook_secrets;
        if secrets.is_empty() || secrets.iter().any(|secret| secret.expose_secret().is_empty()) {
            // Anybody could sign with an empty secret.
            return Err(Error::internal("Stripe needs a webhook secret, and none may be empty"));
        }
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, http::secret_header("Bearer ", &config.secret_key)?);
        headers.insert(HeaderName::from_static("stripe-version"), HeaderValue::from_static(VERSION));
        Ok(Self {
            peer: Peer::new("Stripe", Timeouts::SHORT, headers)?,
            base: config.base_url.clone(),
            webhook_secrets: secrets.clone(),
        })
    }

    /// Safe to repeat with the same key: Stripe answers with the same checkout.
    pub async fn create_checkout(&self, new: NewCheckout<'_>) -> Result<Checkout> {
        if new.amount_cents <= 0 {
            return Err(Error::internal("a checkout needs a price"));
        }
        let key = HeaderValue::from_str(new.idempotency_key)
            .map_err(|_| Error::field("idempotency_key", "must be visible ASCII"))?;
        let (order, session) = (new.order_id.to_string(), new.session_id.to_string());
        let form = [
            ("mode", "payment"),
            ("client_reference_id", &order),
            ("customer_email", new.email),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &new.currency.to_ascii_lowercase()),
            ("line_items[0][price_data][unit_amount]", &new.amount_cents.to_string()),
            ("line_items[0][price_data][product_data][name]", new.product),
            ("metadata[order_id]", &order),
            ("metadata[session_id]", &session),
            // Refunds and disputes arrive with the payment, not with the checkout.
            ("payment_intent_data[metadata][order_id]", &order),
            ("success_url", new.success_url),
            ("cancel_url", new.cancel_url),
            ("expires_at", &new.expires_at.timestamp().to_string()),
        ];
        let url = http::endpoint(&self.base, &["v1", "checkout", "sessions"])?;
        let session =
            self.call(|client| client.post(url.clone()).header("idempotency-key", key.clone()).form(&form)).await?;
        let (Some(id), Some(url)) = (session["id"].as_str(), session["url"].as_str()) else {
            return Err(unreadable());
        };
        if Url::parse(url).is_err() {
            return Err(unreadable());
        }
        Ok(Checkout { id: id.to_owned(), url: url.to_owned() })
    }

    pub async fn checkout(&self, id: &str) -> Result<CheckoutState> {
        let url = self.session_url(id, &[])?;
        let session = self.call(|client| client.get(url.clone())).await?;
        CheckoutState::read(&session).ok_or_else(unreadable)
    }

    /// `Conflict` when it is no longer open: ask `checkout` what became of it.
    pub async fn expire_checkout(&self, id: &str) -> Result<CheckoutState> {
        let url = self.session_url(id, &["expire"])?;
        let response = self.peer.send(|client| client.post(url.clone())).await?;
        if response.status().as_u16() == 400 {
            return Err(Error::conflict("the checkout is no longer open"));
        }
        let session = self.accepted(response).await?;
        CheckoutState::read(&session).ok_or_else(unreadable)
    }

    /// Checks the signature over the raw bytes and parses the event. Every refusal is `Malformed` (400).
    pub fn verify(&self, payload: &[u8], signature_header: &str, now: DateTime<Utc>) -> Result<Event> {
        webhook::verify(&self.webhook_secrets, payload, signature_header, now)
    }

    fn session_url(&self, id: &str, more: &[&str]) -> Result<Url> {
        let is_id = (1..=255).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_id {
            return Err(Error::malformed("not the id of a checkout"));
        }
        http::endpoint(&self.base, &[&["v1", "checkout", "sessions", id], more].concat())
    }

    async fn call(&self, request: impl Fn(&reqwest::Client) -> RequestBuilder) -> Result<Value> {
        let response = self.peer.send(request).await?;
        self.accepted(response).await
    }

    async fn accepted(&self, response: Response) -> Result<Value> {
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            return self.peer.json(response).await;
        }
        // Stripe's prose may quote the buyer's address or a part of our key; its codes do not.
        let reply = self.peer.json(response).await.unwrap_or_default();
        let word = |name: &str| reply["error"][name].as_str().unwrap_or_default().to_owned();
        let (kind, code, field) = (word("type"), word("code"), word("param"));
        match (status.as_u16(), field.as_str()) {
            (400, "customer_email") => Err(Error::field("email", "is not an address that can be used")),
            (404, _) => Err(Error::not_found("Stripe knows no such checkout")),
            _ => Err(self.peer.refused(status, &headers, &format!("{kind} {code} {field}"))),
        }
    }
}

fn unreadable() -> Error {
    Error::upstream("Stripe's reply is not a checkout")
}

#[cfg(test)]
mod tests;
