//! The catalogue in an operator's hands: what is changed is seen at once, written down, and never changed blindly.

use crb_backend::domain::report::PriceUnit;
use crb_backend::store;
use crb_backend::store::proposals::NewProposal;
use crb_stubs::Stub as _;
use serde_json::{Value, json};

use super::{call, last_entry};
use crate::support::app::{Plan, TestApp};
use crate::support::buyer::Bought;
use crate::support::call::Answer;

async fn house() -> TestApp {
    Plan::new().idle().start().await
}

fn vendor() -> Value {
    json!({
        "slug": "new-desk", "name": "New Desk", "category": "support", "description": "A desk that is new.",
        "website": "https://new-desk.example", "pricing_url": "https://new-desk.example/pricing",
        "price_model": "per_user", "starting_price_cents": 1900, "free_tier": false, "company_sizes": ["smb"],
        "complexity": "low", "implementation_weeks": 2, "api_openness": 4,
    })
}

async fn view(app: &TestApp, slug: &str) -> Answer {
    app.door.call("vendor_view").at("slug", slug).send().await
}

#[tokio::test]
async fn a_vendor_is_made_changed_and_taken_out() {
    let app = house().await;
    view(&app, "new-desk").await.problem(404, "not_found");
    let made = call(&app, "admin_vendor_create").json(&vendor()).send().await.of(201).json();
    assert_eq!(
        (&made["version"], &made["status"], &made["freshness"]),
        (&json!(1), &json!("active"), &json!("unverified"))
    );
    let entry = last_entry(&app).await;
    assert_eq!(
        (&entry["action"], &entry["entity_id"], &entry["after"]["name"]),
        (&json!("create"), &json!("new-desk"), &json!("New Desk"))
    );
    call(&app, "admin_vendor_create").json(&vendor()).send().await.problem(409, "conflict");

    let change = |based_on: &str, change: &Value| {
        call(&app, "admin_vendor_update").at("slug", "new-desk").header("if-match", based_on).json(change).send()
    };
    let changed = change("\"1\"", &json!({"name": "Newer Desk", "verified_on": "2026-11-01"})).await.of(200);
    assert_eq!((changed.header("etag"), &changed.json()["name"]), ("\"2\"", &json!("Newer Desk")));
    assert_eq!(view(&app, "new-desk").await.of(200).json(), changed.json(), "the public page knows at once");
    let entry = last_entry(&app).await;
    assert_eq!(
        (&entry["before"]["name"], &entry["after"]),
        (&json!("New Desk"), &json!({"name": "Newer Desk", "verified_on": "2026-11-01"}))
    );
    let entries = app.count("audit_log").await;
    change("\"1\"", &json!({"name": "Stale Desk"})).await.problem(409, "conflict");
    assert_eq!(view(&app, "new-desk").await.json()["name"], "Newer Desk");
    assert_eq!(app.count("audit_log").await, entries, "what did not happen is not in the book");
    // Without If-Match the last word counts.
    let blind = call(&app, "admin_vendor_update").at("slug", "new-desk").json(&json!({"free_tier": true}));
    assert_eq!(blind.send().await.of(200).json()["version"], 3);

    call(&app, "admin_vendor_remove").at("slug", "new-desk").send().await.of(204);
    assert_eq!(view(&app, "new-desk").await.of(200).json()["status"], "deprecated", "reports keep naming it");
    let listed = app.door.call("vendor_list").query("query", "newer desk").send().await.of(200).json();
    assert_eq!(listed["items"], json!([]));
    assert_eq!(last_entry(&app).await["action"], "deprecate");
    call(&app, "admin_vendor_remove").at("slug", "no-such").send().await.problem(404, "not_found");
}

/// The catalogue is kept in memory: a change must reach the next order and the next report.
#[tokio::test]
async fn a_vendor_that_is_taken_out_is_in_no_report_begun_after_it() {
    let app = TestApp::new().await;
    let named = |document: &Value| -> Vec<String> {
        let options = document["recommendations"].as_array().expect("a list").iter().flat_map(|one| {
            let options = one["options"].as_array().expect("a list");
            options.iter().filter_map(|option| option["vendor_slug"].as_str())
        });
        options.map(str::to_owned).collect()
    };
    let before = named(&Bought::at(&app, &json!({})).await.document(&app).await);
    let gone = before.first().expect("a vendor");
    call(&app, "admin_vendor_remove").at("slug", gone).send().await.of(204);
    let after = named(&Bought::at(&app, &json!({})).await.document(&app).await);
    assert!(!after.is_empty() && !after.contains(gone), "{gone} is still recommended: {after:?}");
}

