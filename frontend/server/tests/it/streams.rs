//! Streams through the proxy: event by event, until one of the two sides leaves or we do.

use std::time::Duration;

use crb_web::Patience;

use crate::support::line::{Line, Upstream};
use crate::support::server::Server;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// A reader whose stream has begun, and the upstream's end of it.
async fn reading(server: &Server, upstream: &Upstream) -> (Line, Line) {
    let mut reader = server.line().await;
    reader.say("GET /api/v1/reports/1/events HTTP/1.1\r\nhost: x\r\nlast-event-id: 3\r\n\r\n").await;
    let (head, mut writer) = upstream.call().await;
    assert!(head.contains("last-event-id: 3"), "{head}");
    writer.say(HEAD).await;
    reader.hear("\r\n\r\n").await;
    writer.say(&chunk("id: 4\n\n")).await;
    // It arrives although nothing else has been sent, and the answer is far from its end.
    reader.hear("id: 4\n\n").await;
    (reader, writer)
}

#[tokio::test]
async fn every_event_arrives_as_it_is_sent() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let (mut reader, mut writer) = reading(&server, &upstream).await;
    for number in 5..20 {
        writer.say(&chunk(&format!("id: {number}\n\n"))).await;
        reader.hear(&format!("id: {number}\n\n")).await;
    }
    writer.say("0\r\n\r\n").await;
    reader.hear("0\r\n\r\n").await;
}

#[tokio::test]
async fn a_stream_may_be_silent_only_so_long() {
    let upstream = Upstream::new().await;
    let patience = Patience { idle: Duration::from_millis(400), ..Patience::default() };
    let server = Server::before(&upstream.url(), patience).await;
    let (mut reader, mut writer) = reading(&server, &upstream).await;
    let (rest, _) = reader.rest().await;
    assert!(!rest.contains("0\r\n\r\n"), "broken off, and it shows: {rest}");
    writer.rest().await;
}

#[tokio::test]
async fn when_the_reader_leaves_the_api_is_told() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let (reader, mut writer) = reading(&server, &upstream).await;
    drop(reader);
    let (rest, _) = writer.rest().await;
    assert_eq!(rest, "");
}

#[tokio::test]
async fn when_the_api_breaks_off_the_reader_sees_it() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let (mut reader, writer) = reading(&server, &upstream).await;
    writer.reset();
    let (rest, _) = reader.rest().await;
    assert!(!rest.contains("0\r\n\r\n"), "no good end was made up: {rest}");

    let mut caller = server.line().await;
    caller.say("GET /api/x HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let (_, mut writer) = upstream.call().await;
    writer.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    caller.hear("half").await;
    writer.reset();
    assert_eq!(caller.rest().await.0, "", "nothing is added");
}

#[tokio::test]
async fn a_closing_server_ends_streams_in_good_order_and_finishes_the_rest() {
    let upstream = Upstream::new().await;
    let server = Server::before(&upstream.url(), Patience::default()).await;
    let (mut reader, mut writer) = reading(&server, &upstream).await;
    let mut caller = server.line().await;
    caller.say("GET /api/x HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let (_, mut there) = upstream.call().await;
    there.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf-").await;
    caller.hear("half-").await;

    server.signals.draining.cancel();
    writer.say(&chunk("id: 5\n\n")).await;
    reader.hear("id: 5\n\n").await;
    let closed = server.close();
    let others = async {
        reader.hear("0\r\n\r\n").await;
        let (_, is_orderly) = reader.rest().await;
        assert!(is_orderly);
        writer.rest().await;
        there.say("whole").await;
        caller.hear("whole").await;
    };
    tokio::join!(closed, others);
}
