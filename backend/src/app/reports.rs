//! Reports: view, follow, fetch as PDF, send again; and `write`, which the worker calls.

mod ledger;
mod pdf;
mod phases;
mod steps;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::write::{GzipDecoder, GzipEncoder};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::broadcast;
use url::Url;

use super::{App, planted};
use crate::config::Config;
use crate::domain::check;
use crate::domain::compute;
use crate::domain::document::{self, Imprint};
use crate::domain::facts;
use crate::domain::ids::{EventKind, MailKind, Phase, ReportId, ReportStatus};
use crate::domain::knowledge::{Knowledge, Vendor};
use crate::domain::offline;
use crate::domain::report::{ReportDocument, WriterKind};
use crate::domain::tokens::Token;
use crate::domain::{quiz, sample};
use crate::error::{Error, Kind, Result};
use crate::store;
use crate::store::outbox::NewMail;

pub use ledger::{admit_day, count_cost};
pub(super) use pdf::Flights;
pub use pdf::{PdfFile, pdf, prepare_pdf};
pub use write::{Verdict, give_up, judge, postpone, write};
pub(super) use write::{address, token};

/// How long an encoded document stays in the cache.
const DOCUMENT_TTL: Duration = Duration::from_hours(1);
/// A follower looks again after this, whatever the wake-ups say.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
const RESENDS_A_DAY: u32 = 3;
const PAGE_OF_EVENTS: u64 = 100;

/// An encoded answer and its hash, ready to send. JSON, UTF-8.
#[derive(Debug, Clone)]
pub struct Encoded {
    pub body: Bytes,
    /// The same, compressed, where that lies here anyway.
    pub gzip: Option<Bytes>,
    /// Of the plain bytes. Without quotes.
    pub etag: String,
}

impl Encoded {
    pub(super) fn of(value: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(value).map_err(|error| Error::internal("no JSON").caused_by(error))?;
        Ok(Self { etag: write::etag(&body), body: Bytes::from(body), gzip: None })
    }

    /// For what is kept, so that it is compressed once for all its readers.
    pub(super) async fn packed(self) -> Result<Self> {
        Ok(Self { gzip: Some(gzip(&self.body).await?.into()), ..self })
    }
}

#[derive(Debug, Clone)]
pub enum View {
    Ready(Encoded),
    Pending(Pending),
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Pending {
    pub report_id: ReportId,
    pub status: ReportStatus,
    /// 0 to 100.
    pub progress: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Present when the report failed: what happened, in words for the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_reason: Option<String>,
}

/// One line of a report's history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Event {
    /// The SSE `id`.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub kind: EventKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// 0 to 100, never falls.
    pub progress: u32,
    /// `finding`: {id, title, recommendable}; `recommendation`: {id, title}; `warning`: {code, where}; `failed`: {reason}.
    pub payload: serde_json::Value,
}

pub async fn view(app: &App, id: ReportId, token: &Token) -> Result<View> {
    if let Some(document) = app.pages.report(id, token) {
        return Ok(View::Ready(document));
    }
    let time = app.pages.now();
    let report = open(app, id, token).await?;
    if report.status != ReportStatus::Ready {
        let last = store::events::last(app.db.conn(), id).await?;
        return Ok(View::Pending(Pending {
            report_id: id,
            status: report.status,
            progress: last.as_ref().map_or(0, |event| event.progress),
            phase: last.and_then(|event| event.phase),
            failed_reason: report.failed_reason,
        }));
    }
    let etag = report.document_etag.unwrap_or_default();
    // The key holds the hash: what is cached under it never changes, and who asks has shown the token.
    // It names the form, too: the release before this one kept the plain document, and both run while one replaces the other.
    let key = format!("report:gzip:{id}:{etag}");
    let load = || async {
        let packed = store::reports::packed(app.db.conn(), id).await?;
        packed.map(|packed| packed.gzip.into()).ok_or_else(|| Error::internal("the ready report has no document"))
    };
    let gzip = app.cache.get_or(&key, DOCUMENT_TTL, load).await?;
    let document = Encoded { body: gunzip(&gzip).await?, gzip: Some(gzip), etag };
    app.pages.keep_report(time, id, report.access_token_sha256, document.clone());
    Ok(View::Ready(document))
}

/// Checks the token alone: for the exchange of a link's token for a cookie.
pub async fn authorize(app: &App, id: ReportId, token: &Token) -> Result<()> {
    open(app, id, token).await.map(drop)
}

