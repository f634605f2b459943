//! The layers together, on a subscriber of the test's own.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use sentry::protocol::{Context, Event, Level};
use sentry::test::TestTransport;
use sentry::{Client, Hub};
use serde_json::Value;
use tracing::{Span, error, info, info_span, warn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Identity;

use super::lines::JsonLines;
use super::*;

const ADDRESS: &str = "jo@praxis.example";
const TOKEN: &str = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE";

/// What the console shows.
#[derive(Clone, Default)]
pub(super) struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("a lock").clone()).expect("text")
    }

    pub(super) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
    }
}

impl Write for Paper {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a lock").write(piece)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Paper {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn config(values: &[(&str, &str)]) -> Config {
    let values: BTreeMap<_, _> = values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Config::from_map(&values).expect("a configuration")
}

/// Runs with the layers of a real start, the console on paper and Sentry's events in hand.
fn watch(level: &str, act: impl FnOnce()) -> (Paper, Vec<Event<'static>>) {
    let config = config(&[("SENTRY_DSN", "https://public@sentry.example/1"), ("APP_VERSION", "1.2.3")]);
    let transport = TestTransport::new();
    let mut options = faults::options(&config).expect("a good DSN").expect("a client");
    options.transport = Some(Arc::new(Arc::clone(&transport)));
    let paper = Paper::default();
    let providers = otlp::open(&config).expect("providers");
    let subscriber = Registry::default()
        .with(fields::Keeper.with_filter(our_spans()))
        .with(JsonLines(paper.clone()).with_filter(console_filter(EnvFilter::new(level))))
        .with(traces(&providers))
        .with(Identity::new().with_filter(records_filter()))
        .with(faults::Faults.with_filter(faults_filter()));
    // What is not asked for is not even looked at: a level that nobody reads costs nothing in any crate.
    assert_eq!(subscriber.max_level_hint(), Some(LevelFilter::INFO), "a layer keeps every callsite awake");
    let hub = Arc::new(Hub::new(Some(Arc::new(Client::from(options))), Arc::default()));
    Hub::run(hub, || tracing::subscriber::with_default(subscriber, act));
    (paper, transport.fetch_and_clear_events())
}

fn request(id: &str) -> Span {
    info_span!("http.request", otel.name = "report_view", otel.kind = "server", request.id = id, http.route = "/x/{id}")
}

#[test]
fn a_line_is_flat_and_knows_its_request_and_its_trace() {
    let (paper, _) = watch("info", || {
        request("edge-0042").in_scope(|| {
            let inner = info_span!("phase", phase = tracing::field::Empty, report.id = "r1");
            inner.record("phase", "findings");
            inner.in_scope(|| info!(count = 3, share = 0.5, done = true, level = "mine", "it goes on"));
        });
    });
    let lines = paper.lines();
    let [line] = lines.as_slice() else { panic!("one line, not {lines:?}") };
    for (name, expected) in [
        ("level", "INFO".into()),
        ("target", "crb_backend::telemetry::tests".into()),
        ("message", "it goes on".into()),
        ("request_id", "edge-0042".into()),
        ("http.route", "/x/{id}".into()),
        ("report.id", "r1".into()),
        ("phase", "findings".into()),
        ("count", Value::from(3)),
        ("share", Value::from(0.5)),
        ("done", Value::from(true)),
    ] {
        assert_eq!(line[name], expected, "{name}");
    }
    assert_eq!(line["trace_id"].as_str().map(str::len), Some(32));
    assert_eq!(line["span_id"].as_str().map(str::len), Some(16));
    assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')));
    assert!(!paper.text().contains("otel."), "{}", paper.text());
    assert_eq!(paper.text().matches("\"level\"").count(), 1, "no name stands twice");
}

#[test]
fn a_quiet_console_still_knows_whose_turn_it_was_and_silences_nothing_else() {
    let (paper, events) = watch("error", || {
        request("edge-0042").in_scope(|| {
            info!("a step");
            error!(error.chain = "it broke: why", "the request failed");
        });
    });
    let lines = paper.lines();
    let [line] = lines.as_slice() else { panic!("one line, not {lines:?}") };
    assert_eq!(line["request_id"], "edge-0042");
    assert!(line["trace_id"].is_string());
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].breadcrumbs.len(), 1, "the step is told, though the console did not show it");
}

#[test]
fn an_error_is_one_event_with_its_trace_its_tags_and_the_story_of_its_own_request() {
    let (paper, events) = watch("info", || {
        let (one, other) = (request("edge-0001"), request("edge-0002"));
        one.in_scope(|| info!(count = 1, "a step"));
        other.in_scope(|| info!("a step of somebody else"));
        one.in_scope(|| warn!("a doubtful step"));
        one.in_scope(|| {
            error!(error.kind = "internal", error.chain = "the report is lost: disk full", "the request failed");
        });
        info!("outside of everything");
    });
    let [event] = events.as_slice() else { panic!("one event, not {}", events.len()) };
    let exception = &event.exception[0];
    assert_eq!(
        (exception.ty.as_str(), exception.value.as_deref()),
        ("the report is lost", Some("the report is lost: disk full"))
    );
    assert_eq!(event.level, Level::Error);
    assert_eq!(event.fingerprint.as_ref(), ["the request failed", "the report is lost"]);
    assert_eq!(event.release.as_deref(), Some("crb-backend@1.2.3+unknown"));
    assert_eq!(event.environment.as_deref(), Some("development"));
    assert_eq!(event.tags["request_id"], "edge-0001");
    assert_eq!(event.tags["error.kind"], "internal");
    let story: Vec<_> = event.breadcrumbs.iter().filter_map(|step| step.message.as_deref()).collect();
    assert_eq!(story, ["a step", "a doubtful step"]);
    let Some(Context::Trace(trace)) = event.contexts.get("trace") else { panic!("no trace") };
    let lines = paper.lines();
    let line = lines.iter().find(|line| line["level"] == "ERROR").expect("the error's line");
    assert_eq!(line["trace_id"], trace.trace_id.to_string());
    assert_eq!(line["span_id"], trace.span_id.to_string());
}

