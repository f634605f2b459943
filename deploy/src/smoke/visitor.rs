//! A visitor: bounded calls to the product's public addresses. Nothing that it is answered is trusted to be small or well.

use anyhow::{Context as _, Result, anyhow, bail};
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Client, Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use crate::http;
use crate::settings::Addresses;

/// Larger than any document of ours.
const LONGEST: usize = 4 * 1024 * 1024;
/// Of a refusal's words, as much as helps.
const LONGEST_WORDS: usize = 200;

pub(super) struct Visitor {
    client: Client,
    api: Url,
    app: Url,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    body: Vec<u8>,
    what: String,
}

impl Visitor {
    pub(super) fn new(addresses: &Addresses) -> Result<Self> {
        let client = http::client(HeaderMap::new(), true)?;
        Ok(Self { client, api: addresses.api.clone(), app: addresses.app.clone() })
    }

    pub(super) fn app(&self) -> &Url {
        &self.app
    }

    pub(super) async fn api(&self, path: &str) -> Result<Answer> {
        self.at(&self.api, path).await
    }

    pub(super) async fn page(&self, path: &str) -> Result<Answer> {
        self.at(&self.app, path).await
    }

    pub(super) async fn at(&self, origin: &Url, path: &str) -> Result<Answer> {
        let url = origin.join(path).with_context(|| format!("{path} is no address"))?;
        answer(&format!("GET {path}"), self.client.get(url)).await
    }

    /// A call of the API with a body or a bearer's token, or both.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&SecretString>,
        more: &[(&str, String)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let url = self.api.join(path).with_context(|| format!("{path} is no address"))?;
        // Ids stand in a path; what matters to a reader is its form.
        let shown = path.split('/').map(|part| if part.len() == 36 { "…" } else { part }).collect::<Vec<_>>().join("/");
        let what = format!("{method} {shown}");
        let mut request = self.client.request(method, url);
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        for (name, value) in more {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(&what, request).await
    }

    /// A form, sent as a browser does; a redirect behind it is an answer and is not followed.
    pub(super) async fn submit(&self, url: Url, form: &[(&str, &str)]) -> Result<Answer> {
        answer("POST to the checkout", self.client.post(url).form(form)).await
    }
}

async fn answer(what: &str, request: RequestBuilder) -> Result<Answer> {
    let away = |error: reqwest::Error| anyhow!("{what}: {}", http::why(&error));
    let mut response = request.send().await.map_err(away)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(away)? {
        if body.len() + chunk.len() > LONGEST {
            bail!("{what}: more than {LONGEST} bytes");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body, what: what.to_owned() })
}

impl Answer {
    pub(super) fn of(self, status: u16) -> Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        // The code of a problem is a fixed word; its other words could quote what was sent.
        let code = serde_json::from_slice::<Value>(&self.body).ok();
        let code = code.as_ref().and_then(|body| body.get("code")?.as_str()).unwrap_or_default();
        let code: String = code.chars().filter(|sign| sign.is_ascii_lowercase() || *sign == '_').collect();
        bail!("{}: status {} {code}where {status} is due", self.what, self.status, code = spaced(&code));
    }

    pub(super) fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A header that has to hold these words.
    pub(super) fn must_have(&self, name: &HeaderName, words: &str) -> Result<()> {
        let found = self.header(name);
        if found.to_ascii_lowercase().contains(words) {
            return Ok(());
        }
        let found: String = found.chars().take(LONGEST_WORDS).collect();
        bail!("{}: {name} is {found:?} and has to hold {words:?}", self.what)
    }

    pub(super) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|_| anyhow!("{}: the answer is not JSON", self.what))
    }

    pub(super) fn text(&self) -> Result<&str> {
        str::from_utf8(&self.body).map_err(|_| anyhow!("{}: the answer is not text", self.what))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.body
    }
}

fn spaced(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!("({code}) ") }
}

/// A member of an answer that has to be text.
pub(super) fn text(value: &Value, name: &str) -> Result<String> {
    Ok(value.get(name).and_then(Value::as_str).with_context(|| format!("the answer has no {name}"))?.to_owned())
}
