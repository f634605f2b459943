//! What a customer sees before paying: their own words, where it may pay off, and one step to take today. No euros of
//! ours stand in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::ids::words;
use super::super::knowledge::{Benchmark, BenchmarkStatus, Industry, Knowledge, Opportunity};
use super::super::profile::{Capability, DataLocation, PainPoint, Preference, ProcessMaturity, Profile, Urgency};
use super::super::quiz;
use super::super::report::Readiness;
use super::score;
use crate::error::{Error, Result};

const REFLECTIONS_MAX: usize = 6;
const AREAS_MAX: usize = 3;
/// Areas from this one on are only "medium".
const AREAS_HIGH: usize = 2;
const BENCHMARKS_MAX: usize = 5;
/// Eight that are recommended and two that are not.
const FINDINGS_PLANNED: u32 = 10;
const OPTIONS_PER_RECOMMENDATION: u32 = 3;

words! {
    Potential { High = "high", Medium = "medium" }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Teaser {
    pub readiness: Readiness,
    /// At most 6: the customer's own words and choices.
    pub reflections: Vec<String>,
    /// At most 3, in the order in which the customer named them.
    pub opportunity_areas: Vec<OpportunityArea>,
    /// At most 5.
    pub benchmarks: Vec<TeaserBenchmark>,
    pub quick_win: QuickStart,
    pub locked: Locked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityArea {
    pub area: PainPoint,
    pub title: String,
    pub potential: Potential,
    /// Titles of what we look at there; at least one.
    pub opportunities: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeaserBenchmark {
    pub id: String,
    pub title: String,
    pub statement: String,
    pub publisher: String,
    pub year: u32,
    pub status: BenchmarkStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// One step of half an hour at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickStart {
    pub title: String,
    pub first_step: String,
    pub minutes: u32,
}

/// What the report adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    pub findings_planned: u32,
    pub options_per_recommendation: u32,
}

pub fn teaser(profile: &Profile, knowledge: &Knowledge) -> Result<Teaser> {
    let industry = quiz::industry(knowledge, &profile.industry)?;
    let matched: Vec<&Opportunity> = profile.pain_points.iter().flat_map(|&area| serving(industry, area)).collect();
    Ok(Teaser {
        readiness: score(profile),
        reflections: reflections(profile),
        opportunity_areas: areas(profile, industry),
        benchmarks: benchmarks(&matched, industry),
        quick_win: quick_win(&matched, industry)?,
        locked: Locked { findings_planned: FINDINGS_PLANNED, options_per_recommendation: OPTIONS_PER_RECOMMENDATION },
    })
}

fn serving(industry: &Industry, area: PainPoint) -> impl Iterator<Item = &Opportunity> {
    industry.opportunities.iter().filter(move |opportunity| opportunity.area == area)
}

/// The areas that the customer named and we know something for. An area nobody named is not made up.
fn areas(profile: &Profile, industry: &Industry) -> Vec<OpportunityArea> {
    let mut areas: Vec<OpportunityArea> = Vec::new();
    for &area in &profile.pain_points {
        let opportunities: Vec<String> = serving(industry, area).map(|found| found.title.clone()).collect();
        if opportunities.is_empty() || areas.iter().any(|known| known.area == area) || areas.len() == AREAS_MAX {
            continue;
        }
        let potential = if areas.len() < AREAS_HIGH { Potential::High } else { Potential::Medium };
        areas.push(OpportunityArea { area, title: area_title(area).to_owned(), potential, opportunities });
    }
    areas
}

/// First those that speak for the named areas, then the industry's others; none that states a sum of money.
fn benchmarks(matched: &[&Opportunity], industry: &Industry) -> Vec<TeaserBenchmark> {
    let cited = |benchmark: &&Benchmark| matched.iter().any(|found| found.benchmarks.contains(&benchmark.id));
    let (first, rest): (Vec<_>, Vec<_>) = industry.benchmarks.iter().partition(cited);
    let without_money =
        |benchmark: &&Benchmark| !mentions_money(&benchmark.title) && !mentions_money(&benchmark.statement);
    first
        .into_iter()
        .chain(rest)
        .filter(without_money)
        .take(BENCHMARKS_MAX)
        .map(|benchmark| TeaserBenchmark {
            id: benchmark.id.clone(),
            title: benchmark.title.clone(),
            statement: benchmark.statement.clone(),
            publisher: benchmark.publisher.clone(),
            year: benchmark.year,
            status: benchmark.status,
            url: benchmark.url.clone(),
        })
        .collect()
}

/// The first step for the area named first; the industry's first one where no area matches.
fn quick_win(matched: &[&Opportunity], industry: &Industry) -> Result<QuickStart> {
    let chosen = matched.first().copied().or(industry.opportunities.first());
    let chosen = chosen.ok_or_else(|| Error::internal(format!("industry {} has no opportunities", industry.slug)))?;
    Ok(QuickStart {
        title: chosen.title.clone(),
        first_step: chosen.first_step.clone(),
        minutes: chosen.first_step_minutes,
    })
}

fn mentions_money(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains(['€', '$', '£'])
        || lower.split(|letter: char| !letter.is_alphabetic()).any(|word| matches!(word, "eur" | "euro" | "euros"))
}

/// Quotes and choices, the most personal first.
fn reflections(profile: &Profile) -> Vec<String> {
    let areas: Vec<&str> = profile.pain_points.iter().map(|&area| area_phrase(area)).collect();
    let mut lines = vec![format!("What you would fix tomorrow: “{}”", one_line(&profile.biggest_challenge))];
    if let Some(attempts) = &profile.past_attempts {
        lines.push(format!("What you have tried: “{}”", one_line(attempts)));
    }
    lines.push(hours_line(profile));
    if !areas.is_empty() {
        lines.push(format!("Work piles up around {}.", listed(&areas)));
    }
    lines.push(format!(
        "Your data lives {}, and {}.",
        location_phrase(profile.data_location),
        maturity_phrase(profile.process_maturity)
    ));
    lines.push(format!(
        "You would rather {}, {}, with {}.",
        preference_phrase(profile.implementation_preference),
        urgency_phrase(profile.implementation_urgency),
        capability_phrase(profile.implementation_capability)
    ));
    lines.truncate(REFLECTIONS_MAX);
    lines
}

fn hours_line(profile: &Profile) -> String {
    let team = match profile.employee_count {
        1 => "You work alone, and".to_owned(),
        many => format!("Your team is {many} people, and"),
    };
    match profile.admin_hours_week {
        0 => format!("{team} admin takes no time worth counting."),
        1 => format!("{team} admin takes 1 hour a week."),
        hours => format!("{team} admin takes {hours} hours a week."),
    }
}

/// Line breaks become blanks, so that a quote stays one sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

const fn area_title(area: PainPoint) -> &'static str {
    match area {
        PainPoint::CustomerCommunication => "Answering customers",
        PainPoint::DocumentProcessing => "Forms and documents",
        PainPoint::Scheduling => "Appointments and scheduling",
        PainPoint::Reporting => "Reports and figures",
        PainPoint::SalesPipeline => "Winning new customers",
        PainPoint::Onboarding => "Taking on new customers or staff",
        PainPoint::Operations => "Running the daily work",
        PainPoint::Billing => "Invoices and payments",
        PainPoint::Marketing => "Marketing and reviews",
    }
}

const fn area_phrase(area: PainPoint) -> &'static str {
    match area {
        PainPoint::CustomerCommunication => "customer questions",
        PainPoint::DocumentProcessing => "paperwork",
        PainPoint::Scheduling => "scheduling",
        PainPoint::Reporting => "reporting",
        PainPoint::SalesPipeline => "sales",
        PainPoint::Onboarding => "onboarding",
        PainPoint::Operations => "daily operations",
        PainPoint::Billing => "billing",
        PainPoint::Marketing => "marketing",
    }
}

