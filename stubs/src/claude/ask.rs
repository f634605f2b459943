//! Reads a request to the Messages API and refuses what the service refuses.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::schema_rules;
use super::speech::tokens;
use crate::call::{Call, Refusal};
use crate::dice::hash;
use crate::keys::{self, Key, REAL_KEY};

pub const VERSIONS: [&str; 2] = ["2026-10-21", "2023-06-01"];
pub const MODELS: [&str; 4] = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-1"];

const FIELDS: [&str; 15] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "stream",
    "metadata",
    "stop_sequences",
    "output_config",
    "thinking",
    "tools",
    "tool_choice",
    "cache_control",
    "service_tier",
    "inference_geo",
    "context_management",
];
const MOST_TOKENS: u64 = 128_000;
const MOST_BREAKPOINTS: usize = 4;

/// A request that the service would serve.
#[derive(Debug, Clone)]
pub struct Ask {
    pub model: String,
    pub max_tokens: u64,
    pub stream: bool,
    pub effort: String,
    pub schema: Option<Value>,
    pub task: String,
    pub facts: Value,
    /// Not counting the cached prefix.
    pub input_tokens: u64,
    /// Hash and tokens of everything up to the last cache breakpoint.
    pub cached_prefix: Option<(u64, u64)>,
    /// The breakpoint asks for an hour instead of five minutes.
    pub one_hour: bool,
}

impl Ask {
    pub fn read(call: &Call, lenient_schema: bool) -> Result<Self, Refusal> {
        check_key(call)?;
        match call.header("anthropic-version") {
            None => return invalid("anthropic-version: header is required"),
            Some(version) if !VERSIONS.contains(&version) => {
                return invalid(format!("anthropic-version: \"{version}\" is not a valid version"));
            }
            Some(_) => {}
        }
        if call.is_too_large() {
            return Err(Refusal::new(413, "", "Request exceeds the maximum size"));
        }
        if !call.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            return invalid("content-type: must be application/json");
        }
        let Some(whole @ Value::Object(body)) = call.json() else {
            return invalid("The request body is not valid JSON: expected an object");
        };
        for name in body.keys() {
            if ["temperature", "top_p", "top_k"].contains(&name.as_str()) {
                return invalid(format!("{name}: sampling parameters are not supported by this model"));
            }
            if !FIELDS.contains(&name.as_str()) {
                return invalid(format!("{name}: Extra inputs are not permitted"));
            }
        }
        let Some(model) = body.get("model").and_then(Value::as_str) else { return invalid("model: Field required") };
        if !MODELS.contains(&model) {
            return Err(Refusal::new(404, "", format!("model: {model}")));
        }
        let max_tokens = match body.get("max_tokens").map(Value::as_u64) {
            None => return invalid("max_tokens: Field required"),
            Some(Some(n @ 1..=MOST_TOKENS)) => n,
            Some(_) => return invalid(format!("max_tokens: must be an integer between 1 and {MOST_TOKENS}")),
        };
        let stream = match body.get("stream") {
            None => false,
            Some(Value::Bool(stream)) => *stream,
            Some(_) => return invalid("stream: Input should be a valid boolean"),
        };
        check_tools(body)?;
        check_thinking(body, max_tokens)?;
        let (effort, schema) = read_output(body, lenient_schema)?;
        let prompt = Prompt::read(body, schema.is_some())?;
        let (task, facts) = turn(whole);
        Ok(Self {
            model: model.to_owned(),
            max_tokens,
            stream,
            effort,
            task,
            facts,
            input_tokens: prompt.tokens() + schema.as_ref().map_or(0, |schema| tokens(&schema.to_string())),
            cached_prefix: prompt.prefix(),
            one_hour: prompt.one_hour,
            schema,
        })
    }
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(400, "", message))
}

fn check_key(call: &Call) -> Result<(), Refusal> {
    match keys::claude(call.header("x-api-key").or_else(|| call.bearer())) {
        Key::Stub => Ok(()),
        Key::Missing => Err(Refusal::new(401, "", "x-api-key header is required")),
        Key::Real => Err(Refusal::new(401, "", REAL_KEY)),
        Key::Unknown => Err(Refusal::new(401, "", "invalid x-api-key")),
    }
}

