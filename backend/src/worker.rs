//! Door 2, the queue: claims jobs by lease, keeps them by heartbeat, and decides when to try again.

mod chores;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::app::{App, planted, reports};
use crate::error::{Error, Result};

pub use chores::{chores, relay, send_mails};

/// The signals of a drain: first no new work, then no work at all.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// Claim nothing more.
    pub claiming: CancellationToken,
    /// Give back what is not finished.
    pub working: CancellationToken,
}

/// Jobs that one look at the queue takes at the most; the next look follows at once.
const AT_ONCE: usize = 8;

/// Claims and works until told to stop; what is in hand then is the tracker's.
///
/// `tasks` is the tracker that the composition root hands out: nothing here outlives it.
pub async fn work(app: App, owner: String, stop: Stop, tasks: TaskTracker) {
    let places = Arc::new(Semaphore::new(app.config.worker.concurrency));
    loop {
        let place = tokio::select! {
            // Where both are there, the end comes first.
            biased;
            () = stop.claiming.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let Ok(mut free) = place else { break };
        while free.num_permits() < AT_ONCE
            && let Ok(another) = Arc::clone(&places).try_acquire_owned()
        {
            free.merge(another);
        }
        match claim(&app, &owner, free.num_permits()).await {
            Ok(jobs) if !jobs.is_empty() => {
                for job in jobs {
                    let place = free.split(1);
                    tasks.spawn(attempt(app.clone(), job, stop.clone(), place));
                }
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(error = %error.chain(), "no job could be claimed"),
        }
        drop(free);
        tokio::select! {
            () = app.wakes.next_job() => {}
            () = tokio::time::sleep(app.config.worker.poll) => {}
            () = stop.claiming.cancelled() => break,
        }
    }
}

use crate::app::jobs::{self, Job};

async fn claim(app: &App, owner: &str, most: usize) -> Result<Vec<Job>> {
    // A day that has spent its budget leaves its jobs where they are.
    if let Err(error) = reports::admit_day(app).await {
        tracing::warn!(error = %error.chain(), "no report is begun");
        return Ok(Vec::new());
    }
    jobs::claim(app, owner, u32::try_from(most).unwrap_or(u32::MAX)).await
}

/// One attempt at a job, and the PDF behind it, which keeps nobody from the place.
async fn attempt(app: App, job: Job, stop: Stop, place: Option<OwnedSemaphorePermit>) {
    let attempt = Box::pin(run(&app, &job, &stop)).instrument(span(&job));
    app.counters.during("report_write", attempt).await;
    drop(place);
    // A place is free: there may be more.
    app.wakes.jobs();
    prepare_pdf(&app, &job, &stop).await;
}

/// With its heartbeat beside it.
async fn run(app: &App, job: &Job, stop: &Stop) {
    if planted::forgets(app, job.report_id) {
        return;
    }
    let outcome = if job.exhausted {
        Err(Error::internal("the last attempt died without a word"))
    } else {
        tokio::select! {
            done = reports::write(app, job) => done,
            () = heartbeat(app, job) => Err(Error::conflict("the lease is lost")),
            () = stop.working.cancelled() => {
                reports::count_cost(app, job.report_id).await;
                give_back(app, job).await;
                return;
            }
        }
    };
    let Err(error) = outcome else { return };
    reports::count_cost(app, job.report_id).await;
    if let Err(error) = settle(app, job, &error).await {
        // The lease runs out, and whoever finds the job goes on from its checkpoints.
        tracing::error!(error = %error.chain(), "a failed report could not be put back");
    }
}

/// The buyer has the page already, and whoever asks for the PDF before it is set here sets it. A process that is told to
/// give its work back leaves it to them.
async fn prepare_pdf(app: &App, job: &Job, stop: &Stop) {
    let prepared = tokio::select! {
        done = reports::prepare_pdf(app, job.report_id) => done,
        () = stop.working.cancelled() => return,
    };
    if let Err(error) = prepared {
        tracing::error!(report.id = %job.report_id, error = %error.chain(), "the PDF is left to whoever asks for it");
    }
}

/// Returns when the lease is lost.
async fn heartbeat(app: &App, job: &Job) {
    let mut failed_for = Duration::ZERO;
    let beat = app.config.worker.lease / 3;
    loop {
        tokio::time::sleep(beat).await;
        match jobs::extend(app, job).await {
            Ok(true) => failed_for = Duration::ZERO,
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(error = %error.chain(), "a heartbeat failed");
                failed_for += beat;
                if failed_for >= app.config.worker.lease {
                    return;
                }
            }
        }
    }
}

async fn settle(app: &App, job: &Job, error: &Error) -> Result<()> {
    // Nothing can be asked before the day has a budget again: the report waits, and the attempt does not count.
    if error.kind().is_transient() && reports::admit_day(app).await.is_err() {
        give_back(app, job).await;
        return Ok(());
    }
    match reports::judge(app, job, error) {
        reports::Verdict::Lost => {
            tracing::warn!(error = %error.chain(), "a report is left to whoever has it now");
            Ok(())
        }
        reports::Verdict::Again(wait) => {
            tracing::warn!(error = %error.chain(), attempt = job.attempt, wait_seconds = wait.as_secs(), "a report is tried again");
            reports::postpone(app, job, wait, error).await
        }
        reports::Verdict::GiveUp => {
            tracing::error!(error = %error.chain(), attempt = job.attempt, "a paid report has failed");
            reports::give_up(app, job, error).await
        }
    }
}

async fn give_back(app: &App, job: &Job) {
    match jobs::release(app, job).await {
        Ok(_) => tracing::info!(report.id = %job.report_id, "a report is given back with its checkpoints"),
        Err(error) => tracing::error!(error = %error.chain(), "a report could not be given back"),
    }
}

/// The span of one attempt, in the trace of the payment.
fn span(job: &Job) -> tracing::Span {
    let span = tracing::info_span!("report_write", report.id = %job.report_id, job.attempt = job.attempt);
    jobs::continue_trace(&span, job.traceparent.as_deref());
    span
}
