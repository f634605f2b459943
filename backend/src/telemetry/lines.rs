//! The console: one JSON object a line for machines, text for people.

use std::io::{self, IsTerminal as _, Write};

use chrono::{SecondsFormat, Utc};
use opentelemetry::Context as OtelContext;
use opentelemetry::trace::TraceContextExt as _;
use serde::Serialize;
use serde_json::Value;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::fields::{self, Fields, REQUEST_ID, Said};
use super::scrub::scrub;
use crate::config::LogFormat;

/// The console's layer, yet without its filter.
pub(super) fn console<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match format {
        LogFormat::Json => JsonLines(io::stdout).boxed(),
        LogFormat::Text => {
            let writer = || Scrubbing(io::stdout());
            tracing_subscriber::fmt::layer().with_ansi(io::stdout().is_terminal()).with_writer(writer).boxed()
        }
    }
}

/// Writes an event with everything the spans around it know, flat.
pub(super) struct JsonLines<W>(pub(super) W);

#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    level: &'a str,
    target: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<String>,
    #[serde(flatten)]
    fields: Fields,
}

/// A field of the same name would stand in the line twice.
const RESERVED: [&str; 7] = ["timestamp", "level", "target", "message", "request_id", "trace_id", "span_id"];

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let said = Said::by(event);
        let mut fields = fields::around(event, &ctx);
        fields.extend(said.fields);
        let request_id = fields.remove(REQUEST_ID);
        for name in RESERVED {
            fields.remove(name);
        }
        let ids = ids();
        let line = Line {
            timestamp: now(),
            level: event.metadata().level().as_str(),
            target: event.metadata().target(),
            message: said.message,
            request_id,
            trace_id: ids.as_ref().map(|(trace, _)| trace.clone()),
            span_id: ids.map(|(_, span)| span),
            fields,
        };
        let Ok(mut bytes) = serde_json::to_vec(&line) else { return };
        bytes.push(b'\n');
        // In one piece, so that two threads' lines do not mix. A console that is gone is nobody's fault here.
        let _ = self.0.make_writer().write_all(&bytes);
    }
}

/// The trace and the span that are active here, in hexadecimal.
pub(super) fn ids() -> Option<(String, String)> {
    OtelContext::map_current(|context| {
        let span = context.span();
        let ids = span.span_context();
        ids.is_valid().then(|| (ids.trace_id().to_string(), ids.span_id().to_string()))
    })
}

fn now() -> String {
    #[expect(clippy::disallowed_methods, reason = "a line says when it was written; no rule depends on it")]
    Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The formatter writes an event in one piece, so that a piece can be scrubbed by itself.
struct Scrubbing<W>(W);

impl<W: Write> Write for Scrubbing<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.write_all(scrub(&String::from_utf8_lossy(piece)).as_bytes())?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
