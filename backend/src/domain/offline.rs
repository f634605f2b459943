//! The writer of a machine without a key: the same questions, answered from the knowledge base by rule.
//!
//! Its reports are real in every figure and say on page and PDF that no model wrote them.

use serde_json::{Value, json};

use super::compute::{Computed, winning};
use super::facts::Snapshot;
use super::knowledge::Opportunity;
use super::profile::Capability;
use super::report::{Finding, Horizon, OptionKind, VerdictClass};

pub fn findings(snapshot: &Snapshot) -> Value {
    let opportunities = snapshot.subjects.iter().filter_map(|subject| {
        let opportunity = snapshot.opportunity(&subject.opportunity_id)?;
        let named = snapshot.profile.pain_points.contains(&opportunity.area);
        let hours = subject.estimate.hours_week;
        let gain = u32::from(hours >= 2.0) + u32::from(hours >= 6.0) + u32::from(subject.estimate.revenue_year_cents > 0);
        let worthwhile = hours > 0.0 || subject.estimate.revenue_year_cents > 0;
        let (customer_value, business_health) = match (worthwhile, named) {
            (false, _) => (5, 4),
            (true, true) => (7 + gain.min(2), 7 + gain.min(2)),
            (true, false) => (6 + gain.min(1), 6 + gain.min(2)),
        };
        let current = if named {
            "You named this area as one that costs you time; today it is done by hand or in tools that do not talk to each other."
        } else {
            "You did not name this area as a problem; your answers still show time that goes into it every week."
        };
        Some(json!({
            "subject_id": opportunity.id,
            "title": short(&opportunity.title, 90),
            "description": short(&opportunity.description, 500),
            "current_state": current,
            "category": opportunity.category,
            "horizon": horizon(opportunity),
            "customer_value": customer_value,
            "business_health": business_health,
            "why_not": "",
            "what_instead": "",
            "evidence": evidence(snapshot, &opportunity.benchmarks, subject.estimate.basis.first()),
        }))
    });
    let cautions = snapshot.cautions().map(|caution| {
        json!({
            "subject_id": caution.id,
            "title": short(&caution.title, 90),
            "description": short(&caution.description, 500),
            "current_state": "Often offered to businesses like yours, and often bought too early.",
            "category": caution.category,
            "horizon": Horizon::Long,
            "customer_value": 4,
            "business_health": 4,
            "why_not": short(&caution.why_not, 300),
            "what_instead": short(&caution.what_instead, 300),
            "evidence": evidence(snapshot, &caution.benchmarks, None),
        })
    });
    json!({"findings": opportunities.chain(cautions).collect::<Vec<_>>()})
}

pub fn options(snapshot: &Snapshot, subject_id: &str, finding: &Finding) -> Value {
    let profile = &snapshot.profile;
    let named =
        snapshot.opportunity(subject_id).is_some_and(|opportunity| profile.pain_points.contains(&opportunity.area));
    let able = matches!(
        profile.implementation_capability,
        Capability::AutomationUser | Capability::AiCoder | Capability::HasDevelopers
    );
    let relief = u32::from(finding.hours_week >= 4.0) + u32::from(finding.hours_week >= 8.0) + u32::from(named);
    let ready = json!({
        "kind": OptionKind::OffTheShelf,
        "pros": ["Ready in days, and proven in many businesses like yours", "You can leave it again without much loss"],
        "cons": ["You work the way the product works", "Another subscription to look after"],
        "costs": {"time": 3, "opportunity": 2, "complexity": 2, "risk_reversibility": 2, "brand_trust": 2},
        "benefits": {"time": 6 + relief, "strategic": 5, "quality": 6 + relief.min(2)},
        "risk": {"probability": 2, "impact": 2, "visibility": 2, "detection_difficulty": 2, "note": "Staff may go on as before; name one person who is in charge of it."},
    });
    let leading = json!({
        "kind": OptionKind::BestInClass,
        "pros": ["Covers more of the task, with fewer gaps to fill by hand", "Grows with the business"],
        "cons": ["Dearer, and takes longer to introduce", "More functions than you will use in the first year"],
        "costs": {"time": 5, "opportunity": 4, "complexity": 4, "risk_reversibility": 4, "brand_trust": 2},
        "benefits": {"time": 6 + relief.min(2), "strategic": 7, "quality": 7},
        "risk": {"probability": 2, "impact": 3, "visibility": 2, "detection_difficulty": 2, "note": "A longer introduction ties up the people who know the work best."},
    });
    let own = json!({
        "kind": OptionKind::Custom,
        "pros": ["Fits your way of working exactly", "No price per user"],
        "cons": ["Somebody has to look after it for years", "The result is known only at the end"],
        "costs": {"time": 7, "opportunity": 6, "complexity": if able { 6 } else { 9 }, "risk_reversibility": 7, "brand_trust": 3},
        "benefits": {"time": 6 + relief.min(2), "strategic": 8, "quality": 7},
        "risk": {"probability": if able { 3 } else { 4 }, "impact": 3, "visibility": 3, "detection_difficulty": 3, "note": "It depends on one person or one agency; agree on hand-over and care beforehand."},
    });
    json!({
        "title": finding.title,
        "why_customers": if named { "Your customers get an answer sooner and have to ask less often." } else { "Your customers notice fewer delays and fewer slips." },
        "why_business": "It gives back time that your team now spends on routine, and makes the work less dependent on who is in today.",
        "options": [ready, leading, own],
    })
}

