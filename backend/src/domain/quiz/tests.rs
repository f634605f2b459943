//! What is asked, what is refused and how, and what becomes of good answers.

use proptest::prelude::*;
use serde_json::json;

use super::super::fixtures::{answers, knowledge, profile as expected_profile};
use super::super::profile::{
    AiExperience, Budget, Capability, DataLocation, DecisionMaker, PainPoint, Preference, ProcessMaturity, RevenueBand,
    Urgency,
};
use super::*;
use crate::error::Kind;

fn dental() -> Questionnaire {
    questionnaire(&knowledge(), "dental").expect("the industry is known")
}

/// The refusals of one answer.
fn refusals(id: &str, value: Value) -> Vec<(String, String)> {
    match check(&dental(), &Answers::from([(id.to_owned(), value)])) {
        Ok(()) => vec![],
        Err(refused) => {
            assert_eq!(refused.kind(), Kind::Invalid);
            refused.field_errors().iter().map(|fault| (fault.field.clone(), fault.message.clone())).collect()
        }
    }
}

fn with(id: &str, value: Value) -> Answers {
    merge(&answers(), &Answers::from([(id.to_owned(), value)]))
}

#[test]
fn there_are_nineteen_core_questions_and_four_of_the_industry() {
    let dental = dental();
    let core: Vec<&str> =
        dental.questions.iter().filter(|q| q.section != Section::Industry).map(|q| q.id.as_str()).collect();
    let mut sorted = core.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "admin_hours_week",
            "ai_experience",
            "annual_revenue_band",
            "biggest_challenge",
            "budget_comfort",
            "company_name",
            "current_tools",
            "data_location",
            "decision_maker",
            "employee_count",
            "hourly_cost_eur",
            "implementation_capability",
            "implementation_preference",
            "implementation_urgency",
            "integration_level",
            "pain_points",
            "past_attempts",
            "process_maturity",
            "technology_comfort",
        ]
    );
    assert_eq!(dental.questions.len(), 23);
    let mut ids: Vec<&str> = dental.questions.iter().map(|q| q.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 23);
    // A section is asked in one go.
    let mut sections: Vec<Section> = dental.questions.iter().map(|q| q.section).collect();
    sections.dedup();
    assert_eq!(sections, Section::ALL);
    assert!(dental.questions.iter().all(|q| !q.title.is_empty() && q.help.ends_with('.') && q.title.len() <= 70));
}

#[test]
fn the_choices_are_the_words_of_the_profile() {
    let dental = dental();
    let table: [(&str, &[&str]); 10] = [
        ("annual_revenue_band", RevenueBand::WORDS),
        ("pain_points", PainPoint::WORDS),
        ("data_location", DataLocation::WORDS),
        ("process_maturity", ProcessMaturity::WORDS),
        ("ai_experience", AiExperience::WORDS),
        ("implementation_capability", Capability::WORDS),
        ("implementation_preference", Preference::WORDS),
        ("budget_comfort", Budget::WORDS),
        ("implementation_urgency", Urgency::WORDS),
        ("decision_maker", DecisionMaker::WORDS),
    ];
    for (id, words) in table {
        let question = dental.question(id).expect(id);
        let values: Vec<&str> = question.options.iter().map(|choice| choice.value.as_str()).collect();
        assert_eq!(values, words, "{id}");
    }
}

#[test]
fn tools_are_the_industrys_then_the_shared_ones_then_other() {
    let dental = dental();
    let tools = &dental.question("current_tools").expect("asked").options;
    let values: Vec<&str> = tools.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(values[..3], ["weave", "nexhealth", "crm-0"]);
    assert_eq!(values[values.len() - 2..], ["zapier", "other"]);
    assert!(!values.contains(&"jobber"), "a vendor of another industry");
    assert_eq!(values.len(), 17);
}

