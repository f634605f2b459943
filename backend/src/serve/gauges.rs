//! What this process tells about itself: figures that are at hand at any moment, and those that a statement must be
//! asked for, taken now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::Result;
use crate::store;
use crate::telemetry::metrics::{Gauge, observe};

/// Oftener than metrics leave, and far from being a load.
const EVERY: Duration = Duration::from_secs(30);

/// The last figures that the database gave, as the bits of a float each.
#[derive(Default)]
struct Figures {
    depth: AtomicU64,
    oldest_wait: AtomicU64,
    pending: AtomicU64,
}

/// Registers the gauges, and keeps the slow ones fresh until told to stop.
pub async fn keep(app: App, stop: CancellationToken) {
    let figures = Arc::new(Figures::default());
    register(&app, &figures);
    loop {
        if let Err(error) = look(&app, &figures).await {
            tracing::warn!(error = %error.chain(), "the queue's figures are not known");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

fn register(app: &App, figures: &Arc<Figures>) {
    let (open, idle) = (app.clone(), app.clone());
    observe(Gauge::PoolOpen, move || open.db.gauges().open.into());
    observe(Gauge::PoolIdle, move || idle.db.gauges().idle.into());
    let slow = |gauge, figure: fn(&Figures) -> &AtomicU64| {
        let figures = Arc::clone(figures);
        observe(gauge, move || f64::from_bits(figure(&figures).load(Ordering::Relaxed)));
    };
    slow(Gauge::QueueDepth, |figures| &figures.depth);
    slow(Gauge::QueueOldestWait, |figures| &figures.oldest_wait);
    slow(Gauge::OutboxPending, |figures| &figures.pending);
}

async fn look(app: &App, figures: &Figures) -> Result<()> {
    let depth = store::jobs::depth(app.db.conn(), app.now()).await?;
    let pending = store::outbox::pending(app.db.conn()).await?;
    let set = |figure: &AtomicU64, value: f64| figure.store(value.to_bits(), Ordering::Relaxed);
    set(&figures.depth, (depth.queued + depth.leased) as f64);
    set(&figures.oldest_wait, depth.oldest_wait.map_or(0.0, |wait| wait.as_secs_f64()));
    set(&figures.pending, pending as f64);
    Ok(())
}