/// Follows a report's events from a point on, whichever replica writes them.
pub struct Feed {
    app: App,
    report: ReportId,
    after: i64,
    /// The kind of the event `after`, where this feed has read it.
    last: Option<EventKind>,
    /// There may be more than was read: look before waiting.
    look: bool,
    wakes: broadcast::Receiver<ReportId>,
    read: VecDeque<Event>,
}

/// Events with `seq > after`, then those to come.
pub async fn follow(app: &App, id: ReportId, token: &Token, after: i64) -> Result<Feed> {
    open(app, id, token).await?;
    let wakes = app.wakes.follow();
    Ok(Feed { app: app.clone(), report: id, after, last: None, look: true, wakes, read: VecDeque::new() })
}

impl Feed {
    /// Waits for the next event; none after `ready` or `failed`. Cancel-safe.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            if let Some(event) = self.read.pop_front() {
                if event.kind == EventKind::Ready && planted::loses_last_event(&self.app, self.report) {
                    return Ok(None);
                }
                return Ok(Some(event));
            }
            if !self.look {
                if self.ended().await? {
                    return Ok(None);
                }
                self.wait().await;
                self.look = true;
            }
            let events = store::events::after(self.app.db.conn(), self.report, self.after, PAGE_OF_EVENTS).await?;
            // A page that is not full was all there is, and whatever comes after it wakes us.
            self.look = events.len() as u64 == PAGE_OF_EVENTS;
            if let Some(last) = events.last() {
                self.after = last.seq;
                self.last = Some(last.kind);
                self.read.extend(events.into_iter().map(Event::from));
            }
        }
    }

    /// Whether the reader has seen the terminal event already. An operator's retry goes on behind a failure, so only
    /// what is the last of all ends the feed.
    async fn ended(&self) -> Result<bool> {
        if let Some(kind) = self.last {
            return Ok(matches!(kind, EventKind::Ready | EventKind::Failed));
        }
        let last = store::events::last(self.app.db.conn(), self.report).await?;
        Ok(last
            .is_some_and(|event| event.seq <= self.after && matches!(event.kind, EventKind::Ready | EventKind::Failed)))
    }

    async fn wait(&mut self) {
        let report = self.report;
        let woken = async {
            loop {
                match self.wakes.recv().await {
                    Ok(id) if id != report && !id.0.is_nil() => {}
                    // Ours, everybody's, or we were too slow to hear: look again.
                    _ => return,
                }
            }
        };
        _ = tokio::time::timeout(LOOK_AGAIN, woken).await;
    }
}

impl From<store::events::Event> for Event {
    fn from(event: store::events::Event) -> Self {
        let store::events::Event { seq, at, kind, phase, progress, payload } = event;
        Self { seq, at, kind, phase, progress, payload }
    }
}

/// Queues the mail with the link again; three a day.
pub async fn resend(app: &App, id: ReportId, token: &Token, now: DateTime<Utc>) -> Result<()> {
    let report = open(app, id, token).await?;
    if report.status != ReportStatus::Ready {
        return Err(Error::conflict("the report is not ready yet"));
    }
    let tx = app.db.begin().await?;
    let count = store::reports::count_resend(tx.conn(), id, now.date_naive()).await?;
    if count > RESENDS_A_DAY {
        let tomorrow = Duration::from_secs(24 * 3600 - u64::from(chrono::Timelike::num_seconds_from_midnight(&now)));
        return Err(Error::too_many("the mail was sent three times today").retry_after(tomorrow));
    }
    let gone = || Error::internal("the report's order is gone");
    let order = store::orders::find(tx.conn(), report.order_id).await?.ok_or_else(gone)?;
    let document = store::reports::document(tx.conn(), id).await?;
    let document = document.and_then(|document| serde_json::from_value(document).ok());
    let document: ReportDocument = document.ok_or_else(|| Error::internal("the ready report has no document"))?;
    let mail = NewMail {
        kind: MailKind::ReportReady,
        recipient: order.email,
        payload: super::mails::ready_payload(order.id, &document),
        dedupe_key: format!("report_ready:{id}:{}:{count}", now.date_naive()),
        report_id: Some(id),
    };
    store::outbox::insert(tx.conn(), &mail, now).await?;
    tx.commit().await?;
    app.wakes.mails();
    Ok(())
}

pub fn sample(app: &App) -> Encoded {
    app.sample.clone()
}

