//! Claude as it answers, refuses, breaks off and falls silent; every attempt on record.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::*;
use crate::error::Kind;

mod spans;

const SECRET: &str = "the customer's own words";

fn config(base: &str) -> crate::config::Claude {
    crate::config::Claude {
        api_key: Some("sk-ant-stub-hunter2".into()),
        base_url: base.parse().expect("a URL"),
        connect_timeout: Duration::from_secs(2),
        idle_timeout: Duration::from_secs(5),
        call_timeout: Duration::from_secs(5),
        phase_timeout: Duration::from_secs(5),
        report_timeout: Duration::from_secs(5),
        backoff: Duration::from_millis(1),
        max_streams: 4,
        max_streams_per_report: 4,
        report_budget_microusd: 1_000_000,
        day_budget_microusd: 1_000_000,
    }
}

fn claude(base: &str) -> Claude {
    quick(Claude::new(&config(base)).expect("a client"))
}

fn quick(claude: Claude) -> Claude {
    claude.with_backoff(Backoff { tries: 3, base: Duration::from_millis(1) })
}

fn question() -> Ask<'static> {
    static OBJECT: LazyLock<Value> = LazyLock::new(|| json!({ "type": "object" }));
    Ask {
        task: "findings",
        model: "claude-sonnet-5-5",
        system: vec![
            SystemBlock { text: "rules".into(), cache: true },
            SystemBlock { text: "tone".into(), cache: false },
        ],
        user: json!({ "task": "findings", "facts": { "note": SECRET } }),
        schema: &OBJECT,
        max_tokens: 6000,
        effort: Some(Effort::Medium),
        deadline: Instant::now() + Duration::from_secs(5),
    }
}

async fn ask(claude: &Claude) -> Result<Answer, Box<Failure>> {
    claude.ask(question(), |_| {}).await
}

fn frame(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().expect("a type"))
}

fn start() -> String {
    let usage = json!({ "input_tokens": 100, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 3000, "output_tokens": 1 });
    frame(&json!({ "type": "message_start", "message": { "id": "msg_1", "usage": usage } }))
}

fn text(text: &str) -> String {
    frame(&json!({ "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": text } }))
}

fn stop(reason: &str, output: u64) -> String {
    let delta = json!({ "stop_reason": reason, "stop_sequence": null });
    frame(&json!({ "type": "message_delta", "delta": delta, "usage": { "output_tokens": output } }))
}

fn end() -> String {
    frame(&json!({ "type": "message_stop" }))
}

/// A whole reply with everything that the API may mix in.
fn whole(pieces: &[&str], reason: &str) -> String {
    let thinking = json!({ "type": "thinking", "thinking": "", "signature": "" });
    let think = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "{\"no\":1}" } });
    let sign =
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "signature_delta", "signature": "s" } });
    let mut reply = start();
    reply += &frame(&json!({ "type": "ping" }));
    reply += &frame(&json!({ "type": "content_block_start", "index": 0, "content_block": thinking }));
    reply += &frame(&think);
    reply += &frame(&sign);
    reply += &frame(&json!({ "type": "content_block_stop", "index": 0 }));
    reply += "event: weather_report\ndata: this is not even JSON\n\n: a comment\n\n";
    reply +=
        &frame(&json!({ "type": "content_block_start", "index": 1, "content_block": { "type": "text", "text": "" } }));
    for piece in pieces {
        reply += &text(piece);
    }
    reply + &stop(reason, 7) + &stop(reason, 42) + &end()
}

fn sse(body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("request-id", "req_1").set_body_raw(body.into(), "text/event-stream")
}

fn refusal(status: u16, kind: &str) -> ResponseTemplate {
    let error = json!({ "type": kind, "message": format!("sk-ant-stub-hunter2 said {SECRET}") });
    ResponseTemplate::new(status)
        .insert_header("request-id", "req_1")
        .set_body_json(json!({ "type": "error", "error": error, "request_id": "req_1" }))
}

/// One reply after the other; the last one for ever.
struct Replies(Vec<ResponseTemplate>, AtomicUsize);

impl Respond for Replies {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let next = self.1.fetch_add(1, Ordering::SeqCst);
        self.0[next.min(self.0.len() - 1)].clone()
    }
}

async fn serve(replies: Vec<ResponseTemplate>) -> (Claude, MockServer) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Replies(replies, AtomicUsize::new(0))).mount(&server).await;
    (claude(&server.uri()), server)
}

async fn calls(server: &MockServer) -> usize {
    server.received_requests().await.expect("recorded").len()
}

fn outcomes(attempts: &[Attempt]) -> Vec<CallOutcome> {
    attempts.iter().map(|attempt| attempt.outcome).collect()
}

