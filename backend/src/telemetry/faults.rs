//! Sentry: one event for each error that is logged, with the story of its request before it, its trace and its tags.
//!
//! The stories are kept with the root span of a request or a job, not with the thread: on one thread many requests
//! take turns, and each would tell the others' stories.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use sentry::protocol::{Breadcrumb, Context as Facts, Exception, Frame, Level, Mechanism, Stacktrace, TraceContext};
use sentry::transports::ReqwestHttpTransportOptions;
use sentry::types::Dsn;
use sentry::{ClientInitGuard, ClientOptions, SessionMode, Transport, TransportFactory, TransportOptions};
use serde_json::Value;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::fields::{self, Fields, REQUEST_ID, Said};
use super::scrub::scrub_json;
use super::{lines, panic};
use crate::clients::http::tls;
use crate::config::Config;
use crate::error::{Error, Result};

type Report = sentry::protocol::Event<'static>;

/// As many steps of a story as Sentry shows.
const LONGEST_STORY: usize = 50;

/// For one envelope.
const PATIENCE: Duration = Duration::from_secs(3);

/// Fields that events are searched by.
const TAGS: [&str; 5] = ["request_id", "report.id", "order.id", "session.id", "error.kind"];

/// None without a DSN.
pub(super) fn open(config: &Config) -> Result<Option<ClientInitGuard>> {
    Ok(options(config)?.map(sentry::init))
}

pub(super) fn options(config: &Config) -> Result<Option<ClientOptions>> {
    let Some(dsn) = &config.telemetry.sentry_dsn else { return Ok(None) };
    let dsn: Dsn = dsn
        .expose_secret()
        .parse()
        .map_err(|_| Error::field("SENTRY_DSN", "is not a DSN: https://key@host/project"))?;
    let mut options = ClientOptions::new()
        .release(super::release(config))
        .environment(config.stage.as_str())
        // Traces go to the collector.
        .traces_sample_rate(0.0)
        .send_default_pii(false)
        .attach_stacktrace(false)
        // A request is a session; they are counted here and sent as sums.
        .session_mode(SessionMode::Request)
        .auto_session_tracking(false)
        .transport(Courier)
        .before_send(finish);
    options.dsn = Some(dsn);
    Ok(Some(options))
}

/// Sentry's own client has no time-outs: a host that takes a connection and never answers would hold every event.
struct Courier;

impl TransportFactory for Courier {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let client = tls().ok().and_then(|tls| {
            let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
            client.connect_timeout(PATIENCE).timeout(PATIENCE).build().ok()
        });
        let options = ReqwestHttpTransportOptions::from(options);
        Arc::new(match client {
            Some(client) => options.with_client(client).build(),
            None => options.build(),
        })
    }
}

/// The layer: errors become events, everything else a step of the story.
pub(super) struct Faults;

#[derive(Default)]
struct Story(VecDeque<Breadcrumb>);

impl<S> Layer<S> for Faults
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let said = Said::by(event);
        let root = ctx.event_scope(event).and_then(|scope| scope.from_root().next());
        if *event.metadata().level() > tracing::Level::ERROR {
            let Some(root) = root else { return };
            let mut kept = root.extensions_mut();
            if kept.get_mut::<Story>().is_none() {
                kept.insert(Story::default());
            }
            if let Some(Story(steps)) = kept.get_mut() {
                if steps.len() == LONGEST_STORY {
                    steps.pop_front();
                }
                steps.push_back(step(event, said));
            }
            return;
        }
        let story = root.and_then(|root| root.extensions().get().map(|Story(steps)| Vec::from(steps.clone())));
        let around = fields::around(event, &ctx);
        sentry::capture_event(report(event, said, around, story.unwrap_or_default()));
    }
}

fn step(event: &Event<'_>, said: Said) -> Breadcrumb {
    let is_warning = *event.metadata().level() == tracing::Level::WARN;
    Breadcrumb {
        ty: "log".into(),
        category: Some(event.metadata().target().to_owned()),
        level: if is_warning { Level::Warning } else { Level::Info },
        message: Some(said.message),
        data: said.fields.into_iter().collect(),
        ..Breadcrumb::default()
    }
}

/// Grouped by what was said and by the first words of the error: the rest of its chain differs from case to case.
fn report(event: &Event<'_>, said: Said, around: Fields, story: Vec<Breadcrumb>) -> Report {
    let target = event.metadata().target();
    let Said { message, fields } = said;
    let mut all = around;
    all.extend(fields);
    if let Some(id) = all.remove(REQUEST_ID) {
        all.insert("request_id".into(), id);
    }
    let mut report = Report {
        logger: Some(target.to_owned()),
        level: Level::Error,
        breadcrumbs: story.into(),
        tags: TAGS.iter().filter_map(|name| Some(((*name).to_owned(), plain(all.get(*name)?)))).collect(),
        ..Report::default()
    };
    let exception = if target == panic::TARGET {
        report.level = Level::Fatal;
        Exception {
            ty: "panic".into(),
            value: Some(message),
            stacktrace: all.get("panic.location").and_then(|it| frame(it.as_str()?)),
            mechanism: Some(Mechanism { ty: "panic".into(), handled: Some(false), ..Mechanism::default() }),
            ..Exception::default()
        }
    } else {
        let chain = all.get("error.chain").or_else(|| all.get("error")).map(plain);
        let detail = chain.as_deref().and_then(|chain| chain.split(": ").next()).unwrap_or(&message).to_owned();
        report.fingerprint = vec![message.clone().into(), detail.clone().into()].into();
        report.transaction = Some(message.clone());
        Exception { ty: detail, value: Some(chain.unwrap_or(message)), ..Exception::default() }
    };
    report.exception = vec![exception].into();
    report.contexts.insert("fields".into(), Facts::Other(all.into_iter().collect()));
    report
}

/// The release holds no symbols, so that one place in the source is all that a stack would tell.
fn frame(location: &str) -> Option<Stacktrace> {
    let mut parts = location.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    let frame = Frame {
        filename: Some(file.to_owned()),
        lineno: line.parse().ok(),
        colno: column.parse().ok(),
        in_app: Some(true),
        ..Frame::default()
    };
    Some(Stacktrace { frames: vec![frame], ..Stacktrace::default() })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The last thing that happens to an event, on the thread that reports it: the trace it belongs to, and the scrubbing
/// of everything, whoever put it there. What cannot be scrubbed is not sent.
fn finish(mut report: Report) -> Option<Report> {
    if let Some((trace, span)) = lines::ids() {
        let ids =
            TraceContext { trace_id: trace.parse().ok()?, span_id: span.parse().ok()?, ..TraceContext::default() };
        report.contexts.insert("trace".into(), ids.into());
    }
    report.user = None;
    report.request = None;
    let mut value = serde_json::to_value(&report).ok()?;
    scrub_json(&mut value);
    serde_json::from_value(value).ok()
}
