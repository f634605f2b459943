//! What a browser is told to refuse, and that nothing of ours needs it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crb_web::{Patience, Settings, Stage};
use sha2::{Digest as _, Sha256};

use crate::support::bundle::{Bundle, RULES, SCRIPT, STYLE};
use crate::support::server::{Answer, Server, production};

fn directive(answer: &Answer, name: &str) -> String {
    let policy = answer.header("content-security-policy").to_owned();
    let found = policy.split("; ").find_map(|one| one.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
    found.unwrap_or_else(|| panic!("no {name} in {policy}"))
}

fn hash(content: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))
}

async fn server(settings: Settings) -> Server {
    Server::with(Bundle::new(), settings, None, Patience::default()).await
}

#[tokio::test]
async fn the_policy_names_what_is_inline_and_no_more() {
    let server = Server::new().await;
    let landing = server.get("/").await;
    // The very words that the browser gets.
    for inline in [SCRIPT, STYLE, RULES] {
        assert!(landing.text().contains(&format!(">{inline}</")), "{inline}");
    }
    assert_eq!(directive(&landing, "script-src"), format!("'self' {} {}", hash(SCRIPT), hash(RULES)));
    assert_eq!(directive(&landing, "style-src"), format!("'self' {}", hash(STYLE)));
    let shell = server.get("/quiz").await;
    assert_eq!((directive(&shell, "script-src"), directive(&shell, "style-src")), ("'self'".into(), "'self'".into()));
    for answer in [&landing, &shell] {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    }
}

#[tokio::test]
async fn the_page_may_reach_what_it_was_told_of() {
    let mut settings = production();
    settings.api = Some("https://api.crb-analyser.com".parse().expect("an address"));
    settings.sentry_dsn = Some("https://publickey@o1.ingest.example.io/42".parse().expect("an address"));
    settings.release = "</script><script>alert(1)</script>&\u{2028}".to_owned();
    let page = server(settings).await.get("/").await;
    let reached = "'self' https://api.crb-analyser.com https://o1.ingest.example.io";
    assert_eq!(directive(&page, "connect-src"), reached);
    assert_eq!(directive(&page, "form-action"), "'self' https://checkout.stripe.com");
    let (_, after) = page.text().split_once("id=\"crb-config\">").expect("the block");
    let (block, _) = after.split_once("</script>").expect("its end");
    let block: serde_json::Value = serde_json::from_str(block).expect("JSON that no value can end");
    let expected = serde_json::json!({
        "apiBaseUrl": "https://api.crb-analyser.com",
        "environment": "production",
        "release": "</script><script>alert(1)</script>&\u{2028}",
        "sentryDsn": "https://publickey@o1.ingest.example.io/42",
    });
    assert_eq!(block, expected);
    let allowed = format!("'self' {} {}", hash(SCRIPT), hash(RULES));
    assert_eq!(directive(&page, "script-src"), allowed, "and nothing of it is allowed to run");
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let server = Server::new().await;
    let mut told = String::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/reports/sample"),
        ("GET", "/assets/app-1a2b.js"),
        ("GET", "/assets/nothing.js"),
        ("GET", "/nowhere"),
        ("POST", "/"),
        ("GET", "/health"),
        ("GET", "/api/v1/tiers"),
    ] {
        let answer = server.call(method, path, &[("accept-encoding", "br")], "").await;
        let mut lines: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
            .map(|(name, value)| {
                let value = value.to_str().expect("text");
                let varying = ["x-request-id", "etag"].contains(&name.as_str());
                format!("{name}: {}", if varying { "[varies]" } else { value })
            })
            .collect();
        lines.sort_unstable();
        _ = writeln!(told, "{method} {path} -> {}\n  {}\n", answer.status.as_u16(), lines.join("\n  "));
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn https_is_demanded_where_it_is_certain_and_one_site_is_found() {
    for (stage, hsts, robots) in [
        (Stage::Development, "", "noindex"),
        (Stage::Test, "", "noindex"),
        (Stage::Staging, "max-age=31536000; includeSubDomains", "noindex"),
        (Stage::Production, "max-age=31536000; includeSubDomains", ""),
    ] {
        let server = server(Settings::new(stage)).await;
        let page = server.get("/").await;
        let said = (page.header("strict-transport-security"), page.header("x-robots-tag"));
        assert_eq!(said, (hsts, robots), "{stage:?}");
        assert_eq!(server.get("/quiz").await.header("x-robots-tag"), "noindex", "{stage:?}: a shell says nothing");
    }
}

#[tokio::test]
async fn nobody_learns_which_report_was_read() {
    let server = Server::new().await;
    for (path, expected) in [
        ("/reports/sample", "no-referrer"),
        ("/reports/a/b", "no-referrer"),
        ("/checkout/return", "no-referrer"),
        ("/checkout", "no-referrer"),
        ("/", "strict-origin-when-cross-origin"),
        ("/reportsx", "strict-origin-when-cross-origin"),
    ] {
        assert_eq!(server.get(path).await.header("referrer-policy"), expected, "{path}");
    }
}
