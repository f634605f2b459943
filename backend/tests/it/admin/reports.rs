//! Reports in an operator's hands: the list, the retry of a failed one, every call and its cost, the figures.

use crb_stubs::{Fault, Scenario, Stub as _, When};
use serde_json::{Value, json};

use super::{call, last_entry};
use crate::support::app::Plan;
use crate::support::buyer::Bought;
use crate::support::wait::until;

#[tokio::test]
async fn a_failed_report_is_found_explained_and_tried_again() {
    let refused = Scenario::default().fault(Fault::Status(401), When::Always);
    let app = Plan::new().claude(refused).start().await;
    let bought = Bought::at(&app, &json!({"company_name": "Unlucky Dental"})).await;
    let events = bought.follow(&app.door, 0).await;
    assert_eq!(events.last().map(|event| event.kind.as_str()), Some("failed"));
    let pending = bought.call(&app.door, "report_view").send().await.of(202).json();
    assert_eq!(pending["status"], "failed");
    assert!(pending["failed_reason"].as_str().is_some_and(|words| words.contains("not been charged again")));

    let list = |status: &'static str| call(&app, "admin_report_list").query("status", status).send();
    let rows = list("failed").await.of(200).json();
    let row = &rows["items"][0];
    for (name, value) in [
        ("report_id", json!(bought.report)),
        ("order_id", json!(bought.order)),
        ("company", json!("Unlucky Dental")),
        ("industry", json!("dental")),
        ("status", json!("failed")),
        ("job_state", json!("dead")),
        ("attempt", json!(1)),
        ("refund_due", json!(true)),
    ] {
        assert_eq!(row[name], value, "{name}: {row}");
    }
    assert!(row["last_error"].as_str().is_some_and(|words| words.contains("HTTP 401")), "{row}");
    assert_eq!(list("ready").await.of(200).json()["items"], json!([]));
    let stats = call(&app, "admin_stats_view").send().await.of(200).json();
    assert_eq!((&stats["failed_24h"], &stats["dead_jobs"], &stats["queue_depth"]), (&json!(1), &json!(1), &json!(0)));

    app.outside().claude().desk().set_scenario(Scenario::default()).expect("a scenario");
    let retry = || call(&app, "admin_report_retry").at("id", &bought.report).send();
    assert_eq!(retry().await.of(200).json()["report_id"], bought.report);
    let entry = last_entry(&app).await;
    assert_eq!((&entry["action"], &entry["entity_id"]), (&json!("retry"), &json!(bought.report)));
    retry().await.problem(409, "conflict");
    until("the report is ready", || async { (list("ready").await.json()["items"] != json!([])).then_some(()) }).await;
    retry().await.problem(409, "conflict");
    let after = bought.follow(&app.door, events.last().expect("events").id).await;
    assert_eq!(after.last().map(|event| event.kind.as_str()), Some("ready"), "the reader sees it go on");

    let calls = call(&app, "admin_call_list").at("id", &bought.report).send().await.of(200).json();
    let calls = calls["items"].as_array().expect("calls");
    let outcomes = |outcome: &str| calls.iter().filter(|call| call["outcome"] == outcome).count();
    assert_eq!((outcomes("error"), outcomes("ok"), calls.len()), (1, 7, 8));
    let sum: i64 = calls.iter().filter_map(|call| call["cost_microusd"].as_i64()).sum();
    let rows = list("ready").await.of(200).json();
    assert_eq!(rows["items"][0]["cost_microusd"], sum);
    assert!(sum > 0);
    let stats = call(&app, "admin_stats_view").send().await.of(200).json();
    assert_eq!(stats["cost_per_day"][0]["cost_microusd"], sum);
    assert_eq!((&stats["ready_24h"], &stats["dead_jobs"]), (&json!(1), &json!(0)));
    assert!(stats["generation_p50_seconds"].is_number());
}

#[tokio::test]
async fn only_a_failed_report_is_tried_again() {
    let app = Plan::new().idle().start().await;
    let bought = Bought::at(&app, &json!({})).await;
    let retry = |id: &str| call(&app, "admin_report_retry").at("id", id).send();
    retry(&bought.report).await.problem(409, "conflict");
    retry(&bought.order).await.problem(404, "not_found");
    call(&app, "admin_call_list").at("id", &bought.order).send().await.problem(404, "not_found");
    assert_eq!(app.count("audit_log").await, 0);
    let stats = call(&app, "admin_stats_view").send().await.of(200).json();
    assert_eq!((&stats["queue_depth"], &stats["mails_pending"], &stats["running"]), (&json!(1), &json!(1), &json!(0)));
}

#[tokio::test]
async fn reports_are_listed_page_by_page() {
    let app = Plan::new().idle().start().await;
    let mut bought = Vec::new();
    for number in 0..3 {
        bought.push(Bought::at(&app, &json!({"company_name": format!("Number {number}")})).await.report);
    }
    bought.reverse();
    let first = call(&app, "admin_report_list").query("limit", 2).send().await.of(200).json();
    let next = first["next"].as_str().expect("there is more");
    let second = call(&app, "admin_report_list").query("limit", 2).query("cursor", next).send().await.of(200).json();
    assert_eq!(second.get("next"), None);
    let rows = [&first, &second].into_iter().flat_map(|page| page["items"].as_array().expect("rows"));
    assert_eq!(rows.map(|row| row["report_id"].clone()).collect::<Vec<Value>>(), bought);
}
