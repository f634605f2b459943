//! Signatures: what is accepted, what is refused, and that nothing makes it panic.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clients::stripe::{CheckoutStatus, PaymentStatus};
use crate::domain::ids::OrderId;
use crate::error::Kind;

const NOW: i64 = 1_795_000_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).expect("a time")
}

fn secrets(secrets: &[&str]) -> Vec<SecretString> {
    secrets.iter().map(|secret| SecretString::from(*secret)).collect()
}

fn v1(secret: &str, timestamp: &str, payload: &[u8]) -> String {
    hex::encode(sign(&secret.into(), timestamp, payload).expect("a signature"))
}

fn header(secret: &str, timestamp: i64, payload: &[u8]) -> String {
    format!("t={timestamp},v1={}", v1(secret, &timestamp.to_string(), payload))
}

fn payload(kind: &str, object: &Value) -> Vec<u8> {
    json!({
        "id": "evt_1", "object": "event", "type": kind, "created": NOW - 5, "livemode": false,
        "data": { "object": object },
    })
    .to_string()
    .into_bytes()
}

#[test]
fn the_signature_is_the_one_of_the_rule_worked_out_by_hand() {
    // printf '1795000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
    assert_eq!(
        v1("whsec_test", "1795000000", br#"{"a":1}"#),
        "14cdf372534acd098c83cbb3a5b7081138ef9e1e2ce9f43221f2a73884581201"
    );
}

#[test]
fn a_good_signature_of_any_live_secret_is_accepted_within_the_tolerance() {
    let body = payload("ping", &json!({}));
    let live = secrets(&["whsec_new", "whsec_old"]);
    for secret in ["whsec_new", "whsec_old"] {
        for offset in [-300, 0, 300] {
            let event = verify(&live, &body, &header(secret, NOW + offset, &body), now()).expect("accepted");
            assert_eq!((event.id.as_str(), event.kind.as_str(), event.livemode), ("evt_1", "ping", false));
            assert_eq!(event.created.timestamp(), NOW - 5);
            assert_eq!(event.change().expect("a change"), Change::Other);
        }
    }
    let good = v1("whsec_old", &NOW.to_string(), &body);
    let many = format!("t={NOW}, v1={}, v1=zz,v0=abc, v1={good}", "0".repeat(64));
    verify(&live, &body, &many, now()).expect("one of several suffices");
}

#[test]
fn every_bad_signature_is_a_400_that_says_why() {
    let body = payload("ping", &json!({}));
    let other = payload("pong", &json!({}));
    let good = v1("whsec_new", &NOW.to_string(), &body);
    for (header, expected) in [
        (header("whsec_forged", NOW, &body), "does not match"),
        (header("whsec_new", NOW, &other), "does not match"),
        (format!("t={},v1={good}", NOW + 1), "does not match"),
        (header("whsec_new", NOW - 301, &body), "too far"),
        (header("whsec_new", NOW + 301, &body), "too far"),
        (format!("t={NOW},t={NOW},v1={good}"), "two times"),
        (format!("t={NOW},v1={good},v1={}", "a".repeat(HEADER_LIMIT)), "too long"),
        (format!("t={NOW},v0={good}"), "not complete"),
        (format!("t={NOW},v1={}", &good[..62]), "not complete"),
        (format!("v1={good}"), "not complete"),
        (format!("t=-1,v1={good}"), "cannot be read"),
        (format!("t=1795000000000,v1={good}"), "cannot be read"),
        (format!("t={NOW},{good}"), "cannot be read"),
        (format!("t=,v1={}", v1("whsec_new", "", &body)), "no time"),
        (String::new(), "cannot be read"),
    ] {
        let error = verify(&secrets(&["whsec_new"]), &body, &header, now()).expect_err(&header);
        assert_eq!(error.kind(), Kind::Malformed, "{header}");
        assert!(error.detail().contains(expected), "{header}: {}", error.detail());
    }
    let error = verify(&[], &body, &header("", NOW, &body), now()).expect_err("no secret, no trust");
    assert!(error.detail().contains("does not match"));
}

#[test]
fn a_re_encoded_body_does_not_pass() {
    let body = payload("ping", &json!({ "b": 1, "a": 2 }));
    let header = header("whsec_new", NOW, &body);
    let again = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&body).expect("JSON")).expect("JSON");
    assert!(verify(&secrets(&["whsec_new"]), &body, &header, now()).is_ok());
    assert!(verify(&secrets(&["whsec_new"]), &again, &header, now()).is_err());
}

