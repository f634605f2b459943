//! What the model says, as one message or as a stream of server-sent events.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::errors;
use crate::call::{Piece, Reply, Usage};
use crate::dice::Dice;
use crate::scenario::Fault;
use crate::stub::Turn;

pub(super) struct Speech {
    pub id: String,
    pub model: String,
    pub thinking: Option<&'static str>,
    pub text: String,
    pub stop_reason: &'static str,
    pub usage: Usage,
    pub one_hour: bool,
}

/// About four characters each.
pub fn tokens(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}

impl Speech {
    /// Cuts the text where the tokens end; `forced` cuts it in the middle whatever the limit.
    pub fn within(mut self, max_tokens: u64, forced: bool) -> Self {
        let thought = self.thinking.map_or(0, tokens);
        let room = max_tokens.saturating_sub(thought).saturating_mul(4) as usize;
        let length = self.text.chars().count();
        let room = if forced { room.min(length / 2) } else { room };
        if room < length {
            self.text = self.text.chars().take(room).collect();
            self.stop_reason = "max_tokens";
        }
        self.usage.output = thought + tokens(&self.text);
        self
    }

    pub fn message(self) -> Reply {
        let mut content = Vec::new();
        if let Some(thinking) = self.thinking {
            content.push(json!({"type": "thinking", "thinking": thinking, "signature": SIGNATURE}));
        }
        if !self.text.is_empty() {
            content.push(json!({"type": "text", "text": self.text}));
        }
        let body = self.head(&json!(content), &json!(self.stop_reason), self.usage.output);
        Reply { usage: Some(self.usage), ..Reply::json(200, &body) }
    }

    pub fn stream(self, turn: &Turn) -> Reply {
        let mut line = Line::new(turn);
        line.say("message_start", &json!({"type": "message_start", "message": self.head(&json!([]), &Value::Null, 1)}));
        line.say("ping", &json!({"type": "ping"}));
        let mut index = 0;
        if let Some(thinking) = self.thinking {
            line.open(index, &json!({"type": "thinking", "thinking": "", "signature": ""}));
            for part in split(thinking, 2) {
                line.delta(index, &json!({"type": "thinking_delta", "thinking": part}));
            }
            line.delta(index, &json!({"type": "signature_delta", "signature": SIGNATURE}));
            line.close(index);
            index += 1;
        }
        // The service adds event types over time; a client ignores those it does not know.
        line.say("heartbeat_notice", &json!({"type": "heartbeat_notice", "note": "a type nobody knows"}));
        if !self.text.is_empty() {
            line.open(index, &json!({"type": "text", "text": ""}));
            for part in split(&self.text, turn.scenario.pace.frames) {
                line.delta(index, &json!({"type": "text_delta", "text": part}));
            }
            line.close(index);
        }
        let delta = json!({"stop_reason": self.stop_reason, "stop_sequence": null});
        let usage = self.counts(self.usage.output);
        line.say("message_delta", &json!({"type": "message_delta", "delta": delta, "usage": usage}));
        line.say("message_stop", &json!({"type": "message_stop"}));
        Reply {
            headers: vec![
                ("content-type".to_owned(), "text/event-stream; charset=utf-8".to_owned()),
                ("cache-control".to_owned(), "no-cache".to_owned()),
            ],
            pieces: line.finish(),
            usage: Some(self.usage),
            ..Reply::empty(200)
        }
    }

    /// The message's envelope.
    fn head(&self, content: &Value, stop_reason: &Value, output: u64) -> Value {
        let usage = self.counts(output);
        json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model, "content": content,
            "stop_reason": stop_reason, "stop_sequence": null, "usage": usage,
        })
    }

    fn counts(&self, output: u64) -> Value {
        let usage = self.usage;
        let (five, hour) = if self.one_hour { (0, usage.cache_write) } else { (usage.cache_write, 0) };
        json!({
            "input_tokens": usage.input,
            "cache_creation_input_tokens": usage.cache_write,
            "cache_read_input_tokens": usage.cache_read,
            "cache_creation": {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour},
            "output_tokens": output,
            "service_tier": "standard",
        })
    }
}

const SIGNATURE: &str = "c3R1Yi1zaWduYXR1cmU=";

/// The stream under construction: each event one frame, paced.
struct Line<'a> {
    turn: &'a Turn,
    dice: Dice,
    frames: Vec<Piece>,
}

impl<'a> Line<'a> {
    fn new(turn: &'a Turn) -> Self {
        Self { turn, dice: Dice::new(turn.seed ^ 0xFACE), frames: Vec::new() }
    }

    fn say(&mut self, event: &str, data: &Value) {
        let pace = self.turn.scenario.pace;
        let wait = match self.frames.len() {
            0 => pace.first_ms,
            _ => pace.min_ms + self.dice.throw() % (pace.max_ms - pace.min_ms + 1),
        };
        let bytes = Bytes::from(format!("event: {event}\ndata: {data}\n\n"));
        self.frames.push(Piece { after: Duration::from_millis(wait), bytes });
    }

    fn open(&mut self, index: u64, block: &Value) {
        self.say(
            "content_block_start",
            &json!({"type": "content_block_start", "index": index, "content_block": block}),
        );
    }

    fn delta(&mut self, index: u64, delta: &Value) {
        self.say("content_block_delta", &json!({"type": "content_block_delta", "index": index, "delta": delta}));
        if self.turn.fault == Some(Fault::UnknownEvents) {
            let data = json!({"type": "citation_hint", "index": index, "hint": {"nested": ["deeply", {"and": null}]}});
            self.say("citation_hint", &data);
            let unknown =
                json!({"type": "content_block_delta", "index": index, "delta": {"type": "mood_delta", "mood": "calm"}});
            self.say("content_block_delta", &unknown);
        }
    }

    fn close(&mut self, index: u64) {
        self.say("content_block_stop", &json!({"type": "content_block_stop", "index": index}));
    }

    /// The frames, less or more what the fault of the moment asks for.
    fn finish(mut self) -> Vec<Piece> {
        match self.turn.fault {
            Some(Fault::MissingStop) => {
                self.frames.pop();
            }
            Some(Fault::ErrorEvent) => {
                self.frames.truncate(self.frames.len() / 2);
                let error = errors::body(529, "", "Overloaded", &errors::request_id(self.turn));
                self.say("error", &error);
            }
            _ => {}
        }
        self.frames
    }
}

/// About `count` parts of equal length, split between characters.
fn split(text: &str, count: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(letters.len().div_ceil(count.max(1)).max(1)).map(|part| part.iter().collect()).collect()
}