const fn location_phrase(location: DataLocation) -> &'static str {
    match location {
        DataLocation::Paper => "on paper",
        DataLocation::Spreadsheets => "in spreadsheets",
        DataLocation::SeveralDisconnected => "in several tools that do not talk to each other",
        DataLocation::SingleSystem => "in one main system",
        DataLocation::SeveralConnected => "in several connected tools",
    }
}

const fn maturity_phrase(maturity: ProcessMaturity) -> &'static str {
    match maturity {
        ProcessMaturity::AdHoc => "everyone works their own way",
        ProcessMaturity::Repeatable => "your routines live in people's heads",
        ProcessMaturity::Defined => "your routines are written down",
        ProcessMaturity::Managed => "your routines are written down and measured",
        ProcessMaturity::Optimizing => "you keep improving your routines",
    }
}

const fn preference_phrase(preference: Preference) -> &'static str {
    match preference {
        Preference::Buy => "buy something ready",
        Preference::Connect => "connect good tools",
        Preference::Build => "build it yourselves",
        Preference::Hire => "have it built for you",
    }
}

const fn urgency_phrase(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::ThisWeek => "this week",
        Urgency::ThisMonth => "this month",
        Urgency::ThisQuarter => "within three months",
        Urgency::NoRush => "without any rush",
    }
}

const fn capability_phrase(capability: Capability) -> &'static str {
    match capability {
        Capability::NonTechnical => "nobody technical at hand",
        Capability::TutorialFollower => "someone who can follow a tutorial",
        Capability::AutomationUser => "someone who builds automations",
        Capability::AiCoder => "someone who builds small apps with AI",
        Capability::HasDevelopers => "your own developers",
    }
}