fn check_tools(body: &Map<String, Value>) -> Result<(), Refusal> {
    if body.get("tools").is_some_and(|tools| !tools.is_array()) {
        return invalid("tools: Input should be a valid array");
    }
    match body.get("tool_choice").map(|choice| choice["type"].as_str()) {
        None | Some(Some("auto" | "none")) => Ok(()),
        Some(Some("any" | "tool")) => invalid("tool_choice: this model does not support a forced tool choice"),
        Some(_) => invalid("tool_choice.type: must be auto, any, tool or none"),
    }
}

fn check_thinking(body: &Map<String, Value>, max_tokens: u64) -> Result<(), Refusal> {
    let Some(thinking) = body.get("thinking") else { return Ok(()) };
    match thinking["type"].as_str() {
        Some("adaptive") => Ok(()),
        Some("enabled") => match thinking["budget_tokens"].as_u64() {
            Some(budget) if (1_024..max_tokens).contains(&budget) => Ok(()),
            _ => invalid("thinking.budget_tokens: must be at least 1024 and less than max_tokens"),
        },
        Some("disabled") => invalid("thinking.type: this model does not support disabled thinking"),
        _ => invalid("thinking.type: must be adaptive or enabled"),
    }
}

fn read_output(body: &Map<String, Value>, lenient_schema: bool) -> Result<(String, Option<Value>), Refusal> {
    let Some(config) = body.get("output_config") else { return Ok(("high".to_owned(), None)) };
    let Some(config) = config.as_object() else { return invalid("output_config: Input should be an object") };
    if let Some(name) = config.keys().find(|name| !["format", "effort"].contains(&name.as_str())) {
        return invalid(format!("output_config.{name}: Extra inputs are not permitted"));
    }
    let effort = match config.get("effort").map(Value::as_str) {
        None => "high",
        Some(Some(effort @ ("low" | "medium" | "high" | "xhigh" | "max"))) => effort,
        Some(_) => return invalid("output_config.effort: must be low, medium, high, xhigh or max"),
    };
    let Some(format) = config.get("format") else { return Ok((effort.to_owned(), None)) };
    if format["type"] != "json_schema" {
        return invalid("output_config.format.type: must be json_schema");
    }
    let Some(schema @ Value::Object(_)) = format.get("schema") else {
        return invalid("output_config.format.schema: Field required");
    };
    if !lenient_schema && let Err(fault) = schema_rules::check(schema) {
        return invalid(format!("output_config.format.schema: {fault}"));
    }
    Ok((effort.to_owned(), Some(schema.clone())))
}

/// All text of a request in order, with its cache breakpoints.
struct Prompt<'a> {
    parts: Vec<(Cow<'a, str>, bool)>,
    breakpoints: usize,
    one_hour: bool,
}

impl<'a> Prompt<'a> {
    fn read(body: &'a Map<String, Value>, has_format: bool) -> Result<Self, Refusal> {
        let mut prompt = Self { parts: Vec::new(), breakpoints: 0, one_hour: false };
        if let Some(tools) = body.get("tools") {
            prompt.parts.push((tools.to_string().into(), false));
        }
        match body.get("system") {
            None => {}
            Some(system) => prompt.content("system", system)?,
        }
        let Some(messages) = body.get("messages") else { return invalid("messages: Field required") };
        let Some(messages) = messages.as_array().filter(|messages| !messages.is_empty()) else {
            return invalid("messages: at least one message is required");
        };
        for (index, message) in messages.iter().enumerate() {
            match message["role"].as_str() {
                Some("assistant") if index == 0 => {
                    return invalid("messages: first message must use the \"user\" role");
                }
                Some("user" | "assistant") => {}
                _ => return invalid(format!("messages.{index}.role: must be user or assistant")),
            }
            let Some(content) = message.get("content") else {
                return invalid(format!("messages.{index}.content: Field required"));
            };
            prompt.content(&format!("messages.{index}.content"), content)?;
        }
        if has_format && messages.last().is_some_and(|last| last["role"] == "assistant") {
            return invalid("messages: a prefilled assistant turn is not compatible with output_config.format");
        }
        if let Some(control) = body.get("cache_control") {
            prompt.breakpoint("cache_control", control)?;
            if let Some(last) = prompt.parts.last_mut() {
                last.1 = true;
            }
        }
        if prompt.breakpoints > MOST_BREAKPOINTS {
            let found = prompt.breakpoints;
            return invalid(format!(
                "A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {found}."
            ));
        }
        Ok(prompt)
    }

