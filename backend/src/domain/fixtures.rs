//! A small world for the tests of the rules: one industry, a handful of vendors, a customer, and any customer.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::json;

use super::ids::{CompanySize, Complexity, PriceModel};
use super::knowledge::{
    Benchmark, BenchmarkStatus, CustomRange, Industry, IndustryQuestion, Knowledge, NotRecommended, Opportunity,
    Vendor, VendorTier,
};
use super::profile::{
    AiExperience, Budget, Capability, DataLocation, DecisionMaker, PainPoint, Preference, ProcessMaturity, Profile,
    RevenueBand, Urgency,
};
use super::quiz::Answers;
use super::report::Category;

/// One industry with four questions, opportunities in three areas, and five benchmarks of which one names money.
pub(super) fn knowledge() -> Knowledge {
    let dental = Industry {
        slug: "dental".into(),
        name: "Dental practice".into(),
        description: "Practices with patients and a front desk.".into(),
        questions: vec![
            question("patients_week", 1, 2_000, None),
            question("no_show_pct", 0, 60, None),
            question("missed_calls_week", 0, 500, None),
            question("avg_appointment_eur", 20, 5_000, Some(350)),
        ],
        opportunities: vec![
            opportunity("online-scheduling", PainPoint::Scheduling, &["no-show"]),
            opportunity("reminders", PainPoint::Scheduling, &["no-show", "appointment-value"]),
            opportunity("voice-receptionist", PainPoint::CustomerCommunication, &["phone-share"]),
            opportunity("insurance-check", PainPoint::Billing, &[]),
            opportunity("reviews", PainPoint::Marketing, &["reviews"]),
        ],
        benchmarks: vec![
            benchmark("phone-share", "Half of the front desk's time goes into the phone."),
            benchmark("no-show", "18 % of appointments are missed."),
            benchmark("appointment-value", "An average appointment brings €350."),
            benchmark("reviews", "Patients read reviews."),
            benchmark("recare", "75 % of patients come back."),
            benchmark("acceptance", "60 % of treatment plans are accepted."),
            benchmark("collections", "Most invoices are paid in a month."),
        ],
        vendors: vec![tier("weave", 1), tier("nexhealth", 2)],
        not_recommended: vec![NotRecommended {
            id: "robot-dentist".into(),
            title: "Automated treatment".into(),
            description: "Treating without a dentist.".into(),
            category: Category::Risk,
            why_not: "It is not allowed.".into(),
            what_instead: "Automate the front desk.".into(),
            benchmarks: vec![],
        }],
    };
    let vendors = [vendor("weave", false), vendor("nexhealth", false), vendor("zapier", true), vendor("make", true)]
        .into_iter()
        .chain((0..12).map(|index| vendor(&format!("crm-{index}"), true)))
        .chain([vendor("jobber", false)]);
    Knowledge {
        version: "0123456789abcdef".into(),
        industries: BTreeMap::from([
            ("dental".to_owned(), dental.clone()),
            (
                "home-services".to_owned(),
                Industry { slug: "home-services".into(), name: "Home services".into(), ..dental },
            ),
        ]),
        vendors: vendors.map(|vendor| (vendor.slug.clone(), vendor)).collect(),
    }
}

fn question(id: &str, min: i64, max: i64, default: Option<i64>) -> IndustryQuestion {
    let (title, help) = (format!("How many: {id}?"), "A rough figure is enough.".to_owned());
    IndustryQuestion { id: id.into(), title, help, min, max, unit: "a week".into(), default }
}

fn opportunity(id: &str, area: PainPoint, benchmarks: &[&str]) -> Opportunity {
    Opportunity {
        id: id.into(),
        title: format!("Opportunity {id}"),
        description: "What it is.".into(),
        area,
        category: Category::Efficiency,
        driver: crate::domain::facts::Driver::AdminHours,
        hours_week_max: 10.0,
        revenue_bp_max: 0,
        vendor_categories: vec!["scheduling".into()],
        benchmarks: benchmarks.iter().map(|&id| id.to_owned()).collect(),
        custom: CustomRange { min_cents: 300_000, max_cents: 800_000, running_monthly_cents: 5_000 },
        weeks_buy: 2,
        weeks_build: 8,
        first_step: format!("Write down what {id} would change."),
        first_step_minutes: 20,
    }
}

fn benchmark(id: &str, statement: &str) -> Benchmark {
    Benchmark {
        id: id.into(),
        title: format!("Benchmark {id}"),
        statement: statement.into(),
        values: vec![],
        publisher: "A publisher".into(),
        year: 2024,
        status: BenchmarkStatus::Estimate,
        url: None,
    }
}

fn tier(vendor: &str, tier: u32) -> VendorTier {
    VendorTier { vendor: vendor.into(), tier, boost: 0 }
}