#[test]
fn an_unknown_industry_is_told_which_there_are() {
    let refused = questionnaire(&knowledge(), "dentistry\n").expect_err("unknown");
    assert_eq!(refused.kind(), Kind::NotFound);
    assert_eq!(refused.detail(), r#"there is no industry "dentistry\n"; the known ones are dental, home-services"#);
}

#[test]
fn good_answers_pass() {
    check(&dental(), &answers()).expect("the fixture's answers");
    let edges = [
        ("company_name", json!("ü".repeat(120))),
        ("employee_count", json!(1)),
        ("employee_count", json!(5000)),
        ("hourly_cost_eur", json!(10)),
        ("hourly_cost_eur", json!(300)),
        ("admin_hours_week", json!(0)),
        ("biggest_challenge", json!("one\ntwo")),
        ("past_attempts", json!("  ")),
        ("current_tools", json!([])),
        ("integration_level", json!(10)),
        ("no_show_pct", json!(60)),
        ("company_name", json!(null)),
    ];
    for (id, value) in edges {
        assert_eq!(refusals(id, value.clone()), [], "{id} {value}");
    }
}

#[test]
fn each_fault_is_refused_at_its_field_in_words() {
    let table = [
        ("company_name", json!(""), "must not be empty"),
        ("company_name", json!(" \n "), "must not be empty"),
        ("company_name", json!("x".repeat(121)), "must be at most 120 characters long"),
        ("company_name", json!("a\nb"), "must not contain control characters"),
        ("company_name", json!(7), "must be text, not a number"),
        ("biggest_challenge", json!("a\tb"), "must not contain control characters other than line breaks"),
        ("biggest_challenge", json!("a\u{0}b"), "must not contain control characters other than line breaks"),
        ("biggest_challenge", json!("x".repeat(601)), "must be at most 600 characters long"),
        ("past_attempts", json!(["x"]), "must be text, not a list"),
        ("employee_count", json!("12"), "must be a whole number, not text"),
        ("employee_count", json!(12.0), "must be a whole number, without a fraction"),
        ("employee_count", json!(true), "must be a whole number, not true or false"),
        ("employee_count", json!(0), "must be between 1 and 5000"),
        ("employee_count", json!(5001), "must be between 1 and 5000"),
        ("employee_count", json!(u64::MAX), "must be between 1 and 5000"),
        ("admin_hours_week", json!(-1), "must be between 0 and 500"),
        ("hourly_cost_eur", json!(9), "must be between 10 and 300"),
        ("technology_comfort", json!(11), "must be between 1 and 10"),
        ("no_show_pct", json!(61), "must be between 0 and 60"),
        ("data_location", json!("cloud"), r#""cloud" is not one of the choices"#),
        ("data_location", json!(["paper"]), "must be one of the choices, as text, not a list"),
        ("pain_points", json!("billing"), "must be a list of choices, not text"),
        ("pain_points", json!([]), "must name 1 to 5 choices"),
        ("pain_points", json!(["billing", "billing", "billing"]), r#"names "billing" more than once"#),
        ("pain_points", json!(["billing", 3]), "must name choices as text, not a number"),
        ("current_tools", json!(["jobber"]), r#""jobber" is not one of the choices"#),
        ("favourite_colour", json!("red"), "is not a question of this questionnaire"),
    ];
    for (id, value, message) in table {
        let found = refusals(id, value.clone());
        assert!(found.iter().all(|(field, _)| *field == format!("answers/{id}")), "{found:?}");
        assert!(found.iter().any(|(_, found)| found == message), "{id} {value}: {found:?}");
    }
    assert_eq!(refusals("pain_points", json!(["billing", "billing", "billing"])).len(), 1);
    assert_eq!(refusals("a/b~c", json!(1))[0].0, "answers/a~1b~0c");
}

#[test]
fn all_faults_are_told_at_once() {
    let changes = json!({
        "employee_count": "12", "pain_points": ["a", "b", "billing", "billing"], "nonsense": 1, "admin_hours_week": 5,
    });
    let changes: Answers = serde_json::from_value(changes).expect("an object");
    let refused = check(&dental(), &changes).expect_err("three bad answers");
    let fields: Vec<&str> = refused.field_errors().iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "answers/employee_count",
            "answers/nonsense",
            "answers/pain_points",
            "answers/pain_points",
            "answers/pain_points",
        ]
    );
}

#[test]
fn null_clears_and_the_rest_is_kept() {
    let merged = with("company_name", json!(null));
    assert!(!merged.contains_key("company_name"));
    assert_eq!(merged.len(), answers().len() - 1);
    assert_eq!(missing(&dental(), &merged), ["company_name"]);
    assert_eq!(with("employee_count", json!(3))["employee_count"], json!(3));
}

#[test]
fn completion_counts_the_required_answers() {
    let dental = dental();
    assert_eq!(completion_percent(&dental, &Answers::new()), 0);
    assert_eq!(missing(&dental, &Answers::new()).len(), 20);
    assert_eq!(completion_percent(&dental, &answers()), 100);
    assert_eq!(completion_percent(&dental, &with("decision_maker", json!(null))), 95);
    let open = ["hourly_cost_eur", "past_attempts", "avg_appointment_eur"];
    for id in open {
        assert_eq!(missing(&dental, &with(id, json!(null))), Vec::<String>::new(), "{id}");
    }
}

#[test]
fn complete_answers_become_the_profile() {
    assert_eq!(profile(&dental(), &answers()).expect("complete"), expected_profile());
}

#[test]
fn what_was_left_open_gets_its_default_and_says_so() {
    let read = |answers: &Answers| profile(&dental(), answers).expect("complete");
    let open = read(&with("hourly_cost_eur", json!(null)));
    assert_eq!((open.hourly_cost_cents, open.hourly_cost_given), (5_000, false));
    assert_eq!(read(&with("past_attempts", json!(" \n "))).past_attempts, None);
    assert_eq!(read(&with("avg_appointment_eur", json!(420))).industry_answers["avg_appointment_eur"], 420);
    assert_eq!(read(&with("company_name", json!("  Molar & Co "))).company_name, "Molar & Co");
}

#[test]
fn an_incomplete_or_outdated_session_names_its_fields() {
    let mut answers = with("company_name", json!(null));
    answers.insert("current_tools".to_owned(), json!(["a-vendor-long-gone"]));
    let refused = profile(&dental(), &answers).expect_err("two faults");
    let fields: Vec<&str> = refused.field_errors().iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["answers/company_name", "answers/current_tools"]);
}

#[test]
fn the_questionnaire_reads_back_as_written() {
    let json = serde_json::to_value(dental()).expect("it serialises");
    assert_eq!(serde_json::from_value::<Questionnaire>(json).expect("and back"), dental());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_i64..20).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(vec!["paper", "billing", "other", "me"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_changes() -> impl Strategy<Value = Answers> {
    let ids: Vec<String> = dental().questions.into_iter().map(|question| question.id).chain([String::new()]).collect();
    proptest::collection::btree_map(proptest::sample::select(ids), any_json(), 0..6)
}

proptest! {
    #[test]
    fn nothing_panics_and_whatever_passes_can_be_read(changes in any_changes()) {
        let dental = dental();
        let merged = merge(&answers(), &changes);
        let percent = completion_percent(&dental, &merged);
        prop_assert!(percent <= 100);
        prop_assert_eq!(percent == 100, missing(&dental, &merged).is_empty());
        match check(&dental, &changes) {
            Ok(()) => match profile(&dental, &merged) {
                Ok(_) => prop_assert_eq!(percent, 100),
                Err(refused) => prop_assert_eq!(refused.kind(), Kind::Invalid),
            },
            Err(refused) => {
                prop_assert!(!refused.field_errors().is_empty());
                for fault in refused.field_errors() {
                    let id = fault.field.strip_prefix("answers/").unwrap_or("?");
                    prop_assert!(changes.contains_key(id));
                }
            }
        }
    }
}
