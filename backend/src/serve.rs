//! The composition root: opens the doors, and closes them in the order that loses nothing. The only spawner.

mod gauges;
pub mod http;
mod page;

use std::time::Duration;

use crb_door::Asked;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::api::Signals;
use crate::app::App;
use crate::config::{Config, Stage};
use crate::domain::ids::words;
use crate::error::{Error, Result};
use crate::worker::{self, Stop};
use crate::{app, telemetry};

words! {
    /// What one process does.
    Role { Api = "api", Worker = "worker" }
}

/// The longest that telemetry may take to leave.
const FLUSH: Duration = Duration::from_secs(5);

/// Serves until the process is told to stop.
pub async fn serve(config: Config, only: Option<Role>) -> Result<()> {
    // Read beside what comes first; who needs them waits for them, and hears why they cannot be read.
    tokio::task::spawn_blocking(|| drop(crate::clients::http::tls()));
    let telemetry = telemetry::start(&config)?;
    let outcome = run(config, only).await;
    if let Err(error) = &outcome {
        tracing::error!(error = %error.chain(), "the process ends with an error");
    }
    telemetry.flush(FLUSH).await;
    outcome
}

async fn run(config: Config, only: Option<Role>) -> Result<()> {
    // Deployed, the schema is brought up before the process starts, by a step of its own.
    if matches!(config.stage, Stage::Development | Stage::Test) {
        app::schema::migrate(&config.database.url).await?;
    }
    let app = App::open(config, clock).await?;
    if matches!(app.config.stage, Stage::Development | Stage::Test) {
        app::schema::seed(&app).await?;
    }
    let signals = Signals::default();
    let stop = Stop::default();
    let tasks = TaskTracker::new();
    let serves_api = only != Some(Role::Worker);

    let page = if serves_api { page::load(&app.config).await? } else { None };
    let bind = app.config.http.bind;
    let listener = match TcpListener::bind(bind).await {
        Ok(listener) => listener,
        Err(error) => return Err(Error::unavailable(format!("cannot listen on {bind}")).caused_by(error)),
    };
    let address = listener.local_addr().map_err(|error| Error::internal("no address").caused_by(error))?;
    tracing::info!(%address, stage = %app.config.stage, version = app.config.version, "listening");

    let http = {
        let (app, signals) = (app.clone(), signals.clone());
        // A worker serves its health alone, but by the same door: probes come to every process.
        tasks.spawn(async move { http::run(&app, page, listener, &signals).await })
    };
    tasks.spawn(gauges::keep(app.clone(), stop.claiming.clone()));
    tasks.spawn(worker::relay(app.clone(), stop.claiming.clone()));
    if only != Some(Role::Api) {
        let owner = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7().simple());
        tasks.spawn(worker::work(app.clone(), owner.clone(), stop.clone(), tasks.clone()));
        tasks.spawn(worker::send_mails(app.clone(), owner, stop.claiming.clone()));
        tasks.spawn(worker::chores(app.clone(), stop.claiming.clone()));
    }

    let mut asked = Asked::new().map_err(|error| Error::internal("signals cannot be heard").caused_by(error))?;
    let http_ended = tokio::select! {
        () = asked.once() => false,
        () = tasks_end(&http) => true,
    };
    if http_ended {
        return Err(Error::internal("the listener ended by itself"));
    }
    tokio::select! {
        () = drain(&app, &signals, &stop, &tasks, serves_api) => {}
        () = asked.once() => tracing::warn!("told to stop a second time: stopping at once"),
    }
    app.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Readiness first, then the lag in which routers forget us, then no new connections; jobs end or are given back.
async fn drain(app: &App, signals: &Signals, stop: &Stop, tasks: &TaskTracker, serves_api: bool) {
    tracing::info!("draining: not ready, no new jobs, everything still served");
    app.drain();
    stop.claiming.cancel();
    signals.draining.cancel();
    if serves_api {
        tokio::time::sleep(app.config.http.shutdown_lag).await;
    }
    tracing::info!("closing: no new connections");
    signals.closing.cancel();
    tasks.close();
    let grace = app.config.worker.grace;
    if tokio::time::timeout(grace, tasks.wait()).await.is_err() {
        tracing::info!("giving unfinished reports back");
        stop.working.cancel();
        // What is left now is quick: rows are updated, or the database is away and the leases run out.
        if tokio::time::timeout(FLUSH, tasks.wait()).await.is_err() {
            tracing::warn!("some work did not end in time");
        }
    }
}

async fn tasks_end<T>(task: &tokio::task::JoinHandle<T>) {
    while !task.is_finished() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The one clock that is handed to `App`.
pub fn clock() -> chrono::DateTime<chrono::Utc> {
    #[expect(clippy::disallowed_methods, reason = "the one clock, handed to App")]
    chrono::Utc::now()
}
