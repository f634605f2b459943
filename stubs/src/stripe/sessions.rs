//! Checkout sessions: made from a form, paid, expired, refunded.

use serde_json::{Value, json};

use super::events::{PAYMENT_METADATA, REFUNDED, charge_id};
use super::form::Form;
use super::invalid;
use crate::call::{Call, Refusal};
use crate::dice::{hash, id};

const FIELDS: [&str; 23] = [
    "mode",
    "success_url",
    "cancel_url",
    "line_items",
    "client_reference_id",
    "customer_email",
    "customer",
    "customer_creation",
    "metadata",
    "payment_intent_data",
    "payment_method_types",
    "expires_at",
    "expand",
    "locale",
    "submit_type",
    "allow_promotion_codes",
    "automatic_tax",
    "billing_address_collection",
    "consent_collection",
    "custom_text",
    "invoice_creation",
    "tax_id_collection",
    "ui_mode",
];
const HALF_HOUR: i64 = 30 * 60;
const DAY: i64 = 24 * 60 * 60;

/// A session that is paid at the origin, or what the service would say against it.
pub(super) fn new_session(form: &Form, call: &Call, session: &str, origin: &str) -> Result<Value, Refusal> {
    form.only(&FIELDS)?;
    if form.wanted("mode")? != "payment" {
        return Err(invalid("Invalid mode: this stub takes one-time payments only.").on("mode"));
    }
    let success_url = wanted_url(form, "success_url")?;
    let cancel_url = form.get("cancel_url").map(|_| wanted_url(form, "cancel_url")).transpose()?;
    let (amount, currency) = total(form)?;
    let expires_at = form.integer("expires_at")?.unwrap_or(call.at + DAY);
    if !(HALF_HOUR..=DAY).contains(&(expires_at - call.at)) {
        let message = "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout \
                       Session creation.";
        return Err(invalid(message).on("expires_at"));
    }
    let email = form.get("customer_email");
    if let Some(email) = email.filter(|email| !is_email(email)) {
        return Err(Refusal::new(400, "email_invalid", format!("Invalid email address: {email}")).on("customer_email"));
    }
    Ok(json!({
        "id": session, "object": "checkout.session",
        "amount_subtotal": amount, "amount_total": amount, "currency": currency,
        "cancel_url": cancel_url, "success_url": success_url,
        "client_reference_id": form.get("client_reference_id"),
        "created": call.at, "expires_at": expires_at,
        "customer": null, "customer_details": null, "customer_email": email,
        "livemode": false, "locale": form.get("locale"),
        "metadata": form.metadata("metadata")?,
        "mode": "payment", "payment_intent": null, "payment_method_types": ["card"],
        "payment_status": "unpaid", "status": "open", "ui_mode": "hosted",
        "url": format!("{origin}/pay/{session}"),
        PAYMENT_METADATA: form.metadata("payment_intent_data[metadata]")?,
    }))
}

fn wanted_url<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    let text = form.wanted(name)?;
    let plain = text.replace("{CHECKOUT_SESSION_ID}", "id");
    match url::Url::parse(&plain) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(text),
        _ => Err(Refusal::new(400, "url_invalid", "Not a valid URL").on(name)),
    }
}

/// The sum of the line items, each with its price beside it.
fn total(form: &Form) -> Result<(i64, String), Refusal> {
    let mut sum = 0;
    let mut currency: Option<String> = None;
    for index in 0.. {
        let at = |rest: &str| format!("line_items[{index}]{rest}");
        if index > 0 && form.get(&at("[quantity]")).is_none() {
            break;
        }
        let quantity = form.integer(&at("[quantity]"))?.filter(|quantity| *quantity > 0);
        let quantity = quantity.ok_or_else(|| invalid("Quantity is required.").on(at("[quantity]")))?;
        let price = form.integer(&at("[price_data][unit_amount]"))?;
        let Some(price) = price.filter(|price| *price > 0) else {
            form.wanted(&at("[price_data][unit_amount]"))?;
            return Err(invalid("Invalid positive integer").on(at("[price_data][unit_amount]")));
        };
        form.wanted(&at("[price_data][product_data][name]"))?;
        let named = form.wanted(&at("[price_data][currency]"))?.to_lowercase();
        if named.len() != 3 || !named.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return Err(invalid(format!("Invalid currency: {named}.")).on(at("[price_data][currency]")));
        }
        if currency.as_ref().is_some_and(|first| *first != named) {
            return Err(invalid("All prices on a Checkout session must have the same currency."));
        }
        currency = Some(named);
        sum += quantity.saturating_mul(price);
    }
    Ok((sum, currency.unwrap_or_default()))
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    !user.is_empty() && host.contains('.') && !host.starts_with('.') && !text.contains(char::is_whitespace)
}

/// An open session whose time has come is expired, whoever looks.
pub(super) fn matured(session: &mut Value, at: i64) {
    if session["status"] == "open" && session["expires_at"].as_i64().is_some_and(|end| end <= at) {
        session["status"] = json!("expired");
        session["url"] = Value::Null;
    }
}

/// False when the session is not open.
pub(super) fn expire(session: &mut Value) -> bool {
    if session["status"] != "open" {
        return false;
    }
    session["status"] = json!("expired");
    session["url"] = Value::Null;
    true
}

pub(super) fn pay(session: &mut Value) {
    let seed = hash(&[session["id"].as_str().unwrap_or_default().as_bytes()]);
    let email = session["customer_email"].as_str().unwrap_or("buyer@business.example").to_owned();
    session["status"] = json!("complete");
    session["payment_status"] = json!("paid");
    session["payment_intent"] = json!(id("pi_", seed, 24));
    session["customer_details"] = json!({"email": email, "name": "Stub Buyer", "address": {"country": "NL"}});
    session["url"] = Value::Null;
}

/// The sum of all refunds.
pub(super) fn refunded(session: &Value) -> i64 {
    session[REFUNDED].as_i64().unwrap_or(0)
}

/// Pays back what is asked, or all that is left; gives the amount.
pub(super) fn refund(session: &mut Value, amount: Option<i64>) -> Result<i64, Refusal> {
    let charge = charge_id(session);
    if session["payment_status"] != "paid" {
        return Err(invalid("This payment has not been made, so there is nothing to refund.").on("payment_intent"));
    }
    let refunded = refunded(session);
    let left = session["amount_total"].as_i64().unwrap_or(0) - refunded;
    if left == 0 {
        let message = format!("Charge {charge} has already been refunded.");
        return Err(Refusal::new(400, "charge_already_refunded", message));
    }
    let amount = amount.unwrap_or(left);
    if amount <= 0 || amount > left {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(invalid(message).on("amount"));
    }
    session[REFUNDED] = json!(refunded + amount);
    Ok(amount)
}
