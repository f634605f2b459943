//! The narrative: the words around a verdict that is settled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::compute::Computed;
use super::super::facts::{self, Snapshot};
use super::super::prose::Allowed;
use super::super::replies::{ChoiceReply, NarrativeReply};
use super::{Checked, Reader, read};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrative {
    pub key_insight: String,
    pub headline: String,
    pub subheadline: String,
    pub reasons: Vec<String>,
    pub do_instead: Vec<String>,
    /// By recommendation; those that are missing are filled in by rule.
    pub choices: BTreeMap<String, Choice>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub why_winner: String,
    pub choose_instead_if: Vec<String>,
    pub roadmap_title: String,
    pub roadmap_detail: String,
    pub first_step: String,
}

/// None where the verdict's own words are missing.
pub fn narrative(reply: &Value, snapshot: &Snapshot, computed: &Computed) -> Checked<Option<Narrative>> {
    let facts = facts::without_own_words(&facts::narrative(snapshot, computed));
    let own = computed.recommendations.iter().flat_map(|r| r.options.iter().map(|option| option.label.clone()));
    let allowed = Allowed::from_facts(&facts).naming(own, snapshot.product_names.iter().cloned());
    let reply: NarrativeReply = match read("narrative", reply) {
        Ok(reply) => reply,
        Err(error) => return Checked { accepted: None, errors: vec![error], warnings: Vec::new() },
    };
    let mut reader = Reader::new("narrative".into(), &allowed);
    let mut narrative = Narrative {
        key_insight: reader.text("key_insight", &reply.key_insight, 240),
        headline: reader.text("headline", &reply.headline, 60),
        subheadline: reader.text("subheadline", &reply.subheadline, 120),
        reasons: reader.texts("reasons", &reply.reasons, 2, 4, 200),
        do_instead: reader.texts("do_instead", &reply.do_instead, 0, 4, 160),
        choices: BTreeMap::new(),
    };
    let usable = reader.errors.is_empty();
    let mut errors = std::mem::take(&mut reader.errors);
    for (at, choice) in reply.choices.iter().enumerate() {
        let id = &choice.recommendation_id;
        let taken = self::choice(at, choice, &mut reader);
        if !computed.recommendations.iter().any(|recommendation| recommendation.id == *id) {
            reader.fault(&format!("choices[{at}].recommendation_id"), "is not one of facts.allowed.recommendation_id");
        } else if narrative.choices.contains_key(id) {
            reader.fault(&format!("choices[{at}].recommendation_id"), "stands twice");
        }
        if reader.errors.is_empty() {
            narrative.choices.insert(id.clone(), taken);
        }
        errors.append(&mut reader.errors);
    }
    for recommendation in &computed.recommendations {
        if !narrative.choices.contains_key(&recommendation.id) {
            errors.push(format!("narrative.choices: {} is missing", recommendation.id));
        }
    }
    Checked { accepted: usable.then_some(narrative), errors, warnings: reader.warnings }
}

fn choice(at: usize, reply: &ChoiceReply, reader: &mut Reader<'_>) -> Choice {
    let field = |name: &str| format!("choices[{at}].{name}");
    Choice {
        why_winner: reader.text(&field("why_winner"), &reply.why_winner, 240),
        choose_instead_if: reader.texts(&field("choose_instead_if"), &reply.choose_instead_if, 2, 2, 120),
        roadmap_title: reader.text(&field("roadmap_title"), &reply.roadmap_title, 80),
        roadmap_detail: reader.text(&field("roadmap_detail"), &reply.roadmap_detail, 240),
        first_step: reader.text(&field("first_step"), &reply.first_step, 160),
    }
}
