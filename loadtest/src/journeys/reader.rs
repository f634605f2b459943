//! A reader opens a ready report again and again: mostly unchanged, sometimes as a PDF.

use rand::Rng as _;

use crate::caller::{Call, Expect};
use crate::visit::{Step, Stop, Visit};

/// Of the visits, so many fetch the PDF.
const WANTS_PDF: f64 = 0.25;

pub async fn travel(visit: &mut Visit<'_>) -> Step {
    let Some(bought) = visit.world.from_shelf(&mut visit.dice) else {
        return visit.think(0.5..=1.0).await;
    };
    let (id, token) = (bought.report.as_str(), bought.token.as_str());
    let view = |status| Call::new("report_view", Expect::Status(status)).at("id", id).token(token);
    let report = visit.call(view(200)).await?;
    let Some(tag) = report.tag() else {
        visit.world.ledger.fault("no_tag", "a ready report came without an ETag");
        return Err(Stop::Wrong);
    };
    for _ in 0..3 {
        visit.think(1.5..=3.5).await?;
        visit.call(view(304).labelled("unchanged").header("if-none-match", tag.clone())).await?;
    }
    visit.think(1.5..=3.5).await?;
    if visit.dice.random_bool(WANTS_PDF) {
        let call = Call::new("report_download", Expect::Status(200)).at("id", id).token(token);
        let pdf = visit.call(call).await?;
        if !pdf.bytes.starts_with(b"%PDF-") {
            visit.world.ledger.fault("pdf", format!("the PDF of report {id} is none"));
        }
        visit.think(1.5..=3.5).await?;
    }
    Ok(())
}
