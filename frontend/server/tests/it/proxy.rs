//! The way to the API: what goes through, what stays here, and what is said when nobody answers.

use std::time::Duration;

use crb_web::Patience;

use crate::support::bundle::Bundle;
use crate::support::line::{Upstream, header};
use crate::support::server::{Answer, Server, production};

const ID: &str = "edge-0042-of-a-test";

/// How a call fares when the upstream answers this, and the head that the upstream got.
async fn passed(method: &str, path: &str, headers: &[(&str, &str)], body: &str, answer: &str) -> (Answer, String) {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let (answered, head) = tokio::join!(server.call(method, path, headers, body), async {
        let (mut head, mut line) = upstream.call().await;
        if !body.is_empty() {
            head.push_str(&line.hear(body).await);
        }
        line.say(answer).await;
        head
    });
    (answered, head)
}

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, "application/problem+json"));
    let problem = answer.json();
    assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()));
    assert_eq!(problem["type"], format!("/api/v1/problems/{code}"));
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    assert!(problem["title"].is_string() && problem["detail"].is_string());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("retry-after").is_empty(), status < 500);
    assert!(!answer.header("content-security-policy").is_empty());
}

#[tokio::test]
async fn a_call_goes_on_as_it_came() {
    let headers = [
        ("authorization", "Bearer t"),
        ("accept-encoding", "br, gzip;q=0.5"),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-proto", "https"),
        ("x-request-id", ID),
        ("host", "crb.test"),
        ("te", "trailers"),
        ("connection", "keep-alive, x-hop"),
        ("x-hop", "1"),
        ("keep-alive", "timeout=9"),
    ];
    let path = "/api/v1/orders/a%2Fb//c?x=%20&y=%22";
    let answer = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
    let (answered, head) = passed("POST", path, &headers, "{\"a\":1}", answer).await;
    assert_eq!((answered.status.as_u16(), answered.text()), (201, "{}"));
    assert!(head.starts_with(&format!("POST {path} HTTP/1.1\r\n")), "{head}");
    assert!(head.ends_with("{\"a\":1}"), "{head}");
    for (name, expected) in [
        ("authorization", Some("Bearer t")),
        ("accept-encoding", Some("br, gzip;q=0.5")),
        ("content-type", Some("application/json")),
        ("content-length", Some("7")),
        ("idempotency-key", Some("k")),
        ("x-forwarded-for", Some("203.0.113.9, 127.0.0.1")),
        ("x-forwarded-proto", Some("https")),
        ("x-forwarded-host", Some("crb.test")),
        ("x-request-id", Some(ID)),
        ("te", None),
        ("connection", None),
        ("x-hop", None),
        ("keep-alive", None),
        ("transfer-encoding", None),
    ] {
        assert_eq!(header(&head, name), expected, "{name} in {head}");
    }
    assert!(
        header(&head, "host").is_some_and(|host| host.starts_with("127.0.0.1:")),
        "the upstream's own name: {head}"
    );
}

#[tokio::test]
async fn an_answer_comes_back_untouched() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: br\r\netag: W/\"x\"\r\n\
                  set-cookie: crb_report=a; Path=/api/v1/reports/1\r\nset-cookie: b=c\r\nvary: Origin\r\n\
                  cache-control: no-store\r\nstrict-transport-security: max-age=1\r\ncontent-security-policy: x\r\n\
                  x-request-id: upstreams-own\r\nconnection: close, x-inner\r\nx-inner: 1\r\nkeep-alive: timeout=5\r\n\
                  proxy-authenticate: Basic\r\ncontent-length: 5\r\n\r\nbytes";
    let (answered, head) = passed("GET", "/api/v1/tiers", &[], "", answer).await;
    assert_eq!(answered.text(), "bytes", "whatever it is encoded with");
    for (name, expected) in [
        ("content-encoding", "br"),
        ("etag", "W/\"x\""),
        ("vary", "Origin"),
        ("content-length", "5"),
        ("strict-transport-security", "max-age=1"),
        ("content-security-policy", "x"),
        ("x-request-id", "upstreams-own"),
        ("x-inner", ""),
        ("keep-alive", ""),
        ("proxy-authenticate", ""),
        ("connection", ""),
        ("transfer-encoding", ""),
        ("x-frame-options", ""),
    ] {
        assert_eq!(answered.header(name), expected, "{name}");
    }
    let cookies: Vec<_> = answered.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["crb_report=a; Path=/api/v1/reports/1", "b=c"]);
    assert_eq!((header(&head, "content-length"), header(&head, "transfer-encoding")), (None, None), "GET has no body");
    assert!(header(&head, "x-request-id").is_some_and(|id| id.len() == 36), "a name of ours: {head}");
}

