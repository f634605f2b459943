//! A report document, set as a PDF: pure, deterministic, without files, packages or network.
//!
//! The document comes as JSON. `view` makes its texts safe to set and its figures ready to read, `world` shows the
//! typesetter that JSON and the built-in templates and nothing else, and this room turns the pages into bytes.

mod figures;
mod view;
mod world;

use std::sync::OnceLock;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::Value;
use typst::diag::{SourceDiagnostic, SourceResult, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use figures::{euros, percent};
pub use view::one_line;
use world::{Desk, Shelf};

/// A report is set more closely rather than run over this.
pub const MAX_PAGES: usize = 12;
/// How closely the template can set a report.
const AIRY: u8 = 0;
const CLOSER: u8 = 1;
const CLOSEST: u8 = 2;

/// A PDF, and how many pages it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// Why there is no PDF. The texts are for us, not for a caller.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the document is not a report: {0}")]
    Document(&'static str),
    #[error("the template could not be set: {0}")]
    Layout(String),
    #[error("the pages could not be written: {0}")]
    Export(String),
}

/// The fonts, the parsed templates and the threads that set. Costly to make, cheap to share: make one and keep it.
pub struct Renderer {
    shelf: OnceLock<Shelf>,
    threads: ThreadPool,
}

impl Renderer {
    /// Sets with so many threads, whoever calls. Fonts and templates are read for the first report.
    pub fn new(threads: usize) -> Self {
        let threads = ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "pdf".to_owned());
        let threads = threads.start_handler(|_| give_way()).build();
        Self { shelf: OnceLock::new(), threads: threads.expect("a process may start threads") }
    }

    /// Sets the document. Blocks for up to some hundred milliseconds: call it off the async threads.
    ///
    /// On threads of its own, always the same: the typesetter would spread over every core, and leave what it has used
    /// in the memory of each thread that it was called from.
    pub fn render(&self, document: &Value) -> Result<Pdf, RenderError> {
        self.threads.install(|| {
            let rendered = self.typeset(document);
            // What this report and the last one used stays in the typesetter's memory of past work: the labels, the tables'
            // heads, the method. It halves the work for a report with other words, and without a limit each would leave
            // about 20 MiB behind.
            typst::comemo::evict(1);
            rendered
        })
    }

    /// Processor time of the setting threads since they started. Waits until each of them has a moment.
    pub fn processor_time(&self) -> Duration {
        self.threads.broadcast(|_| thread_time()).into_iter().sum()
    }

    fn shelf(&self) -> &Shelf {
        self.shelf.get_or_init(Shelf::stocked)
    }

    fn typeset(&self, document: &Value) -> Result<Pdf, RenderError> {
        let moment = generated_at(document)?;
        let mut view = view::of(document, |character| self.shelf().covers(character));
        let density = if airy_pages(&view) <= MAX_PAGES { AIRY } else { CLOSER };
        let mut pages = self.lay_out(&mut view, density, moment)?;
        // Setting it closer saves about a quarter of the pages; where that cannot suffice it is not tried.
        if density == AIRY && (MAX_PAGES + 1..=MAX_PAGES * 4 / 3).contains(&pages.pages().len()) {
            pages = self.lay_out(&mut view, CLOSER, moment)?;
        }
        if pages.pages().len() > MAX_PAGES {
            pages = self.lay_out(&mut view, CLOSEST, moment)?;
        }
        let options = PdfOptions {
            ident: document["report_id"].as_str().map_or(Smart::Auto, |id| Smart::Custom(id.to_owned())),
            creator: Smart::Custom(Some("CRB Analyser".to_owned())),
            timestamp: Some(Timestamp::new_utc(moment)),
            page_ranges: None,
            standards: PdfStandards::new(&[PdfStandard::Ua_1])
                .map_err(|error| RenderError::Export(error.message().to_string()))?,
            tagged: true,
            pretty: false,
        };
        let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| RenderError::Export(messages(&errors)))?;
        Ok(Pdf { bytes, pages: pages.pages().len() })
    }

    fn lay_out(&self, view: &mut Value, density: u8, moment: Datetime) -> Result<PagedDocument, RenderError> {
        self.compile(view, density, moment).output.map_err(|errors| RenderError::Layout(messages(&errors)))
    }

    fn compile(&self, view: &mut Value, density: u8, moment: Datetime) -> Warned<SourceResult<PagedDocument>> {
        view["density"] = density.into();
        typst::compile(&Desk::new(self.shelf(), view.to_string().into_bytes(), moment))
    }
}

