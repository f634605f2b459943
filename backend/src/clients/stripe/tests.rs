//! The checkout against a Stripe that answers as the real one does.

use std::collections::BTreeMap;

use serde_json::json;
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::clients::http::Backoff;
use crate::error::Kind;

async fn stripe() -> (Stripe, MockServer) {
    let server = MockServer::start().await;
    let mut stripe = Stripe::new(&config(&server.uri(), &["whsec_test"])).expect("a Stripe");
    stripe.peer = stripe.peer.with_backoff(Backoff { tries: 3, base: std::time::Duration::from_millis(1) });
    (stripe, server)
}

fn config(base: &str, secrets: &[&str]) -> crate::config::Stripe {
    crate::config::Stripe {
        secret_key: "sk_test_hunter2".into(),
        webhook_secrets: secrets.iter().map(|secret| SecretString::from(*secret)).collect(),
        publishable_key: None,
        base_url: base.parse().expect("a URL"),
    }
}

fn new_checkout() -> NewCheckout<'static> {
    NewCheckout {
        order_id: OrderId::new(),
        session_id: SessionId::new(),
        email: "buyer+1@example.org",
        amount_cents: 14_700,
        currency: "EUR",
        product: "Cost / Risk / Benefit report",
        success_url: "https://app.example/orders/{CHECKOUT_SESSION_ID}?paid=1&x=2",
        cancel_url: "https://app.example/back",
        expires_at: DateTime::from_timestamp(1_795_000_000, 0).expect("a time"),
        idempotency_key: "order-1",
    }
}

fn session(status: &str, payment_status: &str) -> Value {
    json!({
        "id": "cs_test_1", "object": "checkout.session", "status": status, "payment_status": payment_status,
        "payment_intent": null, "amount_total": 14700, "currency": "eur", "metadata": {},
        "url": "https://checkout.stripe.com/c/pay/cs_test_1",
    })
}

fn refusal(status: u16, error: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": error }))
}

#[tokio::test]
async fn a_checkout_is_asked_for_with_everything_that_leads_back_to_the_order() {
    let (stripe, server) = stripe().await;
    Mock::given(method("POST"))
        .and(path("/v1/checkout/sessions"))
        .and(header("authorization", "Bearer sk_test_hunter2"))
        .and(header("stripe-version", VERSION))
        .and(header("idempotency-key", "order-1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(session("open", "unpaid")))
        .expect(1)
        .mount(&server)
        .await;
    let new = new_checkout();
    let (order, quiz) = (new.order_id.to_string(), new.session_id.to_string());
    let checkout = stripe.create_checkout(new).await.expect("a checkout");
    assert_eq!(checkout.id, "cs_test_1");
    assert_eq!(checkout.url, "https://checkout.stripe.com/c/pay/cs_test_1");

    let requests = server.received_requests().await.expect("recorded");
    let form: BTreeMap<_, _> = url::form_urlencoded::parse(&requests[0].body).into_owned().collect();
    for (name, value) in [
        ("mode", "payment"),
        ("customer_email", "buyer+1@example.org"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "14700"),
        ("line_items[0][price_data][product_data][name]", "Cost / Risk / Benefit report"),
        ("line_items[0][quantity]", "1"),
        ("success_url", "https://app.example/orders/{CHECKOUT_SESSION_ID}?paid=1&x=2"),
        ("expires_at", "1795000000"),
        ("metadata[order_id]", &order),
        ("metadata[session_id]", &quiz),
        ("payment_intent_data[metadata][order_id]", &order),
        ("client_reference_id", &order),
    ] {
        assert_eq!(form.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_checkout_tells_its_state() {
    let (stripe, server) = stripe().await;
    Mock::given(method("GET"))
        .and(path("/v1/checkout/sessions/cs_test_1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(session("complete", "paid")))
        .mount(&server)
        .await;
    let state = stripe.checkout("cs_test_1").await.expect("a state");
    assert!(state.is_paid());
    assert_eq!((state.status, state.amount_total), (CheckoutStatus::Complete, Some(14_700)));
    for id in ["", "../accounts", "cs_1/expire", "cs 1", &"x".repeat(256)] {
        assert_eq!(stripe.checkout(id).await.expect_err(id).kind(), Kind::Malformed);
    }
}

#[tokio::test]
async fn an_open_checkout_expires_and_another_one_conflicts() {
    let (stripe, server) = stripe().await;
    let expire = || Mock::given(method("POST")).and(path("/v1/checkout/sessions/cs_test_1/expire"));
    let expired = ResponseTemplate::new(200).set_body_json(session("expired", "unpaid"));
    expire().respond_with(expired).up_to_n_times(1).mount(&server).await;
    expire().respond_with(refusal(400, &json!({ "type": "invalid_request_error" }))).mount(&server).await;
    assert_eq!(stripe.expire_checkout("cs_test_1").await.expect("a state").status, CheckoutStatus::Expired);
    assert_eq!(stripe.expire_checkout("cs_test_1").await.expect_err("again").kind(), Kind::Conflict);
}

#[tokio::test]
async fn refusals_are_put_into_our_words_and_leak_nothing() {
    let prose = "Invalid API Key provided: sk_test_hunter2 for buyer+1@example.org";
    for (status, code, param, kind, calls) in [
        (400, "email_invalid", "customer_email", Kind::Invalid, 1),
        (400, "parameter_missing", "line_items", Kind::Upstream, 1),
        (401, "", "", Kind::Internal, 1),
        (402, "", "", Kind::Upstream, 1),
        (404, "resource_missing", "", Kind::NotFound, 1),
        (409, "lock_timeout", "", Kind::Unavailable, 3),
        (429, "rate_limit", "", Kind::Unavailable, 3),
        (500, "", "", Kind::Unavailable, 3),
    ] {
        let (stripe, server) = stripe().await;
        let error = json!({ "type": "some_error", "code": code, "param": param, "message": prose });
        Mock::given(any()).respond_with(refusal(status, &error)).expect(calls).mount(&server).await;
        let error = stripe.create_checkout(new_checkout()).await.expect_err("refused");
        assert_eq!(error.kind(), kind, "status {status}");
        let told = format!("{error:?}");
        assert!(!told.contains("hunter2") && !told.contains("buyer"), "{told}");
    }
}

#[tokio::test]
async fn a_reply_that_is_no_checkout_is_upstreams_fault() {
    for body in ["<html>", "{}", r#"{"id":"cs_1","url":"not a url"}"#, "[]"] {
        let (stripe, server) = stripe().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(&server).await;
        assert_eq!(stripe.create_checkout(new_checkout()).await.expect_err(body).kind(), Kind::Upstream);
        assert_eq!(stripe.checkout("cs_1").await.expect_err(body).kind(), Kind::Upstream);
    }
}

#[test]
fn secrets_are_needed_and_never_shown() {
    assert!(Stripe::new(&config("https://api.stripe.com", &[])).is_err());
    assert!(Stripe::new(&config("https://api.stripe.com", &["whsec_1", ""])).is_err());
    let stripe = Stripe::new(&config("https://api.stripe.com", &["whsec_hunter2"])).expect("a Stripe");
    assert!(!format!("{stripe:?}").contains("hunter2"), "{stripe:?}");
}
