//! The answers behind the public sample report: a practice that does not exist.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::quiz::Answers;

/// The day the sample is dated.
pub const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 2).expect("a valid day");

pub fn moment() -> DateTime<Utc> {
    DAY.and_hms_opt(9, 0, 0).unwrap_or_default().and_utc()
}

/// Industry, and the answers to its questionnaire.
pub fn answers() -> (&'static str, Answers) {
    let answers = json!({
        "company_name": "Sample Dental Studio",
        "employee_count": 9,
        "annual_revenue_band": "500k_1m",
        "hourly_cost_eur": 38,
        "admin_hours_week": 42,
        "pain_points": ["customer_communication", "scheduling", "billing"],
        "biggest_challenge": "The phone rings all morning while patients stand at the desk, and reminders go out by hand.",
        "past_attempts": "A newsletter tool that nobody had time for.",
        "current_tools": ["other"],
        "integration_level": 4,
        "data_location": "single_system",
        "process_maturity": "defined",
        "technology_comfort": 7,
        "ai_experience": "experimenting",
        "implementation_capability": "tutorial_follower",
        "implementation_preference": "buy",
        "budget_comfort": "comfortable",
        "implementation_urgency": "this_quarter",
        "decision_maker": "me",
        "patients_week": 95,
        "no_show_pct": 16,
        "missed_calls_week": 25,
        "avg_appointment_eur": 350,
    });
    let serde_json::Value::Object(map) = answers else { return ("dental", Answers::new()) };
    ("dental", map.into_iter().collect())
}
