//! A sink for telemetry: OTLP over HTTP and Sentry's envelopes are read to the end, counted and dropped.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};

use crate::call::Reply;

/// What a request carries, by its path alone: nothing is ever parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    Traces,
    Metrics,
    Logs,
    Envelopes,
}

impl Signal {
    const ALL: [Self; 4] = [Self::Traces, Self::Metrics, Self::Logs, Self::Envelopes];

    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/v1/traces" => Some(Self::Traces),
            "/v1/metrics" => Some(Self::Metrics),
            "/v1/logs" => Some(Self::Logs),
            _ => {
                let project = path.strip_prefix("/api/")?.strip_suffix("/envelope/")?;
                let is_number = !project.is_empty() && project.bytes().all(|digit| digit.is_ascii_digit());
                is_number.then_some(Self::Envelopes)
            }
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
            Self::Envelopes => "envelopes",
        }
    }
}

/// The counts: two numbers a signal are all that is kept.
#[derive(Debug, Default)]
pub(super) struct Telemetry([Count; Signal::ALL.len()]);

#[derive(Debug, Default)]
struct Count {
    requests: AtomicU64,
    /// As they came over the wire, compressed or not.
    bytes: AtomicU64,
}

impl Telemetry {
    /// Reads the body to its end. A body that breaks off is not counted: nobody may take it for delivered.
    pub(super) async fn take(&self, signal: Signal, method: &Method, mut body: Incoming) -> io::Result<Reply> {
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame.map_err(io::Error::other)?.data_ref().map_or(0, |data| data.len() as u64);
        }
        if method != Method::POST {
            return Ok(Reply::json(405, &json!({"error": format!("{method} is not for telemetry")})));
        }
        let count = &self.0[signal as usize];
        let number = count.requests.fetch_add(1, Ordering::Relaxed) + 1;
        count.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(match signal {
            Signal::Envelopes => Reply::json(200, &json!({"id": format!("{number:032x}")})),
            // An empty message is a whole one: everything was accepted.
            Signal::Traces | Signal::Metrics | Signal::Logs => Reply::whole(200, "application/x-protobuf", ""),
        })
    }

    pub(super) fn counts(&self) -> Value {
        let counts = Signal::ALL.iter().zip(&self.0).map(|(signal, count)| {
            let [requests, bytes] = [&count.requests, &count.bytes].map(|number| number.load(Ordering::Relaxed));
            (signal.name().to_owned(), json!({"requests": requests, "bytes": bytes}))
        });
        counts.collect::<Map<_, _>>().into()
    }

    pub(super) fn forget(&self) {
        for count in &self.0 {
            count.requests.store(0, Ordering::Relaxed);
            count.bytes.store(0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    #[test]
    fn a_path_says_what_it_carries() {
        for (path, signal) in [
            ("/v1/traces", Some(Signal::Traces)),
            ("/v1/metrics", Some(Signal::Metrics)),
            ("/v1/logs", Some(Signal::Logs)),
            ("/api/42/envelope/", Some(Signal::Envelopes)),
            ("/api//envelope/", None),
            ("/api/envelope/", None),
            ("/api/4a/envelope/", None),
            ("/v1/messages", None),
            ("/v1/traces/", None),
        ] {
            assert_eq!(Signal::of(path), signal, "{path}");
        }
    }
}
