//! SendGrid, storage and search: what they refuse and what they keep.

use crb_stubs::{Call, Fault, Scenario, Search, SendGrid, Storage, Stub, When};
use http::Method;
use serde_json::{Value, json};

fn mail() -> Value {
    json!({
        "personalizations": [{"to": [{"email": "owner@business.example"}], "custom_args": {"key": "ready:1"}}],
        "from": {"email": "hello@crb.example", "name": "CRB"},
        "subject": "Your report is ready",
        "content": [{"type": "text/plain", "value": "Ready"}, {"type": "text/html", "value": "<p>Ready</p>"}],
    })
}

fn send(body: &Value) -> Call {
    Call::new(Method::POST, "/v3/mail/send").with_header("authorization", "Bearer SG.stub").with_json(body)
}

#[test]
fn a_mail_is_checked_and_kept() {
    let set = |path: &str, value: Value| {
        let mut body = mail();
        let (parent, name) = path.rsplit_once('/').expect("a pointer");
        match name.parse::<usize>() {
            Ok(index) => body.pointer_mut(parent).expect("the parent")[index] = value,
            Err(_) => body.pointer_mut(parent).expect("the parent")[name] = value,
        }
        body
    };
    let html = json!({"type": "text/html", "value": "<p>Ready</p>"});
    let text = json!({"type": "text/plain", "value": "Ready"});
    let table = [
        (set("/personalizations", json!([])), "personalizations"),
        (set("/personalizations/0/to", json!([])), "personalizations.0.to"),
        (set("/personalizations/0/to/0/email", json!("nobody")), "personalizations.0.to.0.email"),
        (set("/from", json!(null)), "from"),
        (set("/from/email", json!("a b@c.d")), "from.email"),
        (set("/subject", json!("")), "subject"),
        (set("/content", json!([])), "content"),
        (set("/content", json!([html, text])), "content"),
        (set("/content", json!([text, text])), "content"),
        (set("/content/1/value", json!("")), "content.1.value"),
        (set("/content/1/type", json!("text/calendar")), "content.1.type"),
    ];
    let sendgrid = SendGrid::new(Scenario::default());
    for (body, field) in table {
        let reply = sendgrid.answer(&send(&body));
        assert_eq!(
            (reply.status, reply.value()["errors"][0]["field"].as_str()),
            (400, Some(field)),
            "{}",
            reply.text()
        );
    }
    for (key, status) in
        [("Bearer SG.abcdef.real", 401), ("Bearer x", 401), ("Basic stub", 401), ("Bearer SG.stub", 202)]
    {
        assert_eq!(sendgrid.answer(&send(&mail()).with_header("authorization", key)).status, status, "{key}");
    }
    let [kept] = sendgrid.mails_to("Owner@business.example").try_into().expect("one mail");
    assert_eq!(
        (kept.subject.as_str(), kept.text.as_str(), kept.html.as_str()),
        ("Your report is ready", "Ready", "<p>Ready</p>")
    );
    assert_eq!(kept.custom_args["key"], "ready:1");
}

#[test]
fn a_failing_mail_service_keeps_nothing() {
    let scenario =
        Scenario::default().fault(Fault::RateLimit(None), When::Nth(1)).fault(Fault::Status(500), When::Nth(2));
    let sendgrid = SendGrid::new(scenario);
    let statuses: Vec<u16> = (0..3).map(|_| sendgrid.answer(&send(&mail())).status).collect();
    assert_eq!(statuses, [429, 500, 202]);
    assert_eq!(sendgrid.mails().len(), 1);
    assert!(
        std::panic::catch_unwind(|| SendGrid::new(Scenario::default().fault(Fault::MissingStop, When::Always)))
            .is_err()
    );
}

