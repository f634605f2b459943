//! What a process has done, counted; and the faults that are planted so that the load test's gate can be seen to fail.

use serde_json::{Value, json};

use super::call;
use crate::support::app::{Plan, TestApp};
use crate::support::buyer::Bought;
use crate::support::wait::until;

async fn counters(app: &TestApp) -> Value {
    call(app, "admin_counters_view").send().await.of(200).json()
}

fn number(counters: &Value, path: &str) -> u64 {
    counters.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} in {counters}"))
}

#[tokio::test]
async fn a_journey_is_counted_by_what_asked_for_it() {
    let app = Plan::new().claude(crb_stubs::Scenario::default()).start().await;
    let bought = Bought::at(&app, &json!({})).await;
    bought.document(&app).await;
    bought.call(&app.door, "report_download").send().await.of(200);
    let counters = until("the PDF and every mail", || async {
        let counters = counters(&app).await;
        (number(&counters, "/pdfs") == 1 && number(&counters, "/mails_left") == 0).then_some(counters)
    })
    .await;
    assert_eq!((&counters["claude"], &counters["payment"]), (&json!("stub"), &json!("dev")));
    for (path, expected) in [
        ("/claude_calls", 7),
        ("/reports_ready", 1),
        ("/reports_failed", 0),
        ("/jobs_left", 0),
        ("/operations/report_write/requests", 1),
        ("/operations/report_write/claude_calls", 7),
        ("/operations/order_create/requests", 1),
    ] {
        assert_eq!(number(&counters, path), expected, "{path}");
    }
    assert!(number(&counters, "/statements") > number(&counters, "/operations/report_write/statements"));
    assert!(number(&counters, "/sent_bytes") > 100_000, "the PDF alone is as large");
    assert!(counters["pdf_cpu_seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
}

#[tokio::test]
async fn a_ready_report_and_a_page_of_vendors_are_read_without_a_statement() {
    let app = TestApp::new().await;
    let bought = Bought::at(&app, &json!({})).await;
    let first = bought.document(&app).await;
    app.door.call("vendor_list").send().await.of(200);
    let before = counters(&app).await;
    for _ in 0..3 {
        assert_eq!(bought.call(&app.door, "report_view").send().await.of(200).json(), first);
        app.door.call("vendor_list").send().await.of(200);
    }
    let after = counters(&app).await;
    for operation in ["report_view", "vendor_list"] {
        let grown = |what: &str| {
            let path = format!("/operations/{operation}/{what}");
            number(&after, &path) - number(&before, &path)
        };
        assert_eq!((grown("requests"), grown("statements")), (3, 0), "{operation}");
    }
    bought.call(&app.door, "report_view").token(&"A".repeat(43)).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_planted_statement_is_seen_and_a_planted_error_comes_once_in_five_hundred() {
    let app = Plan::new().idle().with("PLANTED_FAULT", "statement").start().await;
    app.door.call("industry_list").send().await.of(200);
    assert_eq!(number(&counters(&app).await, "/operations/industry_list/statements"), 1);

    let app = Plan::new().idle().with("PLANTED_FAULT", "error").start().await;
    let mut failed = 0;
    for _ in 0..500 {
        let answer = app.door.call("industry_list").send().await;
        failed += u32::from(answer.status == 500);
    }
    assert_eq!(failed, 1);
}
