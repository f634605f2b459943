//! The server in this process, on a port of its own, and calls to it.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use crb_door::{Bounds, Terms};
use crb_web::door::{self, Signals};
use crb_web::{Patience, Proxy, Settings, Site, Stage};
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use poem::http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::bundle::Bundle;
use super::line::{Line, PATIENCE};

pub struct Server {
    pub address: SocketAddr,
    pub signals: Signals,
    tasks: TaskTracker,
    _bundle: Bundle,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

pub fn production() -> Settings {
    Settings { release: "1.2.3".to_owned(), ..Settings::new(Stage::Production) }
}

impl Server {
    pub async fn new() -> Self {
        Self::with(Bundle::new(), production(), None, Patience::default()).await
    }

    /// Passes on to this address.
    pub async fn before(upstream: &str, patience: Patience) -> Self {
        Self::with(Bundle::new(), production(), Some(upstream), patience).await
    }

    pub async fn with(bundle: Bundle, settings: Settings, upstream: Option<&str>, patience: Patience) -> Self {
        let site = Site::load(bundle.root(), &settings).await.expect("a good bundle");
        let upstream = upstream.map(|url| url.parse().expect("an address"));
        let proxy = upstream.map(|url| Proxy::new(&url, patience).expect("a proxy"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let signals = Signals::default();
        let endpoint = door::endpoint(site, proxy, settings, signals.clone());
        let bounds = Bounds { connections: 64, header: Duration::from_secs(10) };
        let terms = Terms { name: "test", bounds, grace: PATIENCE, sent: std::sync::Arc::default() };
        let closing = signals.closing.clone().cancelled_owned();
        let tasks = TaskTracker::new();
        tasks.spawn(async move { crb_door::run(endpoint, listener, terms, closing).await.expect("it serves") });
        Self { address, signals, tasks, _bundle: bundle }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], "").await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call("GET", path, headers, "").await
    }

    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).expect("a method"));
        request = request.uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).expect("a request");
        let answer = timeout(PATIENCE, client.request(request)).await.expect("an answer in time").expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn line(&self) -> Line {
        Line::to(self.address).await
    }

    /// Closes the door and waits for everything to end.
    pub async fn close(self) {
        self.signals.draining.cancel();
        self.signals.closing.cancel();
        self.tasks.close();
        timeout(PATIENCE, self.tasks.wait()).await.expect("everything ends");
    }
}
