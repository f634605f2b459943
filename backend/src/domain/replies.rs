//! What Claude may say, as types; and the JSON schema that is sent along.
//!
//! The API's schema dialect knows types, enums and required fields, but no lengths or ranges: those are written into
//! the descriptions, where the model reads them, and `check` enforces them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::words;
use super::report::{Category, Horizon, OptionKind};

words! {
    /// The three questions that a report asks.
    Task { Findings = "findings", Options = "options", Narrative = "narrative" }
}

macro_rules! replies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty),* }
    )*};
}

replies! {
    FindingsReply {
        #[schemars(length(min = 5, max = 12))]
        findings: Vec<FindingReply>,
    }
    FindingReply {
        /// The id of the subject this finding is about; each subject at most once.
        subject_id: String,
        #[schemars(length(min = 1, max = 90))]
        title: String,
        /// What this means for this business, in its own terms.
        #[schemars(length(min = 1, max = 500))]
        description: String,
        /// How it is done today, judged by the answers.
        #[schemars(length(min = 1, max = 240))]
        current_state: String,
        category: Category,
        horizon: Horizon,
        /// What the customers of this business gain.
        #[schemars(range(min = 1, max = 10))]
        customer_value: u32,
        /// What the business itself gains.
        #[schemars(range(min = 1, max = 10))]
        business_health: u32,
        /// Why not, where it is not to be recommended; otherwise empty.
        #[schemars(length(max = 300))]
        why_not: String,
        /// What to do instead, where it is not to be recommended; otherwise empty.
        #[schemars(length(max = 300))]
        what_instead: String,
        /// Ids of the answers and benchmarks that support it.
        #[schemars(length(min = 1, max = 4))]
        evidence: Vec<String>,
    }
    OptionsReply {
        #[schemars(length(min = 1, max = 90))]
        title: String,
        /// Why the customers of this business would notice.
        #[schemars(length(min = 1, max = 300))]
        why_customers: String,
        /// Why the business would notice.
        #[schemars(length(min = 1, max = 300))]
        why_business: String,
        /// One of each kind.
        #[schemars(length(min = 3, max = 3))]
        options: Vec<OptionReply>,
    }
    OptionReply {
        kind: OptionKind,
        #[schemars(length(min = 1, max = 4), inner(length(min = 1, max = 140)))]
        pros: Vec<String>,
        #[schemars(length(min = 1, max = 4), inner(length(min = 1, max = 140)))]
        cons: Vec<String>,
        costs: CostReply,
        benefits: BenefitReply,
        risk: RiskReply,
    }
    /// Costs beyond money, 0 none to 10 severe.
    CostReply {
        #[schemars(range(min = 0, max = 10))]
        time: u32,
        #[schemars(range(min = 0, max = 10))]
        opportunity: u32,
        #[schemars(range(min = 0, max = 10))]
        complexity: u32,
        #[schemars(range(min = 0, max = 10))]
        risk_reversibility: u32,
        #[schemars(range(min = 0, max = 10))]
        brand_trust: u32,
    }
    /// Benefits beyond money, 0 none to 10 outstanding.
    BenefitReply {
        #[schemars(range(min = 0, max = 10))]
        time: u32,
        #[schemars(range(min = 0, max = 10))]
        strategic: u32,
        #[schemars(range(min = 0, max = 10))]
        quality: u32,
    }
    /// 1 low to 5 high each.
    RiskReply {
        #[schemars(range(min = 1, max = 5))]
        probability: u32,
        #[schemars(range(min = 1, max = 5))]
        impact: u32,
        #[schemars(range(min = 1, max = 5))]
        visibility: u32,
        #[schemars(range(min = 1, max = 5))]
        detection_difficulty: u32,
        #[schemars(length(min = 1, max = 160))]
        note: String,
    }
    NarrativeReply {
        #[schemars(length(min = 1, max = 240))]
        key_insight: String,
        #[schemars(length(min = 1, max = 60))]
        headline: String,
        #[schemars(length(min = 1, max = 120))]
        subheadline: String,
        #[schemars(length(min = 2, max = 4), inner(length(min = 1, max = 200)))]
        reasons: Vec<String>,
        /// What to do instead or first; may be empty.
        #[schemars(length(max = 4), inner(length(min = 1, max = 160)))]
        do_instead: Vec<String>,
        /// One for every recommendation.
        #[schemars(length(min = 3, max = 5))]
        choices: Vec<ChoiceReply>,
    }
    ChoiceReply {
        recommendation_id: String,
        #[schemars(length(min = 1, max = 240))]
        why_winner: String,
        /// When one of the other options is the better choice.
        #[schemars(length(min = 2, max = 2), inner(length(min = 1, max = 120)))]
        choose_instead_if: Vec<String>,
        #[schemars(length(min = 1, max = 80))]
        roadmap_title: String,
        #[schemars(length(min = 1, max = 240))]
        roadmap_detail: String,
        /// What can be done in half an hour, in the imperative.
        #[schemars(length(min = 1, max = 160))]
        first_step: String,
    }
}

/// The schema of a task's answer, in the API's dialect. Made once: a report sends seven.
pub fn schema(task: Task) -> &'static Value {
    static SCHEMAS: LazyLock<BTreeMap<&'static str, Value>> =
        LazyLock::new(|| Task::ALL.iter().map(|task| (task.as_str(), make(*task))).collect());
    &SCHEMAS[task.as_str()]
}

fn make(task: Task) -> Value {
    let schema = match task {
        Task::Findings => schemars::schema_for!(FindingsReply),
        Task::Options => schemars::schema_for!(OptionsReply),
        Task::Narrative => schemars::schema_for!(NarrativeReply),
    };
    let mut schema = schema.to_value();
    to_dialect(&mut schema);
    schema
}

const BOUNDS: [&str; 6] = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"];

/// Moves every bound into the description, as `{maxLength: 90}`, and drops what the dialect does not know.
fn to_dialect(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(to_dialect),
        Value::Object(object) => {
            // `properties` and `$defs` hold names, not keywords.
            for (key, value) in object.iter_mut() {
                if matches!(key.as_str(), "properties" | "$defs") {
                    value.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(to_dialect);
                } else {
                    to_dialect(value);
                }
            }
            object.retain(|key, _| !matches!(key.as_str(), "$schema" | "title" | "format"));
            let bounds: Vec<String> = BOUNDS
                .iter()
                .filter_map(|bound| object.remove(*bound).map(|value| format!("{bound}: {value}")))
                .collect();
            if !bounds.is_empty() {
                let said = object.get("description").and_then(Value::as_str).unwrap_or_default();
                let described = format!("{said} {{{}}}", bounds.join(", "));
                object.insert("description".into(), described.trim_start().into());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_keeps_to_the_dialect() {
        for task in Task::ALL {
            let text = schema(*task).to_string();
            for bound in BOUNDS {
                assert!(!text.contains(&format!("\"{bound}\"")), "{task}: {bound}");
            }
            assert!(text.contains("\"additionalProperties\":false"), "{task}");
            assert!(!text.contains("\"null\"") && !text.contains("oneOf"), "{task}: {text}");
        }
    }

    #[test]
    fn bounds_are_told_in_the_description() {
        let schema = schema(Task::Findings);
        let finding = &schema["$defs"]["FindingReply"]["properties"];
        assert_eq!(finding["title"]["description"], "{minLength: 1, maxLength: 90}");
        assert_eq!(
            finding["customer_value"]["description"],
            "What the customers of this business gain. {minimum: 1, maximum: 10}"
        );
        assert_eq!(schema["required"], serde_json::json!(["findings"]));
    }
}
