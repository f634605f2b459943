//! Who may come in, what is asked of them, and what the description promises.

use super::*;

#[test]
fn the_committed_description_is_current() {
    let committed: Value = serde_json::from_str(include_str!("../../../openapi.json")).expect("JSON");
    assert!(committed == api::document(), "backend/openapi.json is out of date: write it anew with `crb openapi`");
}

#[tokio::test]
async fn nothing_behind_a_token_answers_without_one() {
    let surface = Surface::open().await;
    let mut asked = 0;
    for (path, methods) in surface.document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if operation.get("security").is_none() {
                continue;
            }
            let id = "0193a7e4-0000-7000-8000-000000000001";
            let path = path.replace("{id}", id).replace("{slug}", "weave");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            for token in [None, Some("nonsense"), Some("crb1.e30.AAAA")] {
                let request = surface.ask(method.clone(), &path);
                let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
                let response = send(request.header("X-Forwarded-For", "1.2.3.4")).await;
                // An operator's guesses are counted; after ten of them the door says so instead.
                let refused = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(&response.status());
                assert!(refused, "{method} {path} with {token:?}: {}", response.status());
                if response.status() == StatusCode::UNAUTHORIZED {
                    assert_eq!(header(&response, "www-authenticate"), "Bearer realm=\"crb\"");
                }
                assert_eq!(header(&response, "cache-control"), "no-store");
                asked += 1;
            }
        }
    }
    assert!(asked > 60, "{asked}");
}

#[tokio::test]
async fn nobody_sees_what_is_another_s() {
    let surface = Surface::open().await;
    let (one, other) = (surface.begin().await, surface.begin().await);
    surface.complete(&one).await;
    let bought = surface.buy(&one).await;
    let session = format!("/api/v1/quiz/sessions/{}", one.id);
    let report = format!("/api/v1/reports/{}", bought.report);
    let stranger = domain::tokens::Token::from_bytes([9; 32]).reveal();
    let table = [
        ("session_view", surface.get(&session), &other.token),
        ("teaser_view", surface.get(&format!("{session}/teaser")), &other.token),
        ("order_view", surface.get(&format!("/api/v1/orders/{}", bought.order)), &other.token),
        ("order_view", surface.get(&format!("/api/v1/orders/{}", bought.order)), &bought.token),
        ("report_view", surface.get(&report), &one.token),
        ("report_view", surface.get(&report), &stranger),
        ("report_follow", surface.get(&format!("{report}/events")), &stranger),
        ("report_download", surface.get(&format!("{report}/pdf")), &stranger),
        ("report_resend", surface.post(&format!("{report}/resend")), &stranger),
        ("report_access_open", surface.post(&format!("{report}/access")), &stranger),
    ];
    for (operation, request, token) in table {
        let problem = surface.expect(operation, request.bearer_auth(token), 404).await;
        assert_eq!(problem["code"], json!("not_found"));
    }
    let unknown = "/api/v1/reports/0193a7e4-0000-7000-8000-000000000001";
    let not_there = surface.expect("report_view", surface.get(unknown).bearer_auth(&stranger), 404).await;
    let not_yours = surface.expect("report_view", surface.get(&report).bearer_auth(&stranger), 404).await;
    assert_eq!(not_there["detail"], not_yours["detail"], "the two must not be told apart");
}

#[tokio::test]
async fn a_change_names_the_version_it_is_based_on() {
    let surface = Surface::open().await;
    let quiz = surface.begin().await;
    let path = format!("/api/v1/quiz/sessions/{}", quiz.id);
    let patch = |version: Option<&str>, answers: Value| {
        let request = surface.ask(Method::PATCH, &path).bearer_auth(&quiz.token).json(&json!({ "answers": answers }));
        version.iter().fold(request, |request, version| request.header("If-Match", *version))
    };
    let seen = send(surface.get(&path).bearer_auth(&quiz.token)).await;
    let tag = header(&seen, "etag").to_owned();
    surface.expect("session_answer", patch(None, json!({"employee_count": 5})), 428).await;
    surface.expect("session_answer", patch(Some("latest"), json!({"employee_count": 5})), 400).await;
    let session = surface.expect("session_answer", patch(Some(&tag), json!({"employee_count": 5})), 200).await;
    assert_eq!(session["answers"]["employee_count"], json!(5));
    let stale = surface.expect("session_answer", patch(Some(&tag), json!({"employee_count": 6})), 409).await;
    assert_eq!(stale["code"], json!("conflict"));
    let version = session["version"].to_string();
    let wrong = json!({"employee_count": 0, "nope": 1, "technology_comfort": "8"});
    let refused = surface.expect("session_answer", patch(Some(&version), wrong), 422).await;
    let fields: Vec<&str> =
        refused["errors"].as_array().expect("fields").iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(fields, ["answers/employee_count", "answers/nope", "answers/technology_comfort"]);
    let unchanged = surface.expect("session_view", surface.get(&path).bearer_auth(&quiz.token), 200).await;
    assert_eq!(unchanged["answers"], json!({"employee_count": 5}), "a refused change changes nothing");
}

