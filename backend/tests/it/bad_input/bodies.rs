//! Bodies, parameters and addresses that cannot be what the operation takes.

use serde_json::json;

use crate::support::app::{Plan, TestApp};
use crate::support::buyer::{Bought, EMAIL, Quiz};
use crate::support::call::Call;

const JSON: &str = "application/json";

async fn house() -> TestApp {
    Plan::new().idle().start().await
}

#[tokio::test]
async fn a_wrong_body_is_refused_at_its_field() {
    let app = house().await;
    let table: [(&str, &str, u16, &str, &str); 22] = [
        (JSON, r#"{"questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": "dental"}"#, 422, "invalid", "questionnaire_version"),
        (JSON, r#"{"industry": 5, "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": null, "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": ["dental"], "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": "dental", "questionnaire_version": 1}"#, 422, "invalid", "questionnaire_version"),
        (JSON, r#"{"industry": "plumbing", "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": "Dental", "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": "", "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, r#"{"industry": "dental", "questionnaire_version": "0"}"#, 422, "invalid", "questionnaire_version"),
        (JSON, r#"{"industry": "dental", "questionnaire_version": "1", "price": 0}"#, 422, "invalid", "price"),
        (JSON, r#"{"industry": "dental", "industry": "x", "questionnaire_version": "1"}"#, 422, "invalid", "industry"),
        (JSON, "null", 422, "invalid", "(body)"),
        (JSON, "[]", 422, "invalid", "(body)"),
        (JSON, "\"dental\"", 422, "invalid", "(body)"),
        (JSON, "{", 400, "malformed", ""),
        (JSON, "industry=dental", 400, "malformed", ""),
        (JSON, r#"{"industry": "dental", "questionnaire_version": "1"} {}"#, 400, "malformed", ""),
        (JSON, "{'industry': 'dental'}", 400, "malformed", ""),
        ("text/plain", r#"{"industry": "dental", "questionnaire_version": "1"}"#, 415, "unsupported_media_type", ""),
        ("application/x-www-form-urlencoded", "industry=dental", 415, "unsupported_media_type", ""),
        ("application/jsonx", r#"{"industry": "dental"}"#, 415, "unsupported_media_type", ""),
    ];
    for (media_type, body, status, code, field) in table {
        let call = app.door.call("session_create").body(body.to_owned()).header("content-type", media_type);
        let answer = call.send().await;
        if field.is_empty() {
            answer.problem(status, code)
        } else {
            answer.names(status, code, field)
        };
    }
    let good = json!({"industry": "dental", "questionnaire_version": "1"});
    let untyped = app.door.call("session_create").json(&good).without("content-type");
    untyped.send().await.problem(415, "unsupported_media_type");
    app.door.call("session_create").header("content-type", JSON).send().await.problem(400, "malformed");
    let latin = app.door.call("session_create").body(b"{\"industry\": \"\xe9\"}".to_vec()).header("content-type", JSON);
    latin.send().await.problem(400, "malformed");
    let deep = format!(r#"{{"industry": {}{}}}"#, "[".repeat(2_000), "]".repeat(2_000));
    let answer = app.door.call("session_create").body(deep).header("content-type", JSON).send().await;
    assert!([400, 422].contains(&answer.status), "{}", answer.text());
    assert_eq!(app.count("quiz_sessions").await, 0);
    // The control: with blanks, a charset and other cases of the media type it is taken.
    let call = app.door.call("session_create").body(format!(" {good}\n"));
    call.header("content-type", "Application/JSON; charset=utf-8").send().await.of(201);
}

#[tokio::test]
async fn a_body_is_read_up_to_256_kib_and_no_further() {
    let app = house().await;
    let quiz = Quiz::begin(&app.door).await;
    let padded = |bytes: usize| {
        let body = r#"{"answers": {"company_name": "X"}}"#;
        format!("{body}{}", " ".repeat(bytes - body.len()))
    };
    let send = |body: String| {
        let call = quiz.call(&app.door, "session_answer").header("if-match", "1").header("content-type", JSON);
        call.body(body).send()
    };
    for bytes in [256 * 1024 + 1, 600 * 1024, 1_500 * 1024] {
        send(padded(bytes)).await.problem(413, "too_large");
    }
    assert_eq!(quiz.call(&app.door, "session_view").send().await.json()["version"], 1);
    send(padded(256 * 1024)).await.of(200);
    app.door.call("payment_receive").body(padded(300_000)).send().await.problem(413, "too_large");
}

#[tokio::test]
async fn an_order_says_what_it_lacks() {
    let app = house().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let good = json!({"session_id": quiz.id, "tier": "report", "email": EMAIL});
    let order = |change: &dyn Fn(Call) -> Call| change(quiz.order(&app.door, "a-good-key")).send();
    for key in ["", "short", "with blank", "ümlaut-key", &"k".repeat(101)] {
        order(&|call| call.header("idempotency-key", key)).await.names(400, "malformed", "Idempotency-Key");
    }
    order(&|call| call.without("idempotency-key")).await.names(400, "malformed", "Idempotency-Key");
    for (field, value) in [
        ("session_id", json!("mine")),
        ("session_id", json!(7)),
        ("tier", json!("gold")),
        ("tier", json!(null)),
        ("email", json!("nobody")),
        ("email", json!("a@example.org, b@example.org")),
        ("email", json!("a@example.org\nBcc: b@example.org")),
        ("success_url", json!("https://evil.example/")),
        ("amount_cents", json!(1)),
    ] {
        let mut body = good.clone();
        body[field] = value;
        order(&|call| call.json(&body)).await.names(422, "invalid", field);
    }
    assert_eq!(app.count("orders").await, 0);
    order(&|call| call).await.of(201);
}

#[tokio::test]
async fn parameters_are_held_to_what_the_description_says() {
    let app = house().await;
    let (door, operator) = (&app.door, app.operator());
    for (operation, name, value) in [
        ("vendor_list", "limit", "0"),
        ("vendor_list", "limit", "101"),
        ("vendor_list", "limit", "99999999999999999999"),
        ("vendor_list", "limit", "-1"),
        ("vendor_list", "limit", "ten"),
        ("vendor_list", "limit", ""),
        ("vendor_list", "cursor", "\u{0}"),
        ("vendor_list", "cursor", "' OR 1=1 --"),
        ("vendor_list", "category", "Phone Systems"),
        ("vendor_list", "industry", "../dental"),
        ("vendor_list", "query", "\u{7}"),
        ("vendor_list", "status", "retired"),
        ("admin_report_list", "cursor", "nothing-of-ours"),
        ("admin_report_list", "status", "done"),
        ("admin_audit_list", "cursor", "0193a7e4"),
        ("admin_audit_list", "limit", "1e3"),
        ("admin_proposal_list", "status", "maybe"),
        ("admin_proposal_list", "cursor", "~~~~"),
    ] {
        let answer = door.call(operation).query(name, value).token(&operator).send().await;
        assert!([400, 422].contains(&answer.status), "{operation} {name}={value}: {}", answer.text());
        let (status, code) = (answer.status, if answer.status == 400 { "malformed" } else { "invalid" });
        answer.names(status, code, name);
    }
    // The vendors' cursor is a place in the alphabet: every word is one, behind the last there is nothing.
    let behind = door.call("vendor_list").query("cursor", "zzzz").send().await.of(200).json();
    assert_eq!(behind["items"], json!([]));
    // A search for everything finds what is there and no more: its signs mean themselves.
    for (query, found) in [("%", 0), ("_", 0), ("'; DROP TABLE vendors; --", 0), ("weave", 1)] {
        let page = door.call("vendor_list").query("query", query).send().await.of(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found), "{query}");
    }
    assert!(app.count("vendors").await > 20);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let app = house().await;
    let long = format!("/api/v1/{}", "a".repeat(9_000));
    for (method, path, status, code) in [
        ("GET", "/", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("GET", "/api/v1/tiers/", 404, "not_found"),
        ("GET", "/api/v1//tiers", 404, "not_found"),
        ("GET", "/api/v1/reports/not-an-id", 401, "unauthenticated"),
        ("GET", "/api/v1/vendors/No%20Vendor", 404, "not_found"),
        ("GET", "/api/v1/vendors/no-such-vendor", 404, "not_found"),
        ("GET", "/api/v1/questionnaires/plumbing", 404, "not_found"),
        ("GET", "/api/v1/questionnaires/..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("GET", "/api/v1/docs/..%2fpage-js", 404, "not_found"),
        ("GET", "/api/v1/problems/no_such_code", 404, "not_found"),
        ("PUT", "/api/v1/tiers", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/quiz/sessions", 405, "method_not_allowed"),
        ("TRACE", "/api/health", 405, "method_not_allowed"),
        ("GET", "/api/v1/webhooks/stripe", 405, "method_not_allowed"),
        ("GET", long.as_str(), 414, "uri_too_long"),
    ] {
        let answer = app.door.knock(method, path).send().await;
        assert_eq!(answer.header("allow").is_empty(), status != 405, "{method} {path}");
        answer.problem(status, code);
    }
    let filler = "h".repeat(8_000);
    let mut heavy = app.door.call("tier_list");
    for number in 0..5 {
        heavy = heavy.header(&format!("x-filler-{number}"), &filler);
    }
    heavy.send().await.problem(431, "headers_too_large");
}

#[tokio::test]
async fn a_report_is_not_there_before_it_is_paid_and_not_whole_before_it_is_ready() {
    let app = house().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let order = quiz.order(&app.door, "not-paid-yet").send().await.of(201).json();
    let view = quiz.view(&app.door, order["order_id"].as_str().expect("an id")).await;
    assert_eq!((&view["status"], view.get("report_id"), view.get("report_url")), (&json!("open"), None, None));
    // The quiz's token opens no report, under whatever id.
    for id in [&quiz.id, order["order_id"].as_str().expect("an id")] {
        app.door.call("report_view").at("id", id).token(&quiz.token).send().await.problem(404, "not_found");
    }

    let bought = Bought::at(&app, &json!({})).await;
    let pending = bought.call(&app.door, "report_view").send().await.of(202);
    assert_eq!((&pending.json()["status"], pending.header("retry-after")), (&json!("queued"), "2"));
    bought.call(&app.door, "report_download").send().await.problem(409, "conflict");
    bought.call(&app.door, "report_resend").send().await.problem(409, "conflict");
    for wrong in ["-1", "1.5", "first", ""] {
        let follow = bought.call(&app.door, "report_follow");
        follow.header("last-event-id", wrong).send().await.names(400, "malformed", "Last-Event-ID");
        bought.call(&app.door, "report_follow").query("after", wrong).send().await.names(400, "malformed", "after");
    }
}
