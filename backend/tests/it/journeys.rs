//! The buyer's way from the first question to the mail with the report, with and without the outside.

use crb_backend::domain::document;
use crb_backend::domain::report::ReportDocument;
use crb_backend::domain::sample;
use crb_backend::render::money::euros;
use crb_stubs::{Scenario, Stub as _};
use serde_json::{Map, Value, json};

use crate::support::app::{APP_BASE_URL, Plan, TestApp};
use crate::support::buyer::{Bought, EMAIL, Event, Quiz, answers, deliver, reference};
use crate::support::letters::Letter;
use crate::support::pdf;

#[tokio::test]
async fn a_quiz_is_answered_in_pieces_and_scored_for_free() {
    let app = Plan::new().idle().start().await;
    let door = &app.door;
    let asked = door.call("questionnaire_view").at("industry", "dental").send().await.of(200).json();
    let questions = asked["questions"].as_array().expect("questions").clone();
    assert_eq!(questions.len(), 23);
    assert!(door.call("industry_list").send().await.of(200).text().contains(r#""slug":"dental""#));

    let quiz = Quiz::begin(door).await;
    quiz.call(door, "teaser_view").send().await.problem(409, "conflict");
    let all = answers(&json!({}));
    let mut version = 1;
    let mut percent = 0;
    // One question at a time, as the page saves them.
    for question in &questions {
        let id = question["id"].as_str().expect("an id");
        let before = quiz.call(door, "session_view").send().await.of(200).json();
        assert_eq!((&before["version"], &before["status"]), (&json!(version), &json!("in_progress")));
        let saved = quiz.answer(door, version, &json!({ id: all[id] })).send().await.of(200);
        let state = saved.json();
        version = state["version"].as_i64().expect("a version");
        assert_eq!(saved.header("etag"), format!("\"{version}\""));
        assert_eq!(state["answers"][id], all[id]);
        let now = state["completion_percent"].as_u64().expect("a share");
        assert!(now >= percent);
        percent = now;
    }
    assert_eq!(percent, 100);

    let body = json!({"consent": true, "email": EMAIL});
    let completed = quiz.call(door, "session_complete").json(&body).send().await.of(200).json();
    assert_eq!(completed["readiness"]["components"].as_array().map(Vec::len), Some(5));
    let again = quiz.call(door, "session_complete").json(&json!({"consent": false})).send().await.of(200).json();
    let shown = quiz.call(door, "teaser_view").send().await.of(200).json();
    assert_eq!((&again, &shown), (&completed, &completed));
    let text = shown.to_string();
    assert!(!text.contains('€') && !text.contains("EUR") && !text.contains("cents"), "the free part says no euros");
    assert!(text.contains("The phone rings all morning"), "but the customer's own words: {text}");
}

#[tokio::test]
async fn a_buyer_pays_watches_reads_and_gets_a_mail() {
    let app = TestApp::new().await;
    let door = &app.door;
    let bought = Bought::at(&app, &json!({})).await;
    let document = bought.document(&app).await;
    assert_eq!((&document["writer"], &document["sample"]), (&json!("offline"), &json!(false)));
    insta::assert_json_snapshot!("document", shape(&document));

    let events = bought.follow(door, 0).await;
    assert_sound(&events, &document);
    let half = events[events.len() / 2].id;
    assert_eq!(bought.follow(door, half).await, events[events.len() / 2 + 1..], "a reader comes back where it left");
    assert_eq!(bought.follow(door, events.last().expect("events").id).await, []);

    assert_same_totals(&app, &bought, &document).await;
    assert_opens(&app, &bought).await;

    // Unchanged is said without the body, however the tag was given.
    let report = bought.call(door, "report_view").send().await.of(200);
    let unchanged = bought.call(door, "report_view").header("if-none-match", report.header("etag"));
    assert!(unchanged.send().await.of(304).body.is_empty());
    assert_eq!(report.header("cache-control"), "no-store");

    // Three times a day the mail comes again.
    for _ in 0..3 {
        bought.call(door, "report_resend").send().await.of(202);
    }
    let refused = bought.call(door, "report_resend").send().await;
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!(wait <= 24 * 3600);
    refused.problem(429, "too_many");
    crate::support::wait::until("three more mails", || async { (app.letters().len() == 5).then_some(()) }).await;
}

#[tokio::test]
async fn a_buyer_pays_with_stripe_and_claude_writes() {
    let plan = Plan::new().stripe().sendgrid().claude(Scenario::default());
    let app = plan.start().await;
    let door = &app.door;
    let quiz = Quiz::finished(door, &json!({})).await;
    let created = quiz.order(door, "order-with-stripe").send().await.of(201).json();
    let order = created["order_id"].as_str().expect("an id");
    let checkout = reference(&created);
    let asked = app.outside().stripe().session(&checkout).expect("Stripe has the checkout");
    assert_eq!((&asked["amount_total"], &asked["currency"]), (&json!(14_700), &json!("eur")));
    assert_eq!((&asked["metadata"]["order_id"], &asked["customer_email"]), (&json!(order), &json!(EMAIL)));
    let back = format!("{APP_BASE_URL}/checkout/return?order={order}&outcome=success");
    assert_eq!(asked["success_url"], back, "the way back comes from the configuration");

    // The browser's return is not a payment.
    assert_eq!(quiz.view(door, order).await["status"], "open");
    let event = app.outside().stripe().pay(&checkout, app.app.now().timestamp()).expect("an open checkout");
    assert_eq!(deliver(&app, &event).await.of(200).json(), json!({"received": true}));

    let bought = Bought::paid(door, quiz, order).await;
    let document = bought.document(&app).await;
    assert_eq!(document["writer"], "claude");
    assert_eq!(document["models"].as_array().map(Vec::len), Some(3));
    assert_sound(&bought.follow(door, 0).await, &document);
    assert_same_totals(&app, &bought, &document).await;
    assert_opens(&app, &bought).await;
    let counts = app.outside().claude().counts();
    assert_eq!(counts.by_task, [("findings", 1), ("narrative", 1), ("options", 5)].map(|(t, n)| (t.into(), n)).into());
    assert_eq!(app.letters().len(), 2, "the payment, and the report");
}

#[tokio::test]
async fn the_sample_is_public_and_sound() {
    let app = Plan::new().idle().start().await;
    let answer = app.door.call("report_sample_view").send().await.of(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let sound: ReportDocument = serde_json::from_slice(&answer.body).expect("the document's own type reads it");
    assert!(sound.sample);
    let ids = sample::answers().1.into_keys().collect();
    assert_eq!(document::faults(&sound, &ids), Vec::<String>::new());
    let tag = answer.header("etag");
    let unchanged = app.door.call("report_sample_view").header("if-none-match", tag).send().await.of(304);
    assert_eq!(unchanged.header("etag"), tag);
}

/// No number is missing, progress never falls, the end is one and the last, and the events tell of the document.
fn assert_sound(events: &[Event], document: &Value) {
    let ids: Vec<i64> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=events.len() as i64).collect::<Vec<_>>());
    assert!(events.is_sorted_by_key(|event| event.data["progress"].as_u64().expect("a progress")));
    let of = |kind: &str| events.iter().filter(|event| event.kind == kind).collect::<Vec<_>>();
    assert_eq!((of("ready").len(), events.last().map(|event| event.kind.as_str())), (1, Some("ready")));
    assert!(of("failed").is_empty());
    assert_eq!(events.last().expect("events").data["progress"], 100);
    for (kind, list) in [("finding", "findings"), ("recommendation", "recommendations")] {
        let told: Vec<&Value> = of(kind).into_iter().map(|event| &event.data["payload"]["title"]).collect();
        for item in document[list].as_array().expect("a list") {
            assert!(told.contains(&&item["title"]), "{kind} {}", item["title"]);
        }
    }
}

/// Page, PDF and mail say the same sums.
async fn assert_same_totals(app: &TestApp, bought: &Bought, document: &Value) {
    let summary = &document["summary"];
    let cents = |value: &Value| euros(value.as_i64().expect("cents"));
    let value = ["conservative_cents", "expected_cents", "optimistic_cents"]
        .map(|name| cents(&summary["total_value_3y"][name]));
    let invested = ["min_cents", "max_cents"].map(|name| cents(&summary["investment_year1"][name]));

    let answer = bought.call(&app.door, "report_download").send().await.of(200);
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    assert!(answer.header("content-disposition").starts_with("inline; filename=\"crb-report-"));
    let unchanged = bought.call(&app.door, "report_download").header("if-none-match", answer.header("etag"));
    unchanged.send().await.of(304);
    let pdf = pdf::read(&answer.body);
    assert!((8..=crb_pdf::MAX_PAGES).contains(&pdf.pages), "{} pages", pdf.pages);
    for sum in value.iter().chain(&invested) {
        assert!(pdf.text.contains(sum), "the PDF does not say {sum}");
    }
    let text = |value: &Value| pdf::squeezed(value.as_str().expect("a text"));
    for words in [&document["company"]["name"], &document["verdict"]["headline"]] {
        assert!(pdf.text.contains(&text(words)), "the PDF does not say {words}");
    }
    let mail = app.letter("is ready").await;
    for sum in &value {
        assert!(mail.text.contains(sum) && mail.html.contains(sum), "the mail does not say {sum}");
    }
}

/// The link of the mail leads to the report, and the cookie it is exchanged for does as well.
async fn assert_opens(app: &TestApp, bought: &Bought) {
    let mail = app.letter("is ready").await;
    assert_eq!(mail.to, EMAIL);
    let token = link(&mail, &bought.report);
    assert_eq!(token, bought.token);
    let door = &app.door;
    let by_mail = door.call("report_view").at("id", &bought.report).token(&token).send().await.of(200);
    assert_eq!(by_mail.json()["report_id"], bought.report);
    let opened = bought.call(door, "report_access_open").send().await.of(204);
    let cookie = opened.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert!(opened.header("set-cookie").contains("HttpOnly; SameSite=Strict"));
    let by_cookie = door.call("report_view").at("id", &bought.report).header("cookie", &cookie).send().await.of(200);
    assert_eq!(by_cookie.body, by_mail.body);
    let receipt = app.letter("Payment received").await;
    assert_eq!(link(&receipt, &bought.report), token);
    assert!(receipt.text.contains("€147"), "{}", receipt.text);
}

fn link(mail: &Letter, report: &str) -> String {
    let address = format!("{APP_BASE_URL}/reports/{report}#token=");
    let (_, rest) = mail.text.split_once(&address).unwrap_or_else(|| panic!("no link to us: {}", mail.text));
    assert!(mail.html.contains(&format!("href=\"{address}")), "{}", mail.html);
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// What a document consists of, whatever it says: every value as its kind, every list as one entry that has it all.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), shape(field))).collect(),
        Value::Array(items) => Value::Array(items.iter().map(shape).reduce(merge).into_iter().collect()),
        Value::String(_) => json!("text"),
        Value::Number(number) => json!(if number.is_f64() { "fraction" } else { "number" }),
        Value::Bool(_) => json!("yes or no"),
        Value::Null => json!("nothing"),
    }
}

fn merge(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut fields), Value::Object(more)) => {
            for (name, field) in more {
                let merged = match fields.remove(&name) {
                    Some(known) => merge(known, field),
                    None => field,
                };
                fields.insert(name, merged);
            }
            Value::Object(fields.into_iter().collect::<Map<_, _>>())
        }
        (Value::Array(items), Value::Array(more)) => {
            Value::Array(items.into_iter().chain(more).reduce(merge).into_iter().collect())
        }
        (one, other) => {
            assert_eq!(one, other, "an entry of a list is of another kind");
            one
        }
    }
}