#[tokio::test]
async fn an_order_needs_a_key_and_is_made_once_for_it() {
    let surface = Surface::open().await;
    let quiz = surface.begin().await;
    surface.complete(&quiz).await;
    let order = |key: Option<&str>, email: &str| {
        let new = json!({"session_id": quiz.id, "tier": "report", "email": email});
        let request = surface.post("/api/v1/orders").bearer_auth(&quiz.token).json(&new);
        key.iter().fold(request, |request, key| request.header("Idempotency-Key", *key))
    };
    for key in [None, Some("short"), Some("has a blank in it")] {
        let refused = surface.expect("order_create", order(key, "a@example.com"), 400).await;
        assert_eq!(refused["errors"][0]["field"], json!("Idempotency-Key"), "{key:?}");
    }
    let first = surface.expect("order_create", order(Some("key-0001"), "a@example.com"), 201).await;
    let again = surface.expect("order_create", order(Some("key-0001"), "a@example.com"), 201).await;
    assert_eq!(first, again);
    surface.expect("order_create", order(Some("key-0001"), "b@example.com"), 409).await;
}

#[tokio::test]
async fn what_is_public_is_kept_by_caches_and_asked_again_cheaply() {
    let surface = Surface::open().await;
    for path in [
        "/api/v1/industries",
        "/api/v1/questionnaires/dental",
        "/api/v1/tiers",
        "/api/v1/vendors",
        "/api/v1/vendors/weave",
        "/api/v1/reports/sample",
        "/api/v1/openapi.json",
    ] {
        let response = send(surface.get(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "cache-control"), "public, max-age=300", "{path}");
        let again = send(surface.get(path).header("If-None-Match", header(&response, "etag"))).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    let sample = surface.expect("report_sample_view", surface.get("/api/v1/reports/sample"), 200).await;
    assert_eq!(sample["sample"], json!(true));
    let page = surface.expect("vendor_list", surface.get("/api/v1/vendors?limit=2"), 200).await;
    let next = page["next"].as_str().expect("a next page");
    let second =
        surface.expect("vendor_list", surface.get(&format!("/api/v1/vendors?limit=2&cursor={next}")), 200).await;
    assert_ne!(page["items"], second["items"]);
}

#[tokio::test]
async fn a_stranger_may_begin_ten_quizzes_an_hour_and_health_is_never_refused() {
    let surface = Surface::open_with(&[("LIMIT_GENERAL_PER_MINUTE", "30")]).await;
    let new = json!({"industry": "dental", "questionnaire_version": "1"});
    for _ in 0..10 {
        surface.expect("session_create", surface.post("/api/v1/quiz/sessions").json(&new), 201).await;
    }
    let refused = send(surface.post("/api/v1/quiz/sessions").json(&new)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(header(&refused, "retry-after").parse::<u32>().expect("seconds") > 0);
    // The connection's own address counts: no proxy is trusted here.
    let spoofed = send(surface.post("/api/v1/quiz/sessions").header("X-Forwarded-For", "9.9.9.9").json(&new)).await;
    assert_eq!(spoofed.status(), StatusCode::TOO_MANY_REQUESTS);
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = send(surface.get("/api/v1/tiers")).await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    surface.expect("health_live", surface.get("/api/health"), 200).await;
    surface.expect("health_ready", surface.get("/api/health/ready"), 200).await;
    surface.expect("health_detail", surface.get("/api/health/detailed"), 200).await;
}

#[tokio::test]
async fn a_webhook_without_a_signature_is_refused_before_it_is_read() {
    let surface = Surface::open().await;
    for body in ["not json at all", "{}"] {
        let request = surface.post("/api/v1/webhooks/stripe").header("Stripe-Signature", "t=1,v1=00").body(body);
        surface.expect("payment_receive", request, 400).await;
    }
    let large = surface.post("/api/v1/webhooks/stripe").body(vec![b' '; 300_000]);
    assert_eq!(send(large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_has_its_limit_with_and_without_a_length() {
    let surface = Surface::open().await;
    let body = || vec![b' '; 300_000];
    let declared = surface.post("/api/v1/quiz/sessions").header("Content-Type", "application/json").body(body());
    assert_eq!(send(declared).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let pieces = futures_util::stream::iter(
        body().chunks(1000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>(),
    );
    let chunked = surface.post("/api/v1/quiz/sessions").header("Content-Type", "application/json");
    let chunked = chunked.body(reqwest::Body::wrap_stream(pieces));
    assert_eq!(send(chunked).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_operator_sees_and_changes_and_leaves_a_trace() {
    let surface = Surface::open().await;
    let token = surface.operator();
    let session =
        surface.expect("admin_session_view", surface.get("/api/v1/admin/session").bearer_auth(&token), 200).await;
    assert_eq!(session["actor"], json!("tester"));
    for (operation, path) in [
        ("admin_report_list", "/api/v1/admin/reports?status=queued&limit=5"),
        ("admin_proposal_list", "/api/v1/admin/proposals?status=proposed"),
        ("admin_stats_view", "/api/v1/admin/stats"),
    ] {
        surface.expect(operation, surface.get(path).bearer_auth(&token), 200).await;
    }
    let vendor = surface.expect("vendor_view", surface.get("/api/v1/vendors/weave"), 200).await;
    let patch = |version: &str| {
        let request = surface.ask(Method::PATCH, "/api/v1/admin/vendors/weave").bearer_auth(&token);
        request.header("If-Match", version).json(&json!({"implementation_weeks": 9}))
    };
    let changed = surface.expect("admin_vendor_update", patch(&vendor["version"].to_string()), 200).await;
    assert_eq!(changed["implementation_weeks"], json!(9));
    surface.expect("admin_vendor_update", patch(&vendor["version"].to_string()), 409).await;
    let flush = send(surface.post("/api/v1/admin/cache/flush").bearer_auth(&token)).await;
    assert_eq!(flush.status(), StatusCode::NO_CONTENT);
    let audit = surface.expect("admin_audit_list", surface.get("/api/v1/admin/audit").bearer_auth(&token), 200).await;
    assert!(audit["items"].as_array().is_some_and(|rows| rows.iter().all(|row| row["actor"] == json!("tester"))));
    let unknown = "/api/v1/admin/proposals/0193a7e4-0000-7000-8000-000000000001/accept";
    surface.expect("admin_proposal_accept", surface.post(unknown).bearer_auth(&token), 404).await;
}

#[tokio::test]
async fn the_pages_come_from_here_and_say_what_they_may_do() {
    let surface = Surface::open().await;
    for (path, words) in [
        ("/api/v1/docs", "/api/v1/docs/page-js"),
        ("/api/v1/docs/page-js", "openapi.json"),
        ("/api/v1/docs/page-css", "main"),
        ("/api/v1/problems/conflict", "409"),
    ] {
        let response = send(surface.get(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        if header(&response, "content-type").starts_with("text/html") {
            let policy = header(&response, "content-security-policy").to_owned();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
        }
        assert!(response.text().await.expect("a page").contains(words), "{path}");
    }
    for path in ["/api/v1/docs/page-html", "/api/v1/problems/nonsense", "/api/v1/nothing", "/api", "/"] {
        assert_eq!(send(surface.get(path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_development_checkout_sends_the_browser_back() {
    let surface = Surface::open().await;
    let quiz = surface.begin().await;
    surface.complete(&quiz).await;
    let new = json!({"session_id": quiz.id, "tier": "report", "email": "a@example.com"});
    let create = surface.post("/api/v1/orders").bearer_auth(&quiz.token).header("Idempotency-Key", &quiz.id).json(&new);
    let created = surface.expect("order_create", create, 201).await;
    let checkout = created["checkout_url"].as_str().expect("an address");
    let path = checkout.find("/api/").map(|at| &checkout[at..]).expect("a page of ours");
    let page = send(surface.get(path)).await;
    assert!(header(&page, "content-security-policy").contains("form-action 'self' http://localhost"));
    assert!(page.text().await.expect("a page").contains("147.00 EUR"));
    let pressed = |action: &'static str| surface.post(path).form(&[("action", action)]);
    surface.expect("dev_checkout_decide", pressed("steal"), 422).await;
    let sent = send(pressed("pay")).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert!(header(&sent, "location").contains("/checkout/return?"));
    let unknown = send(surface.get("/api/v1/dev/checkout/dev_nothing")).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}
