//! The exporters, with a scrubber before each: on the batch's own thread, so that no request pays for it. They also
//! say when a collector goes and when it is back, once each, and count what was lost in between.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::trace::Status;
use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::measured::Instruments;
use crate::telemetry::scrub::scrub;

#[derive(Debug)]
pub(super) struct Spans<E> {
    exporter: E,
    instruments: Option<Instruments>,
    line: Line,
}

impl<E> Spans<E> {
    pub(super) fn new(exporter: E, instruments: Option<Instruments>) -> Self {
        Self { exporter, instruments, line: Line::new("traces") }
    }
}

impl<E: SpanExporter> SpanExporter for Spans<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(clean_span);
        if let Some(instruments) = &self.instruments {
            for span in &batch {
                instruments.measure(span);
            }
        }
        let count = batch.len();
        self.line.note(count, self.exporter.export(batch).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

fn clean_span(span: &mut SpanData) {
    clean_text(&mut span.name);
    span.attributes.iter_mut().for_each(clean_attribute);
    span.attributes.iter_mut().filter(|it| is_count(it.key.as_str())).for_each(count);
    for event in &mut span.events.events {
        event.attributes.iter_mut().for_each(clean_attribute);
    }
    if let Status::Error { description } = &mut span.status {
        clean_text(description);
    }
}

/// The trace layer knows signed numbers alone and writes unsigned ones as text; these are numbers to those who read.
fn is_count(key: &str) -> bool {
    key.starts_with("gen_ai.usage.")
        || ["http.response.status_code", "gen_ai.request.max_tokens", "crb.claude.attempts", "job.attempt"]
            .contains(&key)
}

fn count(attribute: &mut KeyValue) {
    if let Value::String(text) = &attribute.value
        && let Ok(number) = text.as_str().parse::<i64>()
    {
        attribute.value = number.into();
    }
}

fn clean_text(text: &mut Cow<'static, str>) {
    if let Cow::Owned(clean) = scrub(text) {
        *text = Cow::Owned(clean);
    }
}

fn clean_attribute(attribute: &mut KeyValue) {
    match &mut attribute.value {
        Value::String(text) => clean_string(text),
        Value::Array(Array::String(texts)) => texts.iter_mut().for_each(clean_string),
        _ => {}
    }
}

fn clean_string(text: &mut StringValue) {
    if let Cow::Owned(clean) = scrub(text.as_str()) {
        *text = clean.into();
    }
}

#[derive(Debug)]
pub(super) struct Logs<E> {
    exporter: E,
    /// Gives out empty records, and is used for nothing else.
    blank: SdkLogger,
    line: Line,
}

impl<E> Logs<E> {
    pub(super) fn new(exporter: E) -> Self {
        let blank = SdkLoggerProvider::builder().build().logger("");
        Self { exporter, blank, line: Line::new("logs") }
    }
}

impl<E: LogExporter> LogExporter for Logs<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let clean: Vec<_> =
            batch.iter().map(|(record, scope)| (clean_record(record, self.blank.create_log_record()), scope)).collect();
        let pairs: Vec<_> = clean.iter().map(|(record, scope)| (record, *scope)).collect();
        self.line.note(pairs.len(), self.exporter.export(LogBatch::new(&pairs)).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// A record's attributes cannot be changed, so that it is written down anew.
fn clean_record(record: &SdkLogRecord, mut clean: SdkLogRecord) -> SdkLogRecord {
    if let Some(name) = record.event_name() {
        clean.set_event_name(name);
    }
    if let Some(target) = record.target() {
        clean.set_target(target.clone());
    }
    if let Some(time) = record.timestamp() {
        clean.set_timestamp(time);
    }
    if let Some(time) = record.observed_timestamp() {
        clean.set_observed_timestamp(time);
    }
    if let Some(text) = record.severity_text() {
        clean.set_severity_text(text);
    }
    if let Some(number) = record.severity_number() {
        clean.set_severity_number(number);
    }
    if let Some(ids) = record.trace_context() {
        clean.set_trace_context(ids.trace_id, ids.span_id, ids.trace_flags);
    }
    if let Some(body) = record.body() {
        clean.set_body(clean_value(body));
    }
    for (key, value) in record.attributes_iter() {
        clean.add_attribute(key.clone(), clean_value(value));
    }
    clean
}

fn clean_value(value: &AnyValue) -> AnyValue {
    match value {
        AnyValue::String(text) => {
            let mut text = text.clone();
            clean_string(&mut text);
            AnyValue::String(text)
        }
        AnyValue::ListAny(items) => AnyValue::ListAny(Box::new(items.iter().map(clean_value).collect())),
        AnyValue::Map(fields) => {
            AnyValue::Map(Box::new(fields.iter().map(|(key, value)| (key.clone(), clean_value(value))).collect()))
        }
        // Nothing of ours logs bytes, and nobody could say what is in them.
        AnyValue::Bytes(_) => AnyValue::String("[bytes]".into()),
        other => other.clone(),
    }
}

/// The line to the collector.
#[derive(Debug)]
struct Line {
    signal: &'static str,
    /// Since it broke; 0 while it holds.
    lost: AtomicU64,
}

impl Line {
    const fn new(signal: &'static str) -> Self {
        Self { signal, lost: AtomicU64::new(0) }
    }

    fn note(&self, count: usize, outcome: OTelSdkResult) -> OTelSdkResult {
        let signal = self.signal;
        match &outcome {
            Ok(()) => match self.lost.swap(0, Ordering::Relaxed) {
                0 => {}
                lost => tracing::info!(signal, lost, "the collector is back"),
            },
            Err(error) => {
                opentelemetry::global::meter("crb")
                    .u64_counter("crb.telemetry.lost")
                    .with_description("Spans and log records that no collector took")
                    .build()
                    .add(count as u64, &[KeyValue::new("signal", signal)]);
                if self.lost.fetch_add(count as u64, Ordering::Relaxed) == 0 {
                    tracing::warn!(signal, error = %error, "the collector is away: telemetry is lost, nothing else");
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
