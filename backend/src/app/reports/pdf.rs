//! The PDF of a ready report: set once the buyer has the page, and kept; or set by whoever asks for it before.

use bytes::Bytes;

use super::super::{App, planted};
use super::write::etag;
use super::{open, pdf_key};
use crate::counters::Counted;
use crate::domain::ids::{ReportId, ReportStatus};
use crate::domain::report::ReportDocument;
use crate::domain::tokens::Token;
use crate::error::{Error, Result};
use crate::store;
use crate::store::reports::{Pdf, Report};

pub struct PdfFile {
    pub bytes: Bytes,
    /// Without quotes.
    pub etag: String,
    pub file_name: String,
}

/// PDFs that are being set in this process: several who ask wait for one. Holds nothing once they have theirs.
pub(crate) struct Flights(moka::future::Cache<ReportId, Bytes>);

impl Default for Flights {
    fn default() -> Self {
        Self(moka::future::Cache::builder().max_capacity(1_000).build())
    }
}

/// Conflict until the report is ready.
pub async fn pdf(app: &App, id: ReportId, token: &Token) -> Result<PdfFile> {
    let report = open(app, id, token).await?;
    if report.status != ReportStatus::Ready {
        return Err(Error::conflict("the report is not ready yet"));
    }
    let file_name = format!("crb-report-{}.pdf", report.ready_at.unwrap_or(report.created_at).format("%Y-%m-%d"));
    let bytes = match kept(app, &report).await? {
        Some(bytes) => bytes,
        None => made(app, id).await?,
    };
    Ok(PdfFile { etag: etag(&bytes), bytes, file_name })
}

/// Sets the PDF of a report that has just become ready, so that its buyer need not wait. Does nothing for any other.
pub async fn prepare_pdf(app: &App, id: ReportId) -> Result<()> {
    let report = store::reports::find(app.db.conn(), id).await?;
    if report.is_some_and(|report| report.status == ReportStatus::Ready && report.pdf.is_none()) {
        made(app, id).await?;
    }
    Ok(())
}

async fn kept(app: &App, report: &Report) -> Result<Option<Bytes>> {
    let Some(pdf) = &report.pdf else { return Ok(None) };
    let bytes = app.blobs.get(&pdf.key).await?;
    if bytes.is_none() {
        // The file is lost; the document is not, and says the same.
        tracing::warn!(report.id = %report.id, "the PDF is gone from the store and set again");
    }
    Ok(bytes)
}

async fn made(app: &App, id: ReportId) -> Result<Bytes> {
    let landed = Box::pin(app.settings.0.try_get_with(id, make(app, id))).await;
    app.settings.0.invalidate(&id).await;
    landed.map_err(Error::shared)
}

async fn make(app: &App, id: ReportId) -> Result<Bytes> {
    let document = store::reports::document(app.db.conn(), id).await?;
    let document = document.and_then(|document| serde_json::from_value(document).ok());
    let document: ReportDocument = document.ok_or_else(|| Error::internal("the ready report has no document"))?;
    let bytes = set(app, document).await?;
    let pdf = Pdf { key: pdf_key(id), etag: etag(&bytes), bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX) };
    // First the row: what is erased with its owner is found by it. A file that never comes is set again.
    store::reports::set_pdf(app.db.conn(), id, &pdf, app.now()).await?;
    if let Err(error) = app.blobs.put(&pdf.key, bytes.clone(), "application/pdf").await {
        // Who asks has it all the same; the next who asks has it set again.
        tracing::error!(report.id = %id, error = %error.chain(), "a PDF could not be kept");
    }
    Ok(bytes)
}

/// Off the async threads, and as many at a time as there are threads to set them.
async fn set(app: &App, document: ReportDocument) -> Result<Bytes> {
    let _place = app.rendering.acquire().await.map_err(|error| Error::internal("no renderer").caused_by(error))?;
    let app = app.clone();
    let set = tokio::task::spawn_blocking(move || {
        let pdf = crate::render::pdf(&app.renderer, &document);
        app.counters.count(Counted::Pdf);
        planted::after_setting(&app);
        pdf
    });
    let pdf = set.await.map_err(|error| Error::internal("the PDF could not be set").caused_by(error))??;
    Ok(Bytes::from(pdf.bytes))
}
