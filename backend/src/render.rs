//! A finished report as a PDF, and the three mails a buyer gets. Pure: values in, bytes and texts out.

pub mod mail;
pub mod money;

pub use crb_pdf::{Pdf, Renderer};

use crate::domain::report::ReportDocument;
use crate::error::{Error, Result};

/// Sets the report. Blocks for up to some hundred milliseconds: call it off the async threads.
pub fn pdf(renderer: &Renderer, document: &ReportDocument) -> Result<Pdf> {
    let failed = || Error::internal("the PDF could not be made");
    let document = serde_json::to_value(document).map_err(|error| failed().caused_by(error))?;
    renderer.render(&document).map_err(|error| failed().caused_by(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::report as words_of;

    fn sample() -> ReportDocument {
        serde_json::from_str(include_str!("../../pdf/tests/full.json")).expect("the PDF's fixture is a report")
    }

    #[test]
    fn a_report_becomes_a_pdf() {
        let pdf = pdf(&Renderer::new(1), &sample()).unwrap();
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        assert!((8..=crb_pdf::MAX_PAGES).contains(&pdf.pages), "{} pages", pdf.pages);
    }

    #[test]
    fn the_template_has_a_text_for_every_word_it_shows() {
        let style = include_str!("../../pdf/template/style.typ");
        let shown = [
            words_of::Category::WORDS,
            words_of::Horizon::WORDS,
            words_of::Confidence::WORDS,
            words_of::EvidenceKind::WORDS,
            words_of::OptionKind::WORDS,
            words_of::Priority::WORDS,
            words_of::VerdictClass::WORDS,
            words_of::Colour::WORDS,
            words_of::Band::WORDS,
            words_of::ComponentKey::WORDS,
            words_of::RiskBand::WORDS,
            words_of::Freshness::WORDS,
            words_of::Origin::WORDS,
            words_of::PriceUnit::WORDS,
        ];
        for word in shown.concat() {
            assert!(
                style.contains(&format!(" {word}: ")) || style.contains(&format!("({word}: ")),
                "{word} has no text"
            );
        }
        assert!(!style.contains(" unheard_of: "));
    }
}
