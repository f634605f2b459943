//! The readiness score: five components, in exact thirty-sixths until the last rounding, and the free teaser.

use super::profile::{AiExperience, Budget, DataLocation, DecisionMaker, ProcessMaturity, Profile, Urgency};
use super::report::{Band, Component, ComponentKey, Readiness};
use super::roi::divide;

mod teaser;

pub use teaser::{Locked, OpportunityArea, Potential, QuickStart, Teaser, TeaserBenchmark, teaser};

/// Every component is a whole number of these: ninths of the scales times quarters of the weights.
const PARTS: u32 = 36;

/// The score comes from the unrounded components; each component is shown with two decimals.
pub fn score(profile: &Profile) -> Readiness {
    let components = [
        (ComponentKey::Data, 25, PARTS * data(profile.data_location)),
        (ComponentKey::Process, 25, PARTS * process(profile.process_maturity)),
        (ComponentKey::Tech, 20, tech(profile)),
        (ComponentKey::Team, 15, team(profile)),
        (ComponentKey::Strategy, 15, strategy(profile)),
    ];
    let weighted: u32 = components.iter().map(|(_, percent, parts)| percent * parts).sum();
    let score = rounded(weighted, 100 * PARTS);
    Readiness {
        score,
        band: band(score),
        components: components
            .map(|(key, percent, parts)| Component {
                key,
                score: f64::from(rounded(parts * 100, PARTS)) / 100.0,
                weight_bp: percent * 100,
            })
            .to_vec(),
    }
}

pub const fn band(score: u32) -> Band {
    match score {
        0..30 => Band::EarlyStage,
        30..50 => Band::Developing,
        50..70 => Band::Established,
        _ => Band::Advanced,
    }
}

const fn data(location: DataLocation) -> u32 {
    match location {
        DataLocation::Paper => 10,
        DataLocation::Spreadsheets => 35,
        DataLocation::SeveralDisconnected => 50,
        DataLocation::SingleSystem => 65,
        DataLocation::SeveralConnected => 90,
    }
}

const fn process(maturity: ProcessMaturity) -> u32 {
    match maturity {
        ProcessMaturity::AdHoc => 10,
        ProcessMaturity::Repeatable => 30,
        ProcessMaturity::Defined => 60,
        ProcessMaturity::Managed => 80,
        ProcessMaturity::Optimizing => 100,
    }
}

/// 50·min(tools, 8)/8 + 50·(integration − 1)/9, in parts.
fn tech(profile: &Profile) -> u32 {
    let tools = profile.current_tools.len().min(8) as u32;
    225 * tools + 200 * ninths(profile.integration_level)
}

/// 60·(comfort − 1)/9 + 40·AI, in parts.
fn team(profile: &Profile) -> u32 {
    let ai = match profile.ai_experience {
        AiExperience::None => 10,
        AiExperience::Experimenting => 40,
        AiExperience::Using => 75,
        AiExperience::Scaling => 100,
    };
    240 * ninths(profile.technology_comfort) + percent_of(40, ai)
}

/// 40·decision + 35·budget + 25·urgency, in parts.
fn strategy(profile: &Profile) -> u32 {
    let decision = match profile.decision_maker {
        DecisionMaker::Me => 100,
        DecisionMaker::MeInput => 85,
        DecisionMaker::Team => 60,
        DecisionMaker::Other => 25,
    };
    let budget = match profile.budget_comfort {
        Budget::Low => 30,
        Budget::Moderate => 60,
        Budget::Comfortable => 80,
        Budget::High => 100,
    };
    let urgency = match profile.implementation_urgency {
        Urgency::ThisWeek => 100,
        Urgency::ThisMonth => 90,
        Urgency::ThisQuarter => 75,
        Urgency::NoRush => 40,
    };
    percent_of(40, decision) + percent_of(35, budget) + percent_of(25, urgency)
}

/// A percentage of a weight, in parts; exact for every pair above.
const fn percent_of(weight: u32, percent: u32) -> u32 {
    PARTS * weight * percent / 100
}

/// How far up a scale of ten an answer is.
fn ninths(answer: u32) -> u32 {
    answer.clamp(1, 10) - 1
}

/// Half up: nothing here is negative.
fn rounded(numerator: u32, denominator: u32) -> u32 {
    divide(numerator.into(), denominator.into()) as u32
}

#[cfg(test)]
mod tests;
