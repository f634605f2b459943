//! Logs, traces, metrics and errors: where they go, through which filter, and how they leave before the process does.
//!
//! Every layer filters for itself, so that a quiet console (`LOG_LEVEL=error`) silences nothing else. Whatever leaves is
//! scrubbed: on the way to the console line by line, to the collector batch by batch, to Sentry event by event.

mod faults;
mod fields;
mod lines;
pub mod metrics;
mod otlp;
mod panic;
mod sampler;
mod scrub;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt as _, dynamic_filter_fn, filter_fn};
use tracing_subscriber::layer::{Context, Filter, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::clients::http::install_tls;
use crate::config::{Config, LogFormat};
use crate::error::{Error, Result};
use otlp::Providers;

/// The longest that anything waits for a collector that does not answer.
const LONGEST_FLUSH: Duration = Duration::from_secs(5);

/// What has to be flushed before the process ends.
#[must_use = "what is not flushed is lost"]
pub struct Telemetry {
    providers: Providers,
    sentry: Option<sentry::ClientInitGuard>,
}

/// Starts everything the configuration names. Once a process, before anything else logs.
pub fn start(config: &Config) -> Result<Telemetry> {
    // The exporters bring HTTP clients of their own.
    install_tls();
    let directives = &config.telemetry.log_level;
    let level = EnvFilter::try_new(directives)
        .map_err(|error| Error::field("LOG_LEVEL", "is neither a level nor a list of directives").caused_by(error))?;
    let providers = otlp::open(config)?;
    let sentry = faults::open(config)?;

    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    opentelemetry::global::set_tracer_provider(providers.tracer.clone());
    if let Some(meter) = &providers.meter {
        opentelemetry::global::set_meter_provider(meter.clone());
        metrics::observe_process();
    }
    let logs = providers.logger.as_ref().map(OpenTelemetryTracingBridge::new);
    Registry::default()
        .with(fields::Keeper.with_filter(our_spans()))
        .with(lines::console(config.telemetry.log_format).with_filter(console_filter(level)))
        .with(traces(&providers))
        .with(logs.map(|bridge| bridge.with_filter(records_filter())))
        .with(sentry.is_some().then(|| faults::Faults.with_filter(faults_filter())))
        .try_init()
        .map_err(|error| Error::internal("telemetry has been started before").caused_by(error))?;
    panic::install(config.telemetry.log_format == LogFormat::Text);
    Ok(Telemetry { providers, sentry })
}

impl Telemetry {
    /// Sends what is left, for no longer than `deadline` or five seconds. After the drain, as the last thing of all.
    pub async fn flush(self, deadline: Duration) {
        let limit = deadline.min(LONGEST_FLUSH);
        // Exporters and their clients block; they may be neither used nor dropped on a thread of the runtime.
        let closing = tokio::task::spawn_blocking(move || self.close(limit));
        let _ = closing.await;
    }

    /// All at once, so that several dead collectors are waited for as long as one; and on threads that are left behind
    /// when the time is up, as Sentry's client would wait for its last request whatever it is told.
    fn close(self, limit: Duration) {
        let Self { providers: Providers { tracer, meter, logger }, sentry } = self;
        let until = Instant::now() + limit;
        let (done, ended) = mpsc::channel::<()>();
        let closers: [Box<dyn FnOnce() -> bool + Send>; 3] = [
            // The last spans are the source of the last figures.
            Box::new(move || {
                let all_left = tracer.shutdown_with_timeout(limit).is_ok();
                meter.is_none_or(|meter| meter.shutdown_with_timeout(limit).is_ok()) && all_left
            }),
            Box::new(move || logger.is_none_or(|logger| logger.shutdown_with_timeout(limit).is_ok())),
            Box::new(move || sentry.is_none_or(|client| client.close(Some(limit)))),
        ];
        for close in closers {
            let done = done.clone();
            std::thread::spawn(move || {
                close();
                drop(done);
            });
        }
        drop(done);
        // Nothing is ever sent: the channel ends when the last of them has.
        let _ = ended.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

/// What the deploy calls this binary, in Sentry's spelling.
fn release(config: &Config) -> String {
    format!("{}@{}+{}", otlp::SERVICE, config.version, config.revision)
}

/// Spans alone: an event in a span leaves as a log record, scrubbed; as a span's event it would leave a second time.
fn traces<S>(providers: &Providers) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(providers.tracer.tracer("crb"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(traced_spans())
}

/// A statement is traced inside a span that is, and nowhere else: what nobody asked for is the queue's idle look, and what
/// an untraced call asks for would be a trace without a head.
///
/// A filter of this layer and not of the whole subscriber: beside filters of layers one of the whole makes every callsite
/// of every crate be asked anew each time.
fn traced_spans<S>() -> impl Filter<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    dynamic_filter_fn(|it, ctx: &Context<'_, S>| is_traced(it) && (is_ours(it) || ctx.lookup_current().is_some()))
        .with_callsite_filter(|it| match (is_traced(it), is_ours(it)) {
            (false, _) => Interest::never(),
            (true, true) => Interest::always(),
            (true, false) => Interest::sometimes(),
        })
        .with_max_level_hint(LevelFilter::INFO)
}

/// What a line or a report of Sentry's is told inside of, traced or not.
fn our_spans<S>() -> impl Filter<S> {
    filter_fn(|it| is_span(it) && is_ours(it)).with_max_level_hint(LevelFilter::INFO)
}

fn is_span(it: &Metadata<'_>) -> bool {
    it.is_span() && *it.level() <= Level::INFO
}

fn is_traced(it: &Metadata<'_>) -> bool {
    is_span(it) && it.target() != "crb_backend::untraced"
}

fn is_ours(it: &Metadata<'_>) -> bool {
    it.target().starts_with("crb_")
}

/// Events as `LOG_LEVEL` says. Spans whatever it says: a line that is written must know whose turn it was.
fn console_filter<S: Subscriber>(level: EnvFilter) -> impl Filter<S> {
    // Without a hint this one would ask for everything, and so every callsite of every crate would stay awake.
    let heard = filter_fn(|it| (it.is_event() || is_ours(it)) && !is_exporters(it));
    level.or(our_spans()).and(heard.with_max_level_hint(LevelFilter::TRACE))
}

fn faults_filter<S>() -> impl Filter<S> {
    let filter = filter_fn(|it| {
        if it.is_event() {
            *it.level() <= Level::INFO && !is_exporters(it) && !is_access(it)
        } else {
            is_span(it) && is_ours(it)
        }
    });
    filter.with_max_level_hint(LevelFilter::INFO)
}

fn records_filter<S>() -> impl Filter<S> {
    let filter = filter_fn(|it| it.is_event() && *it.level() <= Level::INFO && !is_exporters(it) && !is_access(it));
    filter.with_max_level_hint(LevelFilter::INFO)
}

/// The line that a call ends with: its span says the same to the collector, and no story goes on after it.
fn is_access(it: &Metadata<'_>) -> bool {
    it.target() == "crb_backend::access"
}

/// The exporters' talk about themselves: a dead collector would fill every other outlet with it. What matters of it is
/// said by `otlp`, once when a collector goes and once when it is back; a full queue is said by the exporters alone.
fn is_exporters(it: &Metadata<'_>) -> bool {
    it.target().starts_with("opentelemetry") && !it.name().contains("Drop")
}

#[cfg(test)]
mod tests;
