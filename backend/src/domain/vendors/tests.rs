//! Golden choices for three companies, and the properties that hold for all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::profile::{
    AiExperience, Capability, DataLocation, DecisionMaker, Preference, ProcessMaturity, RevenueBand, Urgency,
};

fn profile(industry: &str, employee_count: u32, budget_comfort: Budget) -> Profile {
    Profile {
        industry: industry.to_owned(),
        company_name: "Sample".to_owned(),
        employee_count,
        annual_revenue_band: RevenueBand::From1mTo5m,
        hourly_cost_cents: 5_000,
        hourly_cost_given: false,
        admin_hours_week: 40,
        pain_points: Vec::new(),
        biggest_challenge: "The phone".to_owned(),
        past_attempts: None,
        current_tools: Vec::new(),
        integration_level: 3,
        data_location: DataLocation::Spreadsheets,
        process_maturity: ProcessMaturity::Repeatable,
        technology_comfort: 6,
        ai_experience: AiExperience::None,
        implementation_capability: Capability::NonTechnical,
        implementation_preference: Preference::Buy,
        budget_comfort,
        implementation_urgency: Urgency::ThisQuarter,
        decision_maker: DecisionMaker::Me,
        industry_answers: BTreeMap::new(),
    }
}

fn shipped() -> (Knowledge, Vec<Vendor>) {
    let knowledge = Knowledge::builtin().expect("the shipped base loads");
    let catalogue = knowledge.vendors.values().cloned().collect();
    (knowledge, catalogue)
}

fn opportunity<'a>(knowledge: &'a Knowledge, industry: &str, id: &str) -> &'a Opportunity {
    knowledge.industry(industry).and_then(|industry| industry.opportunity(id)).expect("a known opportunity")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn every_opportunity(knowledge: &Knowledge) -> impl Iterator<Item = (&str, &Opportunity)> {
    let industries = knowledge.industries.values();
    industries.flat_map(|industry| industry.opportunities.iter().map(|item| (industry.slug.as_str(), item)))
}

#[test]
fn golden_choices() {
    let (knowledge, catalogue) = shipped();
    // Industry, employees, budget, opportunity; off the shelf with score and cents a month; best in class with score.
    let rows = [
        ("dental", 8, Budget::Comfortable, "voice-receptionist", ("smith-ai", 110, 29_250), ("ruby", 80)),
        ("dental", 8, Budget::Comfortable, "patient-communication", ("weave", 110, 24_900), ("lighthouse-360", 100)),
        (
            "dental",
            8,
            Budget::Comfortable,
            "insurance-verification",
            ("vyne-dental", 100, 15_000),
            ("open-dental", 100),
        ),
        ("dental", 20, Budget::Low, "imaging-support", ("overjet", 75, 25_000), ("pearl", 65)),
        ("home-services", 8, Budget::Moderate, "scheduling-dispatch", ("jobber", 110, 3_900), ("housecall-pro", 110)),
        ("home-services", 3, Budget::Low, "job-records", ("jobber", 110, 3_900), ("housecall-pro", 110)),
        ("home-services", 80, Budget::High, "scheduling-dispatch", ("jobber", 80, 3_900), ("servicetitan", 85)),
        ("professional-services", 12, Budget::Comfortable, "time-capture", ("toggl-track", 115, 6_000), ("clio", 100)),
        (
            "professional-services",
            12,
            Budget::Comfortable,
            "enquiry-follow-up",
            ("pipedrive", 110, 8_400),
            ("hubspot", 75),
        ),
    ];
    for (industry, employees, budget, id, expected, best) in rows {
        let profile = profile(industry, employees, budget);
        let choices = choose(&knowledge, &catalogue, &profile, opportunity(&knowledge, industry, id)).expect(id);
        let shelf = choices.off_the_shelf;
        assert_eq!((shelf.vendor.slug.as_str(), shelf.score, shelf.monthly_cents), expected, "{id}");
        assert_eq!((choices.best_in_class.vendor.slug.as_str(), choices.best_in_class.score), best, "{id}");
    }
}