    fn content(&mut self, at: &str, content: &'a Value) -> Result<(), Refusal> {
        match content {
            Value::String(text) if text.is_empty() => invalid(format!("{at}: text content must be non-empty")),
            Value::String(text) => {
                self.parts.push((text.into(), false));
                Ok(())
            }
            Value::Array(blocks) if !blocks.is_empty() => {
                blocks.iter().enumerate().try_for_each(|(index, block)| self.block(&format!("{at}.{index}"), block))
            }
            _ => invalid(format!("{at}: Input should be a string or a list of content blocks")),
        }
    }

    fn block(&mut self, at: &str, block: &'a Value) -> Result<(), Refusal> {
        let text = match block["type"].as_str() {
            Some("text") => match block["text"].as_str() {
                Some(text) if !text.is_empty() => text,
                _ => return invalid(format!("{at}.text: text content blocks must be non-empty")),
            },
            // A repair turn may hand the model its own earlier thinking.
            Some("thinking" | "redacted_thinking") => "",
            _ => return invalid(format!("{at}.type: this stub reads text blocks only")),
        };
        let control = match block.get("cache_control") {
            None | Some(Value::Null) => false,
            Some(control) => {
                self.breakpoint(&format!("{at}.cache_control"), control)?;
                true
            }
        };
        self.parts.push((text.into(), control));
        Ok(())
    }

    fn breakpoint(&mut self, at: &str, control: &Value) -> Result<(), Refusal> {
        if control["type"] != "ephemeral" {
            return invalid(format!("{at}.type: must be ephemeral"));
        }
        match control.get("ttl").map(Value::as_str) {
            None | Some(Some("5m")) => {}
            Some(Some("1h")) => self.one_hour = true,
            Some(_) => return invalid(format!("{at}.ttl: must be 5m or 1h")),
        }
        self.breakpoints += 1;
        Ok(())
    }

    /// Where the uncached part begins.
    fn split(&self) -> usize {
        self.parts.iter().rposition(|(_, control)| *control).map_or(0, |last| last + 1)
    }

    fn tokens(&self) -> u64 {
        self.parts[self.split()..].iter().map(|(text, _)| tokens(text)).sum()
    }

    fn prefix(&self) -> Option<(u64, u64)> {
        let cached = &self.parts[..self.split()];
        let texts: Vec<&[u8]> = cached.iter().map(|(text, _)| text.as_bytes()).collect();
        (!cached.is_empty()).then(|| (hash(&texts), cached.iter().map(|(text, _)| tokens(text)).sum()))
    }
}

/// Task and facts: the last user turn that holds a JSON object with a `task`.
pub(super) fn turn(body: &Value) -> (String, Value) {
    let mut found = ("unknown".to_owned(), Value::Null);
    for text in user_texts(body) {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { continue };
        let Some(task) = value["task"].as_str().map(str::to_owned) else { continue };
        // A repair turn names the task again and need not repeat the facts.
        let facts = value["facts"].take();
        found = (task, if facts.is_null() { found.1 } else { facts });
    }
    found
}

/// The task alone, without making values of the facts: every call is counted by its task, even one that is refused.
pub(super) fn task(body: &Value) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        task: String,
    }
    let mut named = user_texts(body).into_iter().filter_map(|text| serde_json::from_str::<Named>(text).ok());
    named.next_back().map(|named| named.task)
}

fn user_texts(body: &Value) -> Vec<&str> {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let users = messages.iter().filter(|message| message["role"] == "user");
    users
        .flat_map(|message| match &message["content"] {
            Value::String(text) => vec![text.as_str()],
            Value::Array(blocks) => blocks.iter().filter_map(|block| block["text"].as_str()).collect(),
            _ => Vec::new(),
        })
        .collect()
}
