//! The bounds, over real sockets.

use std::future::Future;
use std::time::Duration;

use poem::{Endpoint, Server, endpoint};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::*;

const HEADER: Duration = Duration::from_millis(300);
/// Much longer than any bound here: what takes this long does not happen.
const NEVER: Duration = Duration::from_secs(5);

/// Answers with the body's length, after the time that the body asks for.
fn echo() -> impl Endpoint + 'static {
    endpoint::make(|mut request: poem::Request| async move {
        let body = request.take_body().into_string().await.map_err(|_| poem::http::StatusCode::BAD_REQUEST)?;
        if let Some(wait) = body.strip_prefix("wait ").and_then(|millis| millis.parse().ok()) {
            pass(Duration::from_millis(wait)).await;
        }
        Ok::<_, poem::Error>(format!("got {}", body.len()))
    })
}

/// Says when it is dropped.
struct Farewell(Arc<tokio::sync::Notify>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Answers with one piece of a stream, and then nothing for ever.
fn stream(farewell: Arc<tokio::sync::Notify>) -> impl Endpoint + 'static {
    endpoint::make_sync(move |_| {
        let farewell = Farewell(Arc::clone(&farewell));
        let pieces = futures_util::stream::unfold((false, farewell), |(begun, farewell)| async move {
            if begun {
                std::future::pending::<()>().await;
            }
            Some((Ok::<_, io::Error>("got it\n"), (true, farewell)))
        });
        poem::Response::builder().body(poem::Body::from_bytes_stream(pieces))
    })
}

/// Lets time pass, for something that is slow on purpose.
async fn pass(time: Duration) {
    assert!(timeout(time, std::future::pending::<()>()).await.is_err());
}

/// Watches the connection for a while: nothing comes, and nobody hangs up.
async fn stays_silent(stream: &TcpStream, time: Duration) -> bool {
    timeout(time, stream.peek(&mut [0; 1])).await.is_err()
}

/// Runs a caller against a server with these bounds.
async fn against<F: Future<Output = ()>>(connections: usize, caller: impl FnOnce(std::net::SocketAddr) -> F) {
    serve(connections, echo(), caller).await;
}

async fn serve<F: Future<Output = ()>>(
    connections: usize,
    endpoint: impl Endpoint + 'static,
    caller: impl FnOnce(std::net::SocketAddr) -> F,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let acceptor = Acceptor::new(listener, Bounds { connections, header: HEADER }, Arc::default()).expect("a listener");
    tokio::select! {
        ended = Server::new_with_acceptor(acceptor).run(endpoint) => panic!("the server ended: {ended:?}"),
        () = caller(address) => {}
    }
}

async fn connect(address: std::net::SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

/// One answer with a body of a few bytes.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 1024];
    while !text.contains("got ") {
        let count = timeout(NEVER, stream.read(&mut bytes)).await.expect("an answer in time").expect("a whole answer");
        assert!(count > 0, "closed instead of answered: {text:?}");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    text
}

/// Waits for the other side to hang up, however it does that.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 1024];
    loop {
        match timeout(NEVER, stream.read(&mut bytes)).await {
            Ok(Ok(0) | Err(_)) => return true,
            Ok(Ok(_)) => {}
            Err(_) => return false,
        }
    }
}

#[tokio::test]
async fn a_half_sent_header_is_closed() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.expect("sent");
        assert!(is_closed(&mut stream).await);
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_never_speaks_is_closed() {
    against(8, |address| async move {
        assert!(is_closed(&mut connect(address).await).await);
    })
    .await;
}

#[tokio::test]
async fn dripping_does_not_buy_time() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        let started = Instant::now();
        for byte in b"GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            pass(HEADER / 10).await;
        }
        assert!(is_closed(&mut stream).await);
        assert!(started.elapsed() < HEADER * 9, "the whole header would have taken that long");
    })
    .await;
}

#[tokio::test]
async fn the_next_request_on_a_kept_connection_has_the_same_bound() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        answer(&mut stream).await;
        // Resting between two requests is allowed for longer than a header.
        assert!(stays_silent(&stream, HEADER * 2).await);
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        answer(&mut stream).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHo").await.expect("sent");
        assert!(is_closed(&mut stream).await);
    })
    .await;
}

#[tokio::test]
async fn a_slow_body_and_a_slow_answer_are_not_a_slow_header() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n").await.expect("sent");
        assert!(stays_silent(&stream, HEADER * 2).await);
        stream.write_all(b"wait 700").await.expect("sent");
        assert!(answer(&mut stream).await.ends_with("got 8"));
    })
    .await;
}

#[tokio::test]
async fn a_body_after_a_100_continue_is_not_a_header_either() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        let head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n";
        stream.write_all(head).await.expect("sent");
        let mut interim = [0; 25];
        timeout(NEVER, stream.read_exact(&mut interim)).await.expect("in time").expect("an interim answer");
        assert!(interim.starts_with(b"HTTP/1.1 100 Continue"));
        stream.write_all(b"wait 700").await.expect("sent");
        assert!(answer(&mut stream).await.ends_with("got 8"));
    })
    .await;
}

#[tokio::test]
async fn one_more_than_the_limit_waits_for_a_place() {
    against(1, |address| async move {
        let mut first = connect(address).await;
        first.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        answer(&mut first).await;
        let mut second = connect(address).await;
        second.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        assert!(stays_silent(&second, HEADER).await, "the only place is taken");
        drop(first);
        answer(&mut second).await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_when_its_reader_leaves() {
    let farewell = Arc::new(tokio::sync::Notify::new());
    serve(8, stream(Arc::clone(&farewell)), |address| async move {
        let mut reader = connect(address).await;
        reader.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        answer(&mut reader).await;
        assert!(timeout(HEADER, farewell.notified()).await.is_err(), "the reader is still there");
        drop(reader);
        timeout(NEVER, farewell.notified()).await.expect("the stream is dropped");
    })
    .await;
}

#[tokio::test]
async fn who_only_stops_sending_still_gets_the_answer() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        let request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nwait 200";
        stream.write_all(request).await.expect("sent");
        stream.shutdown().await.expect("half closed");
        assert!(answer(&mut stream).await.ends_with("got 8"));
    })
    .await;
}

#[tokio::test]
async fn http_2_without_an_edge_is_refused() {
    against(8, |address| async move {
        let mut stream = connect(address).await;
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("sent");
        assert!(is_closed(&mut stream).await);
    })
    .await;
}

#[test]
fn a_header_ends_with_an_empty_line_however_it_is_cut() {
    for text in ["GET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1\nA: b\n\n", "GET / HTTP/1.1\r\nA: b\n\r\n"] {
        for cut in 0..text.len() {
            let (one, two) = text.as_bytes().split_at(cut);
            let first = Stage::Header(LineEnd::No).after(one);
            assert!(matches!(first, Stage::Header(_)), "{text:?} at {cut}");
            assert_eq!(first.after(two), Stage::Body, "{text:?} at {cut}");
        }
    }
    assert_eq!(Stage::Answer.after(b"GET"), Stage::Header(LineEnd::No));
    assert!(matches!(Stage::Answer.after(b"A: b\r\n \r\n"), Stage::Header(_)));
}
