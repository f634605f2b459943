//! Whoever may not: no token, a wrong one, an expired one, and everybody else's.

use crb_backend::domain::ids::{OrderId, ReportId, SessionId};
use crb_backend::domain::tokens::sign_operator;
use serde_json::{Value, json};

use crate::support::app::{Plan, SECRET_KEY, TestApp, ahead};
use crate::support::buyer::Bought;
use crate::support::call::{Call, Door};
use crate::support::contract::{Operation, operations};

/// A call that lacks nothing but the right to it.
fn complete(door: &Door, operation: &Operation, id: &str) -> Call {
    let mut call = door.call(&operation.id);
    for (name, value) in [("id", id), ("slug", "weave"), ("ref", "dev_x")] {
        if operation.path.contains(&format!("{{{name}}}")) {
            call = call.at(name, value);
        }
    }
    match operation.id.as_str() {
        "session_answer" => call.header("if-match", "1").json(&json!({"answers": {"employee_count": 66}})),
        "session_complete" => call.json(&json!({"consent": true})),
        "order_create" => {
            let body = json!({"session_id": id, "tier": "report", "email": "thief@example.org"});
            call.header("idempotency-key", "not-my-session").json(&body)
        }
        "admin_price_create" => call.json(&json!({
            "tier_name": "T", "per": "flat", "observed_on": "2026-01-01", "source_url": "https://weave.example"
        })),
        "admin_vendor_update" => call.json(&json!({"name": "Ours now"})),
        "admin_vendor_create" => call.json(&json!({
            "slug": "new-one", "name": "New", "category": "c", "description": "d", "website": "https://new.example",
            "pricing_url": "https://new.example", "price_model": "flat", "free_tier": false, "company_sizes": ["smb"],
            "complexity": "low", "implementation_weeks": 1
        })),
        _ => call,
    }
}

fn guarded() -> Vec<&'static Operation> {
    operations().values().filter(|operation| !operation.schemes().is_empty()).collect()
}

async fn house() -> TestApp {
    Plan::new().idle().start().await
}

/// Everything that could have been changed.
async fn state(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in ["quiz_sessions WHERE version = 2", "orders", "reports", "vendors", "audit_log", "outbox"] {
        counts.push(app.count(table).await);
    }
    counts
}

#[tokio::test]
async fn everybody_elses_token_finds_nothing() {
    let app = house().await;
    let (mine, other) = (Bought::at(&app, &json!({})).await, Bought::at(&app, &json!({})).await);
    let before = state(&app).await;
    let nobody = "A".repeat(43);
    let mut tried = 0;
    for operation in guarded() {
        let by_session = operation.schemes().contains(&"session_token");
        if operation.schemes().contains(&"admin_token") {
            continue;
        }
        let (id, foreign, strange) = match (operation.id.as_str(), by_session) {
            ("order_view", _) => (&mine.order, &other.order, OrderId::new().to_string()),
            (_, true) => (&mine.quiz.id, &other.quiz.id, SessionId::new().to_string()),
            (_, false) => (&mine.report, &other.report, ReportId::new().to_string()),
        };
        let own = if by_session { &mine.quiz.token } else { &mine.token };
        let cross = if by_session { &mine.token } else { &mine.quiz.token };
        let call = |id: &str, token: &str| complete(&app.door, operation, id).token(token).send();
        let mut answers = Vec::new();
        for token in [&other.quiz.token, &other.token, cross, &nobody] {
            answers.push(call(id, token).await.problem(404, "not_found"));
        }
        // My own token, on what is not mine, and on what is not there at all.
        answers.push(call(foreign, own).await.problem(404, "not_found"));
        answers.push(call(&strange, own).await.problem(404, "not_found"));
        for answer in &mut answers {
            answer["request_id"] = Value::Null;
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{}: the answers differ", operation.id);
        tried += answers.len();
    }
    assert!(tried >= 60, "{tried} tries");
    assert_eq!(state(&app).await, before);
    // A cookie opens the one report it was made for, and no quiz.
    let cookie = |bought: &Bought| format!("crb_report={}", bought.token);
    let view = |id: &str, cookie: &str| app.door.call("report_view").at("id", id).header("cookie", cookie).send();
    view(&mine.report, &cookie(&mine)).await.of(202);
    view(&mine.report, &cookie(&other)).await.problem(404, "not_found");
    let quiz = app.door.call("session_view").at("id", &mine.quiz.id).header("cookie", &cookie(&mine));
    quiz.send().await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn without_a_token_or_with_a_broken_one_nothing_is_told() {
    let app = house().await;
    let bought = Bought::at(&app, &json!({})).await;
    let before = state(&app).await;
    let (short, long) = ("A".repeat(42), "A".repeat(44));
    let signed = |key: &str, hours: i64| {
        sign_operator(key, "night shift", chrono::Duration::hours(hours), app.app.now()).expect("a token")
    };
    let (foreign, good) = (signed("another key of thirty-two letters..", 1), signed(SECRET_KEY, 1));
    let broken = [short, long, "=".repeat(43), "ä".repeat(20), String::new(), foreign, good.replacen('.', "..", 1)];
    let mut caller = 0;
    for operation in guarded() {
        let id = if operation.path.contains("/reports/") { &bought.report } else { &bought.quiz.id };
        // Every try from an address of its own: operators' failures are counted.
        let mut from = |call: Call| {
            caller += 1;
            call.header("x-forwarded-for", &format!("192.0.2.{}", caller % 250)).send()
        };
        let refused = from(complete(&app.door, operation, id)).await;
        assert!(refused.header("www-authenticate").starts_with("Bearer"));
        refused.problem(401, "unauthenticated");
        for token in &broken {
            from(complete(&app.door, operation, id).token(token)).await.problem(401, "unauthenticated");
        }
        let basic = complete(&app.door, operation, id).header("authorization", "Basic Y3JiOmNyYg==");
        from(basic).await.problem(401, "unauthenticated");
    }
    assert_eq!(state(&app).await, before);
}

#[tokio::test]
async fn an_operators_token_ends() {
    let app = house().await;
    let token = app.operator();
    let session = app.door.call("admin_session_view").token(&token).send().await.of(200).json();
    assert_eq!(session["actor"], "night shift");
    let later = app.again(|plan| plan.at(ahead::<{ 9 * 3600 }>)).await;
    for operation in operations().values().filter(|operation| operation.schemes() == ["admin_token"]) {
        let id = ReportId::new().to_string();
        let call =
            complete(&later.door, operation, &id).token(&token).header("x-forwarded-for", &address(&operation.id));
        let problem = call.send().await.problem(401, "unauthenticated");
        assert!(problem["detail"].as_str().is_some_and(|words| words.contains("expired")), "{problem}");
    }
}

#[tokio::test]
async fn guessing_an_operators_token_is_slowed_and_working_with_a_good_one_is_not() {
    let app = house().await;
    let session = |token: &str| app.door.call("admin_session_view").token(token).send();
    let good = app.operator();
    for _ in 0..30 {
        session(&good).await.of(200);
    }
    for _ in 0..10 {
        session("crb1.guess.guess").await.problem(401, "unauthenticated");
    }
    let slowed = session("crb1.guess.guess").await;
    let wait: u32 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait));
    slowed.problem(429, "too_many");
    session(&good).await.of(200);
}

/// An address of its own for every word.
fn address(word: &str) -> String {
    let sum: u32 = word.bytes().zip(1..).map(|(byte, at): (u8, u32)| u32::from(byte) * at).sum();
    format!("198.51.{}.{}", sum / 250 % 250, sum % 250)
}