#[tokio::test]
async fn an_answer_is_asked_for_and_read_as_the_api_wants_it() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/messages"))
        .and(header("x-api-key", "sk-ant-stub-hunter2"))
        .and(header("anthropic-version", "2026-10-21"))
        .and(header("content-type", "application/json"))
        .respond_with(sse(whole(&["{\"title\":", "\"Zähne\"}"], "end_turn")))
        .expect(1)
        .mount(&server)
        .await;
    let claude = claude(&server.uri());
    let mut seen = Vec::new();
    let answer = claude.ask(question(), |progress| seen.push(progress)).await.expect("an answer");

    assert_eq!(answer.value, json!({ "title": "Zähne" }));
    assert_eq!(answer.text, "{\"title\":\"Zähne\"}");
    assert_eq!(answer.usage, Usage { input: 100, cache_write: 20, cache_read: 3000, output: 42 });
    assert_eq!((answer.stop_reason.as_str(), answer.request_id.as_deref()), ("end_turn", Some("req_1")));
    assert!(answer.ttft_ms.is_some_and(|first| first <= answer.latency_ms));
    let [attempt] = answer.attempts.as_slice() else { panic!("one attempt") };
    assert_eq!((attempt.attempt, attempt.outcome, attempt.usage), (1, CallOutcome::Ok, answer.usage));
    assert_eq!(attempt.provider_request_id.as_deref(), Some("req_1"));
    assert_eq!(seen[0], Progress::Began { attempt: 1 });
    assert!(seen.contains(&Progress::Thinking));
    assert_eq!(seen.last(), Some(&Progress::Writing { characters: 17 }));

    let body: Value = server.received_requests().await.expect("recorded")[0].body_json().expect("JSON");
    let asked = question();
    assert_eq!(
        body,
        json!({
            "model": "claude-sonnet-5-5",
            "max_tokens": 6000,
            "stream": true,
            "system": [
                { "type": "text", "text": "rules", "cache_control": { "type": "ephemeral", "ttl": "5m" } },
                { "type": "text", "text": "tone" },
            ],
            "messages": [{ "role": "user", "content": [{ "type": "text", "text": asked.user.to_string() }] }],
            "output_config": { "format": { "type": "json_schema", "schema": { "type": "object" } }, "effort": "medium" },
        })
    );
}

#[tokio::test]
async fn refusals_are_told_apart_by_status_and_type_and_their_prose_stays_outside() {
    use CallOutcome::{Error as Fault, Overloaded, RateLimited, Timeout};
    for (status, kind, outcome, error, attempts) in [
        (400, "invalid_request_error", Fault, Kind::Internal, 1),
        (401, "authentication_error", Fault, Kind::Internal, 1),
        (402, "billing_error", Fault, Kind::Internal, 1),
        (403, "permission_error", Fault, Kind::Internal, 1),
        (404, "not_found_error", Fault, Kind::Internal, 1),
        (413, "request_too_large", Fault, Kind::Internal, 1),
        (429, "rate_limit_error", RateLimited, Kind::Unavailable, 3),
        (500, "api_error", Fault, Kind::Upstream, 3),
        (503, "Sorry, I quote: the customer's own words", Fault, Kind::Upstream, 3),
        (504, "timeout_error", Timeout, Kind::Unavailable, 3),
        (529, "overloaded_error", Overloaded, Kind::Unavailable, 3),
    ] {
        let (claude, server) = serve(vec![refusal(status, kind)]).await;
        let failure = ask(&claude).await.expect_err("refused");
        assert_eq!((failure.outcome, failure.error.kind()), (outcome, error), "status {status}");
        assert_eq!((failure.attempts.len(), calls(&server).await), (attempts, attempts), "status {status}");
        assert_eq!(failure.retryable, attempts == 3, "status {status}");
        assert_eq!((failure.usage, failure.request_id.as_deref()), (Usage::default(), Some("req_1")));
        let told = format!("{failure:?}{}", failure.error.chain());
        assert!(!told.contains(SECRET) && !told.contains("hunter2"), "{told}");
        assert!(told.contains(&format!("HTTP {status}")), "{told}");
    }
}

#[tokio::test]
async fn a_spend_limit_is_never_tried_again() {
    for error in [
        json!({ "type": "rate_limit_error", "message": "x", "details": { "error_code": "enforced_spend_limit_reached" } }),
        json!({ "type": "rate_limit_error", "message": "x", "code": "contract_spend_limit_reached" }),
    ] {
        let reply = ResponseTemplate::new(429).set_body_json(json!({ "type": "error", "error": error }));
        let (claude, server) = serve(vec![reply]).await;
        let failure = ask(&claude).await.expect_err("refused");
        assert_eq!((failure.outcome, failure.error.kind()), (CallOutcome::RateLimited, Kind::Internal));
        assert!(!failure.retryable && failure.error.wait().is_none());
        assert_eq!(calls(&server).await, 1);
    }
    let quoted =
        json!({ "type": "error", "error": { "type": "rate_limit_error", "message": "enforced_spend_limit_reached" } });
    let (claude, server) = serve(vec![ResponseTemplate::new(429).set_body_json(quoted)]).await;
    assert!(ask(&claude).await.expect_err("refused").retryable, "prose decides nothing");
    assert_eq!(calls(&server).await, 3);
}

