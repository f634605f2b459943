//! Reading and watching a report: by header, by cookie, over a stream that says how it ends.

use std::time::Duration;

use super::*;

/// Much longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a stream until some words have come, or until it ends.
async fn read_until(response: &mut Response, words: &str) -> String {
    let mut text = String::new();
    while !text.contains(words) {
        let chunk = tokio::time::timeout(PATIENCE, response.chunk()).await.expect("in time").expect("a whole stream");
        let Some(chunk) = chunk else { break };
        text.push_str(std::str::from_utf8(&chunk).expect("text"));
    }
    text
}

async fn bought(surface: &Surface) -> Bought {
    let quiz = surface.begin().await;
    surface.complete(&quiz).await;
    surface.buy(&quiz).await
}

#[tokio::test]
async fn a_report_that_waits_says_so() {
    let surface = Surface::open().await;
    let bought = bought(&surface).await;
    let report = format!("/api/v1/reports/{}", bought.report);
    let response = send(surface.get(&report).bearer_auth(&bought.token)).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(header(&response, "retry-after"), "2");
    assert_eq!(header(&response, "cache-control"), "no-store");
    surface.hold("report_view", 202, &body(response).await);
    let pdf = surface.get(&format!("{report}/pdf")).bearer_auth(&bought.token);
    surface.expect("report_download", pdf, 409).await;
    let resend = surface.post(&format!("{report}/resend")).bearer_auth(&bought.token);
    surface.expect("report_resend", resend, 409).await;
}

#[tokio::test]
async fn a_link_s_token_is_exchanged_for_a_cookie_of_that_report() {
    let surface = Surface::open().await;
    let bought = bought(&surface).await;
    let report = format!("/api/v1/reports/{}", bought.report);
    let opened = send(surface.post(&format!("{report}/access")).bearer_auth(&bought.token)).await;
    assert_eq!(opened.status(), StatusCode::NO_CONTENT);
    let cookie = header(&opened, "set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Max-Age=2592000", &format!("Path={report};")] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    let read = send(surface.get(&report).header("Cookie", &pair)).await;
    assert_eq!(read.status(), StatusCode::ACCEPTED);
    // The cookie is not a token: it opens nothing else, and cannot be exchanged again.
    let exchange = send(surface.post(&format!("{report}/access")).header("Cookie", &pair)).await;
    assert_eq!(exchange.status(), StatusCode::UNAUTHORIZED);
    let other = "/api/v1/reports/0193a7e4-0000-7000-8000-000000000001";
    assert_eq!(send(surface.get(other).header("Cookie", &pair)).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stream_begins_at_once_resumes_and_says_when_to_reconnect() {
    let surface = Surface::open().await;
    let bought = bought(&surface).await;
    let events = format!("/api/v1/reports/{}/events", bought.report);
    let mut response = send(surface.get(&events).bearer_auth(&bought.token)).await;
    assert_eq!(header(&response, "content-type"), "text/event-stream");
    assert_eq!(header(&response, "x-accel-buffering"), "no");
    assert!(response.headers().get("content-encoding").is_none());
    let beginning = read_until(&mut response, "\"queued\"").await;
    assert!(beginning.starts_with("retry: 2000\n\nid: 1\nevent: progress\ndata: {"), "{beginning}");

    let nonsense = surface.get(&events).header("Last-Event-ID", "-1").bearer_auth(&bought.token);
    surface.expect("report_follow", nonsense, 400).await;

    // Who has seen the first event does not get it again, whichever way they say so.
    let header = surface.get(&events).header("Last-Event-ID", "1");
    let query = surface.get(&format!("{events}?after=1"));
    let both = surface.get(&format!("{events}?after=0")).header("Last-Event-ID", "1");
    let mut resumed = Vec::new();
    for request in [header, query, both] {
        resumed.push(send(request.bearer_auth(&bought.token)).await);
    }
    surface.signals.closing.cancel();
    for response in &mut resumed {
        assert_eq!(read_until(response, "never").await, "retry: 2000\n\nevent: reconnect\ndata: {}\n\n");
    }
    assert!(read_until(&mut response, "never").await.ends_with("event: reconnect\ndata: {}\n\n"));
}

#[tokio::test]
async fn an_address_may_watch_so_many_streams_and_a_closed_one_makes_room() {
    let surface = Surface::open_with(&[("LIMIT_STREAMS", "2"), ("LIMIT_GENERAL_PER_MINUTE", "1000000")]).await;
    let bought = bought(&surface).await;
    let events = format!("/api/v1/reports/{}/events", bought.report);
    let watch = || send(surface.get(&events).bearer_auth(&bought.token));
    let (first, second) = (watch().await, watch().await);
    assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(watch().await.status(), StatusCode::TOO_MANY_REQUESTS);
    drop(first);
    let room = async {
        while watch().await.status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, room).await.expect("the place is given back");
}
