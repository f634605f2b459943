//! A reply of the product, before a test twists it.

use std::collections::BTreeMap;

use serde_json::Value;
use wiremock::ResponseTemplate;

pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<&'static str, String>,
    pub body: Vec<u8>,
}

const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const ALWAYS: [(&str, &str); 7] = [
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=()"),
];

impl Reply {
    fn new(status: u16, kind: &str, body: Vec<u8>) -> Self {
        let mut headers: BTreeMap<&str, String> =
            ALWAYS.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        headers.insert("content-type", kind.to_owned());
        headers.insert("cache-control", "no-store".to_owned());
        Self { status, headers, body }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string().into_bytes())
    }

    pub fn problem(status: u16, body: &Value) -> Self {
        Self::new(status, "application/problem+json", body.to_string().into_bytes())
    }

    pub fn html(body: &str) -> Self {
        let mut reply = Self::new(200, "text/html; charset=utf-8", body.as_bytes().to_vec());
        reply.headers.insert("cache-control", "no-cache".to_owned());
        reply
    }

    pub fn script(body: &str) -> Self {
        let mut reply = Self::new(200, "text/javascript", body.as_bytes().to_vec());
        reply.headers.insert("cache-control", "public, max-age=31536000, immutable".to_owned());
        reply
    }

    pub fn file(kind: &str, body: &[u8]) -> Self {
        Self::new(200, kind, body.to_vec())
    }

    pub fn sent(self) -> ResponseTemplate {
        let kind = self.headers.get("content-type").cloned().unwrap_or_default();
        let reply = ResponseTemplate::new(self.status).set_body_raw(self.body, &kind);
        self.headers.iter().fold(reply, |reply, (name, value)| reply.insert_header(*name, value.as_str()))
    }
}
