//! The whole path from answers to document, by the offline writer, in every industry.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::check;
use super::super::compute;
use super::super::facts::{self, Snapshot};
use super::super::knowledge::Knowledge;
use super::super::quiz::{self, Answers};
use super::super::report::{ReportDocument, WriterKind};
use super::super::{offline, sample};
use super::*;

fn answers(industry: &str, changes: &Value) -> Answers {
    let (_, mut answers) = sample::answers();
    let own: &[(&str, i64)] = match industry {
        "home-services" => {
            &[("technicians", 6), ("jobs_per_tech_day", 5), ("missed_calls_day", 4), ("avg_ticket_eur", 250)]
        }
        "professional-services" => {
            &[("fee_earners", 5), ("billable_rate_eur", 120), ("utilisation_pct", 62), ("drafting_hours_week", 20)]
        }
        _ => &[],
    };
    if !own.is_empty() {
        answers.retain(|id, _| {
            !["patients_week", "no_show_pct", "missed_calls_week", "avg_appointment_eur"].contains(&id.as_str())
        });
        answers.extend(own.iter().map(|(id, value)| ((*id).to_owned(), json!(value))));
    }
    for (id, value) in changes.as_object().into_iter().flatten() {
        answers.insert(id.clone(), value.clone());
    }
    answers
}

fn snapshot(industry: &str, changes: &Value) -> Snapshot {
    let knowledge = Knowledge::builtin().expect("the built-in base");
    let questionnaire = quiz::questionnaire(&knowledge, industry).expect("a known industry");
    let vendors: Vec<_> = knowledge.vendors.values().cloned().collect();
    facts::assemble(&questionnaire, &answers(industry, changes), &knowledge, &vendors, sample::DAY)
        .expect("complete answers")
}

fn write(snapshot: &Snapshot) -> Result<ReportDocument, String> {
    let findings = check::findings(&offline::findings(snapshot), snapshot);
    assert_eq!(findings.errors, Vec::<String>::new());
    assert_eq!(findings.warnings, Vec::new());
    let mut comparisons = std::collections::BTreeMap::new();
    for (subject, finding) in compute::candidates(&findings.accepted) {
        let options = check::options(&offline::options(snapshot, subject, finding), snapshot, subject, finding);
        assert_eq!((options.errors, options.warnings), (Vec::<String>::new(), Vec::new()), "{subject}");
        comparisons.insert(finding.id.clone(), options.accepted.expect("three options"));
    }
    let computed =
        compute::compute(snapshot, findings.accepted, &comparisons, Vec::new()).map_err(|error| error.chain())?;
    let narrative = check::narrative(&offline::narrative(snapshot, &computed), snapshot, &computed);
    assert_eq!((narrative.errors, narrative.warnings), (Vec::<String>::new(), Vec::new()));
    let imprint = Imprint {
        report_id: ReportId(uuid::Uuid::nil()),
        generated_at: sample::moment(),
        tier: "report".into(),
        writer: WriterKind::Offline,
        models: Vec::new(),
        sample: false,
    };
    let ids: BTreeSet<String> = snapshot.answers.iter().map(|answer| answer.id.clone()).collect();
    let document = build(snapshot, computed, &narrative.accepted.expect("a narrative"), imprint);
    assert_eq!(faults(&document, &ids), Vec::<String>::new());
    Ok(document)
}

#[test]
fn every_industry_gets_a_sound_report() {
    for industry in ["dental", "home-services", "professional-services"] {
        let document = write(&snapshot(industry, &json!({}))).expect(industry);
        assert!((7..=12).contains(&document.findings.len()), "{industry}: {} findings", document.findings.len());
        assert!(document.recommendations.len() >= 3, "{industry}");
        assert!(document.summary.total_value_3y.expected_cents > 0, "{industry}");
        let text = serde_json::to_string(&document).expect("JSON");
        let read: ReportDocument = serde_json::from_str(&text).expect("the same document");
        assert_eq!(read, document);
    }
}