#[tokio::test]
async fn a_broken_stream_is_asked_again_and_its_tokens_are_counted() {
    let overloaded = frame(&json!({ "type": "error", "error": { "type": "overloaded_error", "message": SECRET } }));
    for (broken, outcome) in [
        (start() + &text("{\"a\":") + &overloaded, CallOutcome::Overloaded),
        (start() + &text("{\"a\":1}") + &stop("end_turn", 1), CallOutcome::Error),
        (start() + &text("{\"a\":") + "event: content_block_delta\ndata: {\"type\":\"content", CallOutcome::Error),
        (start() + "event: message_delta\ndata: garbage\n\n", CallOutcome::Error),
        (start() + "event: message_delta\ndata: {\"type\":\"message_delta\"}\n\n", CallOutcome::Error),
        (start(), CallOutcome::Error),
    ] {
        let (claude, server) = serve(vec![sse(broken), sse(whole(&["{}"], "end_turn"))]).await;
        let mut seen = Vec::new();
        let answer = claude.ask(question(), |progress| seen.push(progress)).await.expect("an answer at last");
        assert_eq!(outcomes(&answer.attempts), [outcome, CallOutcome::Ok]);
        assert_eq!(answer.text, "{}", "nothing of the broken one remains");
        assert_eq!(answer.attempts[0].usage.input, 100);
        assert_eq!(answer.usage, Usage { input: 200, cache_write: 40, cache_read: 6000, output: 43 });
        assert!(seen.iter().any(|progress| matches!(progress, Progress::Waiting { attempt: 1, .. })));
        assert_eq!(seen.iter().filter(|progress| matches!(progress, Progress::Began { .. })).count(), 2);
        assert_eq!(calls(&server).await, 2);
    }
    let (claude, _server) = serve(vec![sse("<html>not a stream</html>")]).await;
    let failure = ask(&claude).await.expect_err("no stream");
    assert_eq!(
        (failure.outcome, failure.error.kind(), failure.attempts.len()),
        (CallOutcome::Error, Kind::Upstream, 3)
    );
    let refused = frame(&json!({ "type": "error", "error": { "type": "invalid_request_error" } }));
    let (claude, _server) = serve(vec![sse(start() + &refused)]).await;
    let failure = ask(&claude).await.expect_err("refused in the stream");
    assert_eq!((failure.retryable, failure.attempts.len(), failure.usage.input), (false, 1, 100));
}

#[tokio::test]
async fn an_answer_that_did_not_end_or_is_not_json_is_invalid_and_not_repeated_here() {
    for (pieces, reason, recorded) in [
        (&["{}"][..], "max_tokens", "max_tokens"),
        (&["{}"], "refusal", "refusal"),
        (&["{}"], "model_context_window_exceeded", "model_context_window_exceeded"),
        (&["{}"], SECRET, "unknown"),
        (&["{\"a\":"], "end_turn", "end_turn"),
        (&["Sure! {}"], "end_turn", "end_turn"),
        (&[], "end_turn", "end_turn"),
    ] {
        let (claude, server) = serve(vec![sse(whole(pieces, reason))]).await;
        let failure = ask(&claude).await.expect_err(reason);
        assert_eq!((failure.outcome, failure.error.kind()), (CallOutcome::Invalid, Kind::Upstream), "{reason}");
        assert_eq!(failure.attempts[0].stop_reason.as_deref(), Some(recorded));
        assert_eq!((failure.usage.output, failure.retryable, calls(&server).await), (42, true, 1));
        assert!(!failure.error.chain().contains(SECRET));
    }
}

#[tokio::test]
async fn a_wait_that_was_asked_for_binds_every_call_and_never_outlasts_the_deadline() {
    let limited = refusal(429, "rate_limit_error").insert_header("retry-after", "30");
    let (claude, server) = serve(vec![limited, sse(whole(&["{}"], "end_turn"))]).await;
    let failure = ask(&claude).await.expect_err("no time to wait");
    assert_eq!((failure.outcome, failure.retryable), (CallOutcome::RateLimited, true));
    assert_eq!((failure.attempts.len(), failure.error.wait()), (1, Some(Duration::from_secs(30))));

    let failure = ask(&claude.clone()).await.expect_err("held as well");
    assert_eq!((failure.outcome, failure.attempts.len()), (CallOutcome::RateLimited, 0));
    assert!(failure.retryable && failure.error.wait().is_some_and(|wait| wait > Duration::from_secs(20)));
    assert_eq!(calls(&server).await, 1, "the second call was not even sent");

    let brief = refusal(429, "rate_limit_error").insert_header("retry-after", "0");
    let (claude, _server) = serve(vec![brief, sse(whole(&["{}"], "end_turn"))]).await;
    let answer = ask(&claude).await.expect("waited and answered");
    assert_eq!(outcomes(&answer.attempts), [CallOutcome::RateLimited, CallOutcome::Ok]);
}

