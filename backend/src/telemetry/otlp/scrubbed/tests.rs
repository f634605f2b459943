//! What an exporter is given, with and without the scrubber before it.

use std::sync::{Arc, Mutex};

use opentelemetry::trace::{Span as _, SpanKind, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;
use crate::telemetry::lines::JsonLines;
use crate::telemetry::tests::Paper;

const ADDRESS: &str = "jo@praxis.example";

/// Keeps what it is given, as the text that it would send; fails while it is told to.
#[derive(Debug, Clone, Default)]
struct Recorder {
    seen: Arc<Mutex<String>>,
    is_away: Arc<Mutex<bool>>,
}

impl Recorder {
    fn take(&self, what: &str) -> OTelSdkResult {
        if *self.is_away.lock().expect("a lock") {
            return Err(OTelSdkError::InternalFailure("network error".into()));
        }
        self.seen.lock().expect("a lock").push_str(what);
        Ok(())
    }

    fn seen(&self) -> String {
        self.seen.lock().expect("a lock").clone()
    }
}

impl SpanExporter for Recorder {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.take(&format!("{batch:?}"))
    }
}

impl LogExporter for Recorder {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        batch.iter().try_for_each(|(record, _)| self.take(&format!("{record:?}")))
    }
}

fn span_with_an_address_everywhere(provider: &SdkTracerProvider) {
    let text = || format!("for {ADDRESS}");
    let mut span =
        provider.tracer("test").span_builder(text()).with_kind(SpanKind::Client).start(&provider.tracer("test"));
    span.set_attribute(KeyValue::new("plain", "kept"));
    span.set_attribute(KeyValue::new("text", text()));
    span.set_attribute(KeyValue::new("texts", Value::Array(Array::String(vec![text().into()]))));
    span.add_event("exception", vec![KeyValue::new("exception.message", text())]);
    span.set_status(Status::error(text()));
    span.end();
}

#[test]
fn spans_leave_without_addresses() {
    let (raw, clean) = (Recorder::default(), Recorder::default());
    span_with_an_address_everywhere(&SdkTracerProvider::builder().with_simple_exporter(raw.clone()).build());
    span_with_an_address_everywhere(
        &SdkTracerProvider::builder().with_simple_exporter(Spans::new(clean.clone(), None)).build(),
    );
    assert_eq!(raw.seen().matches(ADDRESS).count(), 5, "the control: {}", raw.seen());
    assert!(!clean.seen().contains("praxis"), "{}", clean.seen());
    assert_eq!(clean.seen().matches("for [email]").count(), 5, "{}", clean.seen());
    assert!(clean.seen().contains("kept"));
}

#[test]
fn counts_are_numbers_whoever_wrote_them_as_text() {
    let clean = Recorder::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(Spans::new(clean.clone(), None)).build();
    let mut span = provider.tracer("test").start("chat");
    span.set_attribute(KeyValue::new("gen_ai.usage.input_tokens", "3120"));
    span.set_attribute(KeyValue::new("http.response.status_code", "503"));
    span.set_attribute(KeyValue::new("error.type", "503"));
    span.end();
    for expected in ["I64(3120)", "I64(503)", "String(Static(\"503\"))"] {
        assert_eq!(clean.seen().matches(expected).count(), 1, "{expected} in {}", clean.seen());
    }
}

#[test]
fn log_records_leave_without_addresses_and_are_otherwise_the_same() {
    let log = |provider: &SdkLoggerProvider| {
        let logger = provider.logger("test");
        let mut record = logger.create_log_record();
        record.set_body(format!("sent to {ADDRESS}").into());
        record.set_target("crb_backend::app");
        record.set_severity_text("INFO");
        record.set_severity_number(opentelemetry::logs::Severity::Info);
        record.set_event_name("sent");
        record.add_attribute("count", 3);
        record.add_attribute("to", ADDRESS.to_owned());
        record.add_attribute("all", AnyValue::ListAny(Box::new(vec![ADDRESS.to_owned().into()])));
        record.add_attribute("map", AnyValue::Map(Box::new([("k".into(), ADDRESS.to_owned().into())].into())));
        record.add_attribute("raw", AnyValue::Bytes(Box::new(ADDRESS.into())));
        logger.emit(record);
    };
    let (raw, clean) = (Recorder::default(), Recorder::default());
    log(&SdkLoggerProvider::builder().with_simple_exporter(raw.clone()).build());
    log(&SdkLoggerProvider::builder().with_simple_exporter(Logs::new(clean.clone())).build());
    assert!(raw.seen().matches(ADDRESS).count() >= 4, "the control: {}", raw.seen());
    assert!(!clean.seen().contains("praxis"), "{}", clean.seen());
    let same = |text: &str| {
        let text = text.replace(ADDRESS, "[email]");
        let (start, end) = (text.find("observed_timestamp").unwrap_or(0), text.find("trace_context").unwrap_or(0));
        format!("{}{}", &text[..start], text[end..].split("raw").next().unwrap_or_default())
    };
    assert_eq!(same(&clean.seen()), same(&raw.seen()));
}

#[test]
fn a_collector_that_is_away_is_told_of_once_and_once_when_it_is_back() {
    let (recorder, paper) = (Recorder::default(), Paper::default());
    let provider = SdkTracerProvider::builder().with_simple_exporter(Spans::new(recorder.clone(), None)).build();
    let spans = |count: u32| (0..count).for_each(|_| provider.tracer("test").start("work").end());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(JsonLines(paper.clone())), || {
        spans(2);
        *recorder.is_away.lock().expect("a lock") = true;
        spans(3);
        *recorder.is_away.lock().expect("a lock") = false;
        spans(2);
    });
    let ours: Vec<_> = paper.lines().into_iter().filter(|line| line["signal"] == "traces").collect();
    let [away, back] = ours.as_slice() else { panic!("two lines, not {ours:?}") };
    assert_eq!(away["level"], "WARN");
    assert_eq!((&back["level"], &back["lost"]), (&"INFO".into(), &3.into()));
}
