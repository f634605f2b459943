//! Stripe: the hosted checkout, asked for and asked about. The signed webhook, not the browser, says that money came.

mod webhook;

use chrono::{DateTime, Utc};

use crate::domain::ids::{OrderId, SessionId, words};
use crate::error::Result;

pub use webhook::{Change, Charge, Dispute, Event};

words! {
    CheckoutStatus { Open = "open", Complete = "complete", Expired = "expired" }
    PaymentStatus { Paid = "paid", Unpaid = "unpaid", NoPaymentRequired = "no_payment_required" }
}

#[derive(Debug, Clone)]
pub struct Stripe {}

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
}

impl Stripe {
    pub fn new(_config: &crate::config::Stripe) -> Result<Self> {
        todo!()
    }

    pub async fn create_checkout(&self, _new: NewCheckout<'_>) -> Result<Checkout> {
        todo!()
    }

    pub async fn checkout(&self, _id: &str) -> Result<CheckoutState> {
        todo!()
    }

    /// `Conflict` when it is no longer open: ask `checkout` what became of it.
    pub async fn expire_checkout(&self, _id: &str) -> Result<CheckoutState> {
        todo!()
    }

    /// Checks the signature over the raw bytes and parses the event. Every refusal is `Malformed` (400).
    pub fn verify(&self, _payload: &[u8], _signature_header: &str, _now: DateTime<Utc>) -> Result<Event> {
        todo!()
    }
}
