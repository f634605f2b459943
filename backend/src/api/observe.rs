//! What is seen of a call: its span, its place in Sentry, its line in the log and its duration.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crb_door::RequestId;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Histogram;
use opentelemetry::propagation::Extractor;
use poem::http::{HeaderMap, Method, StatusCode};
use sentry::{Hub, SentryFutureExt as _};
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::routes::Route;

/// `http.server.request.duration`. Goes nowhere until telemetry has set a provider.
pub(super) struct Meter(Histogram<f64>);

impl Meter {
    pub(super) fn new() -> Self {
        let boundaries = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let histogram = opentelemetry::global::meter("crb")
            .f64_histogram("http.server.request.duration")
            .with_unit("s")
            .with_description("Duration of HTTP requests, to the headers of the answer")
            .with_boundaries(boundaries)
            .build();
        Self(histogram)
    }
}

/// Which of the many calls that are alike are traced: reads, and the answers of a quiz as they are saved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample(f32);

impl Sample {
    /// From 0 to 1.
    pub(super) const fn of(rate: f32) -> Self {
        Self(rate)
    }

    /// Drawn here, whatever a caller's own trace wishes: a header could otherwise make everything be traced, or nothing.
    fn takes(self, method: &'static str) -> bool {
        matches!(method, "POST" | "PUT" | "DELETE") || self.0 >= 1.0 || rand::random::<f32>() < self.0
    }
}

/// The target of the line that each call writes on the console. Collectors learn the same from the call's span.
const ACCESS: &str = "crb_backend::access";

/// The target of the span of a call that is not traced.
const UNTRACED: &str = "crb_backend::untraced";

/// A call, as it is seen: every word here is from a closed set, so that a metric stays small.
pub(super) struct Call<'a> {
    id: &'a RequestId,
    method: &'static str,
    route: Option<&'a Arc<str>>,
    pub(super) operation: &'static str,
}

impl<'a> Call<'a> {
    pub(super) fn new(id: &'a RequestId, method: &Method, route: Option<&'a Route>) -> Self {
        let operation = route.and_then(|route| route.operation(method)).unwrap_or("unmatched");
        Self { id, method: known(method), route: route.map(|route| &route.template), operation }
    }

    fn is_probe(&self) -> bool {
        self.operation.starts_with("health_")
    }

    /// Named from the start: a name that is recorded later is ignored by the trace layer. A probe gets none, or
    /// probes would be most of what is exported. A call that is not traced has a span all the same, which no trace layer
    /// sees: a line or a report of Sentry's must know whose turn it was.
    pub(super) fn span(&self, headers: &HeaderMap, sample: Sample) -> Span {
        if self.is_probe() {
            return Span::none();
        }
        if !sample.takes(self.method) {
            return tracing::info_span!(
                target: UNTRACED,
                "http.request",
                http.request.method = self.method,
                http.route = self.route.map(|route| &**route),
                request.id = self.id.as_str(),
            );
        }
        let span = tracing::info_span!(
            "http.request",
            otel.name = self.operation,
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = self.method,
            http.route = self.route.map(|route| &**route),
            http.response.status_code = Empty,
            request.id = self.id.as_str(),
        );
        if headers.contains_key("traceparent") {
            let parent = opentelemetry::global::get_text_map_propagator(|reader| reader.extract(&Carrier(headers)));
            // Refused only where no trace layer is installed; then there is no trace to continue either.
            let _ = span.set_parent(parent);
        }
        span
    }

    /// Runs the call in a Sentry scope of its own, where Sentry is on.
    pub(super) async fn with_hub<T>(&self, answer: impl Future<Output = T>) -> T {
        let current = Hub::current();
        if self.is_probe() || current.client().is_none() {
            return answer.await;
        }
        let hub = Arc::new(Hub::new_from_top(current));
        hub.configure_scope(|scope| {
            scope.set_tag("request_id", self.id.as_str());
            scope.set_tag("operation", self.operation);
        });
        hub.start_session();
        let answered = answer.bind_hub(Arc::clone(&hub)).await;
        hub.end_session();
        answered
    }

    pub(super) fn finish(&self, span: &Span, meter: &Meter, status: StatusCode, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        let mut attributes = vec![
            KeyValue::new("http.request.method", self.method),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        if let Some(route) = self.route {
            attributes.push(KeyValue::new("http.route", Arc::clone(route)));
        }
        if status.is_server_error() {
            attributes.push(KeyValue::new("error.type", status.as_u16().to_string()));
            span.record("otel.status_code", "ERROR");
        }
        meter.0.record(seconds, &attributes);
        span.record("http.response.status_code", status.as_u16());
        let duration_ms = (seconds * 1e6).round() / 1e3;
        let _in_span = span.enter();
        if self.is_probe() {
            tracing::debug!(target: ACCESS, operation = self.operation, status = status.as_u16(), duration_ms, "answered");
        } else {
            tracing::info!(target: ACCESS, operation = self.operation, status = status.as_u16(), duration_ms, "answered");
        }
    }
}

fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}

struct Carrier<'a>(&'a HeaderMap);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(poem::http::HeaderName::as_str).collect()
    }
}
