//! The door around a small API of its own: every kind of failure, every kind of caller.

#![expect(clippy::unused_async, reason = "an operation is async, also where it waits for nothing")]

use poem::http::StatusCode;
use poem::{IntoEndpoint as _, RequestBuilder};
use poem_openapi::param::{Path, Query};
use poem_openapi::{OpenApi, OpenApiService};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;
use crate::api::json::{Json, MAX_BODY};
use crate::api::parameters::{Limit, limit_or_default};
use crate::api::replies::{Public, Versioned};
use crate::domain::ids::ReportId;
use crate::error::{Error, Result};

struct Toy;

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[OpenApi(prefix_path = "/api/toy")]
impl Toy {
    #[oai(path = "/echo", method = "post", operation_id = "toy_echo")]
    async fn echo(&self, Json(body): Json<Words>) -> Result<Json<Words>> {
        Ok(Json(body))
    }

    #[oai(path = "/words", method = "get", operation_id = "toy_words")]
    async fn words(&self, Query(limit): Query<Option<Limit>>) -> Result<Public<Words>> {
        Ok(Public(Words { words: vec!["a word".to_owned(); limit_or_default(limit) as usize * 10] }))
    }

    #[oai(path = "/versioned/:id", method = "get", operation_id = "toy_versioned")]
    async fn versioned(&self, Path(_id): Path<ReportId>) -> Result<Versioned<Words>> {
        Ok(Versioned { version: 3, body: Words { words: vec![] } })
    }

    #[oai(path = "/fault/:kind", method = "get", operation_id = "toy_fault")]
    async fn fault(&self, Path(kind): Path<String>) -> Result<Json<Words>> {
        const SECRET: &str = "postgres://crb:hunter2@db/crb";
        Err(match kind.as_str() {
            "panic" => panic!("{SECRET}"),
            "internal" => Error::internal(SECRET).caused_by(SECRET),
            "upstream" => Error::upstream(SECRET),
            "unavailable" => Error::unavailable(SECRET),
            "slow" => Error::too_many("too fast").retry_after(std::time::Duration::from_secs(7)),
            "gone" => Error::gone("the quiz has expired").caused_by(SECRET),
            "unpaid" => Error::unpaid("pay first"),
            "conflict" => Error::conflict("stale"),
            "stranger" => Error::unauthenticated("who are you"),
            _ => Error::fields(vec![crate::error::FieldError::new("answers/x", "must be y")]),
        })
    }
}

const ID: &str = "0193a7e4-0000-7000-8000-000000000001";

fn door(signals: &Signals) -> impl Endpoint<Output = Response> + use<> {
    let rules = Rules {
        cors_origins: vec!["https://app.example.com".to_owned()],
        trusted_proxies: 0,
        signals: signals.clone(),
        counters: Arc::default(),
        trace_sample_rate: 1.0,
    };
    Door::new(OpenApiService::new(Toy, "toy", "1").into_endpoint(), Routes::of::<Toy>(), rules)
}

async fn send(request: Request) -> Response {
    door(&Signals::default()).call(request).await.expect("the door answers everything")
}

fn get(path: &str) -> RequestBuilder {
    Request::builder().uri_str(path)
}

fn post(path: &str) -> RequestBuilder {
    Request::builder().method(poem::http::Method::POST).uri_str(path)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.header(name).unwrap_or_default()
}

async fn text(mut response: Response) -> String {
    response.take_body().into_string().await.expect("text")
}

async fn problem(response: Response) -> Value {
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    let id = header(&response, "x-request-id").to_owned();
    let problem: Value = serde_json::from_str(&text(response).await).expect("a problem is JSON");
    assert_eq!(problem["request_id"], json!(id));
    problem
}

