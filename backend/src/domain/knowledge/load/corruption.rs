//! Every kind of corruption is told with file and line: each case is one change of the shipped base.

use super::tests::{DENTAL, VENDORS, builtin, changed};
use super::*;

/// What the loader says, as `file:line` and message.
fn faults(files: &[(String, String)]) -> Vec<(String, String)> {
    let error = Knowledge::parse(files).expect_err("the base is corrupt");
    error.field_errors().iter().map(|fault| (fault.field.clone(), fault.message.clone())).collect()
}

/// One replacement and what must be said about it: `at` stands on the line that must be named.
struct Case {
    path: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    says: &'static str,
}

const fn case(path: &'static str, from: &'static str, to: &'static str, at: &'static str, says: &'static str) -> Case {
    Case { path, from, to, at, says }
}

const CASES: &[Case] = &[
    // What does not parse.
    case(DENTAL, "tier = 3", "tier = ", "tier = \n", "expected"),
    case(DENTAL, "name = \"Dental practices\"", "name = \"a\"\nname = \"b\"", "name = \"b\"", "duplicate key"),
    case(DENTAL, "area = \"marketing\"", "area = \"fishing\"", "fishing", "unknown variant `fishing`"),
    case(DENTAL, "weeks_buy = 6", "weeks_buy = \"six\"", "\"six\"", "invalid type"),
    case(DENTAL, "weeks_buy = 6", "weeks_buy = -6", "= -6", "invalid value"),
    case(DENTAL, "unit = \"%\"", "unit = \"%\"\ncolour = 1", "colour", "unknown field `colour`"),
    case(DENTAL, "slug = \"dental\"", "slug = \"dental\"\nmotto = \"x\"", "motto", "unknown field `motto`"),
    case(VENDORS, "free_tier = false", "free_tier = false\nstars = 5", "stars", "unknown field `stars`"),
    case(VENDORS, "rating = 78\n", "", "[[vendors]]", "missing field `rating`"),
    case(VENDORS, "currency = \"EUR\"\nfree", "free", "[[vendors]]", "missing field `currency`"),
    case(VENDORS, "currency = \"EUR\"\nper", "per", "[[vendors.prices]]", "missing field `currency`"),
    case(VENDORS, "observed_on = \"2025-12-01\"\n", "", "[[vendors.prices]]", "missing field `observed_on`"),
    case(VENDORS, "\"2025-12-01\"", "\"2025-13-01\"", "2025-13-01", "out of range"),
    case(VENDORS, "complexity = \"high\"", "complexity = \"huge\"", "huge", "unknown variant `huge`"),
    // Names and counts.
    case(DENTAL, "slug = \"dental\"", "slug = \"dentist\"", "slug = \"dentist\"", "not the name of the file"),
    case(
        DENTAL,
        "id = \"no_show_pct\"",
        "id = \"patients_week\"",
        "id = \"patients_week\"\ntitle = \"What share",
        "there twice",
    ),
    case(
        DENTAL,
        "id = \"recare-rate\"",
        "id = \"no-show-rate\"",
        "id = \"no-show-rate\"\ntitle = \"Patients who",
        "there twice",
    ),
    case(
        DENTAL,
        "id = \"chatbot-medical-advice\"",
        "id = \"imaging-support\"",
        "id = \"imaging-support\"\ntitle = \"A chat",
        "is an opportunity, too",
    ),
    case(
        DENTAL,
        "vendor = \"weave\"",
        "vendor = \"open-dental\"",
        "vendor = \"open-dental\"\ntier = 1\n\n[[vendors]]\nvendor = \"nexhealth",
        "there twice",
    ),
    case(DENTAL, "id = \"no_show_pct\"", "id = \"No show\"", "No show", "must be lower-case"),
    case(
        VENDORS,
        "slug = \"eaglesoft\"",
        "slug = \"dentrix\"",
        "slug = \"dentrix\"\nname = \"Eaglesoft",
        "there twice",
    ),
    case(VENDORS, "slug = \"eaglesoft\"", "slug = \"other\"", "slug = \"other\"", "the quiz's word"),
    case(
        "vendors/home-services.toml",
        "tier_name = \"Starting plan\"",
        "tier_name = \"\"",
        "tier_name = \"\"",
        "must be one line",
    ),
    case("vendors/sales.toml", "\"Starter\"", "\"Free tools\"", "\"Free tools\"\nprice_cents = 2_000", "there twice"),
    // References.
    case(
        DENTAL,
        "[\"treatment-acceptance\", \"appointment-value\"]",
        "[\"treatment-acceptance\",\n\"nothing\"]",
        "nothing",
        "unknown benchmark \"nothing\"",
    ),
    case(DENTAL, "benchmarks = [\"front-office-cost\"]", "benchmarks = [\"x\"]", "[\"x\"]", "unknown benchmark \"x\""),
    case(DENTAL, "[\"imaging_ai\"]", "[\"imaging_xx\"]", "imaging_xx", "unknown vendor category \"imaging_xx\""),
    case(DENTAL, "[\"imaging_ai\"]", "[\"field_service\"]", "field_service", "serves this industry"),
    case(DENTAL, "[\"imaging_ai\"]", "[]", "vendor_categories = []", "at least one vendor category"),
    case(DENTAL, "vendor = \"pearl\"", "vendor = \"perl\"", "vendor = \"perl\"", "unknown vendor \"perl\""),
    case(
        DENTAL,
        "vendor = \"weave\"\ntier = 1",
        "vendor = \"weave\"\ntier = 3",
        "tier = 1\n\n[[vendors]]\nvendor = \"smith-ai",
        "best tier comes first",
    ),
    // Ranges and lengths.
    case(DENTAL, "max = 60", "max = 0", "max = 0", "must be above min (0)"),
    case(DENTAL, "default = 350", "default = 3", "default = 3\n", "3 is not between 20 and 5000"),
    case(DENTAL, "tier = 3", "tier = 4", "tier = 4", "4 is not between 1 and 3"),
    case(DENTAL, "tier = 3", "tier = 3\nboost = 11", "boost = 11", "11 is not between -10 and 10"),
    case(DENTAL, "hours_week_max = 5.0", "hours_week_max = 5.2", "5.2", "steps of 0.5"),
    case(DENTAL, "hours_week_max = 5.0", "hours_week_max = nan", "nan", "between 0.5 and 60"),
    case(DENTAL, "weeks_build = 26", "weeks_build = 27", "27", "27 is not between 1 and 26"),
    case(DENTAL, "max_cents = 1_200_000", "max_cents = 1_000", "max_cents = 1_000,", "1000 is not between 500000 and"),
    case(
        DENTAL,
        "A voice receptionist for the calls nobody can take",
        "A voice receptionist for the calls nobody can take, day and night, on weekends and holidays, too",
        "day and night",
        "96 characters: at most 90",
    ),
    case(
        DENTAL,
        "title = \"Payment plans",
        "title = \"2 payment plans",
        "2 payment",
        "a figure belongs into a benchmark",
    ),
    case(DENTAL, "title = \"Payment plans", "title = \"Payment\\nplans", "Payment\\nplans", "must be one line"),
    case(DENTAL, "revenue_bp_max = 400", "revenue_bp_max = 4_000", "4_000", "4000 is not between 0 and 1000"),
    case(VENDORS, "api_openness = 3", "api_openness = 6", "api_openness = 6", "6 is not between 1 and 5"),
    case(VENDORS, "cents = 350_000", "cents = 9_000_000", "cents = 9_000_000", "9000000 is not between 0 and"),
    case(VENDORS, "rating = 78", "rating = 101", "rating = 101", "101 is not between 0 and 100"),
    case(
        VENDORS,
        "implementation_weeks = 10",
        "implementation_weeks = 0",
        "implementation_weeks = 0",
        "0 is not between 1 and 26",
    ),
    case(
        VENDORS,
        "company_sizes = [\"smb\", \"mid_market\"]",
        "company_sizes = []",
        "company_sizes = []",
        "at least one company size",
    ),
    // Honesty.
    case(DENTAL, "status = \"unverified\"", "status = \"verified\"", "status = \"verified\"", "without a url"),
    case(
        DENTAL,
        "status = \"unverified\"",
        "status = \"verified\"\nurl = \"http://a.example\"",
        "url =",
        "not an https address",
    ),
    case(DENTAL, "values = [18, 10, 5]", "values = [18, 10, 6]", "values = [18, 10, 6]", "6 is not in the statement"),
    case(DENTAL, "values = [18, 10, 5]", "values = [18, 10]", "values = [18, 10]", "the statement's 5 is missing"),
    case(DENTAL, "year = 2024", "year = 24", "year = 24", "24 is not between 2000 and 2100"),
    case(DENTAL, "publisher = \"CallRail\"", "publisher = \"\"", "publisher = \"\"", "must be one line"),
    // Prices.
    case(VENDORS, "currency = \"EUR\"\nper", "currency = \"\"\nper", "currency = \"\"", "\"\" is not EUR"),
    case(VENDORS, "currency = \"EUR\"\nfree", "currency = \"USD\"\nfree", "currency = \"USD\"", "\"USD\" is not EUR"),
    case(
        VENDORS,
        "starting_price_cents = 40_000",
        "starting_price_cents = 1",
        "starting_price_cents = 1\n",
        "not among the prices",
    ),
    case(
        VENDORS,
        "price_model = \"flat\"",
        "price_model = \"custom\"",
        "starting_price_cents = 40_000",
        "a custom price has no starting price",
    ),
    case(
        VENDORS,
        "price_model = \"custom\"",
        "price_model = \"flat\"",
        "price_model = \"flat\"\ncurrency",
        "only a custom price",
    ),
    case(VENDORS, "per = \"flat\"", "per = \"user\"", "per = \"user\"", "does not fit the model flat"),
    case(VENDORS, "free_tier = false", "free_tier = true", "free_tier = true", "whether one of the prices is 0"),
    case(
        VENDORS,
        "source_url = \"https://www.dentrix.com\"",
        "source_url = \"dentrix\"",
        "\"dentrix\"\n\n[[vendors]]",
        "not an https address",
    ),
];

