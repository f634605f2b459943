//! Every question moves something: a question whose answer changes nothing is not worth a customer's minute.

use serde_json::{Value, json};

use super::super::crb::{FitInput, financial_cost, fit, ineligible};
use super::super::fixtures::{answers, knowledge};
use super::super::profile::Profile;
use super::super::readiness::{Teaser, teaser};
use super::super::report::{Confidence, OptionKind, Roi, RoiInputs};
use super::super::roi::{Breach, bounds, clip, compute};
use super::*;

/// What the rules make of a customer.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    teaser: Teaser,
    fit: Vec<u32>,
    ineligible: Vec<Option<String>>,
    financial_cost: u32,
    /// Of a measure that claims a great deal.
    roi: Roi,
    breaches: Vec<Breach>,
    /// What goes into the report's words: the name on its cover, the industry's figures.
    company_name: String,
    industry_answers: Vec<(String, i64)>,
}

fn outcome(answers: &Answers) -> Outcome {
    let knowledge = knowledge();
    let dental = questionnaire(&knowledge, "dental").expect("known");
    let profile: Profile = profile(&dental, answers).expect("complete");
    let claim = RoiInputs {
        hours_week: 50.0,
        rate_cents: profile.hourly_cost_cents,
        revenue_year_cents: 0,
        confidence: Confidence::Medium,
        implementation_cents: 300_000,
        monthly_cents: 30_000,
    };
    let each = |kind| FitInput { kind, year1_cents: 200_000, weeks: 3 };
    Outcome {
        teaser: teaser(&profile, &knowledge).expect("a teaser"),
        fit: OptionKind::ALL.iter().map(|&kind| fit(each(kind), &profile)).collect(),
        ineligible: OptionKind::ALL.iter().map(|&kind| ineligible(kind, &profile)).collect(),
        financial_cost: financial_cost(200_000, &profile),
        roi: compute(&clip(&claim, &profile)),
        breaches: bounds(&claim, &profile).into_iter().map(|bound| bound.breach).collect(),
        company_name: profile.company_name,
        industry_answers: profile.industry_answers.into_iter().collect(),
    }
}

/// Whether the part of the outcome that a question is asked for has changed.
type Moved = fn(&Outcome, &Outcome) -> bool;

#[test]
fn each_question_moves_what_it_is_asked_for() {
    let data: Moved = |a, b| a.teaser.readiness.components[0] != b.teaser.readiness.components[0];
    let process: Moved = |a, b| a.teaser.readiness.components[1] != b.teaser.readiness.components[1];
    let tech: Moved = |a, b| a.teaser.readiness.components[2] != b.teaser.readiness.components[2];
    let team: Moved = |a, b| a.teaser.readiness.components[3] != b.teaser.readiness.components[3];
    let strategy: Moved = |a, b| a.teaser.readiness.components[4] != b.teaser.readiness.components[4];
    let fits: Moved = |a, b| a.fit != b.fit;
    let eligible: Moved = |a, b| a.ineligible != b.ineligible;
    let words: Moved = |a, b| a.teaser.reflections != b.teaser.reflections;
    let figures: Moved = |a, b| a.industry_answers != b.industry_answers;

    let table: [(&str, Value, &[Moved]); 23] = [
        ("company_name", json!("Another Studio"), &[|a, b| a.company_name != b.company_name]),
        ("employee_count", json!(2), &[words, |a, b| a.roi != b.roi, |a, b| a.breaches != b.breaches]),
        ("annual_revenue_band", json!("under_100k"), &[|a, b| a.breaches != b.breaches]),
        ("hourly_cost_eur", json!(90), &[|a, b| a.roi.conservative != b.roi.conservative]),
        ("admin_hours_week", json!(3), &[words]),
        (
            "pain_points",
            json!(["marketing"]),
            &[words, |a, b| {
                a.teaser.opportunity_areas != b.teaser.opportunity_areas && a.teaser.quick_win != b.teaser.quick_win
            }],
        ),
        ("biggest_challenge", json!("Nobody pays in time."), &[words]),
        ("past_attempts", json!("Nothing yet."), &[words]),
        ("current_tools", json!(["weave"]), &[tech]),
        ("integration_level", json!(4), &[tech]),
        ("data_location", json!("paper"), &[data, words]),
        ("process_maturity", json!("defined"), &[process, words]),
        ("technology_comfort", json!(3), &[team, eligible]),
        ("ai_experience", json!("using"), &[team]),
        ("implementation_capability", json!("non_technical"), &[fits, eligible, words]),
        ("implementation_preference", json!("build"), &[fits, words]),
        (
            "budget_comfort",
            json!("comfortable"),
            &[strategy, fits, eligible, |a, b| a.financial_cost != b.financial_cost],
        ),
        ("implementation_urgency", json!("this_week"), &[strategy, fits, words]),
        ("decision_maker", json!("team"), &[strategy]),
        ("patients_week", json!(90), &[figures]),
        ("no_show_pct", json!(20), &[figures]),
        ("missed_calls_week", json!(5), &[figures]),
        ("avg_appointment_eur", json!(500), &[figures]),
    ];

    let before = outcome(&answers());
    let asked = questionnaire(&knowledge(), "dental").expect("known").questions;
    assert!(asked.iter().all(|question| table.iter().any(|(id, ..)| *id == question.id)), "a question has no row");
    for (id, value, moves) in table {
        let after = outcome(&merge(&answers(), &Answers::from([(id.to_owned(), value)])));
        for (index, moved) in moves.iter().enumerate() {
            assert!(moved(&before, &after), "{id} does not move output {index}");
            // The control: the same answers move nothing.
            assert!(!moved(&before, &outcome(&answers())), "{id} moves output {index} by itself");
        }
    }
}
