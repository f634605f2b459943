//! Stripe: refusals, idempotency, the page, refunds, events and signatures.

use crb_stubs::stripe::{events, sign, webhook};
use crb_stubs::{Call, Reply, Scenario, Stripe, Stub};
use http::Method;
use serde_json::Value;

const AT: i64 = 1_790_000_000;

fn form(order: &str) -> Vec<(String, String)> {
    [
        ("mode", "payment"),
        ("success_url", "https://crb.example/done?session={CHECKOUT_SESSION_ID}"),
        ("cancel_url", "https://crb.example/checkout"),
        ("client_reference_id", order),
        ("customer_email", "owner@business.example"),
        ("metadata[order_id]", order),
        ("payment_intent_data[metadata][order_id]", order),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "14700"),
        ("line_items[0][price_data][product_data][name]", "CRB report"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn post(path: &str, fields: &[(String, String)]) -> Call {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Call::new(Method::POST, path)
        .with_header("authorization", "Bearer sk_test_stub")
        .with_header("content-type", "application/x-www-form-urlencoded")
        .with_header("host", "127.0.0.1:1")
        .with_body(body)
        .at(AT)
}

fn get(path: &str) -> Call {
    Call::new(Method::GET, path).with_header("authorization", "Bearer sk_test_stub").at(AT)
}

fn create(stripe: &Stripe, order: &str) -> Value {
    let reply = stripe.answer(&post("/v1/checkout/sessions", &form(order)));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.value()
}

fn id(session: &Value) -> String {
    session["id"].as_str().expect("an id").to_owned()
}

#[test]
fn what_the_service_refuses_is_refused() {
    let with = |name: &str, value: &str| {
        let mut fields = form("o-1");
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        fields
    };
    let amount = "line_items[0][price_data][unit_amount]";
    let table = [
        (with("mode", ""), "parameter_missing", "mode"),
        (with("mode", "subscription"), "", "mode"),
        (with("success_url", ""), "parameter_missing", "success_url"),
        (with("success_url", "nowhere"), "url_invalid", "success_url"),
        (with(amount, "147.00"), "parameter_invalid_integer", amount),
        (with(amount, "-1"), "", amount),
        (with("line_items[0][quantity]", ""), "", "line_items[0][quantity]"),
        (with("line_items[0][price_data][currency]", "euro"), "", "line_items[0][price_data][currency]"),
        (with("expires_at", &(AT + 60).to_string()), "", "expires_at"),
        (with("expires_at", &(AT + 90_000).to_string()), "", "expires_at"),
        (with("customer_email", "nobody"), "email_invalid", "customer_email"),
        (with("surprise", "1"), "parameter_unknown", "surprise"),
        (with("metadata[order_id]", &"x".repeat(501)), "", "metadata[order_id]"),
    ];
    let stripe = Stripe::new(Scenario::default());
    for (fields, code, param) in table {
        let reply = stripe.answer(&post("/v1/checkout/sessions", &fields));
        let error = reply.value()["error"].clone();
        assert_eq!((reply.status, error["type"].as_str()), (400, Some("invalid_request_error")), "{param}: {error}");
        assert_eq!((error["code"].as_str().unwrap_or(""), error["param"].as_str()), (code, Some(param)), "{error}");
    }
    let keyed = |key: &str| post("/v1/checkout/sessions", &form("o-1")).with_header("authorization", key);
    for (key, status) in [
        ("Bearer sk_live_abc", 401),
        ("Bearer rk_live_abc", 401),
        ("Bearer nonsense", 401),
        ("Basic c2tfbGl2ZV94Og==", 401),
        ("Basic c2tfdGVzdF9zdHViOg==", 200),
    ] {
        assert_eq!(stripe.answer(&keyed(key)).status, status, "{key}");
    }
    let version = |version: &str| post("/v1/checkout/sessions", &form("o-1")).with_header("stripe-version", version);
    assert_eq!(stripe.answer(&version("yesterday")).status, 400);
    assert_eq!(stripe.answer(&version("2026-08-27.basil")).header("stripe-version"), Some("2026-08-27.basil"));
    assert_eq!(stripe.answer(&get("/v1/checkout/sessions/cs_none")).status, 404);
    assert_eq!(stripe.answer(&get("/v1/checkout/sessions")).status, 404);
}

#[test]
fn an_idempotency_key_makes_one_session() {
    let stripe = Stripe::new(Scenario::default());
    let keyed = |order: &str| post("/v1/checkout/sessions", &form(order)).with_header("idempotency-key", "key-1");
    let first = stripe.answer(&keyed("o-1"));
    let again = stripe.answer(&keyed("o-1"));
    assert_eq!(first.value(), again.value());
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
    let other = stripe.answer(&keyed("o-2"));
    assert_eq!((other.status, other.value()["error"]["type"].as_str()), (400, Some("idempotency_error")));
    assert_eq!(stripe.sessions().len(), 1);
    assert_ne!(id(&create(&stripe, "o-1")), id(&create(&stripe, "o-1")), "without a key each call makes one");
}

#[test]
fn the_page_takes_the_payment_and_sends_the_buyer_on() {
    let stripe = Stripe::new(Scenario::default());
    let session = create(&stripe, "o-1");
    assert_eq!((session["status"].as_str(), session["payment_status"].as_str()), (Some("open"), Some("unpaid")));
    assert_eq!(session["url"], format!("http://127.0.0.1:1/pay/{}", id(&session)));
    let page = format!("/pay/{}", id(&session));
    let press = |action: &str| -> Reply {
        stripe.answer(&Call::new(Method::POST, &page).with_body(format!("action={action}")).at(AT))
    };
    let shown = stripe.answer(&Call::new(Method::GET, &page).at(AT)).text();
    assert!(shown.contains("147.00 EUR") && shown.contains("value=\"pay\"") && shown.contains("value=\"cancel\""));

    let cancelled = press("cancel");
    assert_eq!((cancelled.status, cancelled.header("location")), (303, Some("https://crb.example/checkout")));
    assert!(cancelled.events.is_empty());

    let paid = press("pay");
    let done = format!("https://crb.example/done?session={}", id(&session));
    assert_eq!((paid.status, paid.header("location")), (303, Some(done.as_str())));
    let [event] = paid.events.as_slice() else { panic!("one event: {:?}", paid.events) };
    assert_eq!(event["type"], "checkout.session.completed");
    assert_eq!(event["data"]["object"]["payment_status"], "paid");
    assert_eq!(event["data"]["object"]["metadata"]["order_id"], "o-1");
    assert_eq!(press("pay").events[0]["id"], event["id"], "twice is the same event");

    let seen = stripe.answer(&get(&format!("/v1/checkout/sessions/{}", id(&session)))).value();
    assert_eq!((seen["status"].as_str(), seen["payment_status"].as_str()), (Some("complete"), Some("paid")));
    assert!(seen["payment_intent"].as_str().is_some_and(|intent| intent.starts_with("pi_")));
    let name = event["id"].as_str().expect("an id");
    assert_eq!(stripe.answer(&get(&format!("/v1/events/{name}"))).value()["id"], name);
    assert_eq!(stripe.answer(&get("/v1/events?type=checkout.session.completed")).value()["data"][0]["id"], name);
}

#[test]
fn a_session_expires_by_call_and_by_time() {
    let stripe = Stripe::new(Scenario::default());
    let session = id(&create(&stripe, "o-1"));
    let expire = || stripe.answer(&post(&format!("/v1/checkout/sessions/{session}/expire"), &[]));
    let reply = expire();
    assert_eq!((reply.status, reply.value()["status"].as_str()), (200, Some("expired")));
    assert_eq!(reply.events[0]["type"], "checkout.session.expired");
    assert_eq!(expire().status, 400);
    assert_eq!(stripe.pay(&session, AT), None);

    let late = id(&create(&stripe, "o-2"));
    let look = |at: i64| stripe.answer(&get(&format!("/v1/checkout/sessions/{late}")).at(at)).value()["status"].clone();
    assert_eq!((look(AT + 86_399), look(AT + 86_400)), ("open".into(), "expired".into()));
}

#[test]
fn refunds_add_up_and_stop_at_the_amount() {
    let stripe = Stripe::new(Scenario::default());
    let session = id(&create(&stripe, "o-1"));
    assert_eq!(stripe.refund(&session, None, AT), None, "nothing is paid yet");
    stripe.pay(&session, AT).expect("paid");
    let intent = stripe.session(&session).expect("known")["payment_intent"].as_str().expect("an intent").to_owned();
    let refund = |amount: &str| {
        let fields = [("payment_intent", intent.as_str()), ("amount", amount)];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        stripe.answer(&post("/v1/refunds", &fields))
    };
    let part = refund("4700");
    assert_eq!((part.status, part.value()["amount"].as_i64()), (200, Some(4_700)));
    let charge = &part.events[0]["data"]["object"];
    assert_eq!(charge["metadata"]["order_id"], "o-1", "the payment intent's metadata");
    assert!(stripe.session(&session).expect("known").get("_payment_metadata").is_none());
    assert_eq!((charge["amount_refunded"].as_i64(), charge["refunded"].as_bool()), (Some(4_700), Some(false)));
    assert_eq!(refund("10001").value()["error"]["param"], "amount");
    let rest = refund("");
    assert_eq!(rest.value()["amount"], 10_000);
    assert_eq!(rest.events[0]["data"]["object"]["refunded"], true);
    assert_eq!(refund("").value()["error"]["code"], "charge_already_refunded");
    assert_eq!(stripe.dispute(&session, AT).expect("a dispute")["type"], "charge.dispute.created");
}

#[test]
fn events_and_signatures_stand_without_a_service() {
    let session = events::paid(events::session("cs_test_1", 14_700, "eur", &[("order_id", "o-1")], AT));
    let event = events::checkout_completed(&session, AT);
    assert_eq!(event["data"]["object"]["payment_status"], "paid");
    assert_eq!(events::charge_refunded(&session, 14_700, AT)["data"]["object"]["refunded"], true);
    let (header, body) = webhook("whsec_stub", &event, AT);
    assert_eq!(header, sign("whsec_stub", AT, body.as_bytes()));
    assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON"), event);
}
