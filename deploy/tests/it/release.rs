//! A release that succeeds, and those that are refused before anything is changed.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crb_deploy::Ending;
use serde_json::{Value, json};

use crate::support::platform::Fate;
use crate::support::{Bench, NEW_REVISION, OLD_REVISION, digest, image};

#[tokio::test]
async fn a_release_goes_service_by_service_and_is_proven() {
    let mut bench = Bench::new("staging").await;
    let start = bench.clock.now();
    assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
    let expected = [
        format!("crb-api variables {}", json!({"APP_REVISION": NEW_REVISION, "IMAGE_DIGEST": digest('c')})),
        format!("crb-api image {}", image("crb", 'c')),
        "crb-api deploy".to_owned(),
        format!("crb-web variables {}", json!({"RELEASE": NEW_REVISION})),
        format!("crb-web image {}", image("crb-web", 'd')),
        "crb-web deploy".to_owned(),
    ];
    assert_eq!(bench.platform.mutations(), expected);
    assert!(bench.runs('c', 'd'));
    // Each service is waited for before the next is touched.
    let begun = bench.platform.asked("serviceInstanceDeployV2");
    assert!(begun.windows(2).all(|pair| pair[1] - pair[0] >= chrono::Duration::seconds(20)), "{begun:?}");

    let receipt = bench.receipt();
    assert_eq!((&receipt["outcome"], &receipt["revision"]), (&json!("released"), &json!(NEW_REVISION)));
    assert_eq!(receipt["deployments"], json!({"crb-api": "crb-api-2", "crb-web": "crb-web-2"}));
    assert_eq!(receipt["previous"]["crb-api"]["deployment"], "crb-api-1");
    let names: Vec<&str> =
        receipt["checks"].as_array().expect("checks").iter().filter_map(|check| check["name"].as_str()).collect();
    let due = [
        "live",
        "ready",
        "api release",
        "page release",
        "api headers",
        "problems",
        "page",
        "page assets",
        "page finds api",
        "quiz",
        "replicas",
    ];
    assert_eq!(names, due);
    assert!(bench.file("summary.md").contains("## Released to staging in "), "{}", bench.file("summary.md"));
    let seconds = (bench.clock.now() - start).num_seconds();
    assert!(
        bench.file("outputs").contains(&format!("outcome=released\nseconds={seconds}\n")),
        "{}",
        bench.file("outputs")
    );
}

#[tokio::test]
async fn on_staging_a_report_is_bought_at_the_stand_in_when_asked_for() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &["--report"]).await, Ending::Done, "{}", bench.said());
    assert!(bench.seen("report").contains("written with 3 findings"), "{}", bench.seen("report"));
    assert!(bench.product.asked().contains(&"POST /pay/cs_1".to_owned()));
}

#[tokio::test]
async fn the_way_back_is_written_before_anything_is_changed() {
    let mut bench = Bench::new("staging").await;
    let (path, found) = (bench.path("receipt.json"), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&found);
    // What a process that dies here leaves behind.
    bench.platform.watch(move |_| kept.lock().expect("the list").push(fs::read_to_string(&path).unwrap_or_default()));
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    let found = found.lock().expect("the list");
    let first: Value = serde_json::from_str(&found[0]).expect("a whole receipt at the first change");
    assert_eq!(first["outcome"], "started");
    assert_eq!(first["deployments"], json!({}));
    let api = &first["previous"]["crb-api"];
    assert_eq!((&api["deployment"], &api["image"]), (&json!("crb-api-1"), &json!(image("crb", 'a'))));
    assert_eq!(api["said"], json!({"digest": digest('a'), "revision": OLD_REVISION}));
    assert!(found.iter().all(|text| serde_json::from_str::<Value>(text).is_ok()), "whole at every change");
}

#[tokio::test]
async fn production_takes_what_staging_has_proven_and_nothing_else() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    let proven = bench.path("receipt.json").display().to_string();

    let mut production = Bench::new("production").await;
    assert_eq!(production.release("production", &[]).await, Ending::Refused);
    production.says("production takes only what staging has proven");
    let (other, web) = (image("crb", 'e'), image("crb-web", 'd'));
    let arguments = [
        "release",
        "--environment",
        "production",
        "--backend",
        &other,
        "--web",
        &web,
        "--revision",
        NEW_REVISION,
        "--receipt",
        "file:receipt.json",
        "--staging-receipt",
        &proven,
    ];
    assert_eq!(production.run(&arguments).await, Ending::Refused);
    production.says("staging proved ");
    assert_eq!(production.release("production", &["--staging-receipt", &proven, "--report"]).await, Ending::Refused);
    production.says("it would be a purchase");
    assert_eq!(production.platform.mutations(), Vec::<String>::new());
    assert!(!production.path("receipt.json").exists());

    assert_eq!(production.release("production", &["--staging-receipt", &proven]).await, Ending::Done);
    assert!(production.runs('c', 'd'));
}

#[tokio::test]
async fn a_staging_release_that_failed_opens_no_way_to_production() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-web", Fate::Ends("FAILED"));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed);
    let failed = bench.path("receipt.json").display().to_string();
    let mut production = Bench::new("production").await;
    assert_eq!(production.release("production", &["--staging-receipt", &failed]).await, Ending::Refused);
    production.says("the release to staging did not succeed");
    assert_eq!(production.platform.mutations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_of_another_environment_is_refused() {
    let mut bench = Bench::new("production").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("RAILWAY_TOKEN is one of the environment \"production\" and not of staging");
    assert_eq!(bench.platform.mutations(), Vec::<String>::new());
    assert!(bench.file("outputs").contains("outcome=refused"));
}

#[tokio::test]
async fn only_a_digest_names_an_image() {
    let mut bench = Bench::new("staging").await;
    let web = image("crb-web", 'd');
    for bad in ["ghcr.io/owner/crb:latest", "ghcr.io/owner/crb"] {
        let arguments =
            ["release", "--environment", "staging", "--backend", bad, "--web", &web, "--receipt", "file:receipt.json"];
        assert_eq!(bench.run(&arguments).await, Ending::Refused, "{bad}");
        bench.says("a tag can move");
    }
    assert!(bench.platform.asked("").is_empty(), "nobody was asked");
}

#[tokio::test]
async fn what_is_not_whole_or_not_quiet_is_left_alone() {
    let mut bench = Bench::new("staging").await;
    bench.platform.deploy_elsewhere("crb-api");
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("crb-api: deployment crb-api-2 is under way");
    bench.clock.advance(Duration::from_mins(1));
    bench.platform.remove("crb-web");
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("the environment has no service crb-web");
    assert_eq!(bench.platform.mutations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_receipt_is_never_written_over() {
    let mut bench = Bench::new("staging").await;
    fs::write(bench.path("receipt.json"), "the way back from another release").expect("written");
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("exists already");
    assert_eq!(bench.file("receipt.json"), "the way back from another release");
    assert!(bench.platform.mutations().is_empty());
}

#[tokio::test]
async fn help_is_no_failure_and_a_wrong_word_is_refused() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.run(&["--help"]).await, Ending::Done);
    bench.says("Exit codes:");
    assert_eq!(bench.run(&["deliver"]).await, Ending::Refused);
    assert_eq!([Ending::Done, Ending::Failed, Ending::Refused, Ending::Lost].map(Ending::code), [0, 1, 2, 3]);
}
