//! Stripe's events: the signature over the raw bytes first, then the meaning.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::CheckoutState;
use crate::error::Result;

/// A signed event.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    /// Stripe's word, e.g. `checkout.session.completed`.
    pub kind: String,
    pub created: DateTime<Utc>,
    pub livemode: bool,
    pub data_object: Value,
}

/// What an event means to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The buyer is through; paid only where `is_paid` says so (a slow method pays later).
    CheckoutCompleted(CheckoutState),
    CheckoutPaidLater(CheckoutState),
    CheckoutPaymentFailed(CheckoutState),
    CheckoutExpired(CheckoutState),
    Refunded(Charge),
    Disputed(Dispute),
    /// A kind that we do not act on.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Charge {
    pub id: String,
    pub payment_intent: Option<String>,
    pub amount: i64,
    /// All refunds of this charge so far.
    pub amount_refunded: i64,
    pub currency: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Dispute {
    pub id: String,
    pub charge: Option<String>,
    pub payment_intent: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub reason: String,
}

impl Event {
    /// `Malformed` when an event of a kind that we act on does not look like one.
    pub fn change(&self) -> Result<Change> {
        todo!()
    }
}