#[tokio::test]
async fn every_failure_is_a_problem_with_its_status() {
    let long = format!("/api/toy/words?x={}", "y".repeat(9000));
    let table = [
        (get("/").finish(), 404, "not_found"),
        (get("/api/toy/nothing").finish(), 404, "not_found"),
        (get("/api/toy/versioned/not-an-id").finish(), 404, "not_found"),
        (get("/api/toy/echo").finish(), 405, "method_not_allowed"),
        (post("/api/toy/words").finish(), 405, "method_not_allowed"),
        (get("/api/toy/words?limit=0").finish(), 400, "malformed"),
        (get(&long).finish(), 414, "uri_too_long"),
        (get("/api/toy/words").header("x-a", "a".repeat(33_000)).finish(), 431, "headers_too_large"),
        (post("/api/toy/echo").body("{}"), 415, "unsupported_media_type"),
        (post("/api/toy/echo").content_type("text/plain").body("{}"), 415, "unsupported_media_type"),
        (post("/api/toy/echo").content_type("application/json").body("{"), 400, "malformed"),
        (post("/api/toy/echo").content_type("application/json").body("{}"), 422, "invalid"),
        (post("/api/toy/echo").content_type("application/json").body(" ".repeat(MAX_BODY + 1)), 413, "too_large"),
        (get("/api/toy/fault/panic").finish(), 500, "internal"),
        (get("/api/toy/fault/internal").finish(), 500, "internal"),
        (get("/api/toy/fault/upstream").finish(), 502, "upstream"),
        (get("/api/toy/fault/unavailable").finish(), 503, "unavailable"),
        (get("/api/toy/fault/slow").finish(), 429, "too_many"),
        (get("/api/toy/fault/gone").finish(), 410, "gone"),
        (get("/api/toy/fault/unpaid").finish(), 402, "unpaid"),
        (get("/api/toy/fault/conflict").finish(), 409, "conflict"),
        (get("/api/toy/fault/stranger").finish(), 401, "unauthenticated"),
        (get("/api/toy/fault/fields").finish(), 422, "invalid"),
    ];
    for (request, status, code) in table {
        let asked = format!("{} {:.60}", request.method(), request.uri().path());
        let response = send(request).await;
        assert_eq!(response.status().as_u16(), status, "{asked}");
        let problem = problem(response).await;
        assert_eq!(problem["code"], json!(code), "{asked}");
        assert_eq!(problem["status"], json!(status), "{asked}");
        assert_eq!(problem["type"], json!(format!("/api/v1/problems/{code}")), "{asked}");
        assert!(!problem.to_string().contains("hunter2"), "{asked} leaks: {problem}");
    }
}

#[tokio::test]
async fn a_problem_brings_the_headers_that_help() {
    let response = send(get("/api/toy/echo").finish()).await;
    assert_eq!(header(&response, "allow"), "POST");
    let response = send(post("/api/toy/words").finish()).await;
    assert_eq!(header(&response, "allow"), "GET, HEAD");
    let response = send(get("/api/toy/fault/slow").finish()).await;
    assert_eq!(header(&response, "retry-after"), "7");
    let response = send(get("/api/toy/fault/unavailable").finish()).await;
    assert_eq!(header(&response, "retry-after"), "5");
    let response = send(get("/api/toy/fault/stranger").finish()).await;
    assert_eq!(header(&response, "www-authenticate"), "Bearer realm=\"crb\"");
}

