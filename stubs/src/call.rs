//! One request and one reply as plain values: no server and no socket.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;

use crate::dice;

/// The largest body any stub reads; what is larger is told 413 in the service's own words.
pub const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    body: Bytes,
    /// When it came, in seconds of Unix time: a stub has no clock of its own.
    pub at: i64,
    /// The body was larger than the limit and is not here.
    pub oversized: bool,
    /// The body is read once, however many look at it.
    json: OnceLock<Option<Value>>,
    digest: OnceLock<u64>,
}

impl Call {
    /// `target` is a path with an optional query.
    pub fn new(method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            at: 0,
            oversized: false,
            json: OnceLock::new(),
            digest: OnceLock::new(),
        }
    }

    /// Adds a header; one that cannot be written is a mistake of the test.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header name");
        self.headers.insert(name, HeaderValue::try_from(value).expect("a header value"));
        self
    }

    #[must_use]
    pub fn with_headers(self, headers: HeaderMap) -> Self {
        Self { headers, ..self }
    }

    #[must_use]
    pub fn with_json(self, body: &Value) -> Self {
        self.with_header("content-type", "application/json").with_body(body.to_string())
    }

    #[must_use]
    pub fn with_body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), json: OnceLock::new(), digest: OnceLock::new(), ..self }
    }

    #[must_use]
    pub fn at(self, seconds: i64) -> Self {
        Self { at: seconds, ..self }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn bearer(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as JSON, whatever the content type says.
    pub fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(&self.body).ok()).as_ref()
    }

    pub fn is_too_large(&self) -> bool {
        self.oversized || self.body.len() > BODY_LIMIT
    }

    /// What makes this request this request; headers do not count, because a retry may change them.
    pub fn digest(&self) -> u64 {
        *self.digest.get_or_init(|| {
            let query: String = self.query.iter().flat_map(|(key, value)| [key.as_str(), "=", value, "&"]).collect();
            dice::hash(&[self.method.as_str().as_bytes(), self.path.as_bytes(), query.as_bytes(), &self.body])
        })
    }
}

/// The reply's plan: what is said, in which pieces, after which waits, and how it ends.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// Before the status line.
    pub wait: Duration,
    pub pieces: Vec<Piece>,
    pub end: End,
    /// Events that the caller's server delivers before it answers (Stripe's webhooks).
    pub events: Vec<Value>,
    /// What the ledger adds up.
    pub usage: Option<Usage>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Since the piece before.
    pub after: Duration,
    pub bytes: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Complete,
    /// The connection breaks after the last piece.
    Cut,
    /// Nothing more comes for this long, then the connection breaks.
    Stalled(Duration),
    /// The connection closes without a word.
    Refused,
}

/// Tokens, as the Messages API counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// Uncached only.
    pub input: u64,
    pub cache_write: u64,
    pub cache_read: u64,
    pub output: u64,
}

impl Usage {
    pub const fn add(&mut self, other: Self) {
        self.input += other.input;
        self.cache_write += other.cache_write;
        self.cache_read += other.cache_read;
        self.output += other.output;
    }
}

impl Reply {
    pub fn whole(status: u16, mime: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), mime.to_owned())],
            wait: Duration::ZERO,
            pieces: vec![Piece { after: Duration::ZERO, bytes: body.into() }],
            end: End::Complete,
            events: Vec::new(),
            usage: None,
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::whole(status, "application/json", body.to_string())
    }

    pub fn empty(status: u16) -> Self {
        Self { headers: Vec::new(), pieces: Vec::new(), ..Self::whole(status, "text/plain", "") }
    }

    /// The connection closes without an answer.
    pub fn refused() -> Self {
        Self { end: End::Refused, ..Self::empty(0) }
    }

    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Everything that is said, without the waits.
    pub fn body(&self) -> Bytes {
        match self.pieces.as_slice() {
            [only] => only.bytes.clone(),
            pieces => pieces.iter().map(|piece| &piece.bytes[..]).collect::<Vec<_>>().concat().into(),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body()).unwrap_or(Value::Null)
    }

    /// All waits together, for a server that cannot pace.
    pub fn delay(&self) -> Duration {
        let stall = if let End::Stalled(stall) = self.end { stall } else { Duration::ZERO };
        self.pieces.iter().fold(self.wait + stall, |sum, piece| sum + piece.after)
    }
}

/// Why a request is not served; each service puts it into its own shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub param: Option<String>,
    /// Seconds.
    pub retry_after: Option<u32>,
    /// A dial asked for it; the request itself was fine.
    pub injected: bool,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), param: None, retry_after: None, injected: false }
    }

    #[must_use]
    pub fn on(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }
}

/// Seconds of Unix time: the one look at the clock in this crate.
pub fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the doors (wiremock and the server) ask the clock here")]
    let now = chrono::Utc::now();
    now.timestamp()
}