#[test]
fn scores_follow_the_table() {
    let (knowledge, _) = shipped();
    let points = |slug: &str, tier: Option<u32>, budget: Budget, monthly: i64| {
        let tier = tier.map(|tier| VendorTier { vendor: slug.to_owned(), tier, boost: 0 });
        score(&knowledge.vendors[slug], tier.as_ref(), &profile("dental", 8, budget), monthly)
    };
    // 50 base, 30 first tier, 20 size, 10 low complexity.
    assert_eq!(points("weave", Some(1), Budget::Moderate, 24_900), 110);
    assert_eq!(points("weave", Some(2), Budget::Moderate, 24_900), 100);
    assert_eq!(points("weave", Some(3), Budget::Moderate, 24_900), 90);
    assert_eq!(points("weave", None, Budget::Moderate, 24_900), 80);
    assert_eq!(points("jobber", None, Budget::Low, 3_900), 80);
    // On a low budget one point for every 10 euros above 100, at most 20.
    assert_eq!(points("weave", None, Budget::Low, 10_000), 80);
    assert_eq!(points("weave", None, Budget::Low, 11_000), 79);
    assert_eq!(points("weave", None, Budget::Low, 24_900), 66);
    assert_eq!(points("weave", None, Budget::Low, 30_000), 60);
    assert_eq!(points("weave", None, Budget::Low, 900_000), 60);
    // A price on request loses 25 on a low budget, whatever it may turn out to be.
    assert_eq!(points("nexhealth", None, Budget::Low, 1), 45);
    assert_eq!(points("nexhealth", None, Budget::Moderate, 1), 70);
    // The wrong size −10, high complexity −5, a free plan +5.
    assert_eq!(points("dentrix", None, Budget::High, 40_000), 35);
    assert_eq!(points("zapier", None, Budget::High, 2_999), 85);
}

#[test]
fn costs_grow_with_the_company() {
    let (knowledge, catalogue) = shipped();
    let voice = opportunity(&knowledge, "dental", "voice-receptionist");
    let cost = |employees| custom(voice, &profile("dental", employees, Budget::High)).cost();
    let range =
        |min_cents, max_cents, running_monthly_cents| CustomCost { min_cents, max_cents, running_monthly_cents };
    assert_eq!(cost(10), range(360_000, 840_000, 15_000));
    assert_eq!(cost(11), range(600_000, 1_400_000, 25_000));
    assert_eq!(cost(51), range(1_080_000, 2_520_000, 45_000));
    assert_eq!(cost(201), range(1_800_000, 4_200_000, 75_000));
    assert_eq!(custom(voice, &profile("dental", 11, Budget::High)).implementation_cents(), 1_000_000);

    let clio = &knowledge.vendors["clio"];
    assert_eq!(implementation_cents(clio, &profile("dental", 10, Budget::High)), 90_000);
    let monthly = |slug: &str, employees| {
        estimated_monthly_cents(&knowledge.vendors[slug], &profile("dental", employees, Budget::High), &catalogue)
    };
    // Half of the team has a seat, at most 25.
    assert_eq!([monthly("clio", 1), monthly("clio", 7), monthly("clio", 5_000)], [4_900, 4 * 4_900, 25 * 4_900]);
    assert_eq!([monthly("weave", 1), monthly("weave", 5_000)], [24_900, 24_900]);
    // Nobody of this category publishes a price: 250 euros times the size factor.
    assert_eq!([monthly("overjet", 8), monthly("overjet", 30), monthly("overjet", 300)], [15_000, 25_000, 75_000]);
    // The median of its category: one price, 30 euros for each of five users.
    assert_eq!([monthly("spellbook", 8), monthly("spellbook", 30)], [9_000, 15_000]);
}

#[test]
fn too_dear_is_marked_and_stays_with_its_kind() {
    let (knowledge, catalogue) = shipped();
    let voice = opportunity(&knowledge, "dental", "voice-receptionist");
    let choices = choose(&knowledge, &catalogue, &profile("dental", 8, Budget::Low), voice).expect("three options");
    assert_eq!(choices.off_the_shelf.vendor.slug, "ruby", "the cheapest of the kind");
    assert!(!choices.off_the_shelf.within_budget);
    assert!(!choices.off_the_shelf.is_substitute());
    assert_eq!(choices.off_the_shelf.standing, Standing::CrossIndustry);
}