/// About how many pages the report would have if it were set with air, so that it is seldom set twice to find out: each
/// recommendation has a page of its own, and the rest grows with the words. Measured with reports of 7 to 14 pages.
fn airy_pages(view: &Value) -> usize {
    const BESIDE: usize = 5;
    const CHARACTERS_A_PAGE: usize = 7_000;
    let recommendations = view["recommendations"].as_array().map_or(0, Vec::len);
    BESIDE + recommendations + characters(view).div_ceil(CHARACTERS_A_PAGE)
}

fn characters(view: &Value) -> usize {
    match view {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.iter().map(characters).sum(),
        Value::Object(fields) => fields.values().map(characters).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// What answers somebody, and reports that are being written, come before the PDFs of those that are ready. On Linux a
/// thread has a priority of its own; elsewhere it would be the whole process that gives way.
fn give_way() {
    if cfg!(target_os = "linux") {
        // Refused, it only means that a busy moment is shared evenly.
        let _ = rustix::process::setpriority_process(None, 10);
    }
}

fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The day and second the report was written: the only "now" the PDF knows, so that it is always the same PDF.
fn generated_at(document: &Value) -> Result<Datetime, RenderError> {
    let text = document["generated_at"].as_str().ok_or(RenderError::Document("generated_at is missing"))?;
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse().ok());
    let moment = || {
        let year = text.get(0..4)?.parse().ok()?;
        Datetime::from_ymd_hms(year, number(5, 7)?, number(8, 10)?, number(11, 13)?, number(14, 16)?, number(17, 19)?)
    };
    moment().ok_or(RenderError::Document("generated_at is not a moment"))
}

fn messages(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_length_is_foreseen_by_recommendations_and_words() {
        let report = |recommendations: usize, characters: usize| {
            airy_pages(&json!({"recommendations": vec![json!({}); recommendations], "text": "x".repeat(characters)}))
        };
        // Set with air, such reports have 7, 11 and 13 pages.
        assert_eq!([report(1, 6_000), report(5, 7_000), report(5, 19_500)], [7, 11, 13]);
        assert!(report(5, 14_000) <= MAX_PAGES && report(5, 14_001) > MAX_PAGES);
    }

    #[test]
    fn a_document_without_a_moment_is_refused() {
        for document in [json!({}), json!({"generated_at": "soon"}), json!({"generated_at": "2026-13-01T00:00:00Z"})] {
            assert!(matches!(generated_at(&document), Err(RenderError::Document(_))), "{document}");
        }
        assert!(generated_at(&json!({"generated_at": "2026-11-22T10:11:12.123456Z"})).is_ok());
    }

    #[test]
    fn the_template_gives_no_warning_at_any_density() {
        let renderer = Renderer::new(1);
        let document: Value = serde_json::from_str(include_str!("../tests/full.json")).unwrap();
        let mut view = view::of(&document, |character| renderer.shelf().covers(character));
        for density in [AIRY, CLOSER, CLOSEST] {
            let set = renderer.compile(&mut view, density, generated_at(&document).unwrap());
            assert_eq!(messages(&set.warnings), "", "density {density}");
            set.output.unwrap_or_else(|errors| panic!("density {density}: {}", messages(&errors)));
        }
    }

    #[test]
    fn a_document_without_its_parts_is_an_error_and_no_panic() {
        let error = Renderer::new(1).render(&json!({"generated_at": "2026-11-22T10:11:12Z"})).unwrap_err();
        assert!(matches!(error, RenderError::Layout(_)), "{error}");
    }
}
