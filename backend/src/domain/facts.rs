//! The facts of a report: everything that is known and computed before anybody writes a word.
//!
//! A snapshot is kept with the report, so that a restart, a deploy or a new knowledge base in the middle changes nothing.

mod estimate;
mod tell;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::knowledge::{Benchmark, Industry, Knowledge, NotRecommended, Opportunity, Vendor};
use super::profile::Profile;
use super::quiz::{self, Answers, Questionnaire};
use super::readiness;
use super::report::{CustomCost, Price, Readiness};
use super::vendors::{self, Ranked};
use crate::error::Result;

pub use estimate::{Driver, Estimate, estimate};
pub use tell::{findings, narrative, options};

/// Changes with the prompts, the schemas or the way facts are told.
pub const PROMPT_VERSION: &str = "1";
/// Cautions offered to the writer: enough for an honest report, few enough for a positive one.
const CAUTIONS: usize = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub today: NaiveDate,
    pub kb_version: String,
    pub prompt_version: String,
    pub profile: Profile,
    pub readiness: Readiness,
    /// Closed answers, in words. The customer's free text is in the profile alone.
    pub answers: Vec<AnswerFact>,
    pub industry: Industry,
    /// One for each opportunity of the industry, in its order.
    pub subjects: Vec<Subject>,
    /// Names of every product known, so that prose can be kept from naming others.
    pub product_names: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerFact {
    pub id: String,
    pub question: String,
    pub answer: String,
}

/// An opportunity, measured for this customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub opportunity_id: String,
    /// The assumption of the report that states the estimate.
    pub assumption_id: String,
    pub estimate: Estimate,
    pub off_the_shelf: Offer,
    pub best_in_class: Offer,
    pub custom: CustomCost,
    pub custom_weeks: u32,
}

/// A product at this customer's price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub price: Price,
    pub weeks: u32,
    /// A product of another kind, because none of the right kind is known.
    pub substitute: bool,
}

/// Phase one: no call, no waiting.
pub fn assemble(
    questionnaire: &Questionnaire,
    answers: &Answers,
    knowledge: &Knowledge,
    catalogue: &[Vendor],
    today: NaiveDate,
) -> Result<Snapshot> {
    let profile = quiz::profile(questionnaire, answers)?;
    let industry = quiz::industry(knowledge, &profile.industry)?.clone();
    let subjects = industry
        .opportunities
        .iter()
        .enumerate()
        .map(|(at, opportunity)| {
            let chosen = vendors::choose(knowledge, catalogue, &profile, opportunity)?;
            Ok(Subject {
                opportunity_id: opportunity.id.clone(),
                assumption_id: assumption_id(GENERAL_ASSUMPTIONS + at),
                estimate: estimate(&profile, opportunity),
                off_the_shelf: Offer::of(&chosen.off_the_shelf, today),
                best_in_class: Offer::of(&chosen.best_in_class, today),
                custom: chosen.custom.cost(),
                custom_weeks: chosen.custom.weeks,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Snapshot {
        today,
        kb_version: knowledge.version.clone(),
        prompt_version: PROMPT_VERSION.into(),
        readiness: readiness::score(&profile),
        answers: tell::answers(questionnaire, answers),
        product_names: catalogue.iter().map(|vendor| vendor.name.clone()).collect(),
        industry,
        subjects,
        profile,
    })
}

/// Assumptions that every report has, before those of its subjects.
pub const GENERAL_ASSUMPTIONS: usize = 5;

/// `a-01` for the first.
pub fn assumption_id(at: usize) -> String {
    format!("a-{:02}", at + 1)
}

impl Snapshot {
    pub fn subject(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.opportunity_id == id)
    }

    pub fn opportunity(&self, id: &str) -> Option<&Opportunity> {
        self.industry.opportunities.iter().find(|opportunity| opportunity.id == id)
    }

    pub fn caution(&self, id: &str) -> Option<&NotRecommended> {
        self.cautions().find(|caution| caution.id == id)
    }

    pub fn cautions(&self) -> impl Iterator<Item = &NotRecommended> {
        self.industry.not_recommended.iter().take(CAUTIONS)
    }

    pub fn answer(&self, id: &str) -> Option<&AnswerFact> {
        self.answers.iter().find(|answer| answer.id == id)
    }

    pub fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.industry.benchmarks.iter().find(|benchmark| benchmark.id == id)
    }
}

impl Offer {
    fn of(ranked: &Ranked<'_>, today: NaiveDate) -> Self {
        Self {
            slug: ranked.vendor.slug.clone(),
            name: ranked.vendor.name.clone(),
            description: ranked.vendor.description.clone(),
            price: ranked.price(today),
            weeks: ranked.vendor.implementation_weeks.max(1),
            substitute: ranked.is_substitute(),
        }
    }
}

/// The facts without the customer's own words: the figures in these are ours.
pub fn without_own_words(facts: &Value) -> Value {
    let mut facts = facts.clone();
    if let Some(object) = facts.get_mut("facts").and_then(Value::as_object_mut) {
        object.remove("own_words");
    }
    facts
}
