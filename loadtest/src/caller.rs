//! One call of an operation: sent, read to the last byte, noted in the book.
//!
//! Nothing is followed and nothing is decompressed on the way. Every call says `Accept-Encoding: gzip` itself and reqwest's
//! own decoders are off, so the bytes that are counted are those that came over the wire; what a journey or a schema must
//! read is decompressed here, after the clock has stopped.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use async_compression::tokio::write::GzipDecoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use url::Url;

use crate::api::{Api, Operation};
use crate::ledger::{Ledger, Made};
use crate::schema::Samples;

const CONNECT: Duration = Duration::from_secs(10);
/// A call that takes longer is a fault; streams have no such end.
const PATIENCE: Duration = Duration::from_mins(1);
/// Of a body that should not have come, so much is told.
const FIRST_WORDS: usize = 300;

/// What a call may answer.
#[derive(Debug, Clone, Copy)]
pub enum Expect {
    Status(u16),
    OneOf(&'static [u16]),
    /// Any 4xx: never the thing itself, and never a fault of the house.
    Refusal,
}

impl Expect {
    pub fn allows(self, status: u16) -> bool {
        match self {
            Self::Status(wanted) => status == wanted,
            Self::OneOf(wanted) => wanted.contains(&status),
            Self::Refusal => (400..=499).contains(&status),
        }
    }
}

/// A call under construction.
#[derive(Debug)]
pub struct Call<'a> {
    operation: &'static Operation,
    /// What is particular about it, told behind the operation's name.
    label: Option<&'static str>,
    arguments: Vec<(&'a str, &'a str)>,
    query: Vec<(&'static str, Cow<'a, str>)>,
    headers: Vec<(&'static str, String)>,
    token: Option<&'a str>,
    body: Option<Vec<u8>>,
    method: Option<Method>,
    expect: Expect,
}

impl<'a> Call<'a> {
    pub fn new(operation: &str, expect: Expect) -> Self {
        Self {
            operation: Api::published().operation(operation),
            label: None,
            arguments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            token: None,
            body: None,
            method: None,
            expect,
        }
    }

    #[must_use]
    pub fn labelled(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }

    #[must_use]
    pub fn at(mut self, name: &'a str, value: &'a str) -> Self {
        self.arguments.push((name, value));
        self
    }

    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn token(self, token: &'a str) -> Self {
        Self { token: Some(token), ..self }
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// With a method that the operation does not have.
    #[must_use]
    pub fn by(self, method: Method) -> Self {
        Self { method: Some(method), ..self }
    }

    pub fn name(&self) -> String {
        let id = &self.operation.id;
        self.label.map_or_else(|| id.clone(), |label| format!("{id}:{label}"))
    }

    pub fn method(&self) -> &Method {
        self.method.as_ref().unwrap_or(&self.operation.method)
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// As they came over the wire.
    pub bytes: Vec<u8>,
    pub is_expected: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn tag(&self) -> Option<String> {
        self.header(ETAG.as_str()).map(str::to_owned)
    }

    /// The body, decompressed where it was compressed.
    pub async fn plain(&self) -> Result<Cow<'_, [u8]>> {
        if self.header(CONTENT_ENCODING.as_str()) != Some("gzip") {
            return Ok(Cow::Borrowed(&self.bytes));
        }
        let mut decoder = GzipDecoder::new(Vec::new());
        decoder.write_all(&self.bytes).await.context("the body is no gzip")?;
        decoder.shutdown().await.context("the body's gzip is cut off")?;
        Ok(Cow::Owned(decoder.into_inner()))
    }

    pub async fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.plain().await?)?)
    }
}

/// A call that has ended, for whoever keeps another book.
#[derive(Debug, Clone)]
pub struct Row {
    pub method: Method,
    pub name: String,
    pub took: Duration,
    pub status: Option<u16>,
    pub is_expected: bool,
}

/// The one client. Its connections are shared: as many are open as calls are on their way.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    origin: Url,
    load_key: Option<SecretString>,
    ledger: Arc<Ledger>,
    samples: Samples,
}

impl Caller {
    pub fn new(origin: &Url, load_key: Option<SecretString>, ledger: Arc<Ledger>) -> Result<Self> {
        Ok(Self { client: client()?, origin: origin.clone(), load_key, ledger, samples: Samples::default() })
    }

    pub const fn client(&self) -> &Client {
        &self.client
    }

    pub const fn origin(&self) -> &Url {
        &self.origin
    }

