//! A buyer, step by step through the front door: quiz, order, payment, the report being written.

use crb_backend::domain::ids::ReportId;
use crb_backend::domain::sample;
use crb_backend::store;
use crb_stubs::stripe::webhook;
use serde_json::{Value, json};

use super::app::TestApp;
use super::call::{Answer, Call, Door};
use super::outside::WEBHOOK_SECRETS;
use super::wait::soon;

pub const EMAIL: &str = "buyer@practice.example";

/// A quiz session and the token that opens it.
#[derive(Debug, Clone)]
pub struct Quiz {
    pub id: String,
    pub token: String,
}

/// An order that was paid, and the token of its report.
#[derive(Debug, Clone)]
pub struct Bought {
    pub quiz: Quiz,
    pub order: String,
    pub report: String,
    pub token: String,
}

/// One event of a report's stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: i64,
    pub kind: String,
    pub data: Value,
}

/// Answers to every question of the dental questionnaire, changed as the test wants; what is null is left open.
pub fn answers(changes: &Value) -> Value {
    let mut answers = sample::answers().1;
    answers.extend(changes.as_object().into_iter().flatten().map(|(id, value)| (id.clone(), value.clone())));
    answers.retain(|_, value| !value.is_null());
    json!(answers)
}

impl Quiz {
    pub async fn begin(door: &Door) -> Self {
        Self::about(door, "dental").await
    }

    pub async fn about(door: &Door, industry: &str) -> Self {
        let body = json!({"industry": industry, "questionnaire_version": "1"});
        let created = door.call("session_create").json(&body).send().await.of(201).json();
        let text = |name: &str| created[name].as_str().expect("a text").to_owned();
        Self { id: text("session_id"), token: text("token") }
    }

    /// Answered in full, and complete.
    pub async fn finished(door: &Door, changes: &Value) -> Self {
        Self::finished_about(door, "dental", changes).await
    }

    pub async fn finished_about(door: &Door, industry: &str, changes: &Value) -> Self {
        let quiz = Self::about(door, industry).await;
        quiz.answer(door, 1, &answers(changes)).send().await.of(200);
        quiz.call(door, "session_complete").json(&json!({"consent": true, "email": EMAIL})).send().await.of(200);
        quiz
    }

    pub fn call(&self, door: &Door, operation: &str) -> Call {
        door.call(operation).at("id", &self.id).token(&self.token)
    }

    pub fn answer(&self, door: &Door, version: i64, answers: &Value) -> Call {
        let call = self.call(door, "session_answer").header("if-match", &version.to_string());
        call.json(&json!({ "answers": answers }))
    }

    /// An order for this quiz, under a key of the caller's choice.
    pub fn order(&self, door: &Door, key: &str) -> Call {
        let body = json!({"session_id": self.id, "tier": "report", "email": EMAIL});
        door.call("order_create").token(&self.token).header("idempotency-key", key).json(&body)
    }

    /// The order as it stands.
    pub async fn view(&self, door: &Door, order: &str) -> Value {
        door.call("order_view").at("id", order).token(&self.token).send().await.of(200).json()
    }
}

impl Bought {
    /// From the first answer to the payment, with the development provider.
    pub async fn at(app: &TestApp, changes: &Value) -> Self {
        Self::of(app, "dental", changes).await
    }

    pub async fn of(app: &TestApp, industry: &str, changes: &Value) -> Self {
        let door = &app.door;
        let quiz = Quiz::finished_about(door, industry, changes).await;
        let created = quiz.order(door, "a-key-of-ours").send().await.of(201).json();
        let reference = reference(&created);
        door.call("dev_checkout_view").at("ref", &reference).send().await.of(200);
        let pay = door.call("dev_checkout_decide").at("ref", &reference).body("action=pay");
        pay.header("content-type", "application/x-www-form-urlencoded").send().await.of(303);
        Self::paid(door, quiz, created["order_id"].as_str().expect("an id")).await
    }

    /// What the page after the checkout learns.
    pub async fn paid(door: &Door, quiz: Quiz, order: &str) -> Self {
        let order = quiz.view(door, order).await;
        assert_eq!(order["status"], "paid");
        let text = |name: &str| order[name].as_str().expect("a text").to_owned();
        let (report, url) = (text("report_id"), text("report_url"));
        let (page, token) = url.split_once("#token=").expect("the token stands in the fragment");
        assert!(page.ends_with(&report));
        Self { quiz, order: text("order_id"), report, token: token.to_owned() }
    }

    pub fn call(&self, door: &Door, operation: &str) -> Call {
        door.call(operation).at("id", &self.report).token(&self.token)
    }

    /// Every event after one, to the last there will be.
    pub async fn follow(&self, door: &Door, after: i64) -> Vec<Event> {
        let call = self.call(door, "report_follow").header("last-event-id", &after.to_string());
        let response = call.open().await;
        assert_eq!(response.status().as_u16(), 200);
        let text = soon("the end of the stream", response.text()).await.expect("a whole stream");
        text.split("\n\n").filter_map(event).collect()
    }

    /// The document, once it is written.
    pub async fn document(&self, app: &TestApp) -> Value {
        let events = self.follow(&app.door, 0).await;
        if events.last().is_none_or(|last| last.kind != "ready") {
            let id: ReportId = self.report.parse().expect("an id");
            let job = store::jobs::find(app.db().conn(), id).await.expect("the store answers");
            panic!("the report is not ready: {:?}", job.and_then(|job| job.last_error));
        }
        self.call(&app.door, "report_view").send().await.of(200).json()
    }
}

/// The name of a checkout, as its address ends.
pub fn reference(created: &Value) -> String {
    created["checkout_url"].as_str().and_then(|url| url.rsplit('/').next()).expect("an address").to_owned()
}

/// Delivers an event as Stripe does, signed now.
pub async fn deliver(app: &TestApp, event: &Value) -> Answer {
    let (signature, body) = webhook(WEBHOOK_SECRETS[0], event, app.app.now().timestamp());
    post(app, &signature, body).await
}

pub async fn post(app: &TestApp, signature: &str, body: impl Into<bytes::Bytes>) -> Answer {
    let call = app.door.call("payment_receive").header("content-type", "application/json");
    call.header("stripe-signature", signature).body(body).send().await
}

fn event(frame: &str) -> Option<Event> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let data = serde_json::from_str(field("data:")?).expect("an event's data is JSON");
    Some(Event { id: field("id:")?.parse().ok()?, kind: field("event:")?.to_owned(), data })
}