#[tokio::test]
async fn a_call_waits_for_a_free_stream_until_its_deadline() {
    let (claude, server) = serve(vec![sse(whole(&["{}"], "end_turn"))]).await;
    let all = claude.streams.clone().acquire_many_owned(4).await.expect("all streams");
    let late = Ask { deadline: Instant::now() + Duration::from_millis(30), ..question() };
    let failure = claude.ask(late, |_| {}).await.expect_err("no stream was free");
    assert_eq!((failure.outcome, failure.attempts.len(), failure.retryable), (CallOutcome::Timeout, 0, true));
    assert_eq!(calls(&server).await, 0);
    drop(all);
    ask(&claude).await.expect("free again");
    assert_eq!(claude.streams.available_permits(), 4);
}

#[tokio::test]
async fn nobody_at_the_door_is_unavailable_after_three_tries() {
    let failure = ask(&claude("http://127.0.0.1:1")).await.expect_err("no door");
    assert_eq!((failure.outcome, failure.error.kind()), (CallOutcome::Error, Kind::Unavailable));
    assert_eq!((failure.attempts.len(), failure.retryable), (3, true));
}

/// Answers every connection with these bytes, then falls silent or hangs up.
async fn raw(listener: &TcpListener, bytes: &str, hang_up: bool) {
    let mut open = Vec::new();
    loop {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = vec![0; 64 * 1024];
        assert!(socket.read(&mut request).await.expect("a request") > 0);
        socket.write_all(bytes.as_bytes()).await.expect("written");
        if !hang_up {
            open.push(socket);
        }
    }
}

#[tokio::test]
async fn each_silence_has_its_own_end() {
    let headers =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nrequest-id: req_9\r\n\r\n";
    let begun = start() + &text("{\"a\":");
    let stalled = format!("{headers}{:x}\r\n{begun}\r\n", begun.len());
    let (short, long) = (Duration::from_millis(40), Duration::from_secs(5));
    for (bytes, hang_up, idle, call, deadline, outcome, attempts, paid) in [
        ("", false, short, long, long, CallOutcome::Timeout, 3, 0),
        (stalled.as_str(), false, short, long, long, CallOutcome::Timeout, 3, 300),
        (stalled.as_str(), false, long, short, long, CallOutcome::Timeout, 3, 300),
        (stalled.as_str(), false, long, long, short, CallOutcome::Timeout, 1, 100),
        (stalled.as_str(), true, long, long, long, CallOutcome::Error, 3, 300),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let limits = crate::config::Claude { idle_timeout: idle, call_timeout: call, ..config(&base) };
        let claude = quick(Claude::new(&limits).expect("a client"));
        let ask = Ask { deadline: Instant::now() + deadline, ..question() };
        let failure = tokio::select! {
            () = raw(&listener, bytes, hang_up) => unreachable!("it serves for ever"),
            result = claude.ask(ask, |_| {}) => result.expect_err("no answer"),
        };
        assert_eq!(outcomes(&failure.attempts), vec![outcome; attempts]);
        assert_eq!((failure.usage.input, failure.retryable), (paid, true));
        assert!(failure.latency_ms < 4000, "it did not wait for the long limit");
    }
}

#[test]
fn without_a_key_there_is_no_client_and_a_key_is_never_shown() {
    let none = crate::config::Claude { api_key: None, ..config("http://127.0.0.1:1") };
    assert_eq!(Claude::new(&none).expect_err("no key").kind(), Kind::Internal);
    assert!(!format!("{:?}", claude("http://127.0.0.1:1")).contains("hunter2"));
}

#[test]
#[should_panic(expected = "a real key goes to Anthropic alone")]
fn a_real_key_is_not_sent_to_a_stranger() {
    let config = crate::config::Claude { api_key: Some("sk-ant-api03-x".into()), ..config("http://127.0.0.1:1") };
    let _ = Claude::new(&config);
}

#[test]
#[should_panic(expected = "a real key goes to Anthropic alone")]
fn a_stubs_key_is_not_sent_to_anthropic() {
    let _ = Claude::new(&config("https://api.anthropic.com"));
}
