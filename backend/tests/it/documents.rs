//! Documents of every industry and of the odd company: sound by the rules, and set within the PDF's pages.

use std::collections::BTreeSet;

use crb_backend::domain::report::ReportDocument;
use crb_backend::domain::{document, sample};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::buyer::{Bought, Quiz};
use crate::support::pdf;

/// Another industry's answers, without those that only a dental practice is asked for.
fn without_dental(more: &Value) -> Value {
    let mut changes =
        json!({"patients_week": null, "no_show_pct": null, "missed_calls_week": null, "avg_appointment_eur": null});
    changes.as_object_mut().expect("answers").extend(more.as_object().expect("answers").clone());
    changes
}

/// Answers of a company that is unlike the sample.
fn odd() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "a giant that pays well",
            "dental",
            json!({"employee_count": 5000, "annual_revenue_band": "over_20m", "admin_hours_week": 500, "hourly_cost_eur": 300,
                "budget_comfort": "high", "implementation_capability": "has_developers", "technology_comfort": 10,
                "patients_week": 2000, "no_show_pct": 60, "company_name": "Zahnärzte am Ring – Ünïcode & Söhne GmbH"}),
        ),
        (
            "a law firm that would rather not say",
            "professional-services",
            without_dental(
                &json!({"employee_count": 25, "annual_revenue_band": "prefer_not_say", "hourly_cost_eur": null,
                "fee_earners": 12, "billable_rate_eur": 220, "utilisation_pct": 45, "drafting_hours_week": 80,
                "past_attempts": null}),
            ),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_giant_and_a_company_that_says_little_get_a_sound_report() {
    let app = TestApp::new().await;
    let reports = odd().into_iter().map(|(who, industry, answers)| {
        let app = &app;
        async move {
            let bought = Bought::of(app, industry, &answers).await;
            let document = bought.document(app).await;
            let sound: ReportDocument = serde_json::from_value(document).expect("the document's own type reads it");
            let ids: BTreeSet<String> =
                bought.quiz.call(&app.door, "session_view").send().await.of(200).json()["answers"]
                    .as_object()
                    .expect("answers")
                    .keys()
                    .cloned()
                    .collect();
            assert_eq!(document::faults(&sound, &ids), Vec::<String>::new(), "{who}");
            assert_eq!(sound.company.industry, industry);
            let file = bought.call(&app.door, "report_download").send().await.of(200).body;
            let read = pdf::read(&file);
            assert!((6..=crb_pdf::MAX_PAGES).contains(&read.pages), "{who}: {} pages", read.pages);
            assert!(read.text.contains(&pdf::squeezed(&sound.company.name)), "{who}: {}", sound.company.name);
            assert_eq!(pdf::active(&read.file), Vec::<String>::new());
            sound
        }
    });
    let documents = join_all(reports).await;
    let values: BTreeSet<i64> =
        documents.iter().map(|document| document.summary.total_value_3y.expected_cents).collect();
    assert_eq!(values.len(), documents.len(), "each is about its own company");
    assert!(sample::answers().0 == "dental", "the first of them differs from the sample by its answers alone");
}

#[tokio::test]
async fn a_business_with_too_little_to_save_is_told_before_it_pays() {
    let app = TestApp::new().await;
    let answers = without_dental(
        &json!({"employee_count": 1, "annual_revenue_band": "under_100k", "admin_hours_week": 2, "hourly_cost_eur": 10,
        "budget_comfort": "low", "implementation_capability": "non_technical", "technology_comfort": 1,
        "data_location": "paper", "process_maturity": "ad_hoc", "technicians": 1, "jobs_per_tech_day": 1,
        "missed_calls_day": 1, "avg_ticket_eur": 80, "pain_points": ["scheduling"], "current_tools": []}),
    );
    let quiz = Quiz::finished_about(&app.door, "home-services", &answers).await;
    let refused = quiz.order(&app.door, "a-key-of-ours").send().await.of(409).json();
    assert!(refused["detail"].as_str().expect("words").contains("too little to save"), "{refused}");
    assert_eq!(app.count("orders").await, 0);
}

#[tokio::test]
async fn a_lost_pdf_is_set_again_from_the_document() {
    let app = TestApp::new().await;
    let bought = Bought::at(&app, &json!({})).await;
    bought.document(&app).await;
    let before = bought.call(&app.door, "report_download").send().await.of(200);
    let file = app.blobs().join(format!("reports/{}.pdf", bought.report));
    std::fs::remove_file(&file).expect("the file lies where it was put");
    let after = bought.call(&app.door, "report_download").send().await.of(200);
    assert_eq!((after.body == before.body, after.header("etag")), (true, before.header("etag")));
    assert!(file.exists());
}
