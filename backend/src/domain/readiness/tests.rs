//! Golden scores, the effect of every answer, and a teaser without our euros.

use proptest::prelude::*;

use super::super::fixtures::{any_profile, knowledge, profile};
use super::super::profile::PainPoint;
use super::*;
use crate::error::Kind;

fn tools(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("tool-{index}")).collect()
}

fn shown(profile: &Profile) -> (u32, Vec<String>) {
    let readiness = score(profile);
    (readiness.score, readiness.components.iter().map(|component| component.score.to_string()).collect())
}

fn lowest() -> Profile {
    Profile {
        data_location: DataLocation::Paper,
        process_maturity: ProcessMaturity::AdHoc,
        current_tools: vec![],
        integration_level: 1,
        technology_comfort: 1,
        ai_experience: AiExperience::None,
        decision_maker: DecisionMaker::Other,
        budget_comfort: Budget::Low,
        implementation_urgency: Urgency::NoRush,
        ..profile()
    }
}

fn highest() -> Profile {
    Profile {
        data_location: DataLocation::SeveralConnected,
        process_maturity: ProcessMaturity::Optimizing,
        current_tools: tools(12),
        integration_level: 10,
        technology_comfort: 10,
        ai_experience: AiExperience::Scaling,
        decision_maker: DecisionMaker::Me,
        budget_comfort: Budget::High,
        implementation_urgency: Urgency::ThisWeek,
        ..profile()
    }
}

#[test]
fn the_golden_customers_score_as_published() {
    assert_eq!(shown(&profile()), (44, ["35", "30", "29.86", "62.67", "79.75"].map(str::to_owned).to_vec()));
    let third = Profile {
        data_location: DataLocation::SingleSystem,
        process_maturity: ProcessMaturity::Defined,
        current_tools: tools(5),
        integration_level: 6,
        technology_comfort: 6,
        ai_experience: AiExperience::Using,
        decision_maker: DecisionMaker::MeInput,
        budget_comfort: Budget::Comfortable,
        implementation_urgency: Urgency::ThisMonth,
        ..profile()
    };
    assert_eq!(shown(&third), (65, ["65", "60", "59.03", "63.33", "84.5"].map(str::to_owned).to_vec()));
    assert_eq!(shown(&lowest()).0, 10);
    assert_eq!(shown(&highest()).0, 98);
}

#[test]
fn the_weights_make_a_whole_and_the_bands_meet() {
    use Band::{Advanced, Developing, EarlyStage, Established};
    assert_eq!(score(&profile()).components.iter().map(|component| component.weight_bp).sum::<u32>(), 10_000);
    let bands = [0, 29, 30, 49, 50, 69, 70, 100].map(band);
    assert_eq!(bands, [EarlyStage, EarlyStage, Developing, Developing, Established, Established, Advanced, Advanced]);
}

#[test]
fn every_word_has_its_published_points() {
    assert_eq!(DataLocation::ALL.iter().map(|&word| data(word)).collect::<Vec<_>>(), [10, 35, 50, 65, 90]);
    assert_eq!(ProcessMaturity::ALL.iter().map(|&word| process(word)).collect::<Vec<_>>(), [10, 30, 60, 80, 100]);
    let component = |index: usize, customers: Vec<Profile>| {
        let scores = customers.iter().map(|customer| score(customer).components[index].score);
        scores.map(|score| format!("{score:.2}")).collect::<Vec<_>>()
    };
    let low = lowest();
    let ai = AiExperience::ALL.iter().map(|&ai_experience| Profile { ai_experience, ..low.clone() });
    assert_eq!(component(3, ai.collect()), ["4.00", "16.00", "30.00", "40.00"]);
    let deciders = DecisionMaker::ALL.iter().map(|&decision_maker| Profile { decision_maker, ..low.clone() });
    assert_eq!(component(4, deciders.collect()), ["60.50", "54.50", "44.50", "30.50"]);
    let budgets = Budget::ALL.iter().map(|&budget_comfort| Profile { budget_comfort, ..low.clone() });
    assert_eq!(component(4, budgets.collect()), ["30.50", "41.00", "48.00", "55.00"]);
    let urgencies =
        Urgency::ALL.iter().map(|&implementation_urgency| Profile { implementation_urgency, ..low.clone() });
    assert_eq!(component(4, urgencies.collect()), ["45.50", "43.00", "39.25", "30.50"]);
    let tooled = [0, 1, 8, 9].map(|count| Profile { current_tools: tools(count), ..low.clone() });
    assert_eq!(component(2, tooled.to_vec()), ["0.00", "6.25", "50.00", "50.00"]);
}

