//! A product that answers as its script says: streams by connection, everything else alike.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// One connection of a stream.
#[derive(Debug, Clone)]
pub struct Play {
    pub text: String,
    pub then: Then,
}

#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// It ends as a body ends.
    Close,
    /// It stays open and says nothing more.
    Stay,
    /// The connection breaks.
    Break,
}

/// An answer to anything that is no stream.
#[derive(Debug, Clone)]
pub struct Said {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
}

/// Serves until it is dropped.
pub struct Product {
    pub origin: Url,
    /// The `Last-Event-ID` of each connection to the stream.
    pub asked_behind: Arc<Mutex<Vec<Option<String>>>>,
    _tasks: JoinSet<()>,
}

impl Product {
    /// Each connection to a stream plays the next piece, and the last piece again when there is no next.
    pub async fn start(plays: Vec<Play>, said: Said) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("an origin");
        let asked_behind = Arc::new(Mutex::new(Vec::new()));
        let script =
            Arc::new(Script { plays: Mutex::new(plays.into()), said, asked_behind: Arc::clone(&asked_behind) });
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut visits = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let script = Arc::clone(&script);
                visits.spawn(async move {
                    let service = service_fn(move |request: Request<Incoming>| {
                        let answer = script.answer(&request);
                        async move { Ok::<_, io::Error>(answer) }
                    });
                    // An error here is a connection that was broken on purpose, or a reader that left.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { origin, asked_behind, _tasks: tasks }
    }

    pub fn asked_behind(&self) -> Vec<Option<String>> {
        self.asked_behind.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Script {
    plays: Mutex<VecDeque<Play>>,
    said: Said,
    asked_behind: Arc<Mutex<Vec<Option<String>>>>,
}

impl Script {
    fn answer(&self, request: &Request<Incoming>) -> Response<Body> {
        let mut plays = self.plays.lock().unwrap_or_else(PoisonError::into_inner);
        if !request.uri().path().ends_with("/events") || plays.is_empty() {
            return self.said();
        }
        let behind = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        self.asked_behind.lock().unwrap_or_else(PoisonError::into_inner).push(behind);
        let play = if plays.len() > 1 { plays.pop_front() } else { plays.front().cloned() };
        let play = play.expect("there is one");
        let text = stream::iter([Ok(Frame::data(Bytes::from(play.text)))]);
        let body: Body = match play.then {
            Then::Close => StreamBody::new(text).boxed_unsync(),
            Then::Stay => StreamBody::new(text.chain(stream::pending())).boxed_unsync(),
            Then::Break => {
                // What was said must have left before the connection is torn: a body with nothing to say lets hyper flush.
                let broken = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(io::Error::other("broken on purpose"))
                });
                StreamBody::new(text.chain(broken)).boxed_unsync()
            }
        };
        Response::builder().header("content-type", "text/event-stream").body(body).expect("an answer")
    }

    fn said(&self) -> Response<Body> {
        let mut response = Response::builder().status(self.said.status).header("x-request-id", "req-7");
        for (name, value) in &self.said.headers {
            response = response.header(*name, *value);
        }
        let body = Full::new(Bytes::from(self.said.body.clone())).map_err(io::Error::other).boxed_unsync();
        response.body(body).expect("an answer")
    }
}

/// Events with these numbers, progress all of them.
pub fn progress(numbers: impl IntoIterator<Item = u64>) -> String {
    numbers.into_iter().map(|number| event(number, "progress")).collect()
}

pub fn event(number: u64, kind: &str) -> String {
    let data = format!(
        "{{\"seq\":{number},\"at\":\"2026-11-27T10:00:00Z\",\"kind\":\"{kind}\",\"progress\":5,\"payload\":{{}}}}"
    );
    format!("id: {number}\nevent: {kind}\ndata: {data}\n\n")
}

/// A report that is still written, or ready as far as its status goes.
pub fn report(status: u16) -> Said {
    let body = r#"{"report_id":"01890000-0000-7000-8000-000000000001","status":"generating","progress":5}"#;
    Said { status, headers: vec![("content-type", "application/json")], body: body.into() }
}
