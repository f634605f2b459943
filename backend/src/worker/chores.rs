//! What the worker does beside its jobs: mails, late payments, retention, and the wake-ups of other replicas.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::{App, jobs, mails, payments, retention};

const MAIL_POLL: Duration = Duration::from_secs(5);
const RECONCILE_EVERY: Duration = Duration::from_mins(1);
const SWEEP_EVERY: Duration = Duration::from_hours(1);
const LISTEN_AGAIN: Duration = Duration::from_secs(5);

/// Sends mails until told to stop; what is in hand is finished first.
pub async fn send_mails(app: App, owner: String, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match mails::send_due(&app, &owner).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(error = %error.chain(), "mails could not be sent"),
        }
        tokio::select! {
            () = app.wakes.next_mail() => {}
            () = tokio::time::sleep(MAIL_POLL) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Asks about late payments every minute and sweeps every hour.
pub async fn chores(app: App, stop: CancellationToken) {
    let mut reconcile = tokio::time::interval(RECONCILE_EVERY);
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = reconcile.tick() => match payments::reconcile(&app, app.now()).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "orders were reconciled"),
                Err(error) => tracing::warn!(error = %error.chain(), "orders could not be reconciled"),
            },
            _ = sweep.tick() => match retention::sweep(&app, app.now()).await {
                Ok(pruned) => tracing::debug!(sessions = pruned.sessions, reports = pruned.reports, "swept"),
                Err(error) => tracing::warn!(error = %error.chain(), "the sweep failed"),
            },
            () = stop.cancelled() => return,
        }
    }
}

/// Passes PostgreSQL's notifications on inside this process; on SQLite there is nobody to hear.
pub async fn relay(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let listening = tokio::select! {
            listening = jobs::listen(&app) => listening,
            () = stop.cancelled() => return,
        };
        match listening {
            Ok(()) => return,
            Err(error) => tracing::warn!(error = %error.chain(), "notifications are interrupted; polling goes on"),
        }
        tokio::select! {
            () = tokio::time::sleep(LISTEN_AGAIN) => {}
            () = stop.cancelled() => {}
        }
    }
}