#[test]
fn each_scoring_answer_raises_its_own_component() {
    use ComponentKey::{Data, Process, Strategy, Team, Tech};
    let (low, high) = (lowest(), highest());
    let table = [
        (Data, Profile { data_location: high.data_location, ..low.clone() }),
        (Process, Profile { process_maturity: high.process_maturity, ..low.clone() }),
        (Tech, Profile { current_tools: tools(1), ..low.clone() }),
        (Tech, Profile { integration_level: 2, ..low.clone() }),
        (Team, Profile { technology_comfort: 2, ..low.clone() }),
        (Team, Profile { ai_experience: high.ai_experience, ..low.clone() }),
        (Strategy, Profile { decision_maker: high.decision_maker, ..low.clone() }),
        (Strategy, Profile { budget_comfort: high.budget_comfort, ..low.clone() }),
        (Strategy, Profile { implementation_urgency: high.implementation_urgency, ..low.clone() }),
    ];
    let before = score(&low).components;
    for (key, raised) in table {
        for (old, new) in before.iter().zip(score(&raised).components) {
            if new.key == key {
                assert!(new.score > old.score, "{key}");
            } else {
                assert_eq!(&new, old, "{key} moved another component");
            }
        }
    }
}

#[test]
fn the_teaser_says_what_the_customer_said() {
    let teaser = teaser(&profile(), &knowledge()).expect("a teaser");
    assert_eq!(
        teaser.reflections,
        [
            "What you would fix tomorrow: “The phone rings all day. Nobody can do anything else.”",
            "What you have tried: “A booking form nobody used.”",
            "Your team is 12 people, and admin takes 25 hours a week.",
            "Work piles up around scheduling, customer questions and billing.",
            "Your data lives in spreadsheets, and your routines live in people's heads.",
            "You would rather buy something ready, within three months, with someone who builds automations.",
        ]
    );
    let areas: Vec<_> =
        teaser.opportunity_areas.iter().map(|area| (area.area, area.potential, area.opportunities.len())).collect();
    assert_eq!(
        areas,
        [
            (PainPoint::Scheduling, Potential::High, 2),
            (PainPoint::CustomerCommunication, Potential::High, 1),
            (PainPoint::Billing, Potential::Medium, 1),
        ]
    );
    // Cited ones first, in the base's order; the one that names euros is left out.
    let ids: Vec<&str> = teaser.benchmarks.iter().map(|benchmark| benchmark.id.as_str()).collect();
    assert_eq!(ids, ["phone-share", "no-show", "reviews", "recare", "acceptance"]);
    assert_eq!(teaser.quick_win.title, "Opportunity online-scheduling");
    assert_eq!(teaser.locked, Locked { findings_planned: 10, options_per_recommendation: 3 });
}

#[test]
fn an_area_without_an_opportunity_is_left_out_and_a_first_step_remains() {
    let elsewhere = Profile { pain_points: vec![PainPoint::Reporting], ..profile() };
    let teaser = teaser(&elsewhere, &knowledge()).expect("a teaser");
    assert_eq!(teaser.opportunity_areas, []);
    assert_eq!(teaser.quick_win.minutes, 20);
}

#[test]
fn an_unknown_industry_is_told_which_there_are() {
    let stranger = Profile { industry: "space".into(), ..profile() };
    let refused = teaser(&stranger, &knowledge()).expect_err("no such industry");
    assert_eq!(refused.kind(), Kind::NotFound);
    assert_eq!(refused.detail(), r#"there is no industry "space"; the known ones are dental, home-services"#);
}

proptest! {
    #[test]
    fn the_score_stays_between_the_lowest_and_the_highest(profile in any_profile()) {
        let readiness = score(&profile);
        prop_assert!((10..=98).contains(&readiness.score));
        prop_assert_eq!(readiness.band, band(readiness.score));
        prop_assert_eq!(readiness.components.len(), 5);
        // The shown components lead to the shown score, up to their own rounding.
        let again: f64 = readiness.components.iter().map(|part| part.score * f64::from(part.weight_bp) / 1e4).sum();
        prop_assert!((again - f64::from(readiness.score)).abs() <= 0.51);
    }

    #[test]
    fn more_of_anything_never_lowers_the_score(profile in any_profile()) {
        let before = score(&profile).score;
        let more = [
            Profile { integration_level: (profile.integration_level + 1).min(10), ..profile.clone() },
            Profile { technology_comfort: (profile.technology_comfort + 1).min(10), ..profile.clone() },
            Profile { current_tools: tools(profile.current_tools.len() + 1), ..profile.clone() },
            Profile { process_maturity: ProcessMaturity::Optimizing, ..profile.clone() },
            Profile { data_location: DataLocation::SeveralConnected, ..profile.clone() },
        ];
        for raised in more {
            prop_assert!(score(&raised).score >= before);
        }
    }

    #[test]
    fn a_teaser_keeps_its_bounds_and_none_of_our_euros(profile in any_profile()) {
        let teaser = teaser(&profile, &knowledge()).expect("a teaser");
        prop_assert!((1..=6).contains(&teaser.reflections.len()));
        prop_assert!(teaser.opportunity_areas.len() <= 3 && teaser.benchmarks.len() <= 5);
        prop_assert!(teaser.quick_win.minutes <= 30);
        let again: Teaser = serde_json::from_value(serde_json::to_value(&teaser).unwrap()).unwrap();
        prop_assert_eq!(&again, &teaser);
        // The customer's own words may name a sum; nothing else does.
        let ours = Teaser { reflections: vec![], ..teaser };
        let text = serde_json::to_string(&ours).unwrap().to_lowercase();
        prop_assert!(!text.contains('€') && !text.contains("eur"));
    }
}
