//! How much a stranger may ask for, and that nobody chooses whose account it goes to.

use serde_json::json;

use crate::support::app::{Plan, TestApp};
use crate::support::buyer::{Bought, Quiz};
use crate::support::call::{Answer, Door};
use crate::support::wait::until;

/// So many requests a minute, behind so many proxies; counted in this process, where no other test counts along.
async fn limited(general: u32, proxies: u32) -> TestApp {
    let plan = Plan::new().idle().with("REDIS_URL", " ").with("LIMIT_GENERAL_PER_MINUTE", &general.to_string());
    plan.with("TRUSTED_PROXIES", &proxies.to_string()).start().await
}

async fn ask(door: &Door, forwarded: &str) -> Answer {
    door.call("tier_list").header("x-forwarded-for", forwarded).send().await
}

#[track_caller]
fn slowed(answer: Answer, within: u32) {
    let wait: u32 = answer.header("retry-after").parse().expect("seconds to wait");
    assert!((1..=within).contains(&wait), "{wait} seconds");
    answer.problem(429, "too_many");
}

#[tokio::test]
async fn nobody_chooses_their_own_address() {
    // (proxies, what is sent by the same caller each time, what another caller's line looks like)
    type Line = fn(u32) -> String;
    let table: [(u32, Line, Line); 6] = [
        (0, |_| String::from("10.0.0.1"), |_| String::new()),
        (0, |n| format!("10.0.0.{n}"), |_| String::new()),
        (1, |n| format!("6.6.6.{n}, 203.0.113.7"), |_| "6.6.6.6, 203.0.113.8".into()),
        (1, |n| format!("2001:db8:0:7::{n}"), |_| "2001:db8:0:8::1".into()),
        (2, |n| format!("6.6.6.{n}, 203.0.113.7, 10.0.0.9"), |_| "203.0.113.8, 10.0.0.9".into()),
        (2, |n| format!("1.2.3.{n}"), |_| "203.0.113.8, 10.0.0.9".into()),
    ];
    for (proxies, same, other) in table {
        let app = limited(4, proxies).await;
        for n in 1..=4 {
            ask(&app.door, &same(n)).await.of(200);
        }
        slowed(ask(&app.door, &same(5)).await, 60);
        let line = other(0);
        if !line.is_empty() {
            ask(&app.door, &line).await.of(200);
        }
    }
}

#[tokio::test]
async fn probes_and_payments_are_never_told_to_wait() {
    let app = limited(1, 1).await;
    ask(&app.door, "203.0.113.7").await.of(200);
    slowed(ask(&app.door, "203.0.113.7").await, 60);
    let same = |operation: &str| app.door.call(operation).header("x-forwarded-for", "203.0.113.7");
    for _ in 0..3 {
        same("health_live").send().await.of(200);
        same("health_ready").send().await.of(200);
        same("payment_receive").body("{}").send().await.problem(400, "malformed");
    }
}

#[tokio::test]
async fn quizzes_and_orders_have_limits_of_their_own() {
    let plan = Plan::new().idle().with("LIMIT_SESSIONS_PER_HOUR", "3").with("LIMIT_ORDERS_PER_HOUR", "2");
    let app = plan.start().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let body = json!({"industry": "dental", "questionnaire_version": "1"});
    let begin = || app.door.call("session_create").json(&body).send();
    for _ in 0..2 {
        begin().await.of(201);
    }
    slowed(begin().await, 3_600);
    assert_eq!(app.count("quiz_sessions").await, 3);
    quiz.call(&app.door, "session_view").send().await.of(200);

    quiz.order(&app.door, "order-number-one").send().await.of(201);
    quiz.order(&app.door, "order-number-one").send().await.of(201);
    slowed(quiz.order(&app.door, "order-number-one").send().await, 3_600);
    assert_eq!(app.count("orders").await, 1);
    let elsewhere = quiz.order(&app.door, "order-number-one").header("x-forwarded-for", "203.0.113.99");
    elsewhere.send().await.of(201);
}

#[tokio::test]
async fn a_place_for_a_stream_is_given_back() {
    let app = Plan::new().idle().with("LIMIT_STREAMS", "2").start().await;
    let bought = Bought::at(&app, &json!({})).await;
    let follow = || bought.call(&app.door, "report_follow").open();
    let (one, two) = (follow().await, follow().await);
    assert_eq!((one.status().as_u16(), two.status().as_u16()), (200, 200));
    slowed(bought.call(&app.door, "report_follow").send().await, 60);
    let elsewhere = bought.call(&app.door, "report_follow").header("x-forwarded-for", "203.0.113.99");
    assert_eq!(elsewhere.open().await.status().as_u16(), 200);
    drop(one);
    until("a place is free again", || async { (follow().await.status() == 200).then_some(()) }).await;
}

#[tokio::test]
async fn the_load_tests_key_opens_the_limits_and_a_guess_does_not() {
    let key = "a-key-for-load-tests";
    let plan = Plan::new().idle().with("LIMIT_GENERAL_PER_MINUTE", "1").with("LIMIT_BYPASS_KEY", key);
    let app = plan.start().await;
    let ask = |key: &str| app.door.call("tier_list").header("x-load-key", key).send();
    for _ in 0..5 {
        ask(key).await.of(200);
    }
    ask("a-key-for-load-test").await.of(200);
    slowed(ask("a-key-for-load-testss").await, 60);
    slowed(ask("").await, 60);
    // Where no key is set, none opens, not even an empty one.
    let app = Plan::new().idle().with("LIMIT_GENERAL_PER_MINUTE", "1").start().await;
    app.door.call("tier_list").header("x-load-key", "").send().await.of(200);
    slowed(app.door.call("tier_list").header("x-load-key", "").send().await, 60);
}