pub fn narrative(snapshot: &Snapshot, computed: &Computed) -> Value {
    let (headline, subheadline) = match computed.class {
        VerdictClass::Proceed => (
            "Go ahead, one step at a time",
            "Your business is ready, and the figures carry the first steps even on the cautious side.",
        ),
        VerdictClass::ProceedCautiously => {
            ("Go ahead, with care", "Some steps pay off; begin with the smallest, and measure before you go on.")
        }
        VerdictClass::Wait => {
            ("Wait, and prepare", "Put your data and routines in order first; the same money then buys more.")
        }
        VerdictClass::NotRecommended => ("Not now", "At present automation would cost you more than it gives back."),
    };
    let first = computed.recommendations.first().map_or("", |recommendation| recommendation.title.as_str());
    let choices: Vec<Value> = computed
        .recommendations
        .iter()
        .map(|recommendation| {
            let won = winning(recommendation);
            let opportunity =
                computed.subjects.get(&recommendation.finding_id).and_then(|subject| snapshot.opportunity(subject));
            let (one, other) = instead(recommendation.winner);
            json!({
                "recommendation_id": recommendation.id,
                "why_winner": short(&format!("{} gives the best balance of benefit, cost and risk among the ways that are open to you.", won.label), 240),
                "choose_instead_if": [one, other],
                "roadmap_title": short(&format!("Introduce {}", won.label), 80),
                "roadmap_detail": "Begin with one person and one task, count the hours for a month, then roll it out or stop.",
                "first_step": short(opportunity.map_or("Write down how the task is done today, step by step.", |o| &o.first_step), 160),
            })
        })
        .collect();
    json!({
        "key_insight": short(&format!("Of all that you could automate, this pays off first: {first}. Begin there, and leave the rest until it runs."), 240),
        "headline": headline,
        "subheadline": subheadline,
        "reasons": reasons(snapshot, computed),
        "do_instead": ["Name one person who owns each step, with time set aside for it.", "Count the hours of a routine for two weeks before you buy anything for it."],
        "choices": choices,
    })
}

fn reasons(snapshot: &Snapshot, computed: &Computed) -> Vec<String> {
    let readiness = format!("Your readiness score is {} of 100.", snapshot.readiness.score);
    let declined = computed.findings.iter().filter(|finding| !finding.recommendable).count();
    let honest = if declined > 2 {
        "Several of the ideas that we looked at do not pay off for you."
    } else {
        "Most of the ideas that we looked at pay off for you; a few do not."
    };
    let hours = "The time they save is counted only as far as your team really has it to save.";
    // A score is a figure of the facts, so it may stand in a sentence.
    vec![readiness, honest.into(), hours.into()]
}

fn instead(winner: OptionKind) -> (&'static str, &'static str) {
    match winner {
        OptionKind::OffTheShelf => (
            "you grow quickly and need more than the basics",
            "your way of working is so special that no product fits it",
        ),
        OptionKind::BestInClass => {
            ("a simple product at a lower price is enough for now", "you have developers and want to own the result")
        }
        OptionKind::Custom => {
            ("you want a result this month", "nobody in the team can look after software of your own")
        }
    }
}

fn horizon(opportunity: &Opportunity) -> Horizon {
    match opportunity.weeks_buy {
        0..=8 => Horizon::Short,
        9..=26 => Horizon::Mid,
        _ => Horizon::Long,
    }
}

/// One answer and up to two benchmarks; where the subject names none, the first of the industry.
fn evidence(snapshot: &Snapshot, benchmarks: &[String], answer: Option<&String>) -> Vec<String> {
    let known = |id: &&String| snapshot.answer(id).is_some();
    let answer = answer.filter(known).cloned().unwrap_or_else(|| "pain_points".into());
    let mut ids = vec![answer];
    ids.extend(benchmarks.iter().take(2).cloned());
    ids
}

fn short(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max - 1).collect();
    let end = cut.rfind([' ', '.']).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}
