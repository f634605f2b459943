//! The span of a call: one over all attempts, with numbers and closed words alone.

use std::collections::BTreeMap;
use std::fmt::Debug;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::*;

type Fields = BTreeMap<String, String>;

/// Writes down every field of every span and event.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<(String, Fields)>>>);

struct Writer<'a>(&'a mut Fields);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Notes {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Writer(&mut fields));
        self.0.lock().expect("notes").push((attributes.metadata().name().to_owned(), fields));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut notes = self.0.lock().expect("notes");
        if let Some((_, fields)) = notes.iter_mut().find(|(name, _)| name == "chat") {
            values.record(&mut Writer(fields));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Writer(&mut fields));
        self.0.lock().expect("notes").push(("event".to_owned(), fields));
    }
}

#[tokio::test]
async fn one_span_covers_all_attempts_and_holds_no_words_of_anybody() {
    // Other tests call without a subscriber, and a span that is met so for the first time is switched off for all:
    // so it is met here first, and two subscribers stand, because a single one is asked only in its own thread.
    overloaded_once().await;
    let notes = Notes::default();
    let _second = tracing::Dispatch::new(Registry::default());
    let _guard = tracing::subscriber::set_default(Registry::default().with(notes.clone()));
    overloaded_once().await;

    let notes = notes.0.lock().expect("notes");
    let chats: Vec<_> = notes.iter().filter(|(name, _)| name == "chat").map(|(_, fields)| fields).collect();
    let [chat] = chats.as_slice() else { panic!("one span, not {}", chats.len()) };
    for (name, value) in [
        ("otel.name", "\"chat claude-sonnet-5-5\""),
        ("otel.kind", "\"client\""),
        ("gen_ai.operation.name", "\"chat\""),
        ("gen_ai.provider.name", "\"anthropic\""),
        ("gen_ai.request.model", "\"claude-sonnet-5-5\""),
        ("gen_ai.request.max_tokens", "6000"),
        ("gen_ai.usage.input_tokens", "3120"),
        ("gen_ai.usage.output_tokens", "42"),
        ("gen_ai.usage.cache_read.input_tokens", "3000"),
        ("gen_ai.usage.cache_creation.input_tokens", "20"),
        ("gen_ai.response.finish_reasons", "\"end_turn\""),
        ("crb.claude.task", "\"findings\""),
        ("crb.claude.attempts", "2"),
    ] {
        assert_eq!(chat.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!chat.contains_key("error.type"));
    let all = format!("{notes:?}");
    assert!(all.contains("Claude is asked again"), "the control: the retry was written down");
    for words in [SECRET, "their answer", "hunter2", "rules"] {
        assert!(!all.contains(words), "{words} in {all}");
    }
}

async fn overloaded_once() {
    let answer = whole(&["{\"title\":\"their answer\"}"], "end_turn");
    let (claude, _server) = serve(vec![refusal(529, "overloaded_error"), sse(answer)]).await;
    ask(&claude).await.expect("an answer");
}
