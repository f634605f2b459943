//! Stripe's events: the signature over the raw bytes first, then the meaning.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::CheckoutState;
use crate::error::{Error, Result};

/// Older or newer events are replays or somebody's clock; both ways, because ours may be wrong too.
const TOLERANCE: TimeDelta = TimeDelta::seconds(300);
/// Stripe sends one signature a live secret; this is room for two dozen.
const HEADER_LIMIT: usize = 2048;

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
        Ok(match self.kind.as_str() {
            "checkout.session.completed" => Change::CheckoutCompleted(self.checkout()?),
            "checkout.session.async_payment_succeeded" => Change::CheckoutPaidLater(self.checkout()?),
            "checkout.session.async_payment_failed" => Change::CheckoutPaymentFailed(self.checkout()?),
            "checkout.session.expired" => Change::CheckoutExpired(self.checkout()?),
            "charge.refunded" => Change::Refunded(self.object()?),
            "charge.dispute.created" => Change::Disputed(self.object()?),
            _ => Change::Other,
        })
    }

    fn checkout(&self) -> Result<CheckoutState> {
        CheckoutState::read(&self.data_object).ok_or_else(|| self.unreadable())
    }

    fn object<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.data_object).map_err(|_| self.unreadable())
    }

    fn unreadable(&self) -> Error {
        Error::malformed("the event's object does not fit its type").caused_by(self.kind.clone())
    }
}

/// The signature first, in constant time, over the bytes as they came; only then is anything parsed.
pub(super) fn verify(
    secrets: &[SecretString],
    payload: &[u8],
    signature_header: &str,
    now: DateTime<Utc>,
) -> Result<Event> {
    let signature = Signature::parse(signature_header)?;
    let mut matches = Choice::from(0);
    for secret in secrets {
        let expected = sign(secret, signature.timestamp, payload)?;
        for given in &signature.candidates {
            matches |= expected.ct_eq(given);
        }
    }
    if !bool::from(matches) {
        return Err(Error::malformed("the signature does not match"));
    }
    let signed = signature.timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let age = now - signed.ok_or_else(|| Error::malformed("the signature has no time"))?;
    if age.abs() > TOLERANCE {
        return Err(Error::malformed("the signature's time is too far from now"));
    }
    read(payload)
}

fn sign(secret: &SecretString, timestamp: &str, payload: &[u8]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|error| Error::internal("the webhook secret cannot sign").caused_by(error))?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(payload);
    Ok(mac.finalize().into_bytes().into())
}

/// `t=<seconds>,v1=<hex>,…`; other schemes are passed over.
struct Signature<'a> {
    /// As it was signed: a reformatted number would be other bytes.
    timestamp: &'a str,
    candidates: Vec<[u8; 32]>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Result<Self> {
        if header.len() > HEADER_LIMIT {
            return Err(Error::malformed("the signature header is too long"));
        }
        let (mut timestamp, mut candidates) = (None, Vec::new());
        for item in header.split(',') {
            match item.trim().split_once('=') {
                Some(("t", _)) if timestamp.is_some() => {
                    return Err(Error::malformed("the signature header has two times"));
                }
                Some(("t", digits)) if digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                    timestamp = Some(digits);
                }
                Some(("v1", digits)) => {
                    let mut candidate = [0; 32];
                    if hex::decode_to_slice(digits, &mut candidate).is_ok() {
                        candidates.push(candidate);
                    }
                }
                Some(("t", _)) | None => return Err(Error::malformed("the signature header cannot be read")),
                Some(_) => {}
            }
        }
        match timestamp {
            Some(timestamp) if !candidates.is_empty() => Ok(Self { timestamp, candidates }),
            _ => Err(Error::malformed("the signature header is not complete")),
        }
    }
}

fn read(payload: &[u8]) -> Result<Event> {
    #[derive(Deserialize)]
    struct Wire {
        id: String,
        #[serde(rename = "type")]
        kind: String,
        created: i64,
        livemode: bool,
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        object: Value,
    }
    let unreadable = || Error::malformed("the event cannot be read");
    let wire: Wire = serde_json::from_slice(payload).map_err(|_| unreadable())?;
    let is_word = |text: &str| (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_word(&wire.id) || !is_word(&wire.kind) || !wire.data.object.is_object() {
        return Err(unreadable());
    }
    Ok(Event {
        id: wire.id,
        kind: wire.kind,
        created: DateTime::from_timestamp(wire.created, 0).ok_or_else(unreadable)?,
        livemode: wire.livemode,
        data_object: wire.data.object,
    })
}

#[cfg(test)]
mod tests;
