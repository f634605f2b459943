//! The operator's door: reports and what they cost, vendors and their prices, and a book of who did what.

mod catalogue;
mod counters;
mod reports;

use serde_json::{Value, json};

use crate::support::app::{Plan, TestApp};
use crate::support::call::Call;

/// A call in the name of the night shift.
fn call(app: &TestApp, operation: &str) -> Call {
    app.door.call(operation).token(&app.operator())
}

/// The newest entry of the book, without what differs each time.
async fn last_entry(app: &TestApp) -> Value {
    let page = call(app, "admin_audit_list").query("limit", 1).send().await.of(200).json();
    let mut entry = page["items"][0].clone();
    assert_eq!(entry["actor"], "night shift");
    entry.as_object_mut().expect("an entry").retain(|name, _| !["id", "at", "actor"].contains(&name.as_str()));
    entry
}

#[tokio::test]
async fn the_cache_is_flushed_and_that_is_written_down() {
    let app = Plan::new().idle().start().await;
    assert_eq!(call(&app, "admin_audit_list").send().await.of(200).json(), json!({"items": []}));
    call(&app, "admin_cache_flush").send().await.of(204);
    assert_eq!(last_entry(&app).await, json!({"action": "flush", "entity": "cache", "entity_id": "all"}));
}

#[tokio::test]
async fn the_book_is_read_page_by_page_newest_first() {
    let app = Plan::new().idle().start().await;
    for _ in 0..5 {
        call(&app, "admin_cache_flush").send().await.of(204);
    }
    let mut seen: Vec<String> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut page = call(&app, "admin_audit_list").query("limit", 2);
        if let Some(cursor) = &cursor {
            page = page.query("cursor", cursor);
        }
        let page = page.send().await.of(200).json();
        let rows = page["items"].as_array().expect("entries");
        assert!((1..=2).contains(&rows.len()));
        seen.extend(rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        match page.get("next") {
            Some(next) => cursor = Some(next.as_str().expect("a cursor").to_owned()),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|one, other| one > other), "newest first, none twice");
}

#[tokio::test]
async fn the_state_of_every_part_is_told() {
    let app = Plan::new().idle().start().await;
    let ready = app.door.call("health_ready").send().await.of(200).json();
    assert_eq!((&ready["ready"], &ready["reasons"]), (&json!(true), &json!([])));
    let detail = app.door.call("health_detail").send().await.of(200).json();
    assert_eq!((&detail["status"], &detail["environment"]), (&json!("healthy"), &json!("test")));
    let names: Vec<&String> = detail["checks"].as_object().expect("checks").keys().collect();
    assert_eq!(names, ["claude_api", "database", "queue", "redis"]);
    app.app.drain();
    let leaving = app.door.call("health_ready").send().await.of(503).json();
    assert_eq!(leaving["reasons"], json!(["draining"]));
    app.door.call("health_live").send().await.of(200);
}