#[test]
fn nothing_personal_stands_in_a_line_or_an_event_wherever_it_was_put() {
    let (paper, events) = watch("info", || {
        info_span!("work", to = ADDRESS).in_scope(|| {
            info!(token = TOKEN, "sent to {ADDRESS}");
            sentry::configure_scope(|scope| {
                scope.set_tag("who", ADDRESS);
                scope.set_extra("what", TOKEN.into());
                scope.set_user(Some(sentry::User { email: Some(ADDRESS.into()), ..sentry::User::default() }));
            });
            sentry::add_breadcrumb(sentry::Breadcrumb { message: Some(ADDRESS.into()), ..Default::default() });
            error!(error.chain = format!("no mail to {ADDRESS}: Bearer {TOKEN}"), "{ADDRESS} is not reached");
        });
    });
    let sent = serde_json::to_string(&events).expect("JSON");
    for (name, text) in [("console", paper.text()), ("Sentry", sent)] {
        assert!(text.contains("[email]") && text.contains("[token]"), "the control of {name}: {text}");
        assert!(!text.contains("praxis"), "{name}: {text}");
        assert!(!text.contains("Zm9vYmFy"), "{name}: {text}");
    }
    assert!(events[0].user.is_none());
}

#[test]
fn a_panic_is_told_once_and_everywhere() {
    let before = std::panic::take_hook();
    panic::install(false);
    let (paper, events) = watch("info", || {
        request("edge-0042").in_scope(|| {
            let caught = std::panic::catch_unwind(|| panic!("no such thing as {ADDRESS}"));
            assert!(caught.is_err());
            warn!("a handler panicked; answered as an internal error");
        });
    });
    std::panic::set_hook(before);
    let [event] = events.as_slice() else { panic!("one event, not {}", events.len()) };
    let exception = &event.exception[0];
    assert_eq!((exception.ty.as_str(), exception.value.as_deref()), ("panic", Some("panic: no such thing as [email]")));
    assert_eq!((event.level, event.tags["request_id"].as_str()), (Level::Fatal, "edge-0042"));
    let frame = &exception.stacktrace.as_ref().expect("a place").frames[0];
    assert!(
        frame.filename.as_deref().is_some_and(|file| file.ends_with("telemetry/tests.rs")) && frame.lineno.is_some()
    );
    let lines = paper.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[0]["level"], &lines[0]["target"]), (&"ERROR".into(), &panic::TARGET.into()));
    assert!(!paper.text().contains("praxis"));
}

#[test]
fn the_exporters_own_talk_is_heard_only_where_something_is_dropped() {
    let (paper, events) = watch("info", || {
        error!(name: "BatchSpanProcessor.ExportError", target: "opentelemetry_sdk", "network error");
        warn!(name: "BatchSpanProcessor.SpanDroppingStarted", target: "opentelemetry_sdk", "full");
    });
    let lines = paper.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["message"], "full");
    assert!(events.is_empty());
}

#[test]
fn what_cannot_be_understood_is_named() {
    for (name, value) in [("SENTRY_DSN", "not a dsn, but a secret"), ("LOG_LEVEL", "crb=loud")] {
        let error = start(&config(&[(name, value)])).err().unwrap_or_else(|| panic!("{name} is accepted"));
        assert_eq!(error.field_errors()[0].field, name);
        assert!(!error.chain().contains("secret"), "{}", error.chain());
    }
}

#[test]
fn an_untraced_call_has_no_trace_nor_have_its_statements_and_it_is_known_all_the_same() {
    let statement = || info_span!(target: "sea_orm::database", "sea_orm.query_one");
    let (paper, events) = watch("info", || {
        statement().in_scope(|| info!("an idle look"));
        request("edge-0001").in_scope(|| statement().in_scope(|| info!("a traced one")));
        info_span!(target: "crb_backend::untraced", "http.request", request.id = "edge-0002").in_scope(|| {
            statement().in_scope(|| info!("an untraced one"));
            error!(error.chain = "it broke: why", "the request failed");
        });
    });
    let lines = paper.lines();
    let told: Vec<_> = lines.iter().map(|line| (line["request_id"].as_str(), line["trace_id"].is_string())).collect();
    assert_eq!(
        told,
        [(None, false), (Some("edge-0001"), true), (Some("edge-0002"), false), (Some("edge-0002"), false)],
        "{lines:?}"
    );
    let [event] = events.as_slice() else { panic!("one event, not {}", events.len()) };
    assert_eq!(event.tags["request_id"], "edge-0002");
    assert_eq!(event.breadcrumbs.len(), 1);
}
