//! The binary over real sockets.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crb_stubs::Call;
use crb_stubs::server::LEDGER_ROOM;
use crb_stubs::stripe::sign;
use http::Method;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::running::{Running, program};
use crate::shared::{ask, call, checkout, events, exchange, schema, speech};

#[test]
fn a_stream_is_whole_or_really_broken() {
    let stubs = Running::start(&[]);
    let whole = stubs.ask();
    assert_eq!((whole.status, whole.is_whole), (200, true));
    assert_eq!(whole.header("transfer-encoding"), Some("chunked"));
    let value: Value = serde_json::from_str(&speech(&events(&whole.body))).expect("JSON");
    assert!(jsonschema::is_valid(&schema(), &value));

    stubs.play(&json!({"faults": [{"fault": "cut"}]}));
    let cut = stubs.ask();
    assert_eq!((cut.status, cut.is_whole), (200, false), "the connection broke");
    assert!(cut.body.contains("content_block_delta") && !cut.body.contains("message_stop"), "{}", cut.body);

    stubs.play(&json!({"faults": [{"fault": "missing_stop"}]}));
    let ended = stubs.ask();
    assert!(ended.is_whole && !ended.body.contains("message_stop"), "a clean end without the last event");

    stubs.play(&json!({"faults": [{"fault": "refuse"}]}));
    assert_eq!(stubs.ask().status, 0);

    stubs.play(&json!({"stall_ms": 120, "faults": [{"fault": "stream_stall"}]}));
    let start = Instant::now();
    let stalled = stubs.ask();
    assert!(start.elapsed() >= Duration::from_millis(120));
    assert!(!stalled.is_whole && stalled.body.contains("content_block_delta"));

    stubs.play(&json!({"stall_ms": 120, "faults": [{"fault": "header_stall"}]}));
    let start = Instant::now();
    assert_eq!(stubs.ask().status, 0, "no header ever comes");
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[test]
fn frames_come_one_by_one_at_the_pace_of_the_scenario() {
    let stubs = Running::start(&["--pace", "real", "--seed", "9"]);
    let scenario = stubs.get("/__stub/scenario").value();
    assert_eq!(
        (scenario["claude"]["pace"]["min_ms"].as_u64(), scenario["claude"]["seed"].as_u64()),
        (Some(25), Some(9))
    );
    stubs.play(&json!({"pace": {"first_ms": 40, "min_ms": 4, "max_ms": 5, "frames": 20}}));
    let start = Instant::now();
    let heard = stubs.ask();
    assert!(heard.is_whole);
    let pauses = events(&heard.body).len() as u64 - 1;
    assert!(pauses >= 20);
    assert!(start.elapsed() >= Duration::from_millis(40 + 4 * pauses), "{:?} for {pauses}", start.elapsed());
}

#[test]
fn the_ledger_counts_all_and_keeps_the_last() {
    let stubs = Running::start(&[]);
    let extra = 7;
    for _ in 0..LEDGER_ROOM.calls + extra {
        let refused = stubs.hear(&Call::new(Method::GET, "/v1/messages"));
        assert_eq!(refused.status, 405);
    }
    let ledger = stubs.get("/__stub/ledger").value();
    let claude = &ledger["claude"];
    assert_eq!(claude["counts"]["calls"].as_u64(), Some((LEDGER_ROOM.calls + extra) as u64));
    let last = claude["last"].as_array().expect("calls");
    assert_eq!((last.len(), last[0]["number"].as_u64()), (LEDGER_ROOM.calls, Some(extra as u64 + 1)));
    assert!(last[0].get("request").is_none());

    stubs.ask();
    let full = stubs.get("/__stub/ledger?full=true").value();
    assert_eq!(full["claude"]["last"][LEDGER_ROOM.calls - 1]["request"]["model"], "claude-sonnet-5-5");
    assert_eq!(full["claude"]["counts"]["good"]["findings"], 1);
    assert!(full["claude"]["counts"]["usage"]["output"].as_u64() > Some(100));
    assert_eq!(stubs.hear(&Call::new(Method::POST, "/__stub/reset")).status, 204);
    assert_eq!(stubs.get("/__stub/ledger").value()["claude"]["counts"]["calls"], 0);
}

#[test]
fn a_wrong_scenario_changes_nothing() {
    let stubs = Running::start(&[]);
    let put = |body: &str| {
        let heard = stubs.hear(&Call::new(Method::PUT, "/__stub/scenario").with_body(body.to_owned()));
        (heard.status, heard.value()["error"].as_str().unwrap_or("").to_owned())
    };
    let before = stubs.get("/__stub/scenario").value();
    for (body, message) in [
        ("nonsense", "expected"),
        (r#"{"claude": {"sead": 2}}"#, "unknown field `sead`"),
        (r#"{"nobody": {}}"#, "no stub is called nobody"),
        (
            r#"{"claude": {"seed": 2}, "sendgrid": {"faults": [{"fault": "missing_stop"}]}}"#,
            "sendgrid.faults: missing_stop",
        ),
    ] {
        let (status, said) = put(body);
        assert_eq!(status, 400);
        assert!(said.contains(message), "{said}");
    }
    assert_eq!(stubs.get("/__stub/scenario").value(), before);
}

#[test]
fn bodies_are_bounded_and_unknown_paths_are_told_so() {
    let stubs = Running::start(&[]);
    let big = call(&json!({})).with_body(vec![b'x'; crb_stubs::call::BODY_LIMIT + 1]);
    let refused = stubs.hear(&big);
    assert_eq!((refused.status, refused.value()["error"]["type"].as_str()), (413, Some("request_too_large")));
    assert_eq!(stubs.get("/__stub/health").value()["status"], "ok");
    assert_eq!(stubs.get("/nowhere").status, 404);
    assert_eq!(stubs.get("/__stub/nowhere").status, 404);
    assert_eq!(stubs.hear(&Call::new(Method::POST, "/__stub/ledger")).status, 405);
}

#[test]
fn mails_can_be_looked_at() {
    let stubs = Running::start(&[]);
    let mail = json!({
        "personalizations": [{"to": [{"email": "owner@business.example"}]}], "from": {"email": "hello@crb.example"},
        "subject": "Ready", "content": [{"type": "text/html", "value": "<p>Your report</p>"}],
    });
    let send = Call::new(Method::POST, "/v3/mail/send").with_header("authorization", "Bearer SG.stub").with_json(&mail);
    let sent = stubs.hear(&send);
    assert_eq!(sent.status, 202);
    let mails = stubs.get("/__stub/mails").value();
    assert_eq!(mails[0]["message_id"].as_str(), sent.header("x-message-id"));
    let shown = stubs.get(&format!("/__stub/mails/{}", mails[0]["number"]));
    assert_eq!(
        (shown.body.as_str(), shown.header("content-type")),
        ("<p>Your report</p>", Some("text/html; charset=utf-8"))
    );
    assert!(shown.header("content-security-policy").is_some());
    assert_eq!(stubs.get("/__stub/mails/99").status, 404);
}

#[test]
fn telemetry_is_counted_and_dropped() {
    let stubs = Running::start(&[]);
    let send = |path: &str, length: usize| stubs.hear(&Call::new(Method::POST, path).with_body(vec![b'x'; length]));
    for (path, length) in [("/v1/traces", 10), ("/v1/traces", 20), ("/v1/metrics", 3), ("/v1/logs", 0)] {
        let taken = send(path, length);
        assert_eq!((taken.status, taken.body.as_str(), taken.is_whole), (200, "", true), "{path}");
        assert_eq!(taken.header("content-type"), Some("application/x-protobuf"));
    }
    // Larger than any call may be: it streams through.
    let large = crb_stubs::call::BODY_LIMIT + 1;
    let envelope = send("/api/7/envelope/?sentry_key=stub", large);
    assert_eq!((envelope.status, envelope.value()["id"].as_str().map(str::len)), (200, Some(32)));
    assert_eq!(stubs.get("/v1/traces").status, 405);
    let counts = json!({
        "traces": {"requests": 2, "bytes": 30}, "metrics": {"requests": 1, "bytes": 3},
        "logs": {"requests": 1, "bytes": 0}, "envelopes": {"requests": 1, "bytes": large},
    });
    assert_eq!(stubs.get("/__stub/ledger").value()["telemetry"], counts);
    assert_eq!(stubs.hear(&Call::new(Method::POST, "/__stub/reset")).status, 204);
    assert_eq!(stubs.get("/__stub/ledger").value()["telemetry"]["traces"], json!({"requests": 0, "bytes": 0}));
}

#[tokio::test]
async fn a_payment_sends_a_signed_webhook_and_tries_again() {
    let receiver = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/hook"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&receiver)
        .await;
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
    let stubs =
        Running::start(&["--webhook-url", &format!("{}/hook", receiver.uri()), "--webhook-secret", "whsec_stub"]);
    let session = stubs.hear(&checkout()).value();
    let page =
        session["url"].as_str().expect("a page").strip_prefix(&format!("http://{}", stubs.address)).expect("here");
    let paid = stubs.hear(&Call::new(Method::POST, page).with_body("action=pay"));
    assert_eq!((paid.status, paid.header("location")), (303, Some("https://crb.example/done")));

    let received = receiver.received_requests().await.expect("recorded");
    assert_eq!(received.len(), 2, "the first was refused, the second taken");
    let last = &received[1];
    let header = last.headers["stripe-signature"].to_str().expect("text");
    let time = header.strip_prefix("t=").and_then(|rest| rest.split(',').next()).expect("a time");
    assert_eq!(header, sign("whsec_stub", time.parse().expect("seconds"), &last.body));
    let event: Value = serde_json::from_slice(&last.body).expect("JSON");
    assert_eq!(
        (event["type"].as_str(), &event["data"]["object"]["id"]),
        (Some("checkout.session.completed"), &session["id"])
    );
    let delivery = &stubs.get("/__stub/ledger").value()["webhooks"][0];
    assert_eq!((delivery["tries"].as_u64(), delivery["status"].as_u64()), (Some(2), Some(200)));

    let id = session["id"].as_str().expect("an id");
    let refund = Call::new(Method::POST, &format!("/__stub/stripe/{id}/refund?amount=4700"));
    assert_eq!(stubs.hear(&refund).value()["data"]["object"]["amount_refunded"], 4_700);
    let expire = Call::new(Method::POST, &format!("/__stub/stripe/{id}/expire"));
    assert_eq!(stubs.hear(&expire).status, 409);
    assert_eq!(receiver.received_requests().await.expect("recorded").len(), 3);
}

#[test]
fn a_signal_lets_a_stream_finish() {
    let mut stubs = Running::start(&[]);
    stubs.play(&json!({"pace": {"first_ms": 30, "min_ms": 5, "max_ms": 5, "frames": 40}}));
    let address = stubs.address;
    let stream = std::thread::spawn(move || exchange(address, &call(&ask("findings"))));
    // The ledger shows the call as soon as it is being answered.
    while stubs.get("/__stub/ledger").value()["claude"]["counts"]["calls"] != 1 {
        std::thread::yield_now();
    }
    stubs.terminate();
    let heard = stream.join().expect("the stream ends");
    assert!(heard.is_whole && heard.body.contains("message_stop"), "{}", heard.body);
    assert!(stubs.child.wait().expect("it ends").success());
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn wrong_options_are_told() {
    let run = |options: &[&str]| {
        let mut child = program().args(options).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut said = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut said).expect("text");
        (child.wait().expect("it ends").success(), said)
    };
    for (options, message) in [
        (&["--webhook-url", "http://127.0.0.1:1/"][..], "--webhook-secret"),
        (&["--webhook-url", "https://crb.example/", "--webhook-secret", "x"], "must begin with http://"),
        (&["--public-url", "https://stubs.example/pay"], "scheme, host and port, and nothing else"),
        (&["--pace", "slow"], "invalid value 'slow'"),
    ] {
        let (succeeded, said) = run(options);
        assert!(!succeeded && said.contains(message), "{said}");
    }
}