#[test]
fn every_corruption_is_told_with_file_and_line() {
    for Case { path, from, to, at, says } in CASES {
        let files = changed(path, from, to);
        let text = &files.iter().find(|(name, _)| name == path).expect("the file is there").1;
        let offset = text.find(at).unwrap_or_else(|| panic!("{at:?} is not in the changed {path}"));
        let place = format!("{path}:{}", 1 + text[..offset].matches('\n').count());
        let faults = faults(&files);
        let told = faults.iter().any(|(found, message)| *found == place && message.contains(says));
        assert!(told, "{to:?}: expected {place}: …{says}…, found {faults:#?}");
    }
}

#[test]
fn counts_out_of_range_are_told() {
    for (list, from) in [("questions", "[[questions]]"), ("not_recommended", "[[not_recommended]]")] {
        let files = builtin();
        let text = &files.iter().find(|(path, _)| path == DENTAL).expect("the file is there").1;
        let start = text.find(from).expect("the list is there");
        // Without the first two items of the list.
        let end = text[start + 1..].match_indices(from).nth(1).expect("three items").0 + start + 1;
        let fewer = format!("{}{}", &text[..start], &text[end..]);
        let files = changed(DENTAL, text, &fewer);
        let line = 1 + fewer[..fewer.find(from).expect("an item is left")].matches('\n').count();
        let expected = (format!("{DENTAL}:{line}"), format!("2 {list}: must be "));
        let faults = faults(&files);
        assert!(faults.iter().any(|fault| fault.0 == expected.0 && fault.1.starts_with(&expected.1)), "{faults:#?}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let mut files = changed(DENTAL, "weeks_buy = 6", "weeks_buy = \"six\"");
    for (path, text) in &mut files {
        if path == DENTAL {
            *text =
                text.replacen("area = \"marketing\"", "area = \"fishing\"", 1).replacen("max = 60", "max = true", 1);
        } else if path == VENDORS {
            *text = text.replacen("rating = 78\n", "", 1).replacen("complexity = \"low\"", "complexity = 3", 1);
        } else if path == "vendors/sales.toml" {
            *text = text.replacen("slug =", "slug", 1).replacen("rating =", "rating = =", 1);
        }
    }
    let shapes = faults(&files);
    let of = |path: &str| shapes.iter().filter(|(place, _)| place.starts_with(path)).count();
    assert!(of(DENTAL) == 3 && of(VENDORS) == 2 && of("vendors/sales.toml") >= 2, "{shapes:#?}");

    let mut files = changed(DENTAL, "max = 60", "max = 0");
    for (_, text) in &mut files {
        *text = text.replacen("rating = 8", "rating = 80", 1);
    }
    let rules = faults(&files);
    assert!(rules.len() > 8, "{rules:#?}");
    assert!(rules.is_sorted_by_key(|(place, _)| place.split(':').next().expect("a path").to_owned()), "{rules:#?}");
}

#[test]
fn files_that_are_missing_double_or_foreign_are_told() {
    let mut double = builtin();
    double.push(double[0].clone());
    assert_eq!(faults(&double)[0].1, "the file is given twice");

    let mut foreign = builtin();
    foreign.push(("notes.toml".to_owned(), String::new()));
    assert_eq!(faults(&foreign)[0].0, "notes.toml:1");

    let vendors: Vec<_> = builtin().into_iter().filter(|(path, _)| path.starts_with("vendors/")).collect();
    assert!(faults(&vendors).iter().any(|fault| fault.1 == "no industry is given"));

    let without_answering: Vec<_> =
        builtin().into_iter().filter(|(path, _)| path != "vendors/answering.toml").collect();
    assert!(faults(&without_answering).iter().any(|fault| fault.1 == "unknown vendor \"smith-ai\""));

    let nothing: &[(&str, &str)] = &[];
    assert!(Knowledge::parse(nothing).is_err());
}

#[test]
fn without_two_simple_automation_platforms_the_base_is_refused() {
    let mut files = builtin();
    for (_, text) in files.iter_mut().filter(|(path, _)| path == "vendors/automation.toml") {
        *text = text.replace("complexity = \"medium\"", "complexity = \"high\"");
    }
    assert_eq!(faults(&files).len(), 1);
    assert!(faults(&files)[0].1.starts_with("at least two cross-industry vendors of \"automation\""));
}

#[test]
fn a_vendor_that_nobody_can_choose_is_told() {
    let files = changed(
        "vendors/automation.toml",
        "name = \"Make\"\ncategory = \"automation\"\ncross_industry = true",
        "name = \"Make\"\ncategory = \"automation\"",
    );
    assert!(faults(&files).iter().any(|fault| fault.1 == "no industry lists the vendor \"make\""));
}
