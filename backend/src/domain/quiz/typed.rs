//! From checked answers to the typed profile.

use std::str::FromStr;

use serde_json::Value;

use super::super::profile::Profile;
use super::super::roi::DEFAULT_RATE_CENTS;
use super::{Answers, Questionnaire, Section};
use crate::error::{Error, Result};

/// The answers are complete and checked; what does not fit here is our own fault.
pub(super) fn profile(questionnaire: &Questionnaire, answers: &Answers) -> Result<Profile> {
    let read = Reader { answers };
    let hourly_cost_eur = read.number("hourly_cost_eur");
    Ok(Profile {
        industry: questionnaire.industry.clone(),
        company_name: read.text("company_name")?,
        employee_count: read.count("employee_count")?,
        annual_revenue_band: read.word("annual_revenue_band")?,
        hourly_cost_cents: hourly_cost_eur.map_or(DEFAULT_RATE_CENTS, |euros| euros * 100),
        hourly_cost_given: hourly_cost_eur.is_some(),
        admin_hours_week: read.count("admin_hours_week")?,
        pain_points: read.list("pain_points").into_iter().map(str::parse).collect::<Result<_>>()?,
        biggest_challenge: read.text("biggest_challenge")?,
        past_attempts: read.text("past_attempts").ok(),
        current_tools: read.list("current_tools").into_iter().map(str::to_owned).collect(),
        integration_level: read.count("integration_level")?,
        data_location: read.word("data_location")?,
        process_maturity: read.word("process_maturity")?,
        technology_comfort: read.count("technology_comfort")?,
        ai_experience: read.word("ai_experience")?,
        implementation_capability: read.word("implementation_capability")?,
        implementation_preference: read.word("implementation_preference")?,
        budget_comfort: read.word("budget_comfort")?,
        implementation_urgency: read.word("implementation_urgency")?,
        decision_maker: read.word("decision_maker")?,
        industry_answers: questionnaire
            .questions
            .iter()
            .filter(|question| question.section == Section::Industry)
            .filter_map(|question| Some((question.id.clone(), read.number(&question.id).or(question.default)?)))
            .collect(),
    })
}

struct Reader<'a> {
    answers: &'a Answers,
}

impl Reader<'_> {
    fn number(&self, id: &str) -> Option<i64> {
        self.answers.get(id).and_then(Value::as_i64)
    }

    fn count(&self, id: &str) -> Result<u32> {
        self.number(id).and_then(|number| u32::try_from(number).ok()).ok_or_else(|| lost(id))
    }

    /// Without the blanks around it.
    fn text(&self, id: &str) -> Result<String> {
        self.answers.get(id).and_then(Value::as_str).map(|text| text.trim().to_owned()).ok_or_else(|| lost(id))
    }

    fn word<T: FromStr<Err = Error>>(&self, id: &str) -> Result<T> {
        self.answers.get(id).and_then(Value::as_str).ok_or_else(|| lost(id))?.parse()
    }

    fn list(&self, id: &str) -> Vec<&str> {
        let items = self.answers.get(id).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

fn lost(id: &str) -> Error {
    Error::internal(format!("the checked answer to {id} is not what its question asks for"))
}