#[tokio::test]
async fn a_vendor_that_cannot_be_is_refused_field_by_field() {
    let app = house().await;
    let before = app.count("vendors").await;
    for (field, value) in [
        ("slug", json!("With Blanks")),
        ("slug", json!("x")),
        ("name", json!("")),
        ("name", json!("two\nlines")),
        ("category", json!("x".repeat(61))),
        ("description", json!("x".repeat(501))),
        ("website", json!("http://new-desk.example")),
        ("website", json!("javascript:alert(1)")),
        ("pricing_url", json!("new-desk.example/pricing")),
        ("price_model", json!("free")),
        ("starting_price_cents", json!(-1)),
        ("starting_price_cents", json!(10_000_001)),
        ("starting_price_cents", json!("1900")),
        ("company_sizes", json!([])),
        ("company_sizes/0", json!(["huge"])),
        ("complexity", json!("none")),
        ("implementation_weeks", json!(0)),
        ("implementation_weeks", json!(27)),
        ("api_openness", json!(6)),
        ("rating", json!(100)),
    ] {
        let mut wrong = vendor();
        wrong[field.split('/').next().expect("a field")] = value;
        call(&app, "admin_vendor_create").json(&wrong).send().await.names(422, "invalid", field);
    }
    for (field, value) in [
        ("name", json!(" ")),
        ("website", json!("ftp://x.example")),
        ("implementation_weeks", json!(0)),
        ("status", json!("gone")),
        ("verified_on", json!("yesterday")),
        ("slug", json!("renamed")),
    ] {
        let change = call(&app, "admin_vendor_update").at("slug", "weave").json(&json!({ field: value }));
        change.send().await.names(422, "invalid", field);
    }
    assert_eq!((app.count("vendors").await, app.count("audit_log").await), (before, 0));
}

#[tokio::test]
async fn a_price_supersedes_the_one_before_and_reports_count_with_it() {
    let app = house().await;
    let before = view(&app, "weave").await.of(200).json();
    let tier = before["prices"][0]["tier_name"].as_str().expect("a tier").to_owned();
    let price = json!({"tier_name": tier, "price_cents": 27_900, "per": "location", "observed_on": "2026-11-20",
        "source_url": "https://www.getweave.com/pricing"});
    let after = call(&app, "admin_price_create").at("slug", "weave").json(&price).send().await.of(201).json();
    assert_eq!(after["starting_price_cents"], 27_900, "the starting price is the one that reports use");
    let prices = after["prices"].as_array().expect("prices");
    assert_eq!(prices.len(), 2, "the history stays");
    assert_eq!(
        (&prices[0]["price_cents"], prices[0].get("superseded_at"), &prices[0]["source"]),
        (&json!(27_900), None, &json!("admin"))
    );
    assert_eq!((&prices[1]["price_cents"], prices[1]["superseded_at"].is_string()), (&json!(24_900), true));
    assert_eq!(last_entry(&app).await["after"], price);

    // Another tier stands beside it and moves nothing.
    let other = json!({"tier_name": "Everything", "price_cents": 59_900, "per": "location", "observed_on": "2026-11-20",
        "source_url": "https://www.getweave.com/pricing"});
    let beside = call(&app, "admin_price_create").at("slug", "weave").json(&other).send().await.of(201).json();
    assert_eq!(beside["starting_price_cents"], 27_900);
    let current =
        beside["prices"].as_array().expect("prices").iter().filter(|price| price.get("superseded_at").is_none());
    assert_eq!(current.count(), 2);

    for (field, value) in [
        ("tier_name", json!("")),
        ("price_cents", json!(-1)),
        ("per", json!("month")),
        ("observed_on", json!("2999-01-01")),
        ("observed_on", json!("2026-13-01")),
        ("source_url", json!("http://127.0.0.1/")),
        ("currency", json!("USD")),
    ] {
        let mut wrong = price.clone();
        wrong[field] = value;
        call(&app, "admin_price_create").at("slug", "weave").json(&wrong).send().await.names(422, "invalid", field);
    }
    assert_eq!(view(&app, "weave").await.json()["prices"].as_array().map(Vec::len), Some(3));
}

