//! The questionnaire: what is asked, what is accepted as an answer, and the typed profile that comes of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::words;
use super::knowledge::{Industry, IndustryQuestion, Knowledge};
use super::profile::Profile;
use crate::error::{Error, FieldError, Result};

mod check;
mod questions;
mod typed;

/// Changes when a question is added, removed or means something else.
pub const QUESTIONNAIRE_VERSION: &str = "1";

/// The tool that stands for every other.
pub const OTHER: &str = "other";

/// Answers by question id, as the customer gave them.
pub type Answers = BTreeMap<String, Value>;

words! {
    Section { Business = "business", Day = "day", Tools = "tools", Plans = "plans", Industry = "industry" }
    QuestionKind { Text = "text", Integer = "integer", Scale = "scale", Select = "select", Multi = "multi" }
}

/// All questions for one industry, in the order in which they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    pub version: String,
    pub industry: String,
    pub industry_name: String,
    pub sections: Vec<SectionTitle>,
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionTitle {
    pub id: Section,
    pub title: String,
}

/// One question. A bound that is absent does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub section: Section,
    pub kind: QuestionKind,
    pub title: String,
    pub help: String,
    pub required: bool,
    /// For integers and scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// For choices of several: an empty list is an answer where this is zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// For texts, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// For texts: whether line breaks are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiline: Option<bool>,
    /// Shown behind the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Used where the question is left open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// The industry of that slug; an unknown one is told which there are.
pub fn industry<'a>(knowledge: &'a Knowledge, slug: &str) -> Result<&'a Industry> {
    knowledge.industries.get(slug).ok_or_else(|| {
        let known: Vec<&str> = knowledge.industries.keys().map(String::as_str).collect();
        Error::not_found(format!("there is no industry {}; the known ones are {}", shown(slug), known.join(", ")))
    })
}

/// The 19 core questions and the industry's own.
pub fn questionnaire(knowledge: &Knowledge, slug: &str) -> Result<Questionnaire> {
    let industry = industry(knowledge, slug)?;
    let mut questions = questions::all(tool_choices(knowledge, industry));
    questions.extend(industry.questions.iter().map(industry_question));
    let section = |&id: &Section| SectionTitle { id, title: questions::section_title(id, &industry.name).to_owned() };
    Ok(Questionnaire {
        version: QUESTIONNAIRE_VERSION.to_owned(),
        industry: industry.slug.clone(),
        industry_name: industry.name.clone(),
        sections: Section::ALL.iter().map(section).collect(),
        questions,
    })
}

/// Refuses what is not exactly an answer: every fault at once, each at its field. `null` clears an answer.
pub fn check(questionnaire: &Questionnaire, changes: &Answers) -> Result<()> {
    let mut faults = Vec::new();
    for (id, value) in changes {
        let messages = match questionnaire.question(id) {
            Some(question) => check::faults(question, value),
            None => vec!["is not a question of this questionnaire".to_owned()],
        };
        faults.extend(messages.into_iter().map(|message| FieldError::new(field(id), message)));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}

/// The answers after the changes.
pub fn merge(answers: &Answers, changes: &Answers) -> Answers {
    let mut merged = answers.clone();
    for (id, value) in changes {
        if value.is_null() {
            merged.remove(id);
        } else {
            merged.insert(id.clone(), value.clone());
        }
    }
    merged
}

/// Ids of the required questions that are not answered, in the order in which they are asked.
pub fn missing(questionnaire: &Questionnaire, answers: &Answers) -> Vec<String> {
    required(questionnaire).filter(|question| !is_answered(answers, &question.id)).map(|q| q.id.clone()).collect()
}

/// Answered share of the required questions, rounded down: 100 means that nothing is missing.
pub fn completion_percent(questionnaire: &Questionnaire, answers: &Answers) -> u32 {
    let all = required(questionnaire).count();
    let answered = required(questionnaire).filter(|question| is_answered(answers, &question.id)).count();
    (answered * 100).checked_div(all).map_or(100, |percent| percent as u32)
}

/// The typed answers; a field error for each that is missing or no longer accepted.
pub fn profile(questionnaire: &Questionnaire, answers: &Answers) -> Result<Profile> {
    let mut faults: Vec<FieldError> = missing(questionnaire, answers)
        .iter()
        .map(|id| FieldError::new(field(id), "is required and not answered yet"))
        .collect();
    let answered = answers.iter().filter(|(id, _)| is_answered(answers, id));
    let answered: Answers = answered.map(|(id, value)| (id.clone(), value.clone())).collect();
    if let Err(refused) = check(questionnaire, &answered) {
        faults.extend_from_slice(refused.field_errors());
    }
    if faults.is_empty() { typed::profile(questionnaire, &answered) } else { Err(Error::fields(faults)) }
}

impl Questionnaire {
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

impl Question {
    /// The words beside a choice.
    pub fn label(&self, value: &str) -> Option<&str> {
        self.options.iter().find(|choice| choice.value == value).map(|choice| choice.label.as_str())
    }
}

fn required(questionnaire: &Questionnaire) -> impl Iterator<Item = &Question> {
    questionnaire.questions.iter().filter(|question| question.required)
}

/// Nothing, `null` and blank text are no answers; an empty list is one.
fn is_answered(answers: &Answers, id: &str) -> bool {
    match answers.get(id) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}

/// The industry's vendors in their order, then those that serve every industry by name, then "something else".
fn tool_choices(knowledge: &Knowledge, industry: &Industry) -> Vec<Choice> {
    let own = industry.vendors.iter().filter_map(|tier| knowledge.vendors.get(&tier.vendor));
    let mut shared: Vec<_> = knowledge
        .vendors
        .values()
        .filter(|vendor| vendor.cross_industry && !industry.vendors.iter().any(|tier| tier.vendor == vendor.slug))
        .collect();
    shared.sort_by(|a, b| a.name.cmp(&b.name));
    let vendors = own.chain(shared).map(|vendor| Choice { value: vendor.slug.clone(), label: vendor.name.clone() });
    vendors.chain([Choice { value: OTHER.to_owned(), label: "Something else".to_owned() }]).collect()
}

/// A question with a default may be left open.
fn industry_question(question: &IndustryQuestion) -> Question {
    Question {
        min: Some(question.min),
        max: Some(question.max),
        unit: Some(question.unit.clone()).filter(|unit| !unit.is_empty()),
        default: question.default,
        required: question.default.is_none(),
        ..Question::new(&question.id, Section::Industry, QuestionKind::Integer, &question.title, &question.help)
    }
}

impl Question {
    fn new(id: &str, section: Section, kind: QuestionKind, title: &str, help: &str) -> Self {
        Self {
            id: id.to_owned(),
            section,
            kind,
            title: title.to_owned(),
            help: help.to_owned(),
            required: true,
            min: None,
            max: None,
            min_items: None,
            max_items: None,
            max_length: None,
            multiline: None,
            unit: None,
            default: None,
            options: Vec::new(),
        }
    }
}

/// The JSON pointer of an answer, without the leading slash. The id may be the caller's invention.
fn field(id: &str) -> String {
    let id: String = id.chars().take(80).collect();
    format!("answers/{}", id.replace('~', "~0").replace('/', "~1"))
}

/// A word of the caller's, fit for a message: quoted, escaped and short.
fn shown(word: &str) -> String {
    let short: String = word.chars().take(40).collect();
    format!("{short:?}")
}

#[cfg(test)]
mod moves;
#[cfg(test)]
mod tests;
