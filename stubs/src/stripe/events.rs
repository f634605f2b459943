//! Stripe's events, as the webhook carries them. The same change of the same object has the same event id.

use serde_json::{Value, json};

use crate::dice::{hash, id};

/// The version that the events are rendered in.
pub const VERSION: &str = "2026-08-27.basil";

/// A paid or unpaid session for tests that need no service: `metadata` is `[("order_id", "…")]`.
pub fn session(id: &str, amount_cents: i64, currency: &str, metadata: &[(&str, &str)], at: i64) -> Value {
    let metadata: serde_json::Map<String, Value> =
        metadata.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    json!({
        "id": id, "object": "checkout.session", "amount_subtotal": amount_cents, "amount_total": amount_cents,
        "currency": currency, "created": at, "expires_at": at + 86_400, "customer_details": null,
        "customer_email": null, "client_reference_id": null, "livemode": false, "metadata": metadata,
        "mode": "payment", "payment_intent": null, "payment_status": "unpaid", "status": "open",
    })
}

/// Paid at once, or with `payment_status` unpaid while a slow payment method is on its way.
pub fn checkout_completed(session: &Value, at: i64) -> Value {
    event("checkout.session.completed", &shown(session), at)
}

/// The session as the buyer left it after paying; for `checkout_completed` without a service.
pub fn paid(mut session: Value) -> Value {
    super::sessions::pay(&mut session);
    session
}

pub fn async_payment_succeeded(session: &Value, at: i64) -> Value {
    event("checkout.session.async_payment_succeeded", &shown(session), at)
}

pub fn async_payment_failed(session: &Value, at: i64) -> Value {
    event("checkout.session.async_payment_failed", &shown(session), at)
}

pub fn checkout_expired(session: &Value, at: i64) -> Value {
    event("checkout.session.expired", &shown(session), at)
}

/// The charge behind the session; `refunded_cents` is the sum of all refunds so far. A charge has the metadata of its
/// payment intent, not of its session: they are the same only when the client sent both.
pub fn charge_refunded(session: &Value, refunded_cents: i64, at: i64) -> Value {
    let amount = session["amount_total"].as_i64().unwrap_or(0);
    let metadata = session.get(PAYMENT_METADATA).unwrap_or(&session["metadata"]);
    let charge = json!({
        "id": charge_id(session), "object": "charge", "amount": amount, "amount_captured": amount,
        "amount_refunded": refunded_cents, "refunded": refunded_cents == amount, "captured": true, "paid": true,
        "currency": session["currency"], "created": at, "livemode": false, "metadata": metadata,
        "payment_intent": session["payment_intent"], "status": "succeeded",
    });
    event("charge.refunded", &charge, at)
}

pub fn dispute_created(session: &Value, at: i64) -> Value {
    let charge = charge_id(session);
    let dispute = json!({
        "id": id("du_", hash(&[charge.as_bytes()]), 24), "object": "dispute", "amount": session["amount_total"],
        "charge": charge, "currency": session["currency"], "created": at, "livemode": false, "metadata": {},
        "payment_intent": session["payment_intent"], "reason": "fraudulent", "status": "needs_response",
    });
    event("charge.dispute.created", &dispute, at)
}

/// Any other type.
pub fn event(kind: &str, object: &Value, at: i64) -> Value {
    let seed = hash(&[kind.as_bytes(), object.to_string().as_bytes()]);
    json!({
        "id": id("evt_", seed, 24), "object": "event", "api_version": VERSION, "created": at, "livemode": false,
        "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null}, "type": kind,
        "data": {"object": object},
    })
}

/// What the stub keeps in a session and the service does not show.
pub(super) const PAYMENT_METADATA: &str = "_payment_metadata";
pub(super) const REFUNDED: &str = "_refunded";

/// The session without what is kept behind it.
pub(super) fn shown(session: &Value) -> Value {
    let mut session = session.clone();
    if let Some(object) = session.as_object_mut() {
        object.retain(|name, _| !name.starts_with('_'));
    }
    session
}

/// The charge of a session; a session has one.
pub fn charge_id(session: &Value) -> String {
    id("ch_", hash(&[b"charge", session["id"].as_str().unwrap_or_default().as_bytes()]), 24)
}
