//! The Messages API of Claude: checks a request as the service does and answers from the request alone.
//!
//! Simplified on purpose: a cached prefix never expires and has no least length, and tokens are counted as a quarter
//! of the characters.

mod ask;
mod errors;
mod schema_rules;
mod speech;

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Value, json};

use crate::call::{Call, Refusal, Reply, Usage};
use crate::dice::{hash, id};
use crate::sample::{Style, sample};
use crate::scenario::{Fault, Scenario};
use crate::shelf::Shelf;
use crate::stub::{Desk, Stub, Turn};

pub use ask::{Ask, MODELS, VERSIONS};
pub use speech::tokens;

/// Prefixes that are remembered as cached.
const CACHED: usize = 1_000;

#[derive(Debug)]
pub struct Claude {
    desk: Desk,
    cached: Mutex<Shelf<u64, ()>>,
}

impl Claude {
    pub fn new(scenario: Scenario) -> Self {
        Self { desk: Desk::new(scenario, true), cached: Mutex::new(Shelf::new(CACHED)) }
    }

    /// The `facts` of every call about a task, oldest first.
    pub fn facts(&self, task: &str) -> Vec<Value> {
        self.calls_about(task).iter().map(|entry| ask::turn(&entry.request).1).collect()
    }

    /// Everything the model was told in the last calls, for a search: system prompts and turns.
    pub fn prompts(&self) -> Vec<String> {
        let told = |request: &Value| json!([request["system"], request["messages"]]).to_string();
        self.calls().iter().map(|entry| told(&entry.request)).collect()
    }

    /// Forgets the cached prefixes; the desk forgets the rest.
    pub fn forget(&self) {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.desk.reset();
    }

    /// The input's tokens: the first call with a cached prefix writes it, later ones read it.
    fn usage(&self, ask: &Ask) -> Usage {
        let mut usage = Usage { input: ask.input_tokens, ..Usage::default() };
        if let Some((prefix, tokens)) = ask.cached_prefix {
            let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
            let key = hash(&[ask.model.as_bytes(), &prefix.to_le_bytes()]);
            if cached.get(&key).is_some() {
                usage.cache_read = tokens;
            } else {
                cached.put(key, ());
                usage.cache_write = tokens;
            }
        }
        usage
    }
}

impl Stub for Claude {
    fn name(&self) -> &'static str {
        "claude"
    }

    fn serves(&self, path: &str) -> bool {
        path == "/v1/messages"
    }

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn task(&self, call: &Call) -> String {
        call.json().and_then(ask::task).unwrap_or_else(|| "unknown".to_owned())
    }

    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        if call.method != Method::POST {
            return Err(Refusal::new(405, "", "Method Not Allowed"));
        }
        let ask = Ask::read(call, turn.scenario.lenient_schema)?;
        turn.spare()?;
        if !ask.stream && turn.fault == Some(Fault::ErrorEvent) {
            return Err(Refusal { injected: true, ..Refusal::new(529, "", "Overloaded") });
        }
        let speech = speech::Speech {
            id: id("msg_01", turn.seed ^ turn.number, 22),
            model: ask.model.clone(),
            thinking: if ask.effort == "low" { None } else { Some("I match the facts to the fields I was asked for.") },
            text: write(&ask, turn),
            stop_reason: if turn.fault == Some(Fault::Refusal) { "refusal" } else { "end_turn" },
            usage: self.usage(&ask),
            one_hour: ask.one_hour,
        };
        let speech = speech.within(ask.max_tokens, turn.fault == Some(Fault::MaxTokens));
        let reply = if ask.stream { speech.stream(turn) } else { speech.message() };
        Ok(with_headers(reply, turn))
    }

    fn refuse(&self, refusal: &Refusal, turn: &Turn) -> Reply {
        let reply = errors::reply(refusal, &errors::request_id(turn));
        with_headers(reply, turn)
    }
}

/// What the model says: JSON by the schema, or a sentence when no schema is given.
fn write(ask: &Ask, turn: &Turn) -> String {
    let Some(schema) = &ask.schema else { return "Understood. I have read the facts.".to_owned() };
    let style = match turn.fault {
        Some(Fault::EmptyReport) => Style::Minimal,
        Some(Fault::Refusal) => return String::new(),
        _ if turn.scenario.obedient => Style::Obedient,
        _ => Style::Plausible,
    };
    let mut value = sample(schema, &ask.facts, turn.seed, style);
    if turn.fault == Some(Fault::WrongSchema) {
        spoil(&mut value);
    }
    let mut text = value.to_string();
    if turn.fault == Some(Fault::InvalidJson) {
        text.pop();
        text.push_str(", and so on");
    }
    text
}

/// An unknown field in, a known field out.
fn spoil(value: &mut Value) {
    if let Value::Object(object) = value {
        let first = object.keys().next().cloned();
        first.and_then(|key| object.remove(&key));
        object.insert("surprise".to_owned(), json!(true));
    } else {
        *value = json!({"surprise": true});
    }
}

fn with_headers(reply: Reply, turn: &Turn) -> Reply {
    let left = 4_000_u64.saturating_sub(turn.number % 4_000);
    let reset = chrono::DateTime::from_timestamp(turn.at + 60, 0).unwrap_or_default();
    let reset = reset.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let mut reply = reply
        .with_header("request-id", errors::request_id(turn))
        .with_header("anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    for (name, limit) in [("requests", 4_000), ("input-tokens", 2_000_000), ("output-tokens", 400_000)] {
        reply = reply
            .with_header(&format!("anthropic-ratelimit-{name}-limit"), limit.to_string())
            .with_header(&format!("anthropic-ratelimit-{name}-remaining"), (limit / 4_000 * left).to_string())
            .with_header(&format!("anthropic-ratelimit-{name}-reset"), reset.clone());
    }
    reply
}
