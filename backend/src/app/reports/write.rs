//! Writes a report: phase by phase, each kept, so that whoever takes over goes on where the last one stopped.

use std::sync::Arc;

use opentelemetry::KeyValue;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::super::{App, mails, quizzes};
use super::ledger::Ledger;
use super::phases::{ASSEMBLED, Work, models};
use super::steps::Steps;
use super::{Encoded, link};
use crate::counters::Counted;
use crate::domain::compute::Computed;
use crate::domain::document::{self, Imprint};
use crate::domain::facts::{self, Snapshot};
use crate::domain::ids::{EventKind, MailKind, Phase, ReportId};
use crate::domain::report::ReportDocument;
use crate::domain::tokens::Token;
use crate::error::{Error, Kind, Result};
use crate::store::jobs::Job;
use crate::store::outbox::NewMail;
use crate::store::reports::Finished;
use crate::store::{self, Channel};

/// Goes through the phases. Done when it returns: the report is ready, the mail is in the outbox, the job is finished.
pub async fn write(app: &App, job: &Job) -> Result<()> {
    let deadline = Instant::now() + app.config.claude.report_timeout;
    match tokio::time::timeout_at(deadline, phases(app, job, deadline)).await {
        Ok(done) => done,
        Err(_) => Err(Error::unavailable("the report took longer than it may")),
    }
}

async fn phases(app: &App, job: &Job, deadline: Instant) -> Result<()> {
    let now = app.now();
    if !store::reports::start(app.db.conn(), job.report_id, now).await? {
        // Ready, and only the job's end was lost.
        store::jobs::finish(app.db.conn(), job, now).await?;
        return Ok(());
    }
    let steps = Steps::open(app, job).await?;
    let ledger = Ledger { app, report: job.report_id };
    let snapshot = assemble(app, &steps).await?;
    let places = Arc::new(Semaphore::new(app.config.claude.max_streams_per_report));
    let work = Work { app, steps: &steps, ledger: &ledger, snapshot: &snapshot, places, deadline };
    let findings = work.findings().await?;
    let options = work.options(&findings.value).await?;
    let mut computed = work.compute(findings, options).await?;
    let narrative = work.narrative(&computed).await?;
    computed.warnings.extend(narrative.warnings);
    render(app, job, &steps, &snapshot, computed, &narrative.value).await
}

async fn assemble(app: &App, steps: &Steps<'_>) -> Result<Snapshot> {
    if let Some(kept) = steps.kept(Phase::Assemble)? {
        return Ok(kept);
    }
    let conn = app.db.conn();
    let gone = || Error::internal("the report's quiz is gone");
    let report = store::reports::find(conn, steps.report()).await?.ok_or_else(gone)?;
    let session = store::sessions::find(conn, report.session_id).await?.ok_or_else(gone)?;
    let catalogue = super::catalogue(app).await?;
    let questionnaire = quizzes::questionnaire(app, &session.industry)?;
    let today = app.now().date_naive();
    let snapshot = facts::assemble(questionnaire, &session.answers, &app.knowledge, &catalogue, today)?;
    steps.keep(Phase::Assemble, &snapshot, ASSEMBLED, Vec::new()).await?;
    Ok(snapshot)
}

async fn render(
    app: &App,
    job: &Job,
    steps: &Steps<'_>,
    snapshot: &Snapshot,
    computed: Computed,
    narrative: &crate::domain::check::Narrative,
) -> Result<()> {
    let gone = || Error::internal("the report is gone");
    let report = store::reports::find(app.db.conn(), job.report_id).await?.ok_or_else(gone)?;
    let order = store::orders::find(app.db.conn(), report.order_id).await?.ok_or_else(gone)?;
    let imprint = Imprint {
        report_id: report.id,
        generated_at: app.now(),
        tier: report.tier.clone(),
        writer: app.writer.kind(),
        models: models(app),
        sample: false,
    };
    let document = document::build(snapshot, computed, narrative, imprint);
    let answers = snapshot.answers.iter().map(|answer| answer.id.clone()).collect();
    let faults = document::faults(&document, &answers);
    if !faults.is_empty() {
        return Err(Error::internal("the document breaks its invariants").caused_by(faults.join("; ")));
    }
    let encoded = Encoded::of(&document)?;
    let text = String::from_utf8(encoded.body.to_vec());
    let finished = Finished {
        document: text.map_err(|error| Error::internal("no document").caused_by(error))?,
        document_version: document.schema_version,
        document_etag: encoded.etag,
        document_gzip: super::gzip(&encoded.body).await?,
        kb_version: document.kb_version.clone(),
        prompt_version: document.prompt_version.clone(),
        input_snapshot: serde_json::to_string(snapshot)
            .map_err(|error| Error::internal("no snapshot").caused_by(error))?,
    };
    let now = app.now();
    let told = (EventKind::Ready, json!({"report_id": report.id}));
    let tx = steps.begin(Phase::Render, 100, [told]).await?;
    if !store::reports::finish_ready(tx.conn(), report.id, finished, now).await? {
        return Err(Error::conflict("the report is not running any more"));
    }
    let mail = NewMail {
        kind: MailKind::ReportReady,
        recipient: order.email,
        payload: mails::ready_payload(report.order_id, &document),
        dedupe_key: format!("report_ready:{}", report.id),
        report_id: Some(report.id),
    };
    store::outbox::insert(tx.conn(), &mail, now).await?;
    store::notify(tx.conn(), Channel::Mails, "").await?;
    if !store::jobs::finish(tx.conn(), job, now).await? {
        return Err(Error::conflict("the lease is lost"));
    }
    steps.commit(tx).await?;
    app.wakes.mails();
    app.counters.count(Counted::ReportReady);
    measure(&report, &document, now);
    Ok(())
}

