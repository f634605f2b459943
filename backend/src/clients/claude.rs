//! Claude: one question, one streamed answer that fits a JSON schema, with bounded retries and every attempt on record.

mod fault;
mod stream;
mod wire;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};
use url::Url;

use self::fault::{Again, Fault};
use self::stream::Seen;
use super::http::{self, Timeouts};
use crate::domain::ids::{CallOutcome, words};
use crate::error::{Error, Result};

pub use super::http::Backoff;

words! {
    /// How long the model may think.
    Effort { Low = "low", Medium = "medium", High = "high", Max = "max" }
}

/// The door to Claude. Cheap to clone; the clones share the connections, the global limit of streams and the hold
/// that a rate limit puts on all of them.
#[derive(Debug, Clone)]
pub struct Claude {
    client: reqwest::Client,
    endpoint: Url,
    call_timeout: Duration,
    streams: Arc<Semaphore>,
    backoff: Backoff,
    /// No call starts before: a rate limit that one call met holds for all.
    hold: Arc<Mutex<Instant>>,
}

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
    pub schema: &'a Value,
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

    fn add(&mut self, other: Self) {
        self.input += other.input;
        self.cache_write += other.cache_write;
        self.cache_read += other.cache_read;
        self.output += other.output;
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

impl Claude {
    /// An error when no key is configured: the offline writer is the caller's choice.
    pub fn new(config: &crate::config::Claude) -> Result<Self> {
        let key = config.api_key.as_ref().ok_or_else(|| Error::internal("no key for Claude is configured"))?;
        debug_assert_eq!(
            key.expose_secret().starts_with("sk-ant-api"),
            config.base_url.host_str().is_some_and(|host| host == "anthropic.com" || host.ends_with(".anthropic.com")),
            "a real key goes to Anthropic alone, and a stub's key never does"
        );
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", http::secret_header("", key)?);
        headers.insert("anthropic-version", HeaderValue::from_static(wire::VERSION));
        // No total: the deadline of each call is its own, and cuts it from outside.
        let timeouts = Timeouts { connect: config.connect_timeout, read: config.idle_timeout, total: None };
        Ok(Self {
            client: http::build(http::builder(timeouts)?.default_headers(headers))?,
            endpoint: http::endpoint(&config.base_url, &["v1", "messages"])?,
            call_timeout: config.call_timeout,
            streams: Arc::new(Semaphore::new(config.max_streams)),
            backoff: Backoff { tries: 3, base: config.backoff },
            hold: Arc::new(Mutex::new(Instant::now())),
        })
    }

    /// With other waits than three tries over 1, 2 and 4 seconds: for tests.
    #[must_use]
    pub fn with_backoff(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }

    /// Asks, streams, retries what may be retried, and never outlives the deadline.
    pub async fn ask(
        &self,
        ask: Ask<'_>,
        mut on_progress: impl FnMut(Progress) + Send,
    ) -> Result<Answer, Box<Failure>> {
        let span = info_span!(
            "chat",
            otel.name = format!("chat {}", ask.model),
            otel.kind = "client",
            otel.status_code = Empty,
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "anthropic",
            gen_ai.request.model = ask.model,
            gen_ai.request.max_tokens = ask.max_tokens,
            gen_ai.response.finish_reasons = Empty,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            gen_ai.usage.cache_read.input_tokens = Empty,
            gen_ai.usage.cache_creation.input_tokens = Empty,
            server.address = self.endpoint.host_str(),
            crb.claude.task = ask.task,
            crb.claude.attempts = Empty,
            crb.claude.request_id = Empty,
            "error.type" = Empty,
        );
        let answer = self.call(&ask, &mut on_progress).instrument(span.clone()).await;
        describe(&span, &answer);
        answer
    }

    /// Attempts until one succeeds, cannot be repeated, or would end too late.
    async fn call(
        &self,
        ask: &Ask<'_>,
        on_progress: &mut (impl FnMut(Progress) + Send),
    ) -> Result<Answer, Box<Failure>> {
        let started = Instant::now();
        let body = Bytes::from(wire::request(ask).to_string());
        let mut attempts: Vec<Attempt> = Vec::new();
        loop {
            let number = attempts.len() as u32 + 1;
            let (fault, seen) = match self.enter(ask.deadline).await {
                Err(fault) => (fault, None),
                Ok(permit) => {
                    let began = Instant::now();
                    let mut seen = Seen::default();
                    let result = self.attempt(ask, body.clone(), number, &mut seen, on_progress).await;
                    drop(permit);
                    let outcome = result.as_ref().map_or_else(|fault| fault.outcome, |_| CallOutcome::Ok);
                    attempts.push(seen.attempt(number, outcome, began));
                    match result {
                        Ok(value) => return Ok(answer(value, seen, attempts, started)),
                        Err(fault) => (fault, Some(seen)),
                    }
                }
            };
            let wait = self.backoff.wait(number, fault.asked_wait);
            if let Some(asked) = fault.asked_wait {
                self.hold_all(asked);
            }
            let again = fault.again == Again::Now && seen.is_some() && number < self.backoff.tries;
            if !again || Instant::now() + wait >= ask.deadline {
                return Err(failure(fault, seen, attempts, started));
            }
            tracing::info!(
                attempt = number,
                outcome = %fault.outcome,
                wait_ms = wait.as_millis() as u64,
                cause = fault.error.chain(),
                "Claude is asked again"
            );
            on_progress(Progress::Waiting { attempt: number, wait });
            sleep(wait).await;
        }
    }

    /// One request and its whole stream, within the call's own time and the deadline.
    async fn attempt(
        &self,
        ask: &Ask<'_>,
        body: Bytes,
        number: u32,
        seen: &mut Seen,
        on_progress: &mut (impl FnMut(Progress) + Send),
    ) -> Result<Value, Fault> {
        let limit = ask.deadline.min(Instant::now() + self.call_timeout);
        let request = self.client.post(self.endpoint.clone()).header("content-type", "application/json").body(body);
        timeout_at(limit, stream::read(request, number, seen, on_progress))
            .await
            .unwrap_or_else(|_| Err(Fault::timeout("Claude did not finish in time")))?;
        match seen.stop_reason.as_deref() {
            Some("end_turn") => serde_json::from_str(&seen.text).map_err(|error| {
                // Where, not what: the words of an answer do not belong into a log.
                Fault::invalid(
                    "Claude's answer is not JSON",
                    format!("line {}, column {}", error.line(), error.column()),
                )
            }),
            reason => Err(Fault::invalid("Claude stopped before the end", reason.unwrap_or("no reason").to_owned())),
        }
    }

    /// Waits until calls may be made and a stream is free.
    async fn enter(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Fault> {
        let late = || Fault::timeout("there was no time left to ask Claude");
        let permit = timeout_at(deadline, Arc::clone(&self.streams).acquire_owned()).await.map_err(|_| late())?;
        let hold = *self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        if hold >= deadline {
            return Err(Fault::held(hold.saturating_duration_since(Instant::now())));
        }
        sleep_until(hold).await;
        if Instant::now() >= deadline {
            return Err(late());
        }
        permit.map_err(|error| Fault::timeout("Claude is not asked any more").because(error))
    }

    fn hold_all(&self, asked: Duration) {
        // Longer wishes are for the one who was asked; a whole process is not stopped by one reply.
        let asked = asked.min(Duration::from_mins(1));
        let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        *hold = (*hold).max(Instant::now() + asked);
    }
}

fn answer(value: Value, seen: Seen, attempts: Vec<Attempt>, started: Instant) -> Answer {
    Answer {
        value,
        usage: total(&attempts),
        ttft_ms: attempts.last().and_then(|attempt| attempt.ttft_ms),
        text: seen.text,
        stop_reason: seen.stop_reason.unwrap_or_default(),
        request_id: seen.request_id,
        latency_ms: started.elapsed().as_millis() as u64,
        attempts,
    }
}

fn failure(fault: Fault, seen: Option<Seen>, attempts: Vec<Attempt>, started: Instant) -> Box<Failure> {
    let error = match fault.asked_wait {
        Some(wait) => fault.error.retry_after(wait),
        None => fault.error,
    };
    Box::new(Failure {
        outcome: fault.outcome,
        error,
        usage: total(&attempts),
        request_id: seen.and_then(|seen| seen.request_id),
        latency_ms: started.elapsed().as_millis() as u64,
        attempts,
        retryable: fault.again != Again::Never,
    })
}

fn total(attempts: &[Attempt]) -> Usage {
    attempts.iter().fold(Usage::default(), |mut sum, attempt| {
        sum.add(attempt.usage);
        sum
    })
}

/// Numbers and closed words alone: no prompt and no answer goes into a span.
fn describe(span: &Span, result: &Result<Answer, Box<Failure>>) {
    let (usage, attempts, request_id) = match result {
        Ok(answer) => (answer.usage, &answer.attempts, &answer.request_id),
        Err(failure) => (failure.usage, &failure.attempts, &failure.request_id),
    };
    span.record("gen_ai.usage.input_tokens", usage.prompt());
    span.record("gen_ai.usage.output_tokens", usage.output);
    span.record("gen_ai.usage.cache_read.input_tokens", usage.cache_read);
    span.record("gen_ai.usage.cache_creation.input_tokens", usage.cache_write);
    span.record("crb.claude.attempts", attempts.len());
    span.record("crb.claude.request_id", request_id.as_deref());
    span.record("gen_ai.response.finish_reasons", attempts.last().and_then(|last| last.stop_reason.as_deref()));
    if let Err(failure) = result {
        span.record("error.type", failure.outcome.as_str());
        span.record("otel.status_code", "ERROR");
    }
}

#[cfg(test)]
mod tests;
