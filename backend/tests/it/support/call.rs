//! The front door: requests are named by operation, and what comes back is held against the API's description.

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::contract::Operation;
use super::wait::soon;

/// A caller of one server, from an address of its own.
#[derive(Clone)]
pub struct Door {
    client: Client,
    host: String,
    /// As the one trusted proxy reports it; every app has its own, so that tests share no limit.
    pub address: String,
}

/// A request in the making.
#[derive(Clone)]
pub struct Call {
    client: Client,
    operation: Option<&'static Operation>,
    method: Method,
    host: String,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Door {
    pub fn new(host: String) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let [a, b, c, ..] = *uuid::Uuid::new_v4().as_bytes();
        Self { client, host, address: format!("10.{a}.{b}.{c}") }
    }

    /// The operation's address and method come from the API's description.
    pub fn call(&self, operation: &str) -> Call {
        let operation = Operation::named(operation);
        Call { operation: Some(operation), ..self.knock(operation.method.as_str(), &operation.path) }
    }

    /// Any request, to no operation in particular: what comes back is not held against the description.
    pub fn knock(&self, method: &str, path: &str) -> Call {
        let call = Call {
            client: self.client.clone(),
            operation: None,
            method: method.parse().expect("a method"),
            host: self.host.clone(),
            path: path.to_owned(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        call.header("x-forwarded-for", &self.address)
    }

    /// Bytes as they are, and everything that is said before the connection closes.
    pub async fn shout(&self, bytes: &[u8]) -> String {
        let mut line = TcpStream::connect(&self.host).await.expect("somebody listens");
        line.write_all(bytes).await.expect("somebody reads");
        let mut said = Vec::new();
        soon("an end of the connection", line.read_to_end(&mut said)).await.expect("an answer");
        String::from_utf8_lossy(&said).into_owned()
    }
}

impl Call {
    /// Fills a parameter of the path.
    #[track_caller]
    pub fn at(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let brace = format!("{{{name}}}");
        assert!(self.path.contains(&brace), "{} has no {brace}", self.path);
        self.path = self.path.replace(&brace, &value.to_string());
        self
    }

    pub fn query(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Replaces what was there.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.headers.insert(name.parse::<HeaderName>().expect("a header's name"), value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string()).header("content-type", "application/json")
    }

    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub async fn send(self) -> Answer {
        let operation = self.operation;
        let response = self.open().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = soon("a body", response.bytes()).await.expect("a whole body");
        let answer = Answer { status, headers, body };
        // What is compressed is the same text; the description speaks of that.
        if let Some(operation) = operation.filter(|_| answer.header("content-encoding").is_empty()) {
            operation.judge(status, answer.header("content-type"), &answer.body);
        }
        answer
    }

    /// The answer, its body not yet read.
    pub async fn open(self) -> reqwest::Response {
        assert!(!self.path.contains('{'), "{} is not filled", self.path);
        let mut request = self.client.request(self.method, format!("http://{}{}", self.host, self.path));
        request = request.query(&self.query).headers(self.headers);
        if !self.body.is_empty() {
            request = request.body(self.body);
        }
        soon("an answer", request.send()).await.expect("the server answers")
    }
}

impl Answer {
    /// Of this status, or the test ends here with what was said instead.
    #[track_caller]
    pub fn of(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A problem of this code, whole in every part.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let problem = self.of(status);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        let body = problem.json();
        assert_eq!((&body["code"], &body["status"]), (&code.into(), &status.into()), "{body}");
        assert_eq!(body["request_id"], problem.header("x-request-id"), "{body}");
        assert_eq!(body["type"], format!("/api/v1/problems/{code}"));
        assert!(["title", "detail"].iter().all(|name| body[name].as_str().is_some_and(|text| !text.is_empty())));
        body
    }

    /// A problem that names this field.
    #[track_caller]
    pub fn names(self, status: u16, code: &str, field: &str) -> Value {
        let body = self.problem(status, code);
        let named = body["errors"].as_array().is_some_and(|errors| errors.iter().any(|one| one["field"] == field));
        assert!(named, "{field} is not named: {body}");
        body
    }
}
