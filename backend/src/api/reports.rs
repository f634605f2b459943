//! Reports: read, watch, fetch as PDF, send again; and the exchange of a link's token for a cookie.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::access::{ReportHolder, ReportReader, report_cookie};
use super::client::Client;
use super::events::Events;
use super::json::Json;
use super::parameters::Seq;
use super::replies::{self, Accepted, Document};
use super::{Signals, Tag, schemas};
use crate::app::App;
use crate::app::reports::{self, PdfFile, Pending, View};
use crate::domain::ids::ReportId;
use crate::error::Result;

/// When to ask again for a report that is being written.
const RETRY_AFTER: &str = "2";

pub(super) struct Reports;

#[derive(ApiResponse)]
enum Reading {
    /// The report
    #[oai(status = 200)]
    Ready(Document),
    /// It is being written, waits for its turn, or failed
    #[oai(status = 202)]
    Pending(Json<Pending>, #[oai(header = "Retry-After")] String),
}

/// The tag's header is described here and set where the bytes are.
struct Tagged<T>(T);

impl<T: IntoResponse> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<T: ApiResponse> ApiResponse for Tagged<T> {
    fn meta() -> poem_openapi::registry::MetaResponses {
        let mut meta = T::meta();
        let tag = replies::one(200, "", Vec::new(), &[replies::ETAG]).responses.remove(0).headers;
        if let Some(ok) = meta.responses.iter_mut().find(|response| response.status == Some(200)) {
            ok.headers.extend(tag);
        }
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[derive(ApiResponse)]
enum Opened {
    /// The browser may now read this report
    #[oai(status = 204)]
    Opened(
        /// The cookie `crb_report`: this report only, thirty days, out of reach of scripts
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Sample {
    /// A report about a company that does not exist
    #[oai(status = 200)]
    Sample(Document, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum Download {
    /// The report as PDF
    #[oai(status = 200)]
    Pdf(Pdf),
}

struct Pdf(PdfFile);

impl Payload for Pdf {
    const CONTENT_TYPE: &'static str = "application/pdf";

    fn schema_ref() -> MetaSchemaRef {
        schemas::inline(MetaSchema::new_with_format("string", "binary"))
    }
}

impl IntoResponse for Pdf {
    /// In one piece: a body of known length cannot end early and look complete.
    fn into_response(self) -> Response {
        let PdfFile { bytes, etag, file_name } = self.0;
        let disposition = HeaderValue::from_str(&format!("inline; filename=\"{}\"", plain(&file_name)));
        let mut response = Response::builder()
            .header(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE))
            .header(header::CONTENT_DISPOSITION, disposition.expect("a plain name"))
            // The viewer that a browser opens a PDF in styles itself.
            .header(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(
                    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
                ),
            )
            .body(bytes);
        response.headers_mut().insert(header::ETAG, replies::etag(&etag));
        response
    }
}

/// A file name that means the same in every shell and on every disk.
fn plain(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = name.chars().map(kept).take(100).collect();
    let name = name.trim_start_matches(['.', '-']);
    if name.is_empty() { "report.pdf".to_owned() } else { name.to_owned() }
}

#[OpenApi(prefix_path = "/api/v1/reports", tag = "Tag::Reports")]
impl Reports {
    /// A sample report
    #[oai(path = "/sample", method = "get", operation_id = "report_sample_view")]
    async fn sample(&self, Data(app): Data<&App>) -> Result<Tagged<Sample>> {
        Ok(Tagged(Sample::Sample(Document(reports::sample(app)), "public, max-age=300".into())))
    }

    /// The report, or how far it is
    #[oai(path = "/:id", method = "get", operation_id = "report_view")]
    async fn view(
        &self,
        Data(app): Data<&App>,
        ReportReader(token): ReportReader,
        Path(id): Path<ReportId>,
    ) -> Result<Tagged<Reading>> {
        Ok(Tagged(match reports::view(app, id, &token).await? {
            View::Ready(document) => Reading::Ready(Document(document)),
            View::Pending(pending) => Reading::Pending(Json(pending), RETRY_AFTER.into()),
        }))
    }

    /// Exchange the token for a cookie
    ///
    /// A browser's event stream and a plain link can send no `Authorization`; they send the cookie by themselves.
    #[oai(path = "/:id/access", method = "post", operation_id = "report_access_open")]
    async fn open(
        &self,
        Data(app): Data<&App>,
        ReportHolder(token): ReportHolder,
        Path(id): Path<ReportId>,
    ) -> Result<Opened> {
        reports::authorize(app, id, &token).await?;
        Ok(Opened::Opened(report_cookie(app, id, &token)))
    }

    /// Watch a report being written
    ///
    /// Server-sent events: `id` is the event's `seq`, `event` its kind, `data` the event as JSON. The stream ends after
    /// `ready` or `failed`. An `event: reconnect` means: connect again, with the last id. Comments keep the line open.
    #[oai(path = "/:id/events", method = "get", operation_id = "report_follow")]
    #[expect(clippy::too_many_arguments, reason = "one argument is one part of the request")]
    async fn follow(
        &self,
        Data(app): Data<&App>,
        Data(signals): Data<&Arc<Signals>>,
        client: Client,
        ReportReader(token): ReportReader,
        Path(id): Path<ReportId>,
        /// The last event seen; browsers send it when they reconnect
        #[oai(name = "Last-Event-ID")]
        Header(last): Header<Option<Seq>>,
        /// The last event seen, for a first connection; `Last-Event-ID` wins
        Query(after): Query<Option<Seq>>,
    ) -> Result<Events> {
        let place = client.stream_place(app)?;
        let after = last.or(after).map_or(0, |seq| seq.get());
        let feed = reports::follow(app, id, &token, after).await?;
        Ok(Events::new(feed, signals.closing.clone(), place))
    }

    /// The report as PDF
    ///
    /// A conflict until the report is ready.
    #[oai(path = "/:id/pdf", method = "get", operation_id = "report_download")]
    async fn download(
        &self,
        Data(app): Data<&App>,
        ReportReader(token): ReportReader,
        Path(id): Path<ReportId>,
    ) -> Result<Tagged<Download>> {
        Ok(Tagged(Download::Pdf(Pdf(reports::pdf(app, id, &token).await?))))
    }

    /// Send the mail with the link again
    ///
    /// Three times a day.
    #[oai(path = "/:id/resend", method = "post", operation_id = "report_resend")]
    async fn resend(
        &self,
        Data(app): Data<&App>,
        ReportReader(token): ReportReader,
        Path(id): Path<ReportId>,
    ) -> Result<Accepted> {
        reports::resend(app, id, &token, app.now()).await?;
        Ok(Accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_file_name_holds_nothing_that_a_header_or_a_disk_could_misread() {
        assert_eq!(plain("crb-report-acme.pdf"), "crb-report-acme.pdf");
        assert_eq!(plain("Zahnärzte \"am Ring\"\r\nX: y.pdf"), "Zahn-rzte--am-Ring---X--y.pdf");
        assert_eq!(plain("../../etc/passwd"), "etc-passwd");
        assert_eq!(plain(""), "report.pdf");
    }
}