#[test]
fn automation_platforms_stand_in_where_a_kind_is_missing() {
    let (knowledge, catalogue) = shipped();
    let imaging = opportunity(&knowledge, "dental", "imaging-support");
    let owner = profile("dental", 8, Budget::Comfortable);
    let only = |slugs: &[&str]| -> Vec<Vendor> {
        catalogue.iter().filter(|vendor| slugs.contains(&vendor.slug.as_str())).cloned().collect()
    };
    let chosen = |catalogue: &[Vendor]| -> [(String, bool); 2] {
        let choices = choose(&knowledge, catalogue, &owner, imaging).expect("three options");
        [choices.off_the_shelf, choices.best_in_class].map(|found| (found.vendor.slug.clone(), found.is_substitute()))
    };
    let named = |slug: &str, substitute| (slug.to_owned(), substitute);
    assert_eq!(chosen(&only(&["overjet", "zapier", "weave"])), [named("overjet", false), named("zapier", true)]);
    assert_eq!(chosen(&only(&["make", "zapier"])), [named("zapier", true), named("make", true)]);
    // An empty catalogue, or one of experts' tools only, is filled up from the knowledge base.
    assert_eq!(chosen(&[]), [named("zapier", true), named("make", true)]);
    let mut expert = only(&["overjet", "pearl"]);
    for vendor in &mut expert {
        vendor.complexity = Complexity::High;
    }
    assert_eq!(chosen(&expert), [named("zapier", true), named("pearl", false)]);
}

#[test]
fn without_any_vendor_the_error_names_the_opportunity() {
    let (mut knowledge, _) = shipped();
    let imaging = opportunity(&knowledge, "dental", "imaging-support").clone();
    knowledge.vendors.clear();
    let error = choose(&knowledge, &[], &profile("dental", 8, Budget::High), &imaging).expect_err("no vendor");
    assert!(error.detail().contains("imaging-support"));
}

#[test]
fn equal_scores_go_to_the_lower_price_and_then_to_the_slug() {
    let (knowledge, catalogue) = shipped();
    let updates = opportunity(&knowledge, "home-services", "customer-updates");
    let podium = knowledge.vendors["podium"].clone();
    let twin =
        |slug: &str, price: i64| Vendor { slug: slug.to_owned(), starting_price_cents: Some(price), ..podium.clone() };
    let twins = [twin("b", 200), twin("c", 100), twin("a", 200)];
    let owner = profile("home-services", 20, Budget::High);
    let ranked = rank(&knowledge, &twins, &owner, updates);
    let order: Vec<&str> = ranked.iter().map(|found| found.vendor.slug.as_str()).collect();
    assert_eq!(order, ["c", "a", "b"]);
    let mut reversed = catalogue.clone();
    reversed.reverse();
    let slugs = |found: Vec<Ranked>| -> Vec<String> { found.iter().map(|item| item.vendor.slug.clone()).collect() };
    assert_eq!(
        slugs(rank(&knowledge, &catalogue, &owner, updates)),
        slugs(rank(&knowledge, &reversed, &owner, updates)),
        "the catalogue's order does not matter"
    );
}

#[test]
fn prices_age() {
    let observed = day("2025-12-01");
    let today = day("2026-06-01");
    let rows = [
        (None, Freshness::Unverified),
        (Some("2025-11-30"), Freshness::Unverified),
        (Some("2026-06-01"), Freshness::Fresh),
        (Some("2026-03-03"), Freshness::Fresh),
        (Some("2026-03-02"), Freshness::Aging),
        (Some("2025-12-03"), Freshness::Aging),
        (Some("2025-12-02"), Freshness::Stale),
    ];
    for (verified, expected) in rows {
        assert_eq!(freshness(verified.map(day), observed, today), expected, "{verified:?}");
    }
}