#[test]
fn objects_are_put_read_and_removed() {
    let storage = Storage::new("reports", Scenario::default());
    let call = |method: Method, target: &str| {
        Call::new(method, &format!("/storage/v1/{target}")).with_header("authorization", "Bearer stub-service-key")
    };
    let put = |method: Method, key: &str, upsert: &str| {
        call(method, key)
            .with_header("content-type", "application/pdf")
            .with_header("x-upsert", upsert)
            .with_body("%PDF")
    };
    let code = |call: &Call| {
        let reply = storage.answer(call);
        (reply.status, reply.value()["statusCode"].as_str().unwrap_or("").to_owned())
    };
    let says = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(code(&put(Method::PUT, "object/reports/a/1.pdf", "false")), says(400, "404"));
    assert_eq!(code(&put(Method::POST, "object/reports/a/1.pdf", "false")), says(200, ""));
    assert_eq!(code(&put(Method::POST, "object/reports/a/1.pdf", "false")), says(400, "409"));
    assert_eq!(code(&put(Method::POST, "object/reports/a/1.pdf", "true")), says(200, ""));
    assert_eq!(code(&put(Method::PUT, "object/reports/a/1.pdf", "false")), says(200, ""));
    assert_eq!(code(&put(Method::POST, "object/elsewhere/1.pdf", "true")), says(400, "404"));
    assert_eq!(code(&put(Method::POST, "object/reports/../1.pdf", "true")), says(400, "400"));
    assert_eq!(code(&call(Method::GET, "bucket/reports")), says(200, ""));
    assert_eq!(code(&call(Method::GET, "bucket/elsewhere")), says(400, "404"));

    let read = storage.answer(&call(Method::GET, "object/authenticated/reports/a/1.pdf"));
    assert_eq!(
        (read.status, read.text().as_str(), read.header("content-type")),
        (200, "%PDF", Some("application/pdf"))
    );
    assert_eq!(storage.answer(&call(Method::HEAD, "object/reports/a/1.pdf")).status, 200);
    assert_eq!(storage.answer(&call(Method::HEAD, "object/reports/a/2.pdf")).status, 400);
    assert_eq!(code(&call(Method::DELETE, "object/reports/a/1.pdf")), says(200, ""));
    assert_eq!(code(&call(Method::DELETE, "object/reports/a/1.pdf")), says(400, "404"));
    storage.answer(&put(Method::POST, "object/reports/b", "false"));
    let many = call(Method::DELETE, "object/reports").with_json(&json!({"prefixes": ["b", "c"]}));
    assert_eq!(storage.answer(&many).value().as_array().map(Vec::len), Some(1));
    assert!(storage.keys().is_empty());

    for key in ["Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "Bearer sb_secret_x", "Bearer whatever"] {
        let refused = call(Method::GET, "bucket/reports").with_header("authorization", key);
        assert_eq!(code(&refused), says(400, "403"), "{key}");
    }
}

#[test]
fn a_search_finds_prices_on_the_host_it_was_asked_for() {
    let search = Search::new(Scenario::default());
    let brave = |target: &str, key: &str| {
        search.answer(&Call::new(Method::GET, target).with_header("x-subscription-token", key))
    };
    let found = brave("/res/v1/web/search?q=Weave+pricing&count=2", "stub").value();
    let results = found["web"]["results"].as_array().expect("results");
    assert_eq!((results.len(), results[0]["url"].as_str()), (2, Some("https://www.weave.example/pricing")));
    assert!(results[0]["description"].as_str().is_some_and(|text| text.contains("per month")));
    for (target, key, code) in [
        ("/res/v1/web/search?q=x", "BSAreal", "SUBSCRIPTION_TOKEN_INVALID"),
        ("/res/v1/web/search?q=", "stub", "VALIDATION"),
        ("/res/v1/web/search?q=x&count=21", "stub", "VALIDATION"),
    ] {
        let reply = brave(target, key);
        assert_eq!((reply.status, reply.value()["error"]["code"].as_str()), (422, Some(code)));
    }
    let tavily = |body: &Value, key: &str| {
        search.answer(&Call::new(Method::POST, "/search").with_header("authorization", key).with_json(body))
    };
    let asked = json!({"query": "Weave pricing", "max_results": 1, "include_domains": ["getweave.com"]});
    let found = tavily(&asked, "Bearer stub").value();
    assert_eq!(found["results"][0]["url"], "https://getweave.com/pricing");
    assert_eq!(found["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(tavily(&asked, "Bearer tvly-dev-real").status, 401);
    assert_eq!(tavily(&json!({}), "Bearer stub").status, 422);
    assert_eq!((search.counts().by_task["brave"], search.counts().by_task["tavily"]), (4, 3));
}