#[test]
fn signed_nonsense_is_malformed() {
    for body in [
        &b""[..],
        b"[]",
        b"\xff\xfe",
        br#"{"id":"","type":"x","created":1,"livemode":false,"data":{"object":{}}}"#,
        br#"{"id":"e","type":"x y","created":1,"livemode":false,"data":{"object":{}}}"#,
        br#"{"id":"e","type":"x","created":1,"livemode":false,"data":{"object":[]}}"#,
        br#"{"id":"e","type":"x","created":9223372036854775807,"livemode":false,"data":{"object":{}}}"#,
    ] {
        let error = verify(&secrets(&["s"]), body, &header("s", NOW, body), now()).expect_err("nonsense");
        assert_eq!((error.kind(), error.detail()), (Kind::Malformed, "the event cannot be read"));
    }
}

fn change(kind: &str, object: &Value) -> Result<Change> {
    let body = payload(kind, object);
    verify(&secrets(&["s"]), &body, &header("s", NOW, &body), now()).expect("signed").change()
}

#[test]
fn events_that_we_act_on_are_typed() {
    let order = OrderId::new();
    let session = json!({
        "id": "cs_1", "object": "checkout.session", "status": "complete", "payment_status": "paid",
        "payment_intent": "pi_1", "amount_total": 14700, "currency": "eur", "metadata": { "order_id": order.to_string() },
    });
    let state = CheckoutState {
        id: "cs_1".into(),
        status: CheckoutStatus::Complete,
        payment_status: PaymentStatus::Paid,
        payment_intent: Some("pi_1".into()),
        amount_total: Some(14700),
        currency: Some("eur".into()),
        order_id: Some(order),
    };
    for (kind, expected) in [
        ("checkout.session.completed", Change::CheckoutCompleted(state.clone())),
        ("checkout.session.async_payment_succeeded", Change::CheckoutPaidLater(state.clone())),
        ("checkout.session.async_payment_failed", Change::CheckoutPaymentFailed(state.clone())),
        ("checkout.session.expired", Change::CheckoutExpired(state)),
        ("checkout.session.imagined", Change::Other),
    ] {
        assert_eq!(change(kind, &session).expect(kind), expected);
    }
    let charge =
        json!({ "id": "ch_1", "payment_intent": "pi_1", "amount": 14700, "amount_refunded": 700, "currency": "eur" });
    let Change::Refunded(refunded) = change("charge.refunded", &charge).expect("a refund") else { panic!("a refund") };
    assert_eq!(
        (refunded.amount, refunded.amount_refunded, refunded.payment_intent.as_deref()),
        (14700, 700, Some("pi_1"))
    );
    let dispute = json!({
        "id": "dp_1", "charge": "ch_1", "payment_intent": null, "amount": 14700, "currency": "eur", "reason": "fraudulent",
    });
    let Change::Disputed(disputed) = change("charge.dispute.created", &dispute).expect("a dispute") else {
        panic!("a dispute")
    };
    assert_eq!((disputed.charge.as_deref(), disputed.payment_intent, disputed.amount), (Some("ch_1"), None, 14700));
}

#[test]
fn an_object_that_does_not_fit_its_kind_is_malformed() {
    for (kind, object) in [
        ("checkout.session.completed", json!({ "id": "cs_1", "status": "complete", "payment_status": "maybe" })),
        ("checkout.session.completed", json!({})),
        ("charge.refunded", json!({ "id": "ch_1" })),
        ("charge.dispute.created", json!({ "amount": "much" })),
    ] {
        assert_eq!(change(kind, &object).expect_err(kind).kind(), Kind::Malformed);
    }
}

proptest! {
    #[test]
    fn no_header_and_no_body_makes_it_panic(header in ".{0,200}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(verify(&secrets(&["whsec"]), &body, &header, now()).is_err());
    }

    #[test]
    fn no_nearly_right_header_makes_it_panic(t in "[0-9]{0,14}", v in "[0-9a-f]{60,66}", n in 0_usize..40) {
        let header = format!("t={t}{}", format!(",v1={v}").repeat(n));
        let body = b"{}";
        prop_assert!(verify(&secrets(&["whsec"]), body, &header, now()).is_err());
    }

    #[test]
    fn whatever_is_signed_is_judged_by_its_content_alone(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let error = verify(&secrets(&["whsec"]), &body, &header("whsec", NOW, &body), now()).expect_err("no event");
        prop_assert_eq!(error.detail(), "the event cannot be read");
    }
}