#[test]
fn the_price_of_the_report_says_what_it_rests_on() {
    let (knowledge, catalogue) = shipped();
    let owner = profile("professional-services", 12, Budget::Comfortable);
    let today = day("2026-06-01");
    let time = opportunity(&knowledge, "professional-services", "time-capture");
    let clio = choose(&knowledge, &catalogue, &owner, time).expect("three options").best_in_class.price(today);
    assert_eq!((clio.monthly_cents, clio.estimated_monthly_cents, clio.per), (Some(4_900), 29_400, PriceUnit::User));
    assert_eq!((clio.observed_on, clio.verified_on, clio.freshness), (day("2025-12-01"), None, Freshness::Unverified));

    let mut unpriced = knowledge.vendors["overjet"].clone();
    unpriced.prices.clear();
    let imaging = opportunity(&knowledge, "dental", "imaging-support");
    let catalogue = [unpriced];
    let overjet = rank(&knowledge, &catalogue, &profile("dental", 8, Budget::High), imaging)[0].price(today);
    assert_eq!((overjet.monthly_cents, overjet.estimated_monthly_cents), (None, 15_000));
    assert_eq!((overjet.observed_on, overjet.freshness), (today, Freshness::Unverified));
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let industries = vec!["dental", "home-services", "professional-services", "unknown"];
    (select(industries), 1..=5_000u32, select(Budget::ALL))
        .prop_map(|(industry, employees, budget)| profile(industry, employees, budget))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn three_sound_options_for_every_customer(owner in any_profile(), kept in any::<u64>()) {
        let (knowledge, all) = shipped();
        // A catalogue from which an operator has taken any number of vendors.
        let is_kept = |index: usize| kept >> (index % 64) & 1 == 1;
        let numbered = all.into_iter().enumerate();
        let catalogue: Vec<Vendor> = numbered.filter(|(index, _)| is_kept(*index)).map(|(_, vendor)| vendor).collect();
        let ceiling = owner.budget_comfort.monthly_ceiling_cents();
        for (_, opportunity) in every_opportunity(&knowledge) {
            let choices = choose(&knowledge, &catalogue, &owner, opportunity)?;
            let ranked = rank(&knowledge, &catalogue, &owner, opportunity);
            let (shelf, best, custom) = (choices.off_the_shelf, choices.best_in_class, choices.custom);
            prop_assert_ne!(&shelf.vendor.slug, &best.vendor.slug);
            prop_assert_ne!(shelf.vendor.complexity, Complexity::High);
            prop_assert_eq!(shelf.within_budget, shelf.monthly_cents <= ceiling);
            for chosen in [shelf, best] {
                let of_kind = opportunity.vendor_categories.contains(&chosen.vendor.category);
                prop_assert_ne!(of_kind, chosen.is_substitute(), "another kind is always marked");
                prop_assert!(of_kind || chosen.vendor.category == "automation", "a foreign category never wins");
                prop_assert!(chosen.monthly_cents > 0 && chosen.implementation_cents >= 0);
            }
            // While a product of the right kind will do, no other is chosen.
            let fitting = ranked.iter().filter(|other| !other.is_substitute() && is_simple(other));
            prop_assert!(!shelf.is_substitute() || fitting.clone().count() == 0);
            // Nothing of the same standing that would do, and can be paid, has a higher score.
            let payable = || fitting.clone().filter(|other| other.within_budget);
            let mut better = payable().filter(|other| other.standing == shelf.standing && other.score > shelf.score);
            prop_assert!(!shelf.within_budget || better.next().is_none());
            prop_assert!(shelf.within_budget || payable().count() == 0);
            prop_assert!(0 < custom.min_cents && custom.min_cents <= custom.max_cents);
            prop_assert!(custom.max_cents <= 5_000_000 && (1..=26).contains(&custom.weeks));
        }
    }

    #[test]
    fn a_higher_price_never_helps(owner in any_profile(), pick in any::<prop::sample::Index>(), rise in 1..500_000i64) {
        let (knowledge, catalogue) = shipped();
        let mut dearer = catalogue.clone();
        let vendor = pick.get(&catalogue).slug.clone();
        for changed in dearer.iter_mut().filter(|changed| changed.slug == vendor) {
            changed.starting_price_cents = changed.starting_price_cents.map(|price| price + rise);
        }
        for (_, opportunity) in every_opportunity(&knowledge) {
            let place = |catalogue| {
                let ranked = rank(&knowledge, catalogue, &owner, opportunity);
                let place = ranked.iter().position(|found| found.vendor.slug == vendor);
                place.map(|place| (place, ranked[place].score, ranked[place].monthly_cents))
            };
            if let (Some(before), Some(after)) = (place(&catalogue), place(&dearer)) {
                prop_assert!(after.1 <= before.1, "the score rose");
                prop_assert!(after.2 >= before.2, "the monthly cost fell");
                prop_assert!(after.0 >= before.0, "the place improved");
            }
        }
    }

    #[test]
    fn a_larger_company_never_pays_less(few in 1..=5_000u32, more in 1..=5_000u32) {
        let (_, catalogue) = shipped();
        let team = |employees| profile("dental", employees, Budget::High);
        let (small, large) = (team(few.min(more)), team(few.max(more)));
        for vendor in &catalogue {
            let monthly = |owner: &Profile| estimated_monthly_cents(vendor, owner, &catalogue);
            prop_assert!(monthly(&small) <= monthly(&large));
            prop_assert!(implementation_cents(vendor, &small) <= implementation_cents(vendor, &large));
            prop_assert!(implementation_cents(vendor, &large) <= 5_000_000);
        }
    }
}
