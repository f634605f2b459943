//! One call to Railway's API and the ways it can fail. An answer of status 200 may hold an error, so the body decides.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::clock::Clock;
use crate::http;

/// The first wait between two tries; doubled each time, and drawn from the half to the whole.
const BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(15);
/// A number of seconds that is a date (of 2001 at least) and no wait.
const FIRST_DATE: u64 = 1_000_000_000;
/// Of Railway's own words, as much as helps.
const LONGEST_WORDS: usize = 300;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Railway says no; to ask again would be the same.
    Refused(String),
    /// It never heard us.
    Away(String),
    /// It asks us to come later, and did nothing.
    Later(String, Option<Duration>),
    /// It may have heard us and done it.
    Lost(String),
}

pub(super) struct Caller {
    client: Client,
    endpoint: Url,
    token: SecretString,
    clock: Clock,
    pub(super) patience: Duration,
    /// Until when Railway has nothing left for us.
    closed_until: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Deserialize)]
struct Body {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Told>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: Vec<Value>,
}

impl Caller {
    pub(super) fn new(endpoint: Url, token: SecretString, clock: Clock, patience: Duration) -> Result<Self> {
        let mut value = HeaderValue::from_str(token.expose_secret())
            .ok()
            .context("RAILWAY_TOKEN holds characters that no header can carry")?;
        value.set_sensitive(true);
        let headers = HeaderMap::from_iter([(HeaderName::from_static("project-access-token"), value)]);
        let client = http::client(headers, false)?;
        Ok(Self { client, endpoint, token, clock, patience, closed_until: Mutex::new(None) })
    }

    /// Asks until there is an answer: only for what may be said twice.
    pub(super) async fn ask<T: DeserializeOwned>(&self, query: &str, variables: Value) -> Result<T> {
        let start = self.clock.now();
        let mut tries = 0;
        loop {
            tries += 1;
            match self.ask_once(query, &variables).await {
                Ok(answer) => return Ok(answer),
                Err(failure @ Failure::Refused(_)) => return Err(failure.into()),
                Err(failure) => self.pause(tries, &failure, start).await?,
            }
        }
    }

    /// Asks once.
    pub(super) async fn ask_once<T: DeserializeOwned>(&self, query: &str, variables: &Value) -> Result<T, Failure> {
        self.await_opening().await?;
        let body = json!({"query": query, "variables": variables});
        let sent = self.client.post(self.endpoint.clone()).json(&body).send().await;
        let response = sent.map_err(|error| {
            let why = format!("Railway's API: {}", http::why(&error));
            if error.is_connect() { Failure::Away(why) } else { Failure::Lost(why) }
        })?;
        self.note_limit(response.headers());
        let answer = self.read(response).await?;
        serde_json::from_value(answer).map_err(|error| {
            // Where, not what: serde quotes the value.
            Failure::Refused(format!(
                "Railway's answer has a form that this program does not know ({:?})",
                error.classify()
            ))
        })
    }

    /// Waits before the next try, or fails with what failed when the patience is over.
    pub(super) async fn pause(&self, tries: u32, failure: &Failure, start: DateTime<Utc>) -> Result<(), Failure> {
        let doubled = BACKOFF.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(LONGEST_BACKOFF);
        let drawn = doubled.mul_f64(rand::random_range(0.5..=1.0));
        let asked = match failure {
            Failure::Later(_, asked) => asked.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let wait = asked.max(drawn);
        if self.clock.since(start) + wait > self.patience {
            return Err(failure.clone());
        }
        self.clock.wait(wait).await;
        Ok(())
    }

    /// The data, if there is data and nothing else: an answer with both data and errors is an error.
    async fn read(&self, response: Response) -> Result<Value, Failure> {
        let (status, headers) = (response.status(), response.headers().clone());
        if status == StatusCode::TOO_MANY_REQUESTS {
            let wait = seconds(&headers, &RETRY_AFTER).or_else(|| self.until_reset(&headers));
            return Err(Failure::Later("Railway's API asks us to slow down".to_owned(), wait));
        }
        if status == StatusCode::REQUEST_TIMEOUT || status.is_server_error() {
            return Err(Failure::Lost(format!("Railway's API answered with status {}", status.as_u16())));
        }
        let text = response.bytes().await;
        let text = text.map_err(|error| Failure::Lost(format!("Railway's API: {}", http::why(&error))))?;
        let body: Option<Body> = serde_json::from_slice(&text).ok();
        if let Some(told) = body.as_ref().and_then(|body| body.errors.first()) {
            return Err(self.told(told));
        }
        if !status.is_success() {
            return Err(Failure::Refused(format!("Railway's API answered with status {}", status.as_u16())));
        }
        let data = body.and_then(|body| body.data).filter(|data| !data.is_null());
        data.ok_or_else(|| Failure::Lost("Railway's API answered without data".to_owned()))
    }

    /// An error by Railway's own words: the code beside them is the same for most.
    fn told(&self, told: &Told) -> Failure {
        let place: Vec<String> = told.path.iter().map(|step| step.to_string().trim_matches('"').to_owned()).collect();
        let words: String = told.message.chars().filter(|sign| !sign.is_control()).take(LONGEST_WORDS).collect();
        let words = words.replace(self.token.expose_secret(), "***");
        let text = match place.first() {
            Some(_) => {
                format!("Railway, about {}: {words}", place.join(".")).replace(self.token.expose_secret(), "***")
            }
            None => format!("Railway: {words}"),
        };
        let lower = words.to_lowercase();
        if lower.contains("not authorized") {
            Failure::Refused(format!("{text} (is RAILWAY_TOKEN a project token of this very environment?)"))
        } else if lower.contains("rate limit") || lower.contains("too many requests") {
            Failure::Later(text, None)
        } else if ["problem processing request", "internal server error", "timeout", "timed out"]
            .iter()
            .any(|sign| lower.contains(sign))
        {
            Failure::Lost(text)
        } else {
            Failure::Refused(text)
        }
    }

    fn note_limit(&self, headers: &HeaderMap) {
        let is_used_up = header(headers, "x-ratelimit-remaining") == Some(0);
        let wait = self.until_reset(headers).filter(|_| is_used_up);
        *self.closed_until.lock().unwrap_or_else(PoisonError::into_inner) = wait.map(|wait| self.clock.now() + wait);
    }

    /// The window may end at a date or after so many seconds; both are seen.
    fn until_reset(&self, headers: &HeaderMap) -> Option<Duration> {
        let told = header(headers, "x-ratelimit-reset")?;
        let now = u64::try_from(self.clock.now().timestamp()).ok()?;
        let left = if told < FIRST_DATE { told } else { told.saturating_sub(now) };
        Some(Duration::from_secs(left.min(3600)))
    }

    async fn await_opening(&self) -> Result<(), Failure> {
        let until = *self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(wait) = until.and_then(|until| (until - self.clock.now()).to_std().ok()) else { return Ok(()) };
        if wait > self.patience {
            let why = format!("Railway's API takes nothing more from this token for {} s", wait.as_secs());
            return Err(Failure::Later(why, Some(wait)));
        }
        self.clock.wait(wait).await;
        Ok(())
    }
}

fn seconds(headers: &HeaderMap, name: &HeaderName) -> Option<Duration> {
    Some(Duration::from_secs(header(headers, name.as_str())?))
}

fn header(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) | Self::Away(why) | Self::Later(why, _) | Self::Lost(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}