    /// Sends it and reads the answer. None where nobody answered, which is noted as a fault.
    pub async fn send(&self, call: Call<'_>) -> (Option<Answer>, Row) {
        let (name, begun) = (call.name(), Instant::now());
        let arrived = async {
            let mut response = self.request(&call).timeout(PATIENCE).send().await?;
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                bytes.extend_from_slice(&chunk);
            }
            Ok::<_, reqwest::Error>((response.status().as_u16(), std::mem::take(response.headers_mut()), bytes))
        };
        let arrived = arrived.await;
        let took = begun.elapsed();
        let answer = match arrived {
            Ok((status, headers, bytes)) => {
                Some(Answer { status, headers, bytes, is_expected: call.expect.allows(status) })
            }
            Err(error) => {
                self.ledger.fault("no_answer", format!("{name}: {}", chain(&error)));
                None
            }
        };
        let is_expected = answer.as_ref().is_some_and(|answer| answer.is_expected);
        let status = answer.as_ref().map(|answer| answer.status);
        let body_bytes = answer.as_ref().map_or(0, |answer| answer.bytes.len() as u64);
        self.ledger.note(Made { name: &name, status, is_expected, body_bytes, took });
        if let Some(answer) = &answer {
            self.look_at(&call, &name, answer).await;
        }
        (answer, Row { method: call.method().clone(), name, took, status, is_expected })
    }

    /// Opens a stream: the time is that to its headers, and its body stays open. None where it did not open.
    pub async fn open(&self, call: Call<'_>) -> (Option<Response>, Row) {
        let (name, begun) = (call.name(), Instant::now());
        let opened = tokio::time::timeout(PATIENCE, self.request(&call).send()).await;
        let took = begun.elapsed();
        let opened = opened.map_err(|_| "no headers".to_owned()).and_then(|sent| sent.map_err(|error| chain(&error)));
        let status = opened.as_ref().ok().map(|response| response.status().as_u16());
        let is_expected = status.is_some_and(|status| call.expect.allows(status));
        self.ledger.note(Made { name: &name, status, is_expected, body_bytes: 0, took });
        let row = Row { method: call.method().clone(), name: name.clone(), took, status, is_expected };
        match opened {
            Ok(response) if is_expected => (Some(response), row),
            Ok(response) => {
                let headers = response.headers().clone();
                let bytes = response.bytes().await.unwrap_or_default();
                let answer = Answer { status: status.unwrap_or(0), headers, bytes: bytes.into(), is_expected };
                self.ledger.fault("unexpected", words(&name, &answer, &answer.bytes));
                (None, row)
            }
            Err(error) => {
                self.ledger.fault("no_answer", format!("{name}: {error}"));
                (None, row)
            }
        }
    }

    /// One event of a stream, held against its schema where it is due.
    pub fn look_at_event(&self, operation: &str, data: &str) {
        let (api, kind) = (Api::published(), format!("{operation}:event"));
        if !self.samples.is_due(&kind) {
            return;
        }
        if let Some(fault) = self.samples.event_fault(api, api.operation(operation), data) {
            self.ledger.schema_fault(fault);
        }
    }

    fn request(&self, call: &Call<'_>) -> RequestBuilder {
        let mut url = self.origin.clone();
        url.set_path(&call.operation.target(&call.arguments));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.client.request(call.method().clone(), url).header("accept-encoding", "gzip");
        if let Some(key) = &self.load_key {
            request = request.header("x-load-key", key.expose_secret());
        }
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        match &call.body {
            Some(body) => request.body(body.clone()),
            None => request,
        }
    }

    /// What came unexpectedly is told in words; a sample of the rest is held against the document.
    async fn look_at(&self, call: &Call<'_>, name: &str, answer: &Answer) {
        if !answer.is_expected {
            let plain = answer.plain().await.unwrap_or(Cow::Borrowed(&answer.bytes));
            return self.ledger.fault("unexpected", words(name, answer, &plain));
        }
        // Under another method the document says nothing.
        if call.method.is_some() || !self.samples.is_due(&format!("{name} {}", answer.status)) {
            return;
        }
        let media_type = answer.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let fault = match answer.plain().await {
            Ok(plain) => self.samples.fault(Api::published(), call.operation, answer.status, media_type, &plain),
            Err(error) => Some(format!("{name}: {error:#}")),
        };
        if let Some(fault) = fault {
            self.ledger.schema_fault(fault);
        }
    }
}

/// Follows nothing, decodes nothing, asks no proxy.
fn client() -> Result<Client> {
    let builder = Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).no_proxy();
    let builder = builder.no_gzip().no_brotli().no_deflate().no_zstd();
    builder.user_agent(concat!("crb-loadtest/", env!("CARGO_PKG_VERSION"))).build().context("no HTTP client")
}

fn words(name: &str, answer: &Answer, plain: &[u8]) -> String {
    let text = String::from_utf8_lossy(plain);
    let text: String = text.chars().take(FIRST_WORDS).map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    let request = answer.header("x-request-id").unwrap_or("none");
    let to = answer.header(LOCATION.as_str()).map_or_else(String::new, |place| format!(" to {place}"));
    format!("{name} answered {}{to}: {text} (request {request})", answer.status)
}

/// An error with its causes; addresses are left out, because they may carry what is nobody's business.
pub fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() { "it took too long".to_owned() } else { "the call failed".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Call, Expect};

    #[test]
    fn a_refusal_is_a_4xx_and_nothing_else() {
        let allowed: Vec<u16> =
            [200, 204, 302, 400, 404, 429, 499, 500, 503].into_iter().filter(|s| Expect::Refusal.allows(*s)).collect();
        assert_eq!(allowed, [400, 404, 429, 499]);
        assert!(Expect::OneOf(&[200, 304]).allows(304) && !Expect::Status(200).allows(304));
    }

    #[test]
    fn a_call_is_named_by_its_operation() {
        assert_eq!(Call::new("report_view", Expect::Status(200)).name(), "report_view");
        assert_eq!(Call::new("report_view", Expect::Status(304)).labelled("unchanged").name(), "report_view:unchanged");
    }
}
