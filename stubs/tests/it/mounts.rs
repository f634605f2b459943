//! The stubs on wiremock.

use std::time::{Duration, Instant};

use crb_stubs::{Fault, Scenario, Stub, When};
use crb_stubs::{mount_claude, mount_search, mount_sendgrid, mount_storage, mount_stripe};
use http::Method;
use serde_json::Value;
use wiremock::MockServer;

use crate::shared::{ask, call, events, exchange, schema, speech};

#[tokio::test]
async fn claude_answers_on_wiremock_and_remembers_what_it_heard() {
    let server = MockServer::start().await;
    let claude = mount_claude(&server, Scenario::default()).await;
    let heard = exchange(*server.address(), &call(&ask("findings")));
    assert_eq!((heard.status, heard.is_whole), (200, true));
    assert_eq!(heard.header("content-type"), Some("text/event-stream; charset=utf-8"));
    let value: Value = serde_json::from_str(&speech(&events(&heard.body))).expect("JSON");
    assert!(jsonschema::is_valid(&schema(), &value));
    let [entry] = claude.calls_about("findings").try_into().expect("one call");
    assert_eq!((entry.status, entry.headers["anthropic-version"].as_str()), (200, "2026-10-21"));
    assert_eq!(entry.headers["x-api-key"], "masked");
    assert_eq!(entry.request["model"], "claude-sonnet-5-5");
    assert_eq!(claude.facts("findings")[0]["answers"]["company_name"], "Bright Smile");
}

#[tokio::test]
async fn refused_cut_and_stalled_replies_show_on_wiremock() {
    let server = MockServer::start().await;
    let scenario = Scenario::default()
        .stall_ms(150)
        .fault(Fault::Refuse, When::Nth(1))
        .fault(Fault::Cut, When::Nth(2))
        .fault(Fault::HeaderStall, When::Nth(3))
        .fault(Fault::RateLimit(Some(1)), When::Nth(4));
    let claude = mount_claude(&server, scenario).await;
    let hear = || exchange(*server.address(), &call(&ask("findings")));
    assert_eq!(hear().status, 0, "closed without an answer");
    let cut = hear();
    assert_eq!(cut.status, 200);
    assert!(!cut.body.contains("message_stop") && cut.body.contains("content_block_delta"));
    let start = Instant::now();
    hear();
    assert!(start.elapsed() >= Duration::from_millis(150));
    let busy = hear();
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("1")));
    assert_eq!(hear().status, 200);
    let counts = claude.counts();
    assert_eq!(counts.calls, 5, "a look ahead counts nothing");
    assert_eq!(counts.by_fault.keys().collect::<Vec<_>>(), ["cut", "header_stall", "rate_limit", "refuse"]);
}

#[tokio::test]
async fn all_services_share_one_server() {
    let server = MockServer::start().await;
    let claude = mount_claude(&server, Scenario::default()).await;
    let stripe = mount_stripe(&server, Scenario::default()).await;
    let sendgrid = mount_sendgrid(&server, Scenario::default()).await;
    let storage = mount_storage(&server, "reports", Scenario::default()).await;
    let search = mount_search(&server, Scenario::default()).await;
    let get = |target: &str| crb_stubs::Call::new(Method::GET, target);
    let statuses: Vec<u16> = [
        call(&ask("findings")),
        get("/v1/checkout/sessions/cs_none"),
        get("/pay/cs_none"),
        get("/v3/mail/send"),
        get("/storage/v1/bucket/reports").with_header("authorization", "Bearer stub"),
        get("/res/v1/web/search?q=x").with_header("x-subscription-token", "stub"),
        get("/nowhere"),
    ]
    .iter()
    .map(|call| exchange(*server.address(), call).status)
    .collect();
    assert_eq!(statuses, [200, 401, 404, 405, 200, 200, 404]);
    let counts = [claude.counts(), stripe.counts(), sendgrid.counts(), storage.counts(), search.counts()];
    assert_eq!(counts.map(|counts| counts.calls), [1, 2, 1, 1, 1]);
}
