//! The shipped base is complete and carries its figures, and its version follows its content.

use std::collections::BTreeSet;

use super::*;
use crate::domain::knowledge::BenchmarkStatus;

pub(super) const DENTAL: &str = "industries/dental.toml";
pub(super) const VENDORS: &str = "vendors/dental.toml";

pub(super) fn builtin() -> Vec<(String, String)> {
    BUILTIN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// The shipped base with one replacement in one file.
pub(super) fn changed(path: &str, from: &str, to: &str) -> Vec<(String, String)> {
    let mut files = builtin();
    let (_, text) = files.iter_mut().find(|(name, _)| name == path).expect("the file is there");
    assert!(text.contains(from), "{path} does not contain {from:?}");
    *text = text.replacen(from, to, 1);
    files
}

#[test]
fn the_shipped_base_is_complete_and_claims_nothing_unproven() {
    let knowledge = Knowledge::builtin().expect("the shipped base loads");
    assert_eq!(knowledge.industries.keys().collect::<Vec<_>>(), ["dental", "home-services", "professional-services"]);
    assert!(knowledge.vendors.values().filter(|vendor| vendor.cross_industry).count() >= 12);
    assert!(knowledge.vendors.values().all(|vendor| vendor.verified_on.is_none()), "nobody has verified a price");
    let benchmarks = knowledge.industries.values().flat_map(|industry| &industry.benchmarks);
    assert!(benchmarks.into_iter().all(|benchmark| benchmark.status != BenchmarkStatus::Verified));
}

#[test]
fn the_shipped_base_asks_the_questions_of_the_questionnaire() {
    let knowledge = Knowledge::builtin().expect("the shipped base loads");
    let asked = |slug: &str| -> Vec<(String, i64, i64, Option<i64>)> {
        let industry = knowledge.industry(slug).expect("a launch industry");
        industry.questions.iter().map(|item| (item.id.clone(), item.min, item.max, item.default)).collect()
    };
    let named = |id: &str, min, max, default| (id.to_owned(), min, max, default);
    assert_eq!(
        asked("dental"),
        [
            named("patients_week", 1, 2000, None),
            named("no_show_pct", 0, 60, None),
            named("missed_calls_week", 0, 1000, None),
            named("avg_appointment_eur", 20, 5000, Some(350)),
        ]
    );
    assert_eq!(
        asked("home-services"),
        [
            named("technicians", 1, 2000, None),
            named("jobs_per_tech_day", 1, 12, None),
            named("missed_calls_day", 0, 500, None),
            named("avg_ticket_eur", 20, 20_000, Some(250)),
        ]
    );
    assert_eq!(
        asked("professional-services"),
        [
            named("fee_earners", 1, 2000, None),
            named("billable_rate_eur", 10, 1000, None),
            named("utilisation_pct", 0, 100, None),
            named("drafting_hours_week", 0, 500, None),
        ]
    );
}

#[test]
fn the_shipped_base_carries_its_figures() {
    let knowledge = Knowledge::builtin().expect("the shipped base loads");
    let hours = [
        ("dental", "voice-receptionist", 20.0),
        ("dental", "patient-communication", 15.0),
        ("dental", "insurance-verification", 20.0),
        ("dental", "online-scheduling", 10.0),
        ("dental", "imaging-support", 5.0),
        ("dental", "patient-financing", 3.0),
        ("dental", "review-requests", 3.0),
        ("home-services", "scheduling-dispatch", 15.0),
        ("home-services", "call-answering", 20.0),
        ("home-services", "customer-updates", 10.0),
        ("home-services", "quoting", 8.0),
        ("home-services", "memberships", 3.0),
    ];
    for (industry, id, expected) in hours {
        let opportunity = knowledge.industry(industry).and_then(|industry| industry.opportunity(id)).expect(id);
        assert!((opportunity.hours_week_max - expected).abs() < f64::EPSILON, "{id}");
    }
    let values: [(&str, &str, &[f64]); 12] = [
        ("dental", "no-show-rate", &[18.0, 10.0, 5.0]),
        ("dental", "phone-to-appointment", &[50.0, 70.0, 85.0]),
        ("dental", "recare-rate", &[60.0, 75.0, 90.0]),
        ("dental", "front-office-cost", &[28.0, 45.0]),
        ("dental", "no-show-cost", &[0.7]),
        ("home-services", "jobs-per-day-service", &[4.0, 8.0, 6.0]),
        ("home-services", "no-show-rate", &[15.0, 8.0, 3.0]),
        ("home-services", "admin-time", &[2.5, 1.0]),
        ("home-services", "technician-cost", &[40.0, 70.0, 55.0]),
        ("professional-services", "legal-utilisation", &[30.0, 35.0]),
        ("professional-services", "ai-adoption-accounting", &[41.0]),
        ("professional-services", "time-capture", &[15.0, 25.0]),
    ];
    for (industry, id, expected) in values {
        let benchmark = knowledge.industry(industry).and_then(|industry| industry.benchmark(id)).expect(id);
        assert_eq!(benchmark.values, expected, "{id}");
    }
    let prices = [
        ("dentrix", Some(40_000)),
        ("eaglesoft", Some(35_000)),
        ("open-dental", Some(17_900)),
        ("curve-dental", Some(35_000)),
        ("weave", Some(24_900)),
        ("lighthouse-360", Some(29_900)),
        ("nexhealth", None),
        ("vyne-dental", Some(15_000)),
        ("housecall-pro", Some(5_900)),
        ("jobber", Some(3_900)),
        ("servicetitan", Some(20_000)),
        ("podium", Some(24_900)),
        ("birdeye", Some(29_900)),
        ("broadly", Some(24_900)),
        ("smith-ai", Some(29_250)),
        ("ruby", Some(23_500)),
        ("clio", Some(4_900)),
        ("karbon", Some(5_900)),
        ("pipedrive", Some(1_400)),
        ("close", Some(900)),
        ("quickbooks", Some(2_000)),
        ("xero", Some(2_000)),
        ("freshbooks", Some(2_100)),
        ("intercom", Some(2_900)),
        ("zendesk", Some(1_900)),
    ];
    for (slug, expected) in prices {
        assert_eq!(knowledge.vendors[slug].starting_price_cents, expected, "{slug}");
    }
    for slug in ["zapier", "make", "n8n", "hubspot", "zoho-crm", "attio"] {
        assert!(knowledge.vendors[slug].free_tier, "{slug}");
    }
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let mut found = BTreeSet::new();
    for folder in ["industries", "vendors"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("the folder is there") {
            let name = entry.expect("a readable entry").file_name();
            found.insert(format!("{folder}/{}", name.to_str().expect("a plain name")));
        }
    }
    assert_eq!(found, BUILTIN.iter().map(|(path, _)| (*path).to_owned()).collect());
}

#[test]
fn the_version_follows_the_content_and_nothing_else() {
    let version = |files: &[(String, String)]| Knowledge::parse(files).expect("a sound base").version;
    let original = version(&builtin());
    assert_eq!(original.len(), 16);
    assert!(original.chars().all(|digit| digit.is_ascii_hexdigit()));
    let mut reversed = builtin();
    reversed.reverse();
    assert_eq!(version(&reversed), original);
    assert_eq!(Knowledge::builtin().expect("the shipped base loads").version, original);
    assert_ne!(version(&changed(DENTAL, "weeks_buy = 6", "weeks_buy = 7")), original);
    assert_ne!(version(&changed(VENDORS, "rating = 78", "rating = 77")), original);
}