pub(super) fn etag(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..16])
}

fn measure(report: &store::reports::Report, document: &ReportDocument, now: chrono::DateTime<chrono::Utc>) {
    let started = report.started_at.unwrap_or(report.created_at);
    let seconds = (now - started).num_milliseconds() as f64 / 1000.0;
    let (findings, recommendations) = (document.findings.len(), document.recommendations.len());
    tracing::info!(
        report.id = %report.id,
        duration_seconds = seconds,
        findings_count = findings,
        recommendations_count = recommendations,
        writer = %document.writer,
        "report generated"
    );
    let meter = opentelemetry::global::meter("crb");
    let writer = [KeyValue::new("crb.writer", document.writer.as_str())];
    meter.f64_histogram("crb.report.duration").with_unit("s").build().record(seconds, &writer);
    meter.u64_histogram("crb.report.findings").build().record(findings as u64, &writer);
    meter.u64_counter("crb.report.outcome").build().add(1, &[KeyValue::new("outcome", "ready")]);
}

/// What becomes of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Try again after the wait.
    Again(std::time::Duration),
    /// Tell the buyer.
    GiveUp,
    /// Somebody else has it.
    Lost,
}

pub fn judge(app: &App, job: &Job, error: &Error) -> Verdict {
    if error.kind() == Kind::Conflict {
        return Verdict::Lost;
    }
    if !error.kind().is_transient() || job.attempt >= job.max_attempts {
        return Verdict::GiveUp;
    }
    let waits = &app.config.worker.backoff;
    let wait = waits.get(job.attempt as usize - 1).or(waits.last()).copied().unwrap_or_default();
    Verdict::Again(wait.max(error.wait().unwrap_or_default()))
}

/// Puts the job back for later.
pub async fn postpone(app: &App, job: &Job, wait: std::time::Duration, error: &Error) -> Result<()> {
    let now = app.now();
    let run_after = now + chrono::Duration::from_std(wait).unwrap_or_else(|_| chrono::Duration::days(1));
    store::jobs::retry(app.db.conn(), job, run_after, &error.chain(), now).await?;
    Ok(())
}

/// The report has failed: one transaction tells the page, the buyer and the operator.
pub async fn give_up(app: &App, job: &Job, error: &Error) -> Result<()> {
    const REASON: &str =
        "The report could not be written. You have not been charged again, and we are looking into it.";
    let now = app.now();
    let tx = app.db.begin().await?;
    // First, as it proves the lease, and holds the job until the end.
    if !store::jobs::bury(tx.conn(), job, &error.chain(), now).await? {
        return Err(Error::conflict("the lease is lost"));
    }
    if store::reports::fail(tx.conn(), job.report_id, REASON, true, now).await? {
        let report = store::reports::find(tx.conn(), job.report_id).await?;
        let last = store::events::last(tx.conn(), job.report_id).await?;
        let event = store::events::NewEvent {
            kind: EventKind::Failed,
            phase: last.as_ref().and_then(|event| event.phase),
            progress: last.map_or(0, |event| event.progress),
            payload: json!({"reason": REASON}),
        };
        store::events::append(&tx, job.report_id, event, now).await?;
        if let Some(report) = report
            && let Some(order) = store::orders::find(tx.conn(), report.order_id).await?
        {
            let session = store::sessions::find(tx.conn(), order.session_id).await?;
            let mail = NewMail {
                kind: MailKind::ReportFailed,
                recipient: order.email.clone(),
                payload: mails::order_payload(&order, session.as_ref()),
                // An operator's retry that fails again is news.
                dedupe_key: format!("report_failed:{}:{}", report.id, now.timestamp_micros()),
                report_id: Some(report.id),
            };
            store::outbox::insert(tx.conn(), &mail, now).await?;
        }
    }
    store::notify(tx.conn(), Channel::Events, &job.report_id.to_string()).await?;
    store::notify(tx.conn(), Channel::Mails, "").await?;
    tx.commit().await?;
    app.wakes.events(job.report_id);
    app.wakes.mails();
    app.counters.count(Counted::ReportFailed);
    let meter = opentelemetry::global::meter("crb");
    meter.u64_counter("crb.report.outcome").build().add(1, &[KeyValue::new("outcome", "failed")]);
    Ok(())
}

/// Token and address of a report, for its owner.
pub(crate) fn token(app: &App, report: ReportId) -> Token {
    Token::for_report(app.config.secret_key.expose_secret(), report)
}

pub(crate) fn address(app: &App, report: ReportId) -> String {
    link(&app.config.http.app_base_url, report, &token(app, report))
}
