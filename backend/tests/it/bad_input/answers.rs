//! Answers that are none: wrong types, out of range, unknown, stale, too late.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::app::{Plan, TestApp, ahead};
use crate::support::buyer::{Quiz, answers};

const WEEK_AND_A_DAY: i64 = 8 * 24 * 3600;

async fn house() -> TestApp {
    Plan::new().idle().start().await
}

fn long(letters: usize) -> String {
    "x".repeat(letters)
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused_at_its_field() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    quiz.answer(&app.door, 1, &json!({"company_name": "Kept", "employee_count": 12})).send().await.of(200);
    let before = quiz.call(&app.door, "session_view").send().await.json();

    let many_tools: Vec<String> = (0..13).map(|number| format!("tool-{number}")).collect();
    let table: [(&str, Value, &str); 43] = [
        ("employee_count", json!("12"), "whole number, not text"),
        ("employee_count", json!(0), "between 1 and 5000"),
        ("employee_count", json!(5_001), "between 1 and 5000"),
        ("employee_count", json!(-3), "between 1 and 5000"),
        ("employee_count", json!(1.5), "without a fraction"),
        ("employee_count", json!(12.0), "without a fraction"),
        ("employee_count", json!(u64::MAX), "between 1 and 5000"),
        ("employee_count", json!(1e300), "without a fraction"),
        ("employee_count", json!(true), "not true or false"),
        ("employee_count", json!([12]), "not a list"),
        ("employee_count", json!({"value": 12}), "not an object"),
        ("hourly_cost_eur", json!(9), "between 10 and 300"),
        ("hourly_cost_eur", json!(301), "between 10 and 300"),
        ("admin_hours_week", json!(501), "between 0 and 500"),
        ("company_name", json!(5), "must be text"),
        ("company_name", json!(""), "must not be empty"),
        ("company_name", json!(" \u{a0} "), "must not be empty"),
        ("company_name", json!(long(121)), "at most 120 characters"),
        ("company_name", json!("two\nlines"), "control characters"),
        ("company_name", json!("bell\u{7}"), "control characters"),
        ("company_name", json!("nul\u{0}"), "control characters"),
        ("biggest_challenge", json!(long(601)), "at most 600 characters"),
        ("biggest_challenge", json!("tab\there"), "control characters"),
        ("biggest_challenge", json!("escape\u{1b}[31m"), "control characters"),
        ("past_attempts", json!(long(401)), "at most 400 characters"),
        ("annual_revenue_band", json!("lots"), "not one of the choices"),
        ("annual_revenue_band", json!(3), "as text, not a number"),
        ("annual_revenue_band", json!("500K_1M"), "not one of the choices"),
        ("pain_points", json!([]), "1 to 5 choices"),
        (
            "pain_points",
            json!(["scheduling", "billing", "reporting", "operations", "marketing", "onboarding"]),
            "1 to 5",
        ),
        ("pain_points", json!("scheduling"), "must be a list"),
        ("pain_points", json!(["scheduling", 3]), "as text, not a number"),
        ("pain_points", json!(["scheduling", "scheduling"]), "more than once"),
        ("pain_points", json!(["sleeping"]), "not one of the choices"),
        ("current_tools", json!(many_tools), "0 to 12 choices"),
        ("current_tools", json!(["no-such-tool"]), "not one of the choices"),
        ("integration_level", json!(0), "between 1 and 10"),
        ("technology_comfort", json!(11), "between 1 and 10"),
        ("no_show_pct", json!(61), "between 0 and 60"),
        ("decision_maker", json!(["me"]), "as text, not a list"),
        ("technicians", json!(3), "not a question of this questionnaire"),
        ("shoe_size", json!(43), "not a question of this questionnaire"),
        ("__proto__", json!({"polluted": true}), "not a question of this questionnaire"),
    ];
    for (id, value, words) in table {
        let refused = quiz.answer(&app.door, 2, &json!({ id: value })).send().await;
        let problem = refused.names(422, "invalid", &format!("answers/{id}"));
        assert!(problem["errors"].to_string().contains(words), "{id}: {problem}");
        assert_eq!(quiz.call(&app.door, "session_view").send().await.json(), before, "{id}");
    }
    // The control: the edges themselves are answers.
    let edges = json!({"employee_count": 5_000, "hourly_cost_eur": 10, "company_name": long(120), "no_show_pct": 60});
    quiz.answer(&app.door, 2, &edges).send().await.of(200);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_none_of_the_right_ones_is_kept() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    let strange = "a/b~c".to_owned() + &long(200);
    let mixed = json!({"employee_count": 0, "company_name": "Good", "pain_points": [], strange: 1, "": 2});
    let refused = quiz.answer(&app.door, 1, &mixed).send().await.names(422, "invalid", "answers/");
    let named: Vec<&str> =
        refused["errors"].as_array().expect("errors").iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(named.len(), 4, "{refused}");
    assert!(named.iter().any(|field| field.starts_with("answers/a~1b~0c")), "a pointer is escaped: {named:?}");
    assert!(named.iter().all(|field| field.len() < 120), "what a stranger invents is shown short");
    let state = quiz.call(&app.door, "session_view").send().await.json();
    assert_eq!((&state["answers"], &state["version"]), (&json!({}), &json!(1)));

    let flood: Value = (0..65).map(|number| (format!("q{number}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    quiz.answer(&app.door, 1, &flood).send().await.names(422, "invalid", "answers");
}

#[tokio::test]
async fn a_stale_tab_is_told_and_loses_nothing() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    quiz.answer(&app.door, 1, &json!({"company_name": "First tab"})).send().await.of(200);
    let stale = json!({"company_name": "Second tab", "employee_count": 7});
    let refused = quiz.answer(&app.door, 1, &stale).send().await.problem(409, "conflict");
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("version 2")), "{refused}");
    let state = quiz.call(&app.door, "session_view").send().await.json();
    assert_eq!(state["answers"], json!({"company_name": "First tab"}));
    let applied = quiz.answer(&app.door, 2, &stale).send().await.of(200).json();
    assert_eq!(applied["answers"], stale);

    for wrong in ["\"9\"", "0", "W/\"1\""] {
        let call = quiz.answer(&app.door, 3, &json!({"employee_count": 9})).header("if-match", wrong);
        call.send().await.problem(409, "conflict");
    }
    for wrong in ["", "*", "three", "-1", "3, 4", "99999999999999999999"] {
        let call = quiz.answer(&app.door, 3, &json!({"employee_count": 9})).header("if-match", wrong);
        call.send().await.names(400, "malformed", "If-Match");
    }
    let blind = quiz.answer(&app.door, 3, &json!({"employee_count": 9})).without("if-match");
    blind.send().await.problem(428, "precondition_required");
    assert_eq!(quiz.call(&app.door, "session_view").send().await.json()["version"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_tabs_at_once_one_wins_each_round() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    for round in 1..=5 {
        let change = |tab: i64| json!({"employee_count": round * 100 + tab});
        let tabs = (0..8).map(|tab| quiz.answer(&app.door, round, &change(tab)).send());
        let answers = futures_util::future::join_all(tabs).await;
        let winners: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(winners.len(), 1);
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status)));
        let state = quiz.call(&app.door, "session_view").send().await.json();
        assert_eq!(state, winners[0].json());
    }
}

