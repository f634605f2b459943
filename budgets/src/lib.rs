//! The hot paths on fixed material: what `benches/instructions.rs` counts, and what stands ready before it counts.

use std::collections::BTreeMap;

use async_compression::tokio::write::GzipEncoder;
use crb_backend::app::reports::Event;
use crb_backend::domain::check::{self, Narrative};
use crb_backend::domain::compute::{self, Computed};
use crb_backend::domain::document::{self, Imprint};
use crb_backend::domain::facts::{self, Snapshot};
use crb_backend::domain::ids::{EventKind, Phase, ReportId};
use crb_backend::domain::knowledge::Knowledge;
use crb_backend::domain::replies::OptionsReply;
use crb_backend::domain::report::{Finding, ReportDocument, WriterKind};
use crb_backend::domain::{offline, quiz, sample};
use crb_pdf::{Pdf, Renderer};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

/// What the writer says to each finding that is worth a comparison.
pub type Comparisons = BTreeMap<String, OptionsReply>;

/// What the figures of a report are computed from.
pub struct Material {
    pub snapshot: Snapshot,
    pub findings: Vec<(String, Finding)>,
    pub comparisons: Comparisons,
}

/// What a document is built from.
pub struct Parts {
    pub snapshot: Snapshot,
    pub computed: Computed,
    pub narrative: Narrative,
}

/// The public sample's answers, as far as the offline writer has to say something to them.
pub fn material() -> Material {
    let knowledge = Knowledge::builtin().expect("the built-in knowledge is valid");
    let (industry, answers) = sample::answers();
    let questionnaire = quiz::questionnaire(&knowledge, industry).expect("the sample's industry is known");
    let vendors: Vec<_> = knowledge.vendors.values().cloned().collect();
    let snapshot = facts::assemble(&questionnaire, &answers, &knowledge, &vendors, sample::DAY);
    let snapshot = snapshot.expect("the sample's answers are complete");
    let findings = check::findings(&offline::findings(&snapshot), &snapshot).accepted;
    let comparisons = compute::candidates(&findings)
        .filter_map(|(subject, finding)| {
            let reply = offline::options(&snapshot, subject, finding);
            Some((finding.id.clone(), check::options(&reply, &snapshot, subject, finding).accepted?))
        })
        .collect();
    Material { snapshot, findings, comparisons }
}

/// Every euro, score and verdict of one report.
pub fn figures(snapshot: &Snapshot, findings: Vec<(String, Finding)>, comparisons: &Comparisons) -> Computed {
    compute::compute(snapshot, findings, comparisons, Vec::new()).expect("the sample gives a report")
}

pub fn parts() -> Parts {
    let Material { snapshot, findings, comparisons } = material();
    let computed = figures(&snapshot, findings, &comparisons);
    let narrative = check::narrative(&offline::narrative(&snapshot, &computed), &snapshot, &computed).accepted;
    Parts { snapshot, computed, narrative: narrative.expect("the rules write a narrative") }
}

pub fn build(snapshot: &Snapshot, computed: Computed, narrative: &Narrative) -> ReportDocument {
    let imprint = Imprint {
        report_id: ReportId(Uuid::nil()),
        generated_at: sample::moment(),
        tier: "report".to_owned(),
        writer: WriterKind::Offline,
        models: Vec::new(),
        sample: true,
    };
    document::build(snapshot, computed, narrative, imprint)
}

pub fn report() -> ReportDocument {
    let Parts { snapshot, computed, narrative } = parts();
    build(&snapshot, computed, &narrative)
}

pub fn encode(document: &ReportDocument) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document is JSON")
}

/// As a finished report is stored.
pub fn gzip(json: &[u8]) -> Vec<u8> {
    let packed = async {
        let mut encoder = GzipEncoder::new(Vec::new());
        encoder.write_all(json).await?;
        encoder.shutdown().await?;
        Ok::<_, std::io::Error>(encoder.into_inner())
    };
    packed.now_or_never().expect("memory never waits").expect("memory never fails")
}

/// What a buyer is told of one finding.
pub fn event() -> Event {
    Event {
        seq: 7,
        at: sample::moment(),
        kind: EventKind::Finding,
        phase: Some(Phase::Findings),
        progress: 40,
        payload: json!({"id": "f-01", "title": "Calls are missed while treatments run"}),
    }
}

/// A typesetter, the report to set, and another with the same words in another order.
pub struct Press {
    renderer: Renderer,
    document: Value,
    other: Value,
}

pub fn press() -> Press {
    let document: Value = serde_json::from_str(include_str!("../../pdf/tests/full.json")).expect("the sample is JSON");
    let other = reworded(&document);
    Press { renderer: Renderer::new(1), document, other }
}

/// No sentence stays as it was, or the typesetter would remember it.
fn reworded(value: &Value) -> Value {
    match value {
        Value::String(text) if text.matches(' ').count() > 3 => {
            let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
            Value::String(format!("{rest} {first}"))
        }
        Value::Array(items) => items.iter().map(reworded).collect(),
        Value::Object(fields) => fields.iter().map(|(key, field)| (key.clone(), reworded(field))).collect(),
        other => other.clone(),
    }
}

impl Press {
    pub fn print(&self) -> Pdf {
        self.renderer.render(&self.document).expect("the sample can be set")
    }

    pub fn print_other(&self) -> Pdf {
        self.renderer.render(&self.other).expect("the other can be set")
    }
}
