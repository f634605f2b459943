//! The words of the Messages API: what we send and what its stream says.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ask, Usage};

pub(super) const VERSION: &str = "2026-10-21";

/// The request's body. No temperature, no forced tool, no word on thinking: this version refuses them.
pub(super) fn request(ask: &Ask<'_>) -> Value {
    let system: Vec<Value> = ask
        .system
        .iter()
        .map(|block| {
            let mut value = json!({ "type": "text", "text": block.text });
            if block.cache {
                value["cache_control"] = json!({ "type": "ephemeral", "ttl": "5m" });
            }
            value
        })
        .collect();
    let mut body = json!({
        "model": ask.model,
        "max_tokens": ask.max_tokens,
        "stream": true,
        "messages": [{ "role": "user", "content": [{ "type": "text", "text": ask.user.to_string() }] }],
        "output_config": { "format": { "type": "json_schema", "schema": ask.schema } },
    });
    if !system.is_empty() {
        body["system"] = Value::Array(system);
    }
    if let Some(effort) = ask.effort {
        body["output_config"]["effort"] = json!(effort);
    }
    body
}

/// The events we read. What is not listed is ignored: new ones may come at any time.
pub(super) const EVENTS: [&str; 5] =
    ["message_start", "content_block_start", "content_block_delta", "message_delta", "error"];
pub(super) const END: &str = "message_stop";

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event {
    MessageStart {
        message: Message,
    },
    ContentBlockStart {
        content_block: Piece,
    },
    ContentBlockDelta {
        delta: Piece,
    },
    MessageDelta {
        delta: Stop,
        #[serde(default)]
        usage: WireUsage,
    },
    Error {
        error: ApiError,
    },
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    pub(super) usage: WireUsage,
}

/// A content block or an addition to one.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Piece {
    #[serde(alias = "text_delta")]
    Text { text: String },
    /// Thinking, signatures and whatever comes: not the answer.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(super) struct Stop {
    pub(super) stop_reason: Option<String>,
}

/// Each field counts from the message's beginning; an absent one has not changed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WireUsage {
    #[serde(rename = "input_tokens")]
    input: Option<u64>,
    #[serde(rename = "cache_creation_input_tokens")]
    cache_write: Option<u64>,
    #[serde(rename = "cache_read_input_tokens")]
    cache_read: Option<u64>,
    #[serde(rename = "output_tokens")]
    output: Option<u64>,
}

impl WireUsage {
    pub(super) fn update(&self, usage: &mut Usage) {
        let set = |known: &mut u64, said: Option<u64>| *known = said.unwrap_or(*known);
        set(&mut usage.input, self.input);
        set(&mut usage.cache_write, self.cache_write);
        set(&mut usage.cache_read, self.cache_read);
        set(&mut usage.output, self.output);
    }
}

/// An error in the API's words. Its message is not read: it may quote the request.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ApiError {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) code: Option<String>,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    #[serde(default)]
    error_code: Option<String>,
}

impl ApiError {
    /// From the body of a refusal; whatever does not look like one says nothing.
    pub(super) fn from_body(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Refusal {
            error: ApiError,
        }
        serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error).unwrap_or_default()
    }

    /// The account has no money or may spend none: waiting does not help.
    pub(super) fn is_spend_limit(&self) -> bool {
        let detail = self.details.as_ref().and_then(|details| details.error_code.as_deref());
        [Some(self.kind.as_str()), self.code.as_deref(), detail]
            .into_iter()
            .flatten()
            .any(|code| matches!(code, "enforced_spend_limit_reached" | "contract_spend_limit_reached"))
    }
}
