//! A bundle that would serve a broken page is refused at start, with everything that is wrong.

use crb_web::{Settings, Site, Stage};

use crate::support::bundle::Bundle;

async fn refused(bundle: &Bundle) -> String {
    let settings = Settings::new(Stage::Test);
    Site::load(bundle.root(), &settings).await.expect_err("it is broken").to_string()
}

#[tokio::test]
async fn a_folder_that_is_no_bundle_is_refused() {
    let settings = Settings::new(Stage::Test);
    let bundle = Bundle::new();
    let away = Site::load(&bundle.root().join("away"), &settings).await.expect_err("nothing there").to_string();
    assert!(away.contains("away has 1 fault(s)") && away.contains("cannot be read"), "{away}");
    bundle.remove("routes.json");
    assert!(refused(&bundle).await.contains("routes.json is missing; is the page built?"));
    for (text, fault) in [
        ("{", "routes.json: EOF"),
        ("{\"documents\": [], \"fallback\": \"shells/error.html\"}", "no document stands at /"),
        ("{\"documents\": [], \"fallback\": \"shells/error.html\", \"redirects\": []}", "unknown field `redirects`"),
        ("{\"documents\": [{\"pattern\": \"quiz\", \"file\": \"x\"}], \"fallback\": \"x\"}", "must begin with a slash"),
    ] {
        bundle.write("routes.json", text);
        let said = refused(&bundle).await;
        assert!(said.contains(fault), "{text}: {said}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let bundle = Bundle::new();
    bundle.remove("privacy.html");
    bundle.remove("assets/app-1a2b.js");
    bundle.replace("index.html", "id=\"crb-config\"", "id=\"crb-configuration\"");
    bundle.replace("routes.json", "/api/v1/reports/:id", "/api/v1/reports/:report");
    bundle.replace("routes.json", "/api/v1/industries", "https://elsewhere.example/x");
    std::fs::write(bundle.root().join("shells/error.html"), [0xff, 0xfe]).expect("a file");
    let said = refused(&bundle).await;
    for fault in [
        "privacy.html: is named by routes.json and missing",
        "index.html: has no <script type=\"application/json\" id=\"crb-config\">",
        "shells/quiz.html: names /assets/app-1a2b.js, which is missing",
        "shells/error.html: is not text",
        "the preload /api/v1/reports/:report names :report, which its pattern does not",
        "the preload https://elsewhere.example/x is no address of the API",
    ] {
        assert!(said.contains(fault), "{fault} is missing from {said}");
    }
}