/// The report, for whoever holds its token. Not there and not yours are the same answer.
async fn open(app: &App, id: ReportId, token: &Token) -> Result<store::reports::Report> {
    let report = store::reports::find(app.db.conn(), id).await?;
    let report = report.filter(|report| token.opens(&report.access_token_sha256));
    report.ok_or_else(|| Error::not_found("there is no such report, or the link is not its own"))
}

/// Whether the answers can carry a report at all: by rule, before anybody pays. A business with hardly anything to save
/// is told so for free.
pub(super) async fn check_worth(app: &App, session: &store::sessions::Session, now: DateTime<Utc>) -> Result<()> {
    let questionnaire = super::quizzes::questionnaire(app, &session.industry)?;
    let catalogue = catalogue(app).await?;
    let snapshot = facts::assemble(questionnaire, &session.answers, &app.knowledge, &catalogue, now.date_naive())?;
    draft(&snapshot).map(drop).map_err(|error| {
        let words = "by your answers there is too little to save for an honest report, so we do not sell you one";
        Error::conflict(words).caused_by(error)
    })
}

/// What can be recommended today, with prices.
async fn catalogue(app: &App) -> Result<Arc<Vec<Vendor>>> {
    app.pages.catalogue(store::vendors::catalogue(app.db.conn())).await
}

/// The phases by rule alone.
fn draft(snapshot: &facts::Snapshot) -> Result<(compute::Computed, check::Narrative)> {
    let findings = check::findings(&offline::findings(snapshot), snapshot).accepted;
    let comparisons = compute::candidates(&findings)
        .filter_map(|(subject, finding)| {
            let reply = offline::options(snapshot, subject, finding);
            Some((finding.id.clone(), check::options(&reply, snapshot, subject, finding).accepted?))
        })
        .collect();
    let computed = compute::compute(snapshot, findings, &comparisons, Vec::new())?;
    let narrative = check::narrative(&offline::narrative(snapshot, &computed), snapshot, &computed).accepted;
    Ok((computed, narrative.ok_or_else(|| Error::internal("the rules have written no narrative"))?))
}

/// Writes the public sample: an invented practice, by the offline writer, through the same steps as every report.
pub(super) fn sample_document(knowledge: &Knowledge, config: &Config) -> Result<Encoded> {
    let unusable = |error: Error| Error::new(Kind::Internal, "the sample report cannot be written").caused_by(error);
    let (industry, answers) = sample::answers();
    let questionnaire = quiz::questionnaire(knowledge, industry)?;
    let vendors: Vec<_> = knowledge.vendors.values().cloned().collect();
    let snapshot = facts::assemble(&questionnaire, &answers, knowledge, &vendors, sample::DAY).map_err(unusable)?;
    let (computed, narrative) = draft(&snapshot).map_err(unusable)?;
    let imprint = Imprint {
        report_id: ReportId(uuid::Uuid::nil()),
        generated_at: sample::moment(),
        tier: config.catalogue.tier.clone(),
        writer: WriterKind::Offline,
        models: Vec::new(),
        sample: true,
    };
    let ids = snapshot.answers.iter().map(|answer| answer.id.clone()).collect();
    let document = document::build(&snapshot, computed, &narrative, imprint);
    match document::faults(&document, &ids).as_slice() {
        [] => Encoded::of(&document),
        faults => Err(Error::internal("the sample report breaks its invariants").caused_by(faults.join("; "))),
    }
}

async fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let unpacked = |error| Error::internal("the document cannot be compressed").caused_by(error);
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(bytes).await.map_err(unpacked)?;
    encoder.shutdown().await.map_err(unpacked)?;
    Ok(encoder.into_inner())
}

async fn gunzip(bytes: &[u8]) -> Result<Bytes> {
    let broken = |error| Error::internal("the document cannot be unpacked").caused_by(error);
    let mut decoder = GzipDecoder::new(Vec::new());
    decoder.write_all(bytes).await.map_err(broken)?;
    decoder.shutdown().await.map_err(broken)?;
    Ok(decoder.into_inner().into())
}

fn pdf_key(id: ReportId) -> String {
    format!("reports/{id}.pdf")
}

/// The page's address. The token stands in the fragment, which no server and no log ever sees.
fn link(app_base_url: &Url, id: ReportId, token: &Token) -> String {
    let mut url = app_base_url.clone();
    url.set_path(&format!("reports/{id}"));
    url.set_fragment(Some(&format!("token={}", token.reveal())));
    url.into()
}

/// The event that a new report begins with.
pub(super) fn queued() -> store::events::NewEvent {
    store::events::NewEvent { kind: EventKind::Progress, phase: None, progress: 0, payload: json!({"queued": true}) }
}