#[test]
fn the_industrys_own_figures_move_the_report() {
    for (industry, changes) in [
        ("dental", json!({"missed_calls_week": 0})),
        ("dental", json!({"no_show_pct": 40})),
        ("dental", json!({"patients_week": 10})),
        ("dental", json!({"avg_appointment_eur": 100})),
        ("home-services", json!({"missed_calls_day": 0})),
        ("home-services", json!({"avg_ticket_eur": 20})),
        ("home-services", json!({"technicians": 1})),
        ("home-services", json!({"jobs_per_tech_day": 1})),
        ("professional-services", json!({"drafting_hours_week": 2})),
        ("professional-services", json!({"billable_rate_eur": 15})),
        ("professional-services", json!({"fee_earners": 1})),
        ("professional-services", json!({"utilisation_pct": 10})),
    ] {
        // Without a revenue band nothing is capped, so that every figure shows.
        let mut changed = changes.clone();
        changed["annual_revenue_band"] = json!("prefer_not_say");
        let before = snapshot(industry, &json!({"annual_revenue_band": "prefer_not_say"}));
        assert_ne!(snapshot(industry, &changed).subjects, before.subjects, "{industry} {changes}");
    }
}

#[test]
fn a_business_with_nothing_to_save_gets_no_report_of_thin_air() {
    let nothing = json!({"admin_hours_week": 0, "missed_calls_week": 0, "no_show_pct": 0});
    let error = write(&snapshot("dental", &nothing)).expect_err("too little to recommend");
    assert!(error.contains("recommendations"), "{error}");
}

type Breakage = fn(&mut ReportDocument);

#[test]
fn a_broken_sum_is_found() {
    let snapshot = snapshot("dental", &json!({}));
    let ids: BTreeSet<String> = snapshot.answers.iter().map(|answer| answer.id.clone()).collect();
    let sound = write(&snapshot).expect("a report");
    let broken: [(&str, Breakage); 6] = [
        ("total", |document| document.summary.total_value_3y.expected_cents += 1),
        ("investment", |document| document.summary.investment_year1.min_cents += 1),
        ("net", |document| document.recommendations[0].options[0].net += 0.01),
        ("hours", |document| document.recommendations[0].credited_hours_week += 0.5),
        ("reference", |document| document.findings[0].evidence[0].r#ref = "nowhere".into()),
        ("winner", |document| {
            let taken = document.recommendations[0].winner;
            let other =
                document.recommendations[0].options.iter().map(|option| option.kind).find(|kind| *kind != taken);
            document.recommendations[0].winner = other.expect("three options");
        }),
    ];
    for (what, break_it) in broken {
        let mut document = sound.clone();
        break_it(&mut document);
        assert!(!faults(&document, &ids).is_empty(), "{what}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    /// Whatever the answers: a sound report, or an honest refusal.
    #[test]
    fn every_report_is_sound_or_refused(
        employees in 1_u32..400, admin in 0_u32..500, comfort in 1_u32..=10, integration in 1_u32..=10,
        band in 0_usize..7, budget in 0_usize..4, capability in 0_usize..5, preference in 0_usize..4,
        no_show in 0_u32..=60, calls in 0_u32..200, pains in proptest::sample::subsequence(super::super::profile::PainPoint::WORDS.to_vec(), 1..=5),
    ) {
        use super::super::profile::{Budget, Capability, Preference, RevenueBand};
        let changes = json!({
            "employee_count": employees, "admin_hours_week": admin, "technology_comfort": comfort,
            "integration_level": integration, "annual_revenue_band": RevenueBand::WORDS[band],
            "budget_comfort": Budget::WORDS[budget], "implementation_capability": Capability::WORDS[capability],
            "implementation_preference": Preference::WORDS[preference], "no_show_pct": no_show,
            "missed_calls_week": calls, "pain_points": pains,
        });
        if let Err(error) = write(&snapshot("dental", &changes)) {
            proptest::prop_assert!(error.contains("are usable"), "{error}");
        }
    }
}