fn vendor(slug: &str, cross_industry: bool) -> Vendor {
    Vendor {
        slug: slug.into(),
        name: format!("Vendor {slug}"),
        category: "scheduling".into(),
        cross_industry,
        description: "A tool.".into(),
        website: format!("https://{slug}.example"),
        pricing_url: format!("https://{slug}.example/pricing"),
        price_model: PriceModel::Flat,
        starting_price_cents: Some(5_000),
        currency: "EUR".into(),
        free_tier: false,
        company_sizes: vec![CompanySize::Smb],
        complexity: Complexity::Low,
        implementation_weeks: 2,
        implementation_cents: 0,
        api_openness: None,
        rating: 70,
        verified_on: None,
        prices: vec![],
    }
}

/// Complete answers; `profile` is what they mean.
pub(super) fn answers() -> Answers {
    let json = json!({
        "company_name": "Sample Dental Studio",
        "employee_count": 12,
        "annual_revenue_band": "1m_5m",
        "hourly_cost_eur": 38,
        "admin_hours_week": 25,
        "pain_points": ["scheduling", "customer_communication", "billing"],
        "biggest_challenge": "The phone rings all day.\nNobody can do anything else.",
        "past_attempts": "A booking form nobody used.",
        "current_tools": ["weave", "zapier", "other"],
        "integration_level": 3,
        "data_location": "spreadsheets",
        "process_maturity": "repeatable",
        "technology_comfort": 8,
        "ai_experience": "experimenting",
        "implementation_capability": "automation_user",
        "implementation_preference": "buy",
        "budget_comfort": "moderate",
        "implementation_urgency": "this_quarter",
        "decision_maker": "me",
        "patients_week": 120,
        "no_show_pct": 12,
        "missed_calls_week": 30,
    });
    json.as_object().expect("an object").clone().into_iter().collect()
}

/// The customer of the first golden readiness score.
pub(super) fn profile() -> Profile {
    Profile {
        industry: "dental".into(),
        company_name: "Sample Dental Studio".into(),
        employee_count: 12,
        annual_revenue_band: RevenueBand::From1mTo5m,
        hourly_cost_cents: 3_800,
        hourly_cost_given: true,
        admin_hours_week: 25,
        pain_points: vec![PainPoint::Scheduling, PainPoint::CustomerCommunication, PainPoint::Billing],
        biggest_challenge: "The phone rings all day.\nNobody can do anything else.".into(),
        past_attempts: Some("A booking form nobody used.".into()),
        current_tools: vec!["weave".into(), "zapier".into(), "other".into()],
        integration_level: 3,
        data_location: DataLocation::Spreadsheets,
        process_maturity: ProcessMaturity::Repeatable,
        technology_comfort: 8,
        ai_experience: AiExperience::Experimenting,
        implementation_capability: Capability::AutomationUser,
        implementation_preference: Preference::Buy,
        budget_comfort: Budget::Moderate,
        implementation_urgency: Urgency::ThisQuarter,
        decision_maker: DecisionMaker::Me,
        industry_answers: BTreeMap::from([
            ("patients_week".to_owned(), 120),
            ("no_show_pct".to_owned(), 12),
            ("missed_calls_week".to_owned(), 30),
            ("avg_appointment_eur".to_owned(), 350),
        ]),
    }
}

/// Any customer whom the questionnaire lets through.
pub(super) fn any_profile() -> impl Strategy<Value = Profile> {
    let numbers = (1_u32..=5_000, 1_000_i64..=30_000, 0_u32..=500, 0_usize..=12, 1_u32..=10, 1_u32..=10);
    let state = (
        select(RevenueBand::ALL),
        subsequence(PainPoint::ALL, 1..=5),
        select(DataLocation::ALL),
        select(ProcessMaturity::ALL),
        select(AiExperience::ALL),
    );
    let plans = (
        select(Capability::ALL),
        select(Preference::ALL),
        select(Budget::ALL),
        select(Urgency::ALL),
        select(DecisionMaker::ALL),
    );
    let words = ("[a-zA-Z€ \n]{1,40}", proptest::option::of("[a-z ]{1,20}"));
    (numbers, state, plans, words).prop_map(|(numbers, state, plans, words)| Profile {
        employee_count: numbers.0,
        hourly_cost_cents: numbers.1,
        admin_hours_week: numbers.2,
        current_tools: (0..numbers.3).map(|index| format!("tool-{index}")).collect(),
        integration_level: numbers.4,
        technology_comfort: numbers.5,
        annual_revenue_band: state.0,
        pain_points: state.1,
        data_location: state.2,
        process_maturity: state.3,
        ai_experience: state.4,
        implementation_capability: plans.0,
        implementation_preference: plans.1,
        budget_comfort: plans.2,
        implementation_urgency: plans.3,
        decision_maker: plans.4,
        biggest_challenge: words.0,
        past_attempts: words.1,
        ..profile()
    })
}
