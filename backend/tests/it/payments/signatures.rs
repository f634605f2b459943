//! Who may tell of a payment: Stripe, now, byte for byte. Everybody else is told 400 and changes nothing.

use crb_stubs::stripe::{sign, webhook};
use serde_json::{Value, json};

use super::{Open, effects, stripe};
use crate::support::app::ahead;
use crate::support::buyer::{deliver, post};
use crate::support::outside::WEBHOOK_SECRETS;

/// Header and body of a delivery.
type Forgery = fn(&Value, i64) -> (String, String);

/// The body as it is signed, and changed afterwards.
fn changed(event: &Value, at: i64, change: impl FnOnce(String) -> String) -> (String, String) {
    let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at);
    (signature, change(body))
}

#[tokio::test]
async fn what_stripe_did_not_sign_now_changes_nothing() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let event = open.pay(&app);
    let table: [(&str, Forgery); 17] = [
        ("a stranger's secret", |event, at| webhook("whsec_a_strangers", event, at)),
        ("an empty secret", |event, at| webhook("", event, at)),
        ("too old", |event, at| webhook(WEBHOOK_SECRETS[0], event, at - 301)),
        ("too early", |event, at| webhook(WEBHOOK_SECRETS[0], event, at + 310)),
        ("written anew", |event, at| {
            changed(event, at, |body| serde_json::to_string_pretty(&parsed(&body)).expect("JSON"))
        }),
        ("one blank more", |event, at| changed(event, at, |body| body + " ")),
        ("one digit other", |event, at| changed(event, at, |body| body.replacen("14700", "14701", 1))),
        ("another's body", |event, at| changed(event, at, |_| "{}".to_owned())),
        ("no body", |event, at| changed(event, at, |_| String::new())),
        ("no header", |event, _| (String::new(), event.to_string())),
        ("no time", |event, at| shorn(event, at, "t=")),
        ("no signature", |event, at| shorn(event, at, "v1=")),
        ("an older scheme", |event, at| {
            let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at);
            (signature.replace("v1=", "v0="), body)
        }),
        ("half a signature", |event, at| {
            let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at);
            (signature[..signature.len() - 32].to_owned(), body)
        }),
        ("another time than was signed", |event, at| {
            let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at - 10_000);
            (signature.replace(&(at - 10_000).to_string(), &at.to_string()), body)
        }),
        ("two times", |event, at| {
            let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at - 10_000);
            (format!("t={at},{signature}"), body)
        }),
        ("words", |event, _| ("let me in, please".to_owned(), event.to_string())),
    ];
    for (what, forge) in table {
        let (signature, body) = forge(&event, app.app.now().timestamp());
        let problem = post(&app, &signature, body).await.problem(400, "malformed");
        assert!(!problem.to_string().contains("whsec"), "{what}: {problem}");
        assert_eq!(effects(&app).await, [0, 0, 0, 0], "{what}");
        assert_eq!(app.count("webhook_events").await, 0, "{what}");
    }
    let unsigned = app.door.call("payment_receive").json(&event).send().await;
    unsigned.problem(400, "malformed");
    // The control: the same event, honestly delivered.
    deliver(&app, &event).await.of(200);
    assert_eq!(effects(&app).await, [1, 1, 1, 1]);
}

#[tokio::test]
async fn a_signature_lives_five_minutes_and_is_good_once() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let event = open.pay(&app);
    let (signature, body) = webhook(WEBHOOK_SECRETS[0], &event, app.app.now().timestamp() - 290);
    post(&app, &signature, body.clone()).await.of(200);
    assert_eq!(effects(&app).await, [1, 1, 1, 1]);
    post(&app, &signature, body.clone()).await.of(200);
    assert_eq!(effects(&app).await, [1, 1, 1, 1], "replayed within its time it does nothing");
    let later = app.again(|plan| plan.at(ahead::<3_600>)).await;
    post(&later, &signature, body).await.problem(400, "malformed");
}

#[tokio::test]
async fn both_secrets_are_good_while_one_replaces_the_other() {
    let app = stripe().await;
    for secret in WEBHOOK_SECRETS {
        let open = Open::at(&app).await;
        let (signature, body) = webhook(secret, &open.pay(&app), app.app.now().timestamp());
        post(&app, &signature, body).await.of(200);
    }
    // Stripe signs with both at once; one that fits is enough.
    let open = Open::at(&app).await;
    let (at, body) = (app.app.now().timestamp(), open.pay(&app).to_string());
    let strange = sign("whsec_a_strangers", at, body.as_bytes());
    let ours = sign(WEBHOOK_SECRETS[1], at, body.as_bytes());
    let ours = ours.split_once(',').expect("two parts").1.to_owned();
    post(&app, &format!("{strange},{ours}"), body).await.of(200);
    assert_eq!(effects(&app).await, [3, 3, 3, 3]);
}

#[tokio::test]
async fn what_is_signed_and_means_nothing_to_us_changes_nothing() {
    let app = stripe().await;
    let open = Open::at(&app).await;
    let paid = open.pay(&app);
    let of = |change: fn(&mut Value)| {
        let mut event = paid.clone();
        event["id"] = json!(format!("evt_{}", uuid::Uuid::new_v4().simple()));
        change(&mut event);
        event
    };
    // Ignored: taken with 200, so that Stripe does not send it for three days.
    let ignored = [
        of(|event| event["livemode"] = json!(true)),
        of(|event| event["type"] = json!("invoice.paid")),
        of(|event| event["data"]["object"]["payment_status"] = json!("unpaid")),
        of(|event| event["data"]["object"]["amount_total"] = json!(1)),
        of(|event| event["data"]["object"]["amount_total"] = Value::Null),
        of(|event| event["data"]["object"]["currency"] = json!("usd")),
        of(|event| {
            event["data"]["object"]["id"] = json!("cs_test_of_nobody");
            event["data"]["object"]["metadata"] = json!({});
        }),
    ];
    for event in ignored {
        deliver(&app, &event).await.of(200);
        assert_eq!(effects(&app).await, [0, 0, 0, 0], "{event}");
    }
    assert_eq!(app.count("webhook_events WHERE outcome = 'failed'").await, 3, "a wrong amount is a fault to look at");
    assert_eq!(app.count("webhook_events WHERE outcome = 'ignored'").await, 4);
    // Signed and unreadable: 400, and not remembered.
    let unreadable = [
        of(|event| event["data"]["object"] = json!("a text")),
        of(|event| event["data"]["object"]["payment_status"] = json!("perhaps")),
        of(|event| event["created"] = json!("today")),
        json!([1, 2, 3]),
    ];
    for event in unreadable {
        deliver(&app, &event).await.problem(400, "malformed");
    }
    assert_eq!((effects(&app).await, app.count("webhook_events").await), ([0, 0, 0, 0], 7));
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).expect("JSON")
}

/// Without one part of the header.
fn shorn(event: &Value, at: i64, part: &str) -> (String, String) {
    let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, at);
    let kept: Vec<&str> = signature.split(',').filter(|piece| !piece.starts_with(part)).collect();
    (kept.join(","), body)
}