#[tokio::test]
async fn a_problem_names_the_field_or_the_parameter() {
    let wrong = post("/api/toy/echo").content_type("application/json; charset=utf-8").body(r#"{"words": ["a", 2]}"#);
    let refused = problem(send(wrong).await).await;
    assert_eq!(
        refused["errors"],
        json!([{"field": "words/1", "message": "invalid type: integer `2`, expected a string"}])
    );
    let refused = problem(send(get("/api/toy/words?limit=500").finish()).await).await;
    assert_eq!(refused["errors"], json!([{"field": "limit", "message": "must be a whole number from 1 to 100"}]));
    assert_eq!(refused["detail"], json!("limit: must be a whole number from 1 to 100"));
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let mut body = String::from(r#"{"words": []}"#);
    body.push_str(&" ".repeat(MAX_BODY - body.len()));
    let response = send(post("/api/toy/echo").content_type("application/json").body(body)).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_the_same_protection() {
    let mut seen = Vec::new();
    for path in ["/api/toy/words", "/api/toy/nothing", "/api/toy/fault/panic", "/api/toy/fault/stranger"] {
        let response = send(get(path).finish()).await;
        let mut lines: Vec<String> = response
            .headers()
            .iter()
            .filter(|(name, _)| {
                !["content-type", "etag", "x-request-id", "cache-control", "vary", "www-authenticate"]
                    .contains(&name.as_str())
            })
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII")))
            .collect();
        lines.sort();
        seen.push(lines.join("\n"));
        let expected = if path.ends_with("words") { "public, max-age=300" } else { "no-store" };
        assert_eq!(header(&response, "cache-control"), expected);
    }
    assert!(seen.iter().all(|headers| *headers == seen[0]));
    insta::assert_snapshot!(seen[0], @r"
    content-security-policy: default-src 'none'; frame-ancestors 'none'
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-site
    permissions-policy: accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()
    referrer-policy: no-referrer
    strict-transport-security: max-age=31536000; includeSubDomains
    x-content-type-options: nosniff
    x-frame-options: DENY
    x-robots-tag: noindex
    ");
}

#[tokio::test]
async fn a_known_page_may_read_and_a_strange_one_may_not() {
    let ask = |origin: &'static str, path: &str| get(path).header("Origin", origin).finish();
    for path in ["/api/toy/words", "/api/toy/nothing", "/api/toy/fault/panic"] {
        let known = send(ask("https://app.example.com", path)).await;
        assert_eq!(header(&known, "access-control-allow-origin"), "https://app.example.com", "{path}");
        assert_eq!(header(&known, "access-control-allow-credentials"), "true");
        for strange in
            ["https://evil.example", "http://app.example.com", "https://app.example.com.evil.example", "null"]
        {
            let response = send(ask(strange, path)).await;
            assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")), "{strange}");
            assert_eq!(response.status(), known.status());
            assert!(response.headers().get_all("vary").iter().any(|value| value == "Origin"));
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_without_a_token() {
    let preflight = |origin: &'static str| {
        let request = Request::builder().method(poem::http::Method::OPTIONS).uri_str("/api/toy/fault/stranger");
        request.header("Origin", origin).header("Access-Control-Request-Method", "PATCH").finish()
    };
    let known = send(preflight("https://app.example.com")).await;
    assert_eq!(known.status(), StatusCode::NO_CONTENT);
    assert_eq!(header(&known, "access-control-max-age"), "86400");
    assert!(header(&known, "access-control-allow-methods").contains("PATCH"));
    assert!(header(&known, "access-control-allow-headers").contains("idempotency-key"));
    assert!(!header(&known, "access-control-allow-headers").contains('*'));
    let strange = send(preflight("https://evil.example")).await;
    assert_eq!(strange.status(), StatusCode::NO_CONTENT);
    assert!(strange.headers().keys().all(|name| !name.as_str().starts_with("access-control-")));
}

#[tokio::test]
async fn text_is_compressed_when_it_pays_and_is_wanted() {
    let ask = |accept: &'static str, path: &str| get(path).header("Accept-Encoding", accept).finish();
    let plain = send(get("/api/toy/words").finish()).await;
    let tag = header(&plain, "etag").to_owned();
    assert!(plain.headers().get_all("vary").iter().any(|value| value == "Accept-Encoding"));
    let whole = text(plain).await;
    for (accept, coding) in [("gzip", "gzip"), ("gzip, br", "br")] {
        // Twice: the second comes from memory.
        for _ in 0..2 {
            let mut response = send(ask(accept, "/api/toy/words")).await;
            assert_eq!(header(&response, "content-encoding"), coding);
            assert_eq!(header(&response, "etag"), format!("W/{tag}"));
            let bytes = response.take_body().into_bytes().await.expect("bytes");
            assert!(bytes.len() * 5 < whole.len(), "{} of {}", bytes.len(), whole.len());
            assert_eq!(inflate(&bytes, coding).await, whole);
        }
    }
    let small = send(ask("gzip", "/api/toy/words?limit=1")).await;
    assert!(small.header("content-encoding").is_none(), "too small to pay");
    assert!(send(ask("gzip;q=0", "/api/toy/words")).await.header("content-encoding").is_none());
}

async fn inflate(bytes: &[u8], coding: &str) -> String {
    use async_compression::tokio::write::{BrotliDecoder, GzipDecoder};
    use tokio::io::AsyncWriteExt as _;
    let mut out = Vec::new();
    if coding == "gzip" {
        let mut decoder = GzipDecoder::new(&mut out);
        decoder.write_all(bytes).await.expect("gzip");
        decoder.shutdown().await.expect("a whole gzip");
    } else {
        let mut decoder = BrotliDecoder::new(&mut out);
        decoder.write_all(bytes).await.expect("brotli");
        decoder.shutdown().await.expect("a whole brotli");
    }
    String::from_utf8(out).expect("text")
}

#[tokio::test]
async fn what_the_reader_has_is_not_sent_again() {
    let response = send(get("/api/toy/words").header("Accept-Encoding", "br").finish()).await;
    let tag = header(&response, "etag").to_owned();
    let again = get("/api/toy/words").header("Accept-Encoding", "br").header("If-None-Match", &tag);
    let mut unchanged = send(again.finish()).await;
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&unchanged, "etag"), tag);
    assert_eq!(header(&unchanged, "cache-control"), "public, max-age=300");
    assert!(unchanged.take_body().into_bytes().await.expect("empty").is_empty());
    let other = send(get("/api/toy/words").header("If-None-Match", "\"other\"").finish()).await;
    assert_eq!(other.status(), StatusCode::OK);
    let version = format!("/api/toy/versioned/{ID}");
    assert_eq!(header(&send(get(&version).finish()).await, "etag"), "\"3\"");
}

#[tokio::test]
async fn a_head_has_the_headers_and_no_body() {
    let request = Request::builder().method(poem::http::Method::HEAD).uri_str("/api/toy/words").finish();
    let mut response = send(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.header("etag").is_some());
    assert!(response.take_body().into_bytes().await.expect("empty").is_empty());
}

#[tokio::test]
async fn a_draining_process_sends_its_callers_elsewhere() {
    let signals = Signals::default();
    let door = door(&signals);
    let before = door.call(get("/api/toy/words").finish()).await.expect("an answer");
    assert!(before.header("connection").is_none());
    signals.draining.cancel();
    let after = door.call(get("/api/toy/words").finish()).await.expect("an answer");
    assert_eq!(after.status(), StatusCode::OK);
    assert_eq!(header(&after, "connection"), "close");
}

#[tokio::test]
async fn a_call_keeps_the_name_that_it_came_with() {
    let response = send(get("/api/toy/nothing").header("X-Request-Id", "edge-1234").finish()).await;
    assert_eq!(problem(response).await["request_id"], json!("edge-1234"));
}
