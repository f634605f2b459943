//! The page beside the API in one process, as on a developer's machine.

use std::process::Command;

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::json;
use tempfile::TempDir;

use crate::support::process::{Server, World};

fn bundle() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let html = "<!doctype html><title>The page</title><script type=\"application/json\" id=\"crb-config\">{}</script>";
    std::fs::write(folder.path().join("index.html"), html).expect("a file");
    let routes = json!({"documents": [{"pattern": "/", "file": "index.html"}], "fallback": "index.html"});
    std::fs::write(folder.path().join("routes.json"), routes.to_string()).expect("a file");
    folder
}

/// Status, media type, policy and text.
async fn get(server: &Server, path: &str) -> (u16, String, String, String) {
    let answer = server.get(path).send().await.expect("an answer");
    let header = |name| answer.headers().get(name).map_or("", |value| value.to_str().expect("text")).to_owned();
    let (status, media_type, policy) =
        (answer.status().as_u16(), header(CONTENT_TYPE), header(CONTENT_SECURITY_POLICY));
    (status, media_type, policy, answer.text().await.expect("text"))
}

#[tokio::test]
async fn one_origin_holds_the_page_and_the_api() {
    let folder = bundle();
    let root = folder.path().display().to_string();
    let world = World::with(&[("WEB_ROOT", &root)]).await;
    let server = world.start().await;
    for (path, status) in [("/", 200), ("/nowhere", 404)] {
        let (answered, media_type, policy, text) = get(&server, path).await;
        assert_eq!((answered, media_type.as_str()), (status, "text/html; charset=utf-8"), "{path}");
        assert!(text.contains("\"environment\":\"test\""), "{path}: {text}");
        assert!(policy.contains("script-src 'self'"), "the page's own policy: {policy}");
        let checkout = world.setting("STRIPE_BASE_URL");
        assert!(policy.contains(&format!("form-action 'self' https://checkout.stripe.com {checkout};")), "{policy}");
    }
    for (path, status, media_type) in
        [("/api/v1/tiers", 200, "application/json"), ("/api/nowhere", 404, "application/problem+json")]
    {
        let (answered, said, policy, _) = get(&server, path).await;
        assert_eq!((answered, said.split(';').next()), (status, Some(media_type)), "{path}");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "the API's own policy");
    }
}

#[tokio::test]
async fn without_a_bundle_there_is_only_the_api() {
    let world = World::new().await;
    let server = world.start().await;
    let (status, media_type, ..) = get(&server, "/").await;
    assert_eq!((status, media_type.as_str()), (404, "application/problem+json"));
}

#[test]
fn a_broken_bundle_is_told_at_start() {
    let folder = bundle();
    std::fs::remove_file(folder.path().join("index.html")).expect("it was there");
    let database = format!("sqlite:{}", folder.path().join("crb.sqlite3").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_crb"));
    command.arg("serve").env_clear().current_dir(folder.path());
    command.env("APP_ENV", "test").env("PORT", "0").env("DATABASE_URL", database).env("WEB_ROOT", folder.path());
    let refused = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("index.html: is named by routes.json and missing"), "{said}");
}
