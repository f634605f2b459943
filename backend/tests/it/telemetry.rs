//! What leaves the process: the whole of it, and nothing else.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crb_stubs::{Scenario, SendGrid};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Connection as _;
use wiremock::MockServer;

use crate::support::collector::{Collector, Received};
use crate::support::observed::{Process, answer};
use crate::support::wait;

/// Planted where a customer would write it; nobody but our database, Claude and the mail may ever see it.
const ADDRESS: &str = "canary.owner@canary-practice.example";
const COMPANY: &str = "Canary Dental";
const WORRY: &str = "The canary sings while patients stand at the desk.";

struct Bought {
    tokens: Vec<String>,
}

fn quiz_answers() -> Value {
    json!({
        "company_name": COMPANY, "employee_count": 12, "annual_revenue_band": "1m_5m", "hourly_cost_eur": 45,
        "admin_hours_week": 60, "pain_points": ["scheduling", "customer_communication", "billing"],
        "biggest_challenge": WORRY, "current_tools": ["other"], "integration_level": 3,
        "data_location": "spreadsheets", "process_maturity": "repeatable", "technology_comfort": 8,
        "ai_experience": "experimenting", "implementation_capability": "automation_user",
        "implementation_preference": "buy", "budget_comfort": "moderate", "implementation_urgency": "this_quarter",
        "decision_maker": "me", "patients_week": 120, "no_show_pct": 15, "missed_calls_week": 25,
        "avg_appointment_eur": 350
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// From the quiz to the PDF, each step once.
async fn buy(process: &Process) -> Bought {
    let questions = answer(process.call(Method::GET, "/questionnaires/dental"), 200).await;
    let wish = json!({"industry": "dental", "questionnaire_version": questions["version"]});
    let session = answer(process.call(Method::POST, "/quiz/sessions").json(&wish), 201).await;
    let (id, token) = (text(&session["session_id"]), text(&session["token"]));

    let at = format!("/quiz/sessions/{id}");
    let patch = process.call(Method::PATCH, &at).bearer_auth(&token).header("if-match", "\"1\"");
    answer(patch.json(&json!({"answers": quiz_answers()})), 200).await;
    let complete = process.call(Method::POST, &format!("{at}/complete")).bearer_auth(&token);
    answer(complete.json(&json!({"email": ADDRESS, "consent": true})), 200).await;

    let order = process.call(Method::POST, "/orders").bearer_auth(&token).header("idempotency-key", "buyer-0001");
    let order = answer(order.json(&json!({"session_id": id, "tier": "report", "email": ADDRESS})), 201).await;
    let checkout = process.call(Method::POST, &text(&order["checkout_url"]).replace("localhost", "127.0.0.1"));
    answer(checkout.header("accept", "application/json").form(&[("action", "pay")]), 200).await;

    let at = format!("/orders/{}", text(&order["order_id"]));
    let order = answer(process.call(Method::GET, &at).bearer_auth(&token), 200).await;
    let key = text(&order["report_url"]).split_once('#').expect("a key in the fragment").1.to_owned();
    let key = key.rsplit_once('=').map_or(key.clone(), |(_, key)| key.to_owned());
    let at = format!("/reports/{}", text(&order["report_id"]));
    let told = answer(process.call(Method::GET, &format!("{at}/events")).bearer_auth(&key), 200).await;
    assert!(text(&told).contains("event: ready"), "{told}");
    let report = answer(process.call(Method::GET, &at).bearer_auth(&key), 200).await;
    assert!(report.to_string().contains(COMPANY), "the control: the report speaks of its owner");
    let pdf = process.call(Method::GET, &format!("{at}/pdf")).bearer_auth(&key).send().await.expect("an answer");
    assert_eq!(pdf.status(), 200);
    Bought { tokens: vec![token, key] }
}

async fn until_mailed(stub: &SendGrid, count: usize) {
    wait::until("the mails", || async { (stub.mails_to(ADDRESS).len() >= count).then_some(()) }).await;
}

fn nothing_personal(received: &Received, console: &str, tokens: &[String]) {
    for (place, text) in [("the exports", &received.raw[..]), ("the console", console)] {
        assert!(text.contains("/api/v1/quiz/sessions/{id}"), "the control: {place} can be searched");
    }
    for (place, text) in [("the exports", received.raw.as_str()), ("the console", console)] {
        for secret in [ADDRESS, "canary", COMPANY, "Canary", WORRY, "sk-ant-stub", "SG.stub"] {
            assert!(!text.contains(secret), "{place}: {secret} at {}", around(text, secret));
        }
        for token in tokens {
            assert!(!text.contains(token.as_str()), "{place}: a token at {}", around(text, token));
        }
    }
}

fn around(text: &str, secret: &str) -> String {
    let at = text.find(secret).unwrap_or(0);
    let from = text.floor_char_boundary(at.saturating_sub(200));
    text[from..text.ceil_char_boundary((at + 100).min(text.len()))].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyers_journey_is_exactly_this_tree_and_tells_nothing_of_the_buyer() {
    let (collector, services) = (Collector::start().await, MockServer::start().await);
    crb_stubs::mount_claude(&services, Scenario::default()).await;
    let mails = crb_stubs::mount_sendgrid(&services, Scenario::default()).await;
    let mut process = Process::serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
        ("SENTRY_DSN", &collector.dsn()),
        // Nothing leaves by the clock: what came has been flushed at the end.
        ("OTEL_BSP_SCHEDULE_DELAY", "3600000"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "3600000"),
        ("ANTHROPIC_API_KEY", "sk-ant-stub-journey"),
        ("ANTHROPIC_BASE_URL", &services.uri()),
        ("SENDGRID_API_KEY", "SG.stub-journey"),
        ("SENDGRID_BASE_URL", &services.uri()),
        ("APP_REVISION", "0123abc"),
    ])
    .await;
    let bought = buy(&process).await;
    until_mailed(&mails, 2).await;
    let (status, _) = process.stop().await;
    assert!(status.success(), "{status}\n{}", process.said());

    let received = collector.received().await;
    insta::assert_snapshot!(received.tree(), @r"
    POST SendGrid (client)
    dev_checkout_decide (server)
      report_write (internal)
        chat claude-sonnet-5-5 (client)
        sea_orm.begin (client)
        sea_orm.commit (client)
        sea_orm.execute (client)
        sea_orm.query_all (client)
        sea_orm.query_one (client)
      sea_orm.begin (client)
      sea_orm.commit (client)
      sea_orm.execute (client)
      sea_orm.query_one (client)
    order_create (server)
      sea_orm.begin (client)
      sea_orm.commit (client)
      sea_orm.execute (client)
      sea_orm.query_all (client)
      sea_orm.query_one (client)
    order_view (server)
      sea_orm.query_one (client)
    questionnaire_view (server)
    report_download (server)
      sea_orm.query_one (client)
    report_follow (server)
      sea_orm.query_one (client)
    report_view (server)
      sea_orm.query_one (client)
    session_answer (server)
      sea_orm.execute (client)
      sea_orm.query_one (client)
    session_complete (server)
      sea_orm.execute (client)
      sea_orm.query_one (client)
    session_create (server)
      sea_orm.execute (client)
    ");
    nothing_personal(&received, &process.said(), &bought.tokens);

    let words = received.resource_words();
    assert_eq!(words["service.name"], "crb-backend");
    assert_eq!(words["deployment.environment.name"], "test");
    assert_eq!(words["vcs.ref.head.revision"], "0123abc");
    for name in ["http.server.request.duration", "crb.report.outcome", "crb.jobs.queue_depth", "process.memory.usage"] {
        assert!(received.metrics.contains_key(name), "{name} is not among {:?}", received.metrics);
    }
    let spans = |start: &str| received.spans.iter().filter(|span| span.name.starts_with(start)).count() as u64;
    assert_eq!(received.metrics["gen_ai.client.operation.duration"], spans("chat "));
    assert_eq!(received.metrics["gen_ai.client.token.usage"], 2 * spans("chat "));
    assert_eq!(received.metrics["db.client.operation.duration"], spans("sea_orm."));
    assert!(received.events.is_empty(), "{:?}", received.events);
    let write = received.spans.iter().find(|span| span.name == "report_write").expect("the report's span");
    let logged = received.logs.iter().filter(|log| log.trace_id == write.trace_id).count();
    assert!(logged > 0, "log records carry the trace they belong to");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_one_event_in_the_trace_of_its_request() {
    let collector = Collector::start().await;
    let mut process = Process::serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
        ("SENTRY_DSN", &collector.dsn()),
        ("APP_VERSION", "1.2.3"),
        ("APP_REVISION", "0123abc"),
    ])
    .await;
    let wish = json!({"industry": "dental", "questionnaire_version": version(&process).await});
    let session = answer(process.call(Method::POST, "/quiz/sessions").json(&wish), 201).await;
    let token = text(&session["token"]);
    let broken = format!("[\"{COMPANY}\", \"{ADDRESS}\"");
    break_answers(&process, &broken).await;

    let trace = "0af7651916cd43dd8448eb211c80319c";
    let at = format!("/quiz/sessions/{}", text(&session["session_id"]));
    let call = process.call(Method::GET, &at).bearer_auth(&token);
    let call =
        call.header("traceparent", format!("00-{trace}-b7ad6b7169203331-01")).header("x-request-id", "edge-0042");
    let problem = answer(call, 500).await;
    assert_eq!(problem["request_id"], "edge-0042");
    let (status, _) = process.stop().await;
    assert!(status.success(), "{status}\n{}", process.said());

    let received = collector.received().await;
    let [event] = received.events.as_slice() else { panic!("one event, not {:?}", received.events) };
    assert_eq!(event["contexts"]["trace"]["trace_id"], trace);
    assert_eq!(event["tags"]["request_id"], "edge-0042");
    assert_eq!(event["release"], "crb-backend@1.2.3+0123abc");
    assert_eq!(event["environment"], "test");
    let span = received.spans.iter().find(|span| span.name == "session_view").expect("the request's span");
    assert_eq!(hex::encode(&span.trace_id), trace);
    assert_eq!(span.status.as_ref().map(|status| status.code), Some(2), "the span has failed");
    let line = process
        .said()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["level"] == "ERROR")
        .expect("the error's line");
    assert_eq!((&line["trace_id"], &line["request_id"]), (&json!(trace), &json!("edge-0042")));
    nothing_personal(&received, &process.said(), &[token]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_sampled_is_no_trace_and_is_counted_and_reported_all_the_same() {
    let collector = Collector::start().await;
    let mut process = Process::serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
        ("SENTRY_DSN", &collector.dsn()),
        ("TRACE_SAMPLE_RATE", "0"),
    ])
    .await;
    let wish = json!({"industry": "dental", "questionnaire_version": version(&process).await});
    let session = answer(process.call(Method::POST, "/quiz/sessions").json(&wish), 201).await;
    let token = text(&session["token"]);
    break_answers(&process, "[").await;
    let at = format!("/quiz/sessions/{}", text(&session["session_id"]));
    // A caller's own trace is no order to keep ours.
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let call = process.call(Method::GET, &at).bearer_auth(&token).header("traceparent", trace);
    answer(call.header("x-request-id", "edge-0042"), 500).await;
    process.stop().await;

    let received = collector.received().await;
    let tree = received.tree();
    assert!(tree.contains("session_create (server)"), "what creates is always traced: {tree}");
    let roots = received.spans.iter().filter(|span| span.parent_span_id.is_empty());
    assert_eq!(roots.map(|span| span.name.as_str()).collect::<Vec<_>>(), ["session_create"], "{tree}");
    assert!(!tree.contains("session_view") && !tree.contains("questionnaire_view"), "{tree}");
    let [event] = received.events.as_slice() else { panic!("one event, not {:?}", received.events) };
    assert_eq!(event["tags"]["request_id"], "edge-0042");
    // The session, the questionnaire and the broken look; `serve` has asked for readiness before.
    assert!(received.metrics["http.server.request.duration"] >= 3, "{:?}", received.metrics);
}

async fn version(process: &Process) -> Value {
    answer(process.call(Method::GET, "/questionnaires/dental"), 200).await["version"].clone()
}

/// What a disk or a hand could do: answers that are no JSON any more.
async fn break_answers(process: &Process, text: &str) {
    let url = format!("sqlite:{}", process.file("crb.sqlite3").display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.expect("the database");
    let done =
        sqlx::query("UPDATE quiz_sessions SET answers = ?").bind(text).execute(&mut database).await.expect("done");
    assert_eq!(done.rows_affected(), 1);
    database.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_console_silences_no_trace() {
    let collector = Collector::start().await;
    let mut process =
        Process::serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()), ("LOG_LEVEL", "error")]).await;
    version(&process).await;
    process.stop().await;
    let received = collector.received().await;
    assert_eq!(process.said(), "");
    assert!(received.tree().contains("questionnaire_view (server)"), "{}", received.tree());
    assert!(!received.logs.is_empty() && !received.metrics.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_collector_slows_nothing_and_ends_with_the_process() {
    // Connections are taken by the system, and nobody ever answers.
    let dead = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = dead.local_addr().expect("an address");
    let mut process = Process::serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{address}")),
        ("SENTRY_DSN", &format!("http://public@{address}/1")),
        ("OTEL_BSP_SCHEDULE_DELAY", "20"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "20"),
    ])
    .await;
    let mut slowest = Duration::ZERO;
    for _ in 0..100 {
        let started = Instant::now();
        version(&process).await;
        slowest = slowest.max(started.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "one took {slowest:?}; an export may take 5 s");
    let (status, took) = process.stop().await;
    assert!(status.success(), "{status}\n{}", process.said());
    assert!(took < Duration::from_secs(7), "{took:?}: the flush has 5 s");
    dead.set_nonblocking(true).expect("a socket");
    assert!(dead.accept().is_ok(), "the control: somebody tried to export");
}