#[tokio::test]
async fn a_redirect_an_unchanged_answer_and_a_head_are_passed_on() {
    let answer = "HTTP/1.1 303 See Other\r\nlocation: https://checkout.example/x\r\ncontent-length: 0\r\n\r\n";
    let (answered, _) = passed("GET", "/api/x", &[], "", answer).await;
    assert_eq!((answered.status.as_u16(), answered.header("location")), (303, "https://checkout.example/x"));
    let answer = "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\ncontent-length: 9\r\n\r\n";
    let (answered, head) = passed("GET", "/api/x", &[("if-none-match", "\"x\"")], "", answer).await;
    assert_eq!((answered.status.as_u16(), answered.header("etag"), answered.body.len()), (304, "\"x\"", 0));
    assert_eq!(header(&head, "if-none-match"), Some("\"x\""));
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n";
    let (answered, head) = passed("HEAD", "/api/x", &[], "", answer).await;
    assert!(head.starts_with("HEAD /api/x "), "{head}");
    assert_eq!((answered.header("content-length"), answered.body.len()), ("1234", 0));
    let (answered, _) = passed("DELETE", "/api/x", &[], "", "HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!((answered.status.as_u16(), answered.body.len()), (204, 0));
}

#[tokio::test]
async fn only_the_apis_own_addresses_go_on() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    for path in ["/apis", "/API/v1/tiers", "/%61pi/v1/tiers", "/x/../api/v1/tiers"] {
        assert_eq!(server.get(path).await.status.as_u16(), 404, "{path}");
    }
    let (answered, head) = tokio::join!(server.get("/api"), async {
        let (head, mut line) = upstream.call().await;
        line.say("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        head
    });
    assert_eq!(answered.status.as_u16(), 404);
    assert!(head.starts_with("GET /api HTTP/1.1"), "the first that arrives is the first that was meant to: {head}");
}

#[tokio::test]
async fn a_body_that_is_too_large_does_not_get_there() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let answer = server.call("POST", "/api/x", &[], &"x".repeat(256 * 1024 + 1)).await;
    assert_problem(&answer, 413, "too_large");

    let mut line = server.line().await;
    line.say("POST /api/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").await;
    let (_, mut there) = upstream.call().await;
    for _ in 0..4 {
        line.say(&format!("10000\r\n{}\r\n", "x".repeat(0x1_0000))).await;
    }
    line.say("1\r\nx\r\n0\r\n\r\n").await;
    let (answer, (_, _)) = tokio::join!(line.hear("\"too_large\""), there.rest());
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");

    let fits = "x".repeat(256 * 1024);
    let (answer, ()) = tokio::join!(server.call("POST", "/api/x", &[], &fits), async {
        let (_, mut there) = upstream.call().await;
        there.hear(&fits).await;
        there.say("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    });
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn an_api_that_is_away_is_a_problem_and_no_page() {
    let upstream = Upstream::new().await;
    let url = upstream.url();
    drop(upstream);
    let server = Server::before(&url, Patience::default()).await;
    let answer = server.get_with("/api/v1/tiers", &[("x-request-id", ID)]).await;
    assert_problem(&answer, 502, "unavailable");
    assert_eq!(answer.header("x-request-id"), ID);
    assert_eq!(server.get("/").await.status.as_u16(), 200, "the page is there all the same");

    let nobody = Server::new().await;
    assert_problem(&nobody.get("/api/v1/tiers").await, 502, "unavailable");

    let mut settings = production();
    settings.api = Some("https://api.crb-analyser.com".parse().expect("an address"));
    let elsewhere = Server::with(Bundle::new(), settings, None, Patience::default()).await;
    assert_problem(&elsewhere.get("/api/v1/tiers").await, 404, "not_found");
}

#[tokio::test]
async fn an_api_that_is_late_or_breaks_off_is_a_problem() {
    let upstream = Upstream::new().await;
    let patience = Patience { headers: Duration::from_millis(300), ..Patience::default() };
    let server = Server::before(&upstream.url(), patience).await;
    let (answer, _line) = tokio::join!(server.get("/api/x"), upstream.call());
    assert_problem(&answer, 504, "unavailable");

    let server = Server::before(&upstream.url(), Patience::default()).await;
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-le", "this is not HTTP\r\n\r\n"] {
        let (answered, ()) = tokio::join!(server.get("/api/x"), async {
            let (_, mut line) = upstream.call().await;
            line.say(answer).await;
        });
        assert_problem(&answered, 502, "upstream");
    }
    let (answered, ()) = tokio::join!(server.get("/api/x"), async { upstream.call().await.1.reset() });
    assert_problem(&answered, 502, "upstream");
}
