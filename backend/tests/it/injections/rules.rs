//! Every attack by itself, in every text field at once, through the rules that judge the model's words.

use std::collections::{BTreeMap, BTreeSet};

use crb_backend::domain::document::{self, Imprint};
use crb_backend::domain::facts::{self, Snapshot};
use crb_backend::domain::ids::{OrderId, ReportId};
use crb_backend::domain::knowledge::Knowledge;
use crb_backend::domain::replies::{self, Task};
use crb_backend::domain::report::{ReportDocument, WriterKind};
use crb_backend::domain::{check, compute, quiz, sample};
use crb_backend::render::mail::{Letterhead, ReportFailed, ReportReady};
use crb_stubs::sample::{Style, sample as speak};
use serde_json::{Value, json};
use url::Url;

use super::corpus::ATTACKS;
use super::{assert_inert, assert_mail_is_inert};
use crate::support::app::APP_BASE_URL;
use crate::support::buyer::answers;
use crate::support::letters::Letter;

/// What the obedient model answers to a question.
fn obey(task: Task, question: &Value, seed: u64) -> Value {
    speak(replies::schema(task), &question["facts"], seed, Style::Obedient)
}

/// A report whose every word is the model's, and the model's every word the customer's. None where too little of it is
/// usable: then the report fails, which is honest.
fn write(snapshot: &Snapshot, seed: u64) -> Option<ReportDocument> {
    let findings = check::findings(&obey(Task::Findings, &facts::findings(snapshot), seed), snapshot);
    let mut comparisons = BTreeMap::new();
    for (subject, finding) in compute::candidates(&findings.accepted) {
        let reply = obey(Task::Options, &facts::options(snapshot, finding, subject), seed);
        if let Some(comparison) = check::options(&reply, snapshot, subject, finding).accepted {
            comparisons.insert(finding.id.clone(), comparison);
        }
    }
    let computed = compute::compute(snapshot, findings.accepted, &comparisons, findings.warnings).ok()?;
    let reply = obey(Task::Narrative, &facts::narrative(snapshot, &computed), seed);
    let narrative = check::narrative(&reply, snapshot, &computed).accepted?;
    let imprint = Imprint {
        report_id: ReportId::new(),
        generated_at: sample::moment(),
        tier: "report".into(),
        writer: WriterKind::Claude,
        models: Vec::new(),
        sample: false,
    };
    let ids: BTreeSet<String> = snapshot.answers.iter().map(|answer| answer.id.clone()).collect();
    let document = document::build(snapshot, computed, &narrative, imprint);
    document::faults(&document, &ids).is_empty().then_some(document)
}

#[test]
fn no_attack_moves_a_figure_or_leaves_its_field() {
    let knowledge = Knowledge::builtin().expect("the knowledge base is sound");
    let questionnaire = quiz::questionnaire(&knowledge, "dental").expect("a questionnaire");
    let vendors: Vec<_> = knowledge.vendors.values().cloned().collect();
    let base: Url = APP_BASE_URL.parse().expect("an address");
    let mut documents = 0;
    for attack in ATTACKS {
        let words = json!({
            "company_name": format!("Busy Ltd. {attack}"),
            "biggest_challenge": format!("We are busy. {attack}"),
            "past_attempts": format!("Nothing so far. {attack}"),
        });
        let answers: quiz::Answers = serde_json::from_value(answers(&words)).expect("answers");
        quiz::check(&questionnaire, &answers).unwrap_or_else(|refused| panic!("{attack:?} is no answer: {refused}"));
        let snapshot = facts::assemble(&questionnaire, &answers, &knowledge, &vendors, sample::DAY).expect("facts");
        let Some(document) = (1..=6).find_map(|seed| write(&snapshot, seed)) else { continue };
        documents += 1;
        assert_inert(&json!(document));

        let report_url = base.join("reports/one#token=x").expect("an address");
        let head = Letterhead { app_base_url: &base, support: "reports@crb.test" };
        let (company, order_id) = (attack.to_owned(), OrderId::new());
        let headline = attack.to_owned();
        let total_value_3y = document.summary.total_value_3y.clone();
        let ready = ReportReady {
            company: company.clone(),
            headline,
            total_value_3y,
            order_id,
            report_url: report_url.clone(),
        };
        let failed = ReportFailed { company, amount_cents: 14_700, order_id, report_url };
        for mail in [ready.mail(head), failed.mail(head)] {
            let mail = mail.expect("a mail");
            assert_mail_is_inert(&Letter {
                to: String::new(),
                subject: mail.subject,
                text: mail.text,
                html: mail.html,
            });
        }
    }
    // The control: hardly any attack keeps a report from being written.
    assert!(documents >= ATTACKS.len() * 9 / 10, "only {documents} of {} reports", ATTACKS.len());
}
