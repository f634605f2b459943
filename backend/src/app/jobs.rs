//! Jobs: claim, keep, give back. The worker's view of the queue.

use opentelemetry::trace::TraceContextExt as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::App;
use crate::error::Result;
use crate::store::{self, Channel, Wake};

pub use crate::store::jobs::Job;

/// Up to `most` jobs.
pub async fn claim(app: &App, owner: &str, most: u32) -> Result<Vec<Job>> {
    let now = app.now();
    let jobs = store::jobs::claim(app.db.conn(), owner, most, app.config.worker.lease, now).await?;
    for job in &jobs {
        let waited = (now - job.enqueued_at).num_milliseconds().max(0) as f64 / 1000.0;
        opentelemetry::global::meter("crb").f64_histogram("crb.jobs.wait").with_unit("s").build().record(waited, &[]);
    }
    Ok(jobs)
}

/// Heartbeat. False when the lease is no longer ours.
pub async fn extend(app: &App, job: &Job) -> Result<bool> {
    store::jobs::extend(app.db.conn(), job, app.config.worker.lease, app.now()).await
}

/// Gives an unfinished job back at once; the attempt does not count, and its checkpoints stay.
pub async fn release(app: &App, job: &Job) -> Result<bool> {
    let now = app.now();
    let tx = app.db.begin().await?;
    let released = store::jobs::release(tx.conn(), job, now).await?;
    if released {
        store::reports::requeue(tx.conn(), job.report_id, now).await?;
        store::notify(tx.conn(), Channel::Jobs, "").await?;
    }
    tx.commit().await?;
    Ok(released)
}

/// Hears what other replicas say, for as long as the connection holds. Returns at once where there is none to hear.
pub async fn listen(app: &App) -> Result<()> {
    let Some(mut listener) = app.db.listen(Channel::ALL).await? else {
        return Ok(());
    };
    // Nobody heard what was said until now.
    app.pages.forget();
    app.wakes.everyone();
    loop {
        match listener.next().await? {
            Wake::Notified { channel: Channel::Pages, .. } => app.pages.forget(),
            Wake::Notified { channel, payload } => app.wakes.relay(channel, &payload),
            Wake::Reconnected => {
                app.pages.forget();
                app.wakes.everyone();
            }
        }
    }
}

/// Puts a job's span into the trace that asked for it.
pub fn continue_trace(span: &tracing::Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    let carrier = std::collections::HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let parent = opentelemetry::global::get_text_map_propagator(|propagator| propagator.extract(&carrier));
    if parent.span().span_context().is_valid() {
        // Only a span that is closed already can refuse its parent.
        _ = span.set_parent(parent);
    }
}
