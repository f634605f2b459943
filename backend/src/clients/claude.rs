//! Claude: one question, one streamed answer that fits a JSON schema, with bounded retries and every attempt on record.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::domain::ids::{CallOutcome, words};
use crate::error::{Error, Result};

words! {
    /// How long the model may think.
    Effort { Low = "low", Medium = "medium", High = "high", Max = "max" }
}

/// The door to Claude. Cheap to clone; the clones share the connections, the global limit of streams and the hold
/// that a rate limit puts on all of them.
#[derive(Debug, Clone)]
pub struct Claude {}

/// One question.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// What it is for, e.g. `findings`: for spans only.
    pub task: &'a str,
    pub model: &'a str,
    pub system: Vec<SystemBlock>,
    /// Sent as one JSON text in the user turn: customers' words stay data.
    pub user: Value,
    /// The JSON schema of the answer.
    pub schema: Value,
    pub max_tokens: u32,
    pub effort: Option<Effort>,
    /// Nothing of this call, no retry and no wait, outlives it.
    pub deadline: Instant,
}

#[derive(Debug, Clone)]
pub struct SystemBlock {
    pub text: String,
    /// Ends a cached prefix (five minutes).
    pub cache: bool,
}

/// What is happening to the call, for whoever watches. The text is unchecked: show counts, never the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The attempt's reply began; what was counted before belongs to an attempt that broke.
    Began {
        attempt: u32,
    },
    Thinking,
    /// Characters of the answer so far.
    Writing {
        characters: usize,
    },
    /// The attempt failed and another follows.
    Waiting {
        attempt: u32,
        wait: Duration,
    },
}

/// Tokens as Claude counts them: `input` is only what was neither read from nor written to the cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    pub input: u64,
    pub cache_write: u64,
    pub cache_read: u64,
    pub output: u64,
}

impl Usage {
    /// All tokens of the prompt.
    pub const fn prompt(&self) -> u64 {
        self.input + self.cache_write + self.cache_read
    }
}

/// One request to the API, whatever came of it: one `llm_calls` row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from 1.
    pub attempt: u32,
    pub outcome: CallOutcome,
    /// What was known to be used when the attempt ended.
    pub usage: Usage,
    pub latency_ms: u64,
    /// Until the first piece of content.
    pub ttft_ms: Option<u64>,
    pub stop_reason: Option<String>,
    pub provider_request_id: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer, parsed; whether it keeps the rules is the domain's to say.
    pub value: Value,
    pub text: String,
    /// All attempts together: what the call cost.
    pub usage: Usage,
    pub stop_reason: String,
    pub request_id: Option<String>,
    /// The whole call, waits included.
    pub latency_ms: u64,
    /// Of the attempt that succeeded.
    pub ttft_ms: Option<u64>,
    pub attempts: Vec<Attempt>,
}

/// A call that brought no answer.
#[derive(Debug)]
pub struct Failure {
    /// Of the last attempt.
    pub outcome: CallOutcome,
    pub error: Error,
    /// All attempts together: a broken call is paid for too.
    pub usage: Usage,
    pub request_id: Option<String>,
    pub latency_ms: u64,
    /// Empty when the deadline passed before the first one could start.
    pub attempts: Vec<Attempt>,
    /// Whether the same question may succeed later; false when the request or the account is at fault.
    pub retryable: bool,
}

/// When to try again: `tries` in all, each wait drawn from zero to `base` doubled with every try.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    pub tries: u32,
    pub base: Duration,
}

impl Claude {
    /// An error when no key is configured: the offline writer is the caller's choice.
    pub fn new(_config: &crate::config::Claude) -> Result<Self> {
        todo!()
    }

    /// With other waits than three tries over 1, 2 and 4 seconds: for tests.
    #[must_use]
    pub fn with_backoff(self, _backoff: Backoff) -> Self {
        todo!()
    }

    /// Asks, streams, retries what may be retried, and never outlives the deadline.
    pub async fn ask(
        &self,
        _ask: Ask<'_>,
        _on_progress: impl FnMut(Progress) + Send,
    ) -> std::result::Result<Answer, Box<Failure>> {
        todo!()
    }
}
