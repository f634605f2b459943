//! One attempt: send the request and read the stream to its end, remembering what was seen should it break.

use bytes::Bytes;
use eventsource_stream::{EventStreamError, Eventsource};
use futures_util::StreamExt;
use reqwest::{RequestBuilder, Response};
use tokio::time::Instant;

use super::fault::Fault;
use super::wire::{END, EVENTS, Event, Piece};
use super::{Attempt, Progress, Usage};
use crate::domain::ids::CallOutcome;

/// A whole stream; our answers have some 40 KB.
const STREAM_LIMIT: usize = 8 * 1024 * 1024;
/// The body of a refusal.
const REFUSAL_LIMIT: usize = 64 * 1024;

/// What an attempt brought so far. It outlives a broken or cut stream, because tokens are paid all the same.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) text: String,
    pub(super) stop_reason: Option<String>,
    pub(super) request_id: Option<String>,
    usage: Usage,
    first_content: Option<Instant>,
    characters: usize,
}

impl Seen {
    pub(super) fn attempt(&self, attempt: u32, outcome: CallOutcome, began: Instant) -> Attempt {
        Attempt {
            attempt,
            outcome,
            usage: self.usage,
            latency_ms: began.elapsed().as_millis() as u64,
            ttft_ms: self.first_content.map(|first| first.duration_since(began).as_millis() as u64),
            stop_reason: self.stop_reason.clone(),
            provider_request_id: self.request_id.clone(),
        }
    }

    fn add(&mut self, piece: Piece, on_progress: &mut impl FnMut(Progress)) {
        self.first_content.get_or_insert_with(Instant::now);
        match piece {
            Piece::Other => on_progress(Progress::Thinking),
            Piece::Text { text } => {
                self.characters += text.chars().count();
                self.text.push_str(&text);
                on_progress(Progress::Writing { characters: self.characters });
            }
        }
    }
}

pub(super) async fn read(
    request: RequestBuilder,
    number: u32,
    seen: &mut Seen,
    on_progress: &mut (impl FnMut(Progress) + Send),
) -> Result<(), Fault> {
    let response = request.send().await.map_err(Fault::transport)?;
    seen.request_id = request_id(&response);
    if !response.status().is_success() {
        return Err(refusal(response, seen.request_id.as_deref()).await);
    }
    let mut received = 0;
    let chunks = response.bytes_stream().map(move |chunk| {
        let chunk: Bytes = chunk.map_err(Fault::transport)?;
        received += chunk.len();
        if received > STREAM_LIMIT { Err(Fault::broken("Claude's stream has no end")) } else { Ok(chunk) }
    });
    let mut events = std::pin::pin!(chunks.eventsource());
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| match error {
            EventStreamError::Transport(fault) => fault,
            EventStreamError::Utf8(_) | EventStreamError::Parser(_) => {
                Fault::broken("Claude's stream cannot be understood")
            }
        })?;
        if event.event == END {
            return Ok(());
        }
        if !EVENTS.contains(&event.event.as_str()) {
            continue;
        }
        let event = serde_json::from_str(&event.data)
            .map_err(|_| Fault::broken("Claude's stream cannot be understood").because(event.event))?;
        match event {
            Event::MessageStart { message } => {
                message.usage.update(&mut seen.usage);
                on_progress(Progress::Began { attempt: number });
            }
            Event::ContentBlockStart { content_block: piece } | Event::ContentBlockDelta { delta: piece } => {
                seen.add(piece, on_progress);
            }
            Event::MessageDelta { delta, usage } => {
                usage.update(&mut seen.usage);
                seen.stop_reason = delta.stop_reason.or(seen.stop_reason.take()).map(known);
            }
            Event::Error { error } => return Err(Fault::event(&error, seen.request_id.as_deref())),
        }
    }
    Err(Fault::broken("Claude's stream ended before the answer did"))
}

/// Stop reasons go into rows and spans, so they stay a closed set.
fn known(reason: String) -> String {
    const REASONS: [&str; 7] = [
        "end_turn",
        "max_tokens",
        "stop_sequence",
        "tool_use",
        "pause_turn",
        "refusal",
        "model_context_window_exceeded",
    ];
    if REASONS.contains(&reason.as_str()) { reason } else { "unknown".to_owned() }
}

fn request_id(response: &Response) -> Option<String> {
    let id = response.headers().get("request-id")?.to_str().ok()?;
    Some(id.chars().take(128).collect())
}

async fn refusal(mut response: Response, request_id: Option<&str>) -> Fault {
    let mut body = Vec::new();
    // The status alone says enough when the rest does not come.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > REFUSAL_LIMIT {
            break;
        }
    }
    Fault::status(response.status(), response.headers(), &body, request_id)
}
