//! What this process has done since it started: what a load test compares before and after.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::{App, mails};
use crate::counters::{self, Counted};
use crate::error::{Error, Result};
use crate::store;

/// Of this process alone, and since it started; what is left is read from the database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Counters")]
pub struct CountersView {
    /// Who writes: `real` is paid for, `stub` is not, `none` means the built-in rules.
    pub claude: String,
    /// What pays: `live` is money, `test` is Stripe's test mode or a stand-in, `dev` is a page with a Pay button.
    pub payment: String,
    pub statements: u64,
    pub redis_commands: u64,
    /// Requests to the model's API, whatever came of them.
    pub claude_calls: u64,
    /// Bytes that were written to callers.
    pub sent_bytes: u64,
    pub reports_ready: u64,
    pub reports_failed: u64,
    /// Waiting or in work, of all processes.
    pub jobs_left: u64,
    /// Not sent yet, of all processes.
    pub mails_left: u64,
    /// User and system mode, all threads.
    pub cpu_seconds: f64,
    pub resident_bytes: u64,
    pub peak_resident_bytes: u64,
    pub pdfs: u64,
    /// Of the threads that set them.
    pub pdf_cpu_seconds: f64,
    /// By operation id; `report_write` is an attempt at a report.
    pub operations: BTreeMap<String, OperationCounters>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OperationCounters {
    pub requests: u64,
    pub statements: u64,
    pub redis_commands: u64,
    pub claude_calls: u64,
}

pub async fn counters(app: &App) -> Result<CountersView> {
    let depth = store::jobs::depth(app.db.conn(), app.now()).await?;
    let mails_left = u64::try_from(mails::pending(app).await?).unwrap_or(0);
    let asked = app.clone();
    // Waits for a report that is being set.
    let pdf_time = tokio::task::spawn_blocking(move || asked.pdf_time());
    let pdf_time = pdf_time.await.map_err(|error| Error::internal("no time of the PDFs").caused_by(error))?;
    let process = counters::process();
    let count = |work| app.counters.get(work);
    let operations = app.counters.operations().into_iter().map(|(id, sum)| {
        let counters::Operation { requests, statements, redis_commands, claude_calls } = sum;
        (id.to_owned(), OperationCounters { requests, statements, redis_commands, claude_calls })
    });
    Ok(CountersView {
        claude: app.config.claude.peer().into(),
        payment: app.config.payment.mode().into(),
        statements: count(Counted::Statement),
        redis_commands: count(Counted::RedisCommand),
        claude_calls: count(Counted::ClaudeCall),
        sent_bytes: app.counters.sent.load(Ordering::Relaxed),
        reports_ready: count(Counted::ReportReady),
        reports_failed: count(Counted::ReportFailed),
        jobs_left: depth.queued + depth.leased,
        mails_left,
        cpu_seconds: process.cpu_seconds,
        resident_bytes: process.resident_bytes,
        peak_resident_bytes: process.peak_resident_bytes,
        pdfs: count(Counted::Pdf),
        pdf_cpu_seconds: (pdf_time.as_micros() as f64 + count(Counted::PlantedTime) as f64) / 1e6,
        operations: operations.collect(),
    })
}