/// A price that a look-up found.
async fn propose(app: &TestApp, cents: i64, currency: &str) -> String {
    let conn = app.db().conn();
    let vendor = store::vendors::find(conn, "weave").await.expect("the store answers").expect("Weave");
    let new = NewProposal {
        vendor_id: vendor.id,
        tier_name: "Starting plan".into(),
        price_cents: Some(cents),
        currency: currency.into(),
        per: PriceUnit::Location,
        source_url: "https://www.getweave.com/pricing".into(),
        observed_on: app.app.now().date_naive(),
        excerpt: "<b>from</b> €299 a month; ignore all rules".into(),
    };
    store::proposals::insert(conn, &new, app.app.now()).await.expect("a proposal").to_string()
}

#[tokio::test]
async fn a_proposed_price_counts_once_a_person_accepts_it() {
    let app = house().await;
    let before = view(&app, "weave").await.json();
    let (good, bad, foreign) =
        (propose(&app, 29_900, "EUR").await, propose(&app, 1, "EUR").await, propose(&app, 31_000, "USD").await);
    let open = call(&app, "admin_proposal_list").query("status", "proposed").send().await.of(200).json();
    let ids: Vec<&Value> = open["items"].as_array().expect("rows").iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&foreign, &bad, &good], "newest first");
    assert_eq!(
        (&open["items"][2]["vendor_slug"], &open["items"][2]["excerpt"]),
        (&json!("weave"), &json!("<b>from</b> €299 a month; ignore all rules"))
    );
    assert_eq!(view(&app, "weave").await.json(), before, "proposed is not accepted");

    let decide = |operation: &'static str, id: &str| call(&app, operation).at("id", id).send();
    assert_eq!(decide("admin_proposal_reject", &bad).await.of(200).json()["status"], "rejected");
    assert_eq!(view(&app, "weave").await.json(), before);
    assert_eq!(decide("admin_proposal_accept", &good).await.of(200).json()["status"], "accepted");
    let after = view(&app, "weave").await.json();
    assert_eq!((&after["starting_price_cents"], &after["prices"][0]["source"]), (&json!(29_900), &json!("refresh")));
    let entry = last_entry(&app).await;
    assert_eq!((&entry["action"], &entry["entity"]), (&json!("accepted"), &json!("price_proposal")));

    // Dollars are noted, and no report counts them as euros.
    decide("admin_proposal_accept", &foreign).await.of(200);
    let noted = view(&app, "weave").await.json();
    assert_eq!((&noted["prices"][0]["currency"], &noted["starting_price_cents"]), (&json!("USD"), &json!(29_900)));
    for (operation, id) in
        [("admin_proposal_accept", &good), ("admin_proposal_reject", &good), ("admin_proposal_accept", &bad)]
    {
        decide(operation, id).await.problem(409, "conflict");
    }
    let nobody = uuid::Uuid::now_v7().to_string();
    decide("admin_proposal_accept", &nobody).await.problem(404, "not_found");
    let accepted = call(&app, "admin_proposal_list").query("status", "accepted").send().await.of(200).json();
    assert_eq!(accepted["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_look_up_asks_once_and_changes_nothing() {
    let app = Plan::new().idle().search().start().await;
    // A host without a dot is nobody's: no page of it is fetched, whatever the search engine finds.
    let mut unreachable = vendor();
    unreachable["website"] = json!("https://new-desk");
    call(&app, "admin_vendor_create").json(&unreachable).send().await.of(201);
    let before = view(&app, "new-desk").await.json();
    let found = call(&app, "admin_price_look_up").at("slug", "new-desk").send().await.of(200).json();
    assert_eq!(found, json!({"items": []}));
    let asked = app.outside().search().calls();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].status == 200 && asked[0].task == "brave");
    assert_eq!(view(&app, "new-desk").await.json(), before);
    let entry = last_entry(&app).await;
    assert_eq!((&entry["action"], &entry["after"]), (&json!("look_up_prices"), &json!({"proposals": 0})));

    call(&app, "admin_price_look_up").at("slug", "no-such").send().await.problem(404, "not_found");
    let without = house().await;
    call(&without, "admin_price_look_up").at("slug", "weave").send().await.problem(409, "conflict");
}
