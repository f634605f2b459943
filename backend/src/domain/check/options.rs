//! Options: one of each kind, or the finding has no comparison.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::facts::{self, Snapshot};
use super::super::prose::Allowed;
use super::super::replies::{OptionReply, OptionsReply};
use super::super::report::{Finding, OptionKind};
use super::{Checked, Reader, read};

/// The comparison of one finding; none where an option is missing or broken.
pub fn options(
    reply: &Value,
    snapshot: &Snapshot,
    subject_id: &str,
    finding: &Finding,
) -> Checked<Option<OptionsReply>> {
    let facts = facts::without_own_words(&facts::options(snapshot, finding, subject_id));
    let own = snapshot
        .subject(subject_id)
        .map(|subject| [subject.off_the_shelf.name.clone(), subject.best_in_class.name.clone()])
        .into_iter()
        .flatten();
    let allowed = Allowed::from_facts(&facts).naming(own, snapshot.product_names.iter().cloned());
    let at = format!("options of {}", finding.id);
    let reply: OptionsReply = match read(&at, reply) {
        Ok(reply) => reply,
        Err(error) => return Checked { accepted: None, errors: vec![error], warnings: Vec::new() },
    };
    let mut reader = Reader::new(at, &allowed);
    let title = reader.text("title", &reply.title, 90);
    let why_customers = reader.text("why_customers", &reply.why_customers, 300);
    let why_business = reader.text("why_business", &reply.why_business, 300);
    let mut by_kind = BTreeMap::new();
    for option in &reply.options {
        if by_kind.insert(option.kind, self::option(option, &mut reader)).is_some() {
            reader.fault("options", format_args!("{} stands twice", option.kind));
        }
    }
    for kind in OptionKind::ALL {
        if !by_kind.contains_key(kind) {
            reader.fault("options", format_args!("{kind} is missing"));
        }
    }
    let options = by_kind.into_values().collect();
    let accepted = reader.errors.is_empty().then_some(OptionsReply { title, why_customers, why_business, options });
    Checked { accepted, errors: reader.errors, warnings: reader.warnings }
}

fn option(reply: &OptionReply, reader: &mut Reader<'_>) -> OptionReply {
    let kind = reply.kind;
    let OptionReply { costs, benefits, risk, .. } = reply.clone();
    for (name, value) in [
        ("time", costs.time),
        ("opportunity", costs.opportunity),
        ("complexity", costs.complexity),
        ("risk_reversibility", costs.risk_reversibility),
        ("brand_trust", costs.brand_trust),
    ] {
        reader.range(&format!("{kind}.costs.{name}"), value, 0, 10);
    }
    for (name, value) in [("time", benefits.time), ("strategic", benefits.strategic), ("quality", benefits.quality)] {
        reader.range(&format!("{kind}.benefits.{name}"), value, 0, 10);
    }
    for (name, value) in [
        ("probability", risk.probability),
        ("impact", risk.impact),
        ("visibility", risk.visibility),
        ("detection_difficulty", risk.detection_difficulty),
    ] {
        reader.range(&format!("{kind}.risk.{name}"), value, 1, 5);
    }
    let note = reader.text(&format!("{kind}.risk.note"), &risk.note, 160);
    OptionReply {
        kind,
        pros: reader.texts(&format!("{kind}.pros"), &reply.pros, 1, 4, 140),
        cons: reader.texts(&format!("{kind}.cons"), &reply.cons, 1, 4, 140),
        costs,
        benefits,
        risk: super::super::replies::RiskReply { note, ..risk },
    }
}
