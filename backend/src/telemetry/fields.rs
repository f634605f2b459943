//! What a span or an event says, as JSON and scrubbed; what our spans say is kept for every line written inside them.

use std::fmt::Debug;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::scrub::scrub;

pub(super) type Fields = Map<String, Value>;

/// The span's field; callers know it as `request_id` from the header and the problem, and so do lines and Sentry.
pub(super) const REQUEST_ID: &str = "request.id";

/// An event, read.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) message: String,
    pub(super) fields: Fields,
}

impl Said {
    pub(super) fn by(event: &Event<'_>) -> Self {
        let mut kept = Kept::default();
        event.record(&mut kept);
        let mut said = Self::default();
        for (name, value) in kept.0 {
            match value {
                Value::String(text) if name == "message" => said.message = scrub(&text).into_owned(),
                value => drop(said.fields.insert(name.to_owned(), clean(value))),
            }
        }
        said
    }
}

fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(scrub(&text).into_owned()),
        other => other,
    }
}

/// What is said, as it was said: it is scrubbed when it is written, and most of it never is.
#[derive(Debug, Default)]
struct Kept(Vec<(&'static str, Value)>);

impl Kept {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(name, _)| *name == field.name()) {
            Some((_, kept)) => *kept = value,
            None => self.0.push((field.name(), value)),
        }
    }

    fn text(&mut self, field: &Field, text: &str) {
        self.put(field, text);
    }
}

impl Visit for Kept {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut chain = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            chain.push_str(": ");
            chain.push_str(&error.to_string());
            cause = error.source();
        }
        self.text(field, &chain);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, &format!("{value:?}"));
    }
}

/// Keeps what our own spans say. Those of the database would only repeat its statements on every line.
pub(super) struct Keeper;

impl<S> Layer<S> for Keeper
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let is_ours = attributes.metadata().target().starts_with("crb_");
        if let Some(span) = ctx.span(id).filter(|_| is_ours) {
            let mut kept = Kept::default();
            attributes.record(&mut kept);
            span.extensions_mut().insert(kept);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(id) else { return };
        // Read before the lock is taken: a value's own formatting may log, or panic.
        let mut new = Kept::default();
        values.record(&mut new);
        if let Some(Kept(fields)) = span.extensions_mut().get_mut() {
            fields.retain(|(name, _)| new.0.iter().all(|(other, _)| other != name));
            fields.extend(new.0);
        }
    }
}

/// What the spans around an event say, the inner over the outer. What is meant for the trace layer alone is left out.
pub(super) fn around<S>(event: &Event<'_>, ctx: &Context<'_, S>) -> Fields
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let mut all = Fields::new();
    for span in ctx.event_scope(event).into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
        if let Some(Kept(fields)) = span.extensions().get() {
            let plain = fields.iter().filter(|(name, _)| !name.starts_with("otel."));
            all.extend(plain.map(|(name, value)| ((*name).to_owned(), clean(value.clone()))));
        }
    }
    all
}
