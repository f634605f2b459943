//! The last calls of a stub, as they came: bytes, read as JSON only when somebody asks.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Call, Usage};

/// How much a ledger keeps; beyond either bound the oldest call leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub calls: usize,
    pub bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { calls: 1_000, bytes: 64 * 1024 * 1024 }
    }
}

/// Of a request that is no JSON the ledger keeps this much.
const MOST_TEXT: usize = 8_192;

/// One call in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    pub number: u64,
    pub at: i64,
    pub method: String,
    pub path: String,
    pub task: String,
    /// 0: the connection was closed without an answer.
    pub status: u16,
    pub fault: Option<String>,
    pub usage: Option<Usage>,
    /// Keys and tokens are masked.
    pub headers: BTreeMap<String, String>,
    /// JSON as JSON, anything else as text.
    pub request: Value,
}

/// What became of a call.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub number: u64,
    pub task: String,
    pub status: u16,
    pub fault: Option<String>,
    pub usage: Option<Usage>,
}

/// A call as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    outcome: Outcome,
    at: i64,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Kept {
    pub(crate) fn new(call: &Call, outcome: Outcome) -> Self {
        let body = call.body();
        let is_json = body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte));
        let body = if is_json { body.clone() } else { Bytes::copy_from_slice(&body[..body.len().min(MOST_TEXT)]) };
        let (path, headers) = (call.path.clone(), call.headers.clone());
        Self { outcome, at: call.at, method: call.method.clone(), path, headers, body }
    }

    fn weight(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        self.body.len() + self.path.len() + headers
    }

    /// Without headers and request.
    pub(crate) fn head(&self) -> Value {
        let Outcome { number, task, status, fault, usage } = &self.outcome;
        json!({
            "number": number, "at": self.at, "method": self.method.as_str(), "path": self.path, "task": task,
            "status": status, "fault": fault, "usage": usage,
        })
    }

    pub(crate) fn entry(&self) -> Entry {
        let Outcome { number, task, status, fault, usage } = self.outcome.clone();
        let request = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&self.body).into_owned()));
        let headers =
            self.headers.iter().map(|(name, value)| (name.to_string(), shown(name.as_str(), value))).collect();
        let (method, path) = (self.method.to_string(), self.path.clone());
        Entry { number, at: self.at, method, path, task, status, fault, usage, headers, request }
    }
}

fn shown(name: &str, value: &HeaderValue) -> String {
    match name {
        "authorization" | "x-api-key" | "apikey" | "x-subscription-token" => "masked".to_owned(),
        _ => value.to_str().unwrap_or("not text").to_owned(),
    }
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    calls: VecDeque<Kept>,
    bytes: usize,
    room: Room,
}

impl Ledger {
    /// The newest call stays, even when it is too large alone.
    pub(crate) fn push(&mut self, call: Kept) {
        self.bytes += call.weight();
        self.calls.push_back(call);
        self.fit();
    }

    pub(crate) fn set_room(&mut self, room: Room) {
        self.room = room;
        self.fit();
    }

    fn fit(&mut self) {
        while self.calls.len() > 1 && (self.calls.len() > self.room.calls || self.bytes > self.room.bytes) {
            self.bytes -= self.calls.pop_front().map_or(0, |call| call.weight());
        }
    }

    /// Oldest first. Cheap: what is large is shared, so that the caller can read it without the ledger's lock.
    pub(crate) fn calls(&self) -> Vec<Kept> {
        self.calls.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: u64, length: usize) -> Kept {
        let call = Call::new(Method::POST, "/").with_body(format!("\"{}\"", "x".repeat(length)).replace('"', "["));
        Kept::new(&call, Outcome { number, task: String::new(), status: 200, fault: None, usage: None })
    }

    fn numbers(ledger: &Ledger) -> Vec<u64> {
        ledger.calls().iter().map(|call| call.outcome.number).collect()
    }

    #[test]
    fn a_ledger_is_bounded_by_calls_and_by_bytes() {
        let mut ledger = Ledger::default();
        ledger.set_room(Room { calls: 3, bytes: 1_000 });
        (1..=4).for_each(|number| ledger.push(kept(number, 100)));
        assert_eq!(numbers(&ledger), [2, 3, 4]);
        ledger.push(kept(5, 850));
        assert_eq!(numbers(&ledger), [4, 5]);
        ledger.push(kept(6, 5_000));
        assert_eq!(numbers(&ledger), [6], "the newest stays");
        ledger.push(kept(7, 10));
        ledger.push(kept(8, 10));
        assert_eq!(numbers(&ledger), [7, 8]);
        ledger.set_room(Room { calls: 1, bytes: 1_000 });
        assert_eq!(numbers(&ledger), [8]);
    }

    #[test]
    fn json_is_kept_whole_and_text_in_part() {
        let text = "{".to_owned() + &" ".repeat(2 * MOST_TEXT) + "}";
        let of = |body: &str| {
            let call = Call::new(Method::POST, "/").with_body(body.to_owned());
            Kept::new(&call, Outcome { number: 1, task: String::new(), status: 200, fault: None, usage: None }).entry()
        };
        assert_eq!(of(&text).request, json!({}));
        assert_eq!(of("a=b").request, "a=b");
        assert_eq!(of(&"x".repeat(2 * MOST_TEXT)).request.as_str().map(str::len), Some(MOST_TEXT));
    }
}