#[tokio::test]
async fn a_quiz_ends_once_in_full_and_with_consent() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    let complete = |body: Value| quiz.call(&app.door, "session_complete").json(&body).send();
    let refused = complete(json!({"consent": true})).await.names(422, "invalid", "answers/company_name");
    let missing = refused["errors"].as_array().map(Vec::len);
    let asked = quiz.call(&app.door, "session_view").send().await.json()["missing"].as_array().map(Vec::len);
    assert_eq!(missing, asked, "everything that is missing is named");
    quiz.answer(&app.door, 1, &answers(&json!({}))).send().await.of(200);

    let late = "x@".to_owned() + &long(250) + ".example";
    for email in [
        "",
        "buyer",
        "@example.org",
        "a@b",
        "a b@example.org",
        "a@example.org\r\nBcc: all@example.org",
        "<a@example.org>",
        "a@.example",
        "a@example..org",
        "a@b@example.org",
        late.as_str(),
    ] {
        complete(json!({"consent": true, "email": email})).await.names(422, "invalid", "email");
    }
    complete(json!({"consent": false, "email": "a@example.org"})).await.names(422, "invalid", "consent");
    assert_eq!(quiz.call(&app.door, "session_view").send().await.json()["status"], "in_progress");

    complete(json!({"consent": true})).await.of(200);
    quiz.answer(&app.door, 2, &json!({"employee_count": 3})).send().await.problem(409, "conflict");
}

#[tokio::test]
async fn a_quiz_is_gone_after_a_week_and_a_finished_one_is_not() {
    let app = house().await;
    let (open, done) = (Quiz::begin(&app.door).await, Quiz::finished(&app.door, &json!({})).await);
    let clock: fn() -> DateTime<Utc> = ahead::<WEEK_AND_A_DAY>;
    let later = app.again(|plan| plan.at(clock)).await;
    open.call(&later.door, "session_view").send().await.problem(410, "gone");
    open.answer(&later.door, 1, &json!({"employee_count": 3})).send().await.problem(410, "gone");
    let complete = open.call(&later.door, "session_complete").json(&json!({"consent": true}));
    complete.send().await.problem(410, "gone");
    open.call(&later.door, "teaser_view").send().await.problem(410, "gone");
    open.order(&later.door, "too-late-now").send().await.problem(410, "gone");
    // Somebody else is not even told that it was there.
    let stranger = Quiz { id: open.id.clone(), token: done.token.clone() };
    stranger.call(&later.door, "session_view").send().await.problem(404, "not_found");

    done.call(&later.door, "teaser_view").send().await.of(200);
    open.call(&app.door, "session_view").send().await.of(200);
}
