//! A request as the product sends it, and the reader of a stream.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crb_stubs::Call;
use http::Method;
use serde_json::{Value, json};

/// Strict enough for the real API: no bounds, no open objects.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["findings", "summary"],
        "properties": {
            "findings": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                "required": ["opportunity_id", "title", "description", "customer_value", "business_health", "why_not"],
                "properties": {
                    "opportunity_id": {"type": "string"},
                    "title": {"type": "string", "description": "What it is. {maxLength: 90}"},
                    "description": {"type": "string", "description": "{maxLength: 500}"},
                    "customer_value": {"type": "integer", "description": "{minimum: 1, maximum: 10}"},
                    "business_health": {"type": "integer", "description": "{minimum: 1, maximum: 10}"},
                    "why_not": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                }}},
            "summary": {"type": "string"},
        },
    })
}

pub(crate) fn facts() -> Value {
    let ids: Vec<String> = ('a'..='j').map(|letter| format!("opportunity-{letter}")).collect();
    let subjects: serde_json::Map<String, Value> =
        ids.iter().map(|id| (id.clone(), json!({"title": format!("Better {}", id.replace('-', " "))}))).collect();
    json!({
        "allowed": {"opportunity_id": ids}, "distinct": ["opportunity_id"], "subjects": subjects,
        "plan": {"findings": 8, "not_recommended": 2},
        "answers": {"goal": "Fewer missed calls & <b>calm</b> mornings", "company_name": "Bright Smile"},
        "benchmarks": [{"text": "An average of eighteen in a hundred do not show up"}],
    })
}

pub(crate) fn ask(task: &str) -> Value {
    let turn = json!({"task": task, "facts": facts()}).to_string();
    json!({
        "model": "claude-sonnet-5-5", "max_tokens": 8_000, "stream": true,
        "system": [
            {"type": "text", "text": "You write reports for small businesses.", "cache_control": {"type": "ephemeral"}},
        ],
        "messages": [{"role": "user", "content": [{"type": "text", "text": turn}]}],
        "output_config": {"effort": "medium", "format": {"type": "json_schema", "schema": schema()}},
    })
}

pub(crate) fn call(body: &Value) -> Call {
    Call::new(Method::POST, "/v1/messages")
        .with_header("x-api-key", "sk-ant-stub-test")
        .with_header("anthropic-version", "2026-10-21")
        .with_json(body)
        .at(1_790_000_000)
}

/// Names and data of a stream, strictly read: a part without an end is left out.
pub(crate) fn events(text: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for part in text.split_inclusive("\n\n").filter(|part| part.ends_with("\n\n")) {
        let field = |name: &str| part.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let data = serde_json::from_str(field("data: ")).expect("the data of an event is JSON");
        found.push((field("event: ").to_owned(), data));
    }
    found
}

/// The text of a stream's text blocks.
pub(crate) fn speech(events: &[(String, Value)]) -> String {
    events.iter().filter_map(|(_, data)| data["delta"]["text"].as_str()).collect()
}

/// What came over the wire.
#[derive(Debug)]
pub(crate) struct Heard {
    /// 0: the connection was closed without an answer.
    pub status: u16,
    pub head: String,
    pub body: String,
    /// The body ended as its framing says.
    pub is_whole: bool,
}

impl Heard {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

/// One request over a fresh connection, read to the very end: plain enough to see a truncation for what it is.
pub(crate) fn exchange(address: SocketAddr, call: &Call) -> Heard {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let target = if query.is_empty() { call.path.clone() } else { format!("{}?{}", call.path, query.join("&")) };
    let mut request = format!("{} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n", call.method);
    for (name, value) in &call.headers {
        write!(request, "{name}: {}\r\n", value.to_str().expect("text")).expect("writes");
    }
    write!(request, "content-length: {}\r\n\r\n", call.body().len()).expect("writes");
    // A server that refuses a large body may hang up before it has read all of it.
    let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.write_all(call.body()));
    let mut bytes = Vec::new();
    let mut room = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut room) {
        bytes.extend_from_slice(&room[..length]);
    }
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Heard {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, rest) = text.split_once("\r\n\r\n").unwrap_or(("", ""));
    let mut heard = Heard { status: 0, head: head.to_owned(), body: rest.to_owned(), is_whole: false };
    heard.status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    if heard.header("transfer-encoding") == Some("chunked") {
        (heard.body, heard.is_whole) = dechunk(rest);
    } else {
        let length = heard.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        heard.is_whole = heard.status != 0 && rest.len() == length;
    }
    heard
}

/// Works on text because every frame ends between two characters.
fn dechunk(mut rest: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size, 16) else { break };
        if size == 0 {
            return (body, true);
        }
        let Some(chunk) = after.get(..size) else { break };
        body.push_str(chunk);
        rest = after.get(size + 2..).unwrap_or("");
    }
    (body, false)
}

/// Stripe is asked for a session.
pub(crate) fn checkout() -> Call {
    let form = "mode=payment&success_url=https%3A%2F%2Fcrb.example%2Fdone&line_items%5B0%5D%5Bquantity%5D=1\
                &line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=eur\
                &line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=14700\
                &line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=Report";
    Call::new(Method::POST, "/v1/checkout/sessions")
        .with_header("authorization", "Bearer sk_test_stub")
        .with_header("content-type", "application/x-www-form-urlencoded")
        .with_body(form)
}
