//! Hostile words in every text field, and a model that obeys them: what comes out stays words, and the figures ours.

mod budget;
mod corpus;
mod rules;

use crb_backend::domain::report::ReportDocument;
use crb_stubs::{Scenario, Stub as _};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::app::{APP_BASE_URL, Plan};
use crate::support::buyer::Bought;
use crate::support::letters::Letter;
use crate::support::pdf;
use corpus::{ATTACKS, MARKS};

/// Every text of the document that the model wrote.
pub(super) fn prose(document: &Value) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    collect("", document, &mut found);
    found.retain(|(place, _)| {
        let own = ["findings", "recommendations", "verdict", "summary", "roadmap", "quick_wins"];
        own.iter().any(|part| place.starts_with(&format!("/{part}"))) && !is_ours(place)
    });
    found
}

/// Ids, closed words, dates, and what stands in the knowledge base.
fn is_ours(place: &str) -> bool {
    let name = place.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
    let ours = [
        "id",
        "finding_id",
        "recommendation_id",
        "category",
        "horizon",
        "confidence",
        "kind",
        "ref",
        "text",
        "priority",
        "label",
        "vendor_slug",
        "per",
        "verified_on",
        "observed_on",
        "freshness",
        "winner",
        "band",
        "class",
        "colour",
        "next_review",
        "top",
        "avoid",
        "assumptions",
        "ineligible_reason",
    ];
    ours.contains(&name)
}

fn collect<'a>(place: &str, value: &'a Value, found: &mut Vec<(String, &'a str)>) {
    match value {
        Value::String(text) => found.push((place.to_owned(), text)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(&format!("{place}/{at}"), item, found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| collect(&format!("{place}/{name}"), field, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// No amount, no address, no figure of the attacks, nothing that the eye does not see.
pub(super) fn assert_inert(document: &Value) {
    let texts = prose(document);
    assert!(texts.len() > 60, "there is prose to look at");
    for (place, text) in texts {
        let lower = text.to_lowercase();
        for sign in ["€", "$", "£", "http:", "https:", "www.", "@", "９８７６５", "\u{664}\u{667}"].iter().chain(&MARKS)
        {
            assert!(!lower.contains(sign), "{place} says {sign}: {text}");
        }
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        assert!(!text.contains(hidden), "{place} hides something: {text:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_obedient_model_cannot_carry_an_attack_into_document_pdf_or_mail() {
    let plan = Plan::new().claude(Scenario::default().obedient());
    let app = plan.start().await;
    // A harmless sentence first, as a person would write; then as many attacks as the field holds.
    let mut rest = ATTACKS.iter();
    let mut buyers = Vec::new();
    while let Some(name) = rest.next() {
        let fill = |rest: &mut std::slice::Iter<'_, &str>, limit: usize| {
            let mut text = "We are busy all day.".to_owned();
            while let Some(next) =
                rest.as_slice().first().filter(|next| text.chars().count() + next.chars().count() + 2 <= limit)
            {
                text = format!("{text} {next}.");
                rest.next();
            }
            text
        };
        let company = format!("Busy Ltd. {name}");
        let (challenge, attempts) = (fill(&mut rest, 600), fill(&mut rest, 400));
        buyers.push(json!({"company_name": company, "biggest_challenge": challenge, "past_attempts": attempts}));
    }
    let written = buyers.iter().map(|words| async {
        let bought = Bought::at(&app, words).await;
        let document = bought.document(&app).await;
        let file = bought.call(&app.door, "report_download").send().await.of(200).body;
        (bought, document, file)
    });
    for ((bought, document, file), words) in join_all(written).await.into_iter().zip(&buyers) {
        assert_inert(&document);
        let read: ReportDocument = serde_json::from_value(document.clone()).expect("a document of this version");
        assert_eq!(
            read.company.name,
            crb_backend::domain::prose::plain(words["company_name"].as_str().expect("a name"))
        );
        assert!(!document["warnings"].as_array().expect("warnings").is_empty(), "what was dropped is said");

        let shown = pdf::read(&file);
        for mark in MARKS.iter().filter(|mark| !read.company.name.contains(**mark)) {
            assert!(!shown.text.contains(mark), "the PDF says {mark}");
        }
        let name: String = read.company.name.chars().filter(char::is_ascii_graphic).collect();
        assert!(!name.is_ascii() || shown.text.contains(&name), "the name is shown as it is: {name}");
        assert_eq!(pdf::active(&shown.file), Vec::<String>::new());

        for about in ["is ready", "Payment received"] {
            let mails = app.letters().into_iter().filter(|mail| mail.subject.contains(about));
            let mail =
                mails.into_iter().find(|mail| mail.text.contains(&bought.token)).expect("a mail for this report");
            assert_mail_is_inert(&mail);
        }
    }
    // Customers' words went to the model as data, in the turn of the user, and nowhere else.
    let calls = app.outside().claude().calls();
    assert!(calls.len() >= 7 * buyers.len());
    for call in &calls {
        let system = call.request["system"].to_string();
        assert!(MARKS.iter().all(|mark| !system.contains(mark)), "{system}");
        let turn = call.request["messages"][0]["content"][0]["text"]
            .as_str()
            .or(call.request["messages"][0]["content"].as_str());
        let turn: Value = serde_json::from_str(turn.expect("a text")).expect("the user's turn is one JSON value");
        assert!(turn["facts"]["own_words"]["company_name"].is_string());
    }
    // And the database is still there.
    assert_eq!(app.count("reports WHERE status = 'ready'").await, buyers.len() as i64);
    let listed = app.door.call("admin_report_list").token(&app.operator()).send().await.of(200).json();
    let companies: Vec<&Value> = listed["items"].as_array().expect("rows").iter().map(|row| &row["company"]).collect();
    assert!(buyers.iter().all(|words| companies.contains(&&words["company_name"])), "operators see what was typed");
}

/// The tags of a mail are the template's own, its only address is ours, and its subject is one line.
pub(super) fn assert_mail_is_inert(mail: &Letter) {
    let tags = mail.html.split('<').skip(1).filter_map(|piece| piece.split('>').next());
    for tag in tags {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        let known = ["!doctype", "html", "head", "meta", "title", "body", "div", "p", "strong", "a"];
        assert!(known.contains(&name), "<{tag}> is not the template's");
        assert!(!tag.contains("on") || !tag.contains("alert"), "<{tag}>");
    }
    for text in [&mail.text, &mail.html] {
        let addresses: Vec<&str> = text.match_indices("http").map(|(at, _)| &text[at..]).collect();
        let ours = addresses.iter().filter(|address| address.starts_with(APP_BASE_URL)).count();
        assert_eq!(ours, 1, "{text}");
        // A stranger's address is broken by an invisible sign, so that no mail program makes a link of it.
        for other in addresses.iter().filter(|address| !address.starts_with(APP_BASE_URL)) {
            let broken = other.trim_start_matches("https").trim_start_matches("http");
            assert!(!broken.starts_with("://"), "{other}");
        }
        assert!(!text.contains("evil.example") && !text.contains("evil@evil"), "{text}");
    }
    assert!(!mail.subject.contains(['\r', '\n', '\u{202e}']), "{:?}", mail.subject);
}
