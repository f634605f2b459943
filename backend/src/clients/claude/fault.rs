//! What went wrong with one attempt, and whether another may follow. Types and codes decide, never prose.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::super::http::asked_wait;
use super::wire::ApiError;
use crate::domain::ids::CallOutcome;
use crate::error::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// In this call.
    Now,
    /// Not in this call, but the work may be tried later.
    Later,
    /// Not before somebody has changed something.
    Never,
}

#[derive(Debug)]
pub(super) struct Fault {
    pub(super) outcome: CallOutcome,
    pub(super) again: Again,
    /// What the API asked us to wait.
    pub(super) asked_wait: Option<Duration>,
    pub(super) error: Error,
}

impl Fault {
    fn new(outcome: CallOutcome, again: Again, error: Error) -> Self {
        Self { outcome, again, asked_wait: None, error }
    }

    pub(super) fn because(self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { error: self.error.caused_by(cause), ..self }
    }

    /// A refusal before the stream began.
    pub(super) fn status(status: StatusCode, headers: &HeaderMap, body: &[u8], request_id: Option<&str>) -> Self {
        let error = ApiError::from_body(body);
        let fault = match status.as_u16() {
            429 if error.is_spend_limit() => Self::spend_limit(),
            429 => Self::rate_limited(),
            529 => Self::overloaded(),
            408 | 504 => Self::timeout("Claude did not answer in time"),
            409 | 500..=599 => Self::broken("Claude failed to answer"),
            401 | 403 => Self::never("Claude refused our key"),
            402 => Self::never("Claude's account cannot pay"),
            413 => Self::never("the question is too large for Claude"),
            _ => Self::never("Claude refused the question"),
        };
        let cause =
            format!("HTTP {}, {}, request {}", status.as_u16(), word(&error.kind), request_id.unwrap_or("unknown"));
        Self { asked_wait: asked_wait(headers).filter(|_| fault.again == Again::Now), ..fault.because(cause) }
    }

    /// An `error` event in the middle of a stream.
    pub(super) fn event(error: &ApiError, request_id: Option<&str>) -> Self {
        let fault = match error.kind.as_str() {
            _ if error.is_spend_limit() => Self::spend_limit(),
            "rate_limit_error" => Self::rate_limited(),
            "overloaded_error" => Self::overloaded(),
            "timeout_error" => Self::timeout("Claude did not finish in time"),
            "invalid_request_error" | "authentication_error" | "permission_error" | "billing_error" => {
                Self::never("Claude refused the question")
            }
            _ => Self::broken("Claude failed while answering"),
        };
        fault.because(format!("{} in the stream, request {}", word(&error.kind), request_id.unwrap_or("unknown")))
    }

    pub(super) fn transport(error: reqwest::Error) -> Self {
        // A time-out while the stream is read counts as a decoding fault as well, so it is asked first.
        let fault = if error.is_timeout() {
            Self::timeout(if error.is_connect() { "Claude could not be reached in time" } else { "Claude fell silent" })
        } else if error.is_connect() {
            Self::new(CallOutcome::Error, Again::Now, Error::unavailable("Claude could not be reached"))
        } else {
            Self::broken("Claude's stream broke")
        };
        fault.because(error.without_url())
    }

    /// A connection or stream that did not do what the API promises.
    pub(super) fn broken(detail: &'static str) -> Self {
        Self::new(CallOutcome::Error, Again::Now, Error::upstream(detail))
    }

    pub(super) fn timeout(detail: &'static str) -> Self {
        Self::new(CallOutcome::Timeout, Again::Now, Error::unavailable(detail))
    }

    /// A whole answer that is none: another question may bring a better one, the same words at once would not.
    pub(super) fn invalid(detail: &'static str, cause: String) -> Self {
        Self::new(CallOutcome::Invalid, Again::Later, Error::upstream(detail).caused_by(cause))
    }

    /// Another call met a rate limit that outlasts this call.
    pub(super) fn held(wait: Duration) -> Self {
        Self { asked_wait: Some(wait), again: Again::Later, ..Self::rate_limited() }
    }

    fn rate_limited() -> Self {
        Self::new(CallOutcome::RateLimited, Again::Now, Error::unavailable("Claude is asking us to slow down"))
    }

    fn overloaded() -> Self {
        Self::new(CallOutcome::Overloaded, Again::Now, Error::unavailable("Claude is overloaded"))
    }

    fn spend_limit() -> Self {
        Self { outcome: CallOutcome::RateLimited, ..Self::never("Claude's account has reached its spend limit") }
    }

    fn never(detail: &'static str) -> Self {
        Self::new(CallOutcome::Error, Again::Never, Error::internal(detail))
    }
}

/// A type as the API names them; anything else could be anything.
fn word(kind: &str) -> &str {
    let is_word = (1..=64).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_word { kind } else { "an unnamed error" }
}
