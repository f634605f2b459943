//! The hosted payment page, as plain as it can be: two buttons.

use serde_json::Value;

pub(super) fn show(session: &Value) -> String {
    let cents = session["amount_total"].as_i64().unwrap_or(0);
    let currency = escape(&session["currency"].as_str().unwrap_or_default().to_uppercase());
    let status = escape(session["status"].as_str().unwrap_or_default());
    let email = escape(session["customer_email"].as_str().unwrap_or("no address given"));
    let buttons = if session["status"] == "expired" {
        "<p>This session has expired.</p>".to_owned()
    } else {
        "<form method=\"post\"><button name=\"action\" value=\"pay\">Pay</button> \
         <button name=\"action\" value=\"cancel\">Cancel</button></form>"
            .to_owned()
    };
    frame(&format!(
        "<h1>Test payment</h1><p>No money moves here. Amount: <strong>{}.{:02} {currency}</strong></p>\
         <p>Buyer: {email}</p><p>Status: {status}</p>{buttons}",
        cents / 100,
        cents % 100,
    ))
}

pub(super) fn gone() -> String {
    frame("<h1>Nothing to pay here</h1><p>The session is unknown or has expired.</p>")
}

/// Where the browser goes next; without a cancel address it stays.
pub(super) fn return_url(session: &Value, name: &str) -> String {
    let id = session["id"].as_str().unwrap_or_default();
    session[name].as_str().map_or_else(|| format!("/pay/{id}"), |url| url.replace("{CHECKOUT_SESSION_ID}", id))
}

fn frame(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Test payment</title><body>{body}</body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
