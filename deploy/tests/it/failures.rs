//! Releases that fail: the previous one serves again, in time, or the run is red.

use std::time::Duration;

use crb_deploy::Ending;
use serde_json::json;

use crate::support::platform::{Fate, Fault};
use crate::support::{Bench, OLD_REVISION, digest, image};

/// What Railway says when it does not do something.
fn refusal(message: &str) -> Fault {
    let body = json!({"errors": [{"message": message, "path": ["deploymentRollback"]}], "data": null});
    Fault::Instead(200, body, Vec::new())
}

#[tokio::test]
async fn a_deployment_that_fails_or_crashes_is_taken_back() {
    for (service, word) in
        [("crb-api", "FAILED"), ("crb-api", "SKIPPED"), ("crb-web", "FAILED"), ("crb-web", "CRASHED")]
    {
        let mut bench = Bench::new("staging").await;
        bench.platform.next(service, Fate::Ends(word));
        assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{service} {word}: {}", bench.said());
        bench.says(&format!("{service}: deployment {service}-2 is {word}"));
        bench.says("rolled back in ");
        assert!(bench.runs('a', 'b') && bench.is_pinned('a', 'b'), "{service} {word}");
        let receipt = bench.receipt();
        assert_eq!(receipt["outcome"], "rolled_back");
        assert!(receipt["rollback_seconds"].as_u64().is_some_and(|seconds| seconds <= 120), "{receipt}");
        assert!(bench.file("summary.md").contains("## Rolled back in "), "{}", bench.file("summary.md"));
        assert!(bench.file("outputs").contains("outcome=rolled_back\n"));
    }
}

#[tokio::test]
async fn only_what_was_deployed_goes_back_and_the_rest_keeps_running() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-api", Fate::Ends("FAILED"));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed);
    let rollbacks: Vec<String> =
        bench.platform.mutations().into_iter().filter(|told| told.contains(" rollback ")).collect();
    assert_eq!(rollbacks, ["crb-api rollback crb-api-1"]);
    bench.says("crb-web    still runs crb-web-1");
}

#[tokio::test]
async fn a_state_that_nobody_knows_is_no_success() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-api", Fate::Stays("FROBNICATING"));
    let start = bench.clock.now();
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    bench.says("is FROBNICATING, a state that this program does not know, for 60 s");
    assert!(bench.clock.since(start) < Duration::from_mins(5), "it is not waited for as long as for a known state");
    assert!(bench.platform.mutations().contains(&"crb-api cancel crb-api-2".to_owned()));
    assert!(bench.runs('a', 'b'));
}

#[tokio::test]
async fn a_deployment_that_never_ends_is_waited_for_and_then_stopped() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-api", Fate::Stays("DEPLOYING"));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed);
    bench.says("not serving after 720 s: crb-api: deployment crb-api-2 is DEPLOYING");
    assert!(bench.platform.mutations().contains(&"crb-api cancel crb-api-2".to_owned()));
    assert!(bench.runs('a', 'b'));
}

#[tokio::test]
async fn a_refused_rollback_becomes_a_deployment_of_the_previous_image() {
    for fault in [
        refusal("Deployment cannot be rolled back"),
        Fault::Instead(200, json!({"data": {"deploymentRollback": false}}), Vec::new()),
    ] {
        let mut bench = Bench::new("staging").await;
        bench.platform.next("crb-web", Fate::Ends("CRASHED"));
        bench.platform.fail("deploymentRollback", 9, fault);
        assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
        bench.says("crb-api    rollback to crb-api-1 refused");
        bench.says(&format!("crb-api    back to {}", image("crb", 'a')));
        assert!(bench.runs('a', 'b') && bench.is_pinned('a', 'b'));
        // In this order, or the image would run with the other one's name.
        let told: Vec<String> =
            bench.platform.mutations().into_iter().filter(|told| told.starts_with("crb-api ")).skip(3).collect();
        let variables = json!({"APP_REVISION": OLD_REVISION, "IMAGE_DIGEST": digest('a')});
        let expected = [
            format!("crb-api variables {variables}"),
            format!("crb-api image {}", image("crb", 'a')),
            "crb-api deploy".to_owned(),
        ];
        assert_eq!(told, expected);
    }
}

#[tokio::test]
async fn a_rollback_that_takes_too_long_is_red_although_it_works() {
    for (time, ending) in [(80, Ending::Failed), (130, Ending::Lost)] {
        let mut bench = Bench::new("production").await;
        vouch(&bench).await;
        bench.platform.next("crb-web", Fate::Ends("FAILED"));
        bench.platform.on_the_way_back(Fate::ServesAfter(Duration::from_secs(time)));
        assert_eq!(bench.release("production", &["--staging-receipt", "file:staging.json"]).await, ending, "{time} s");
        assert!(bench.runs('a', 'b'), "it is brought to its end");
        let is_red = bench.file("summary.md").contains(":red_circle: Rolled back too late: ");
        assert_eq!(is_red, ending == Ending::Lost, "{}", bench.file("summary.md"));
        assert_eq!(bench.receipt()["outcome"], "rolled_back");
        assert_eq!(bench.receipt()["rollback_seconds"].as_u64().is_some_and(|seconds| seconds > 120), is_red);
        assert_eq!(bench.file("outputs").contains("outcome=rolled_back_late"), is_red);
    }
}

#[tokio::test]
async fn a_rollback_that_fails_says_so_and_brings_the_others_back() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-web", Fate::Ends("FAILED"));
    // The API cannot go back, neither by its deployment nor by its image.
    bench.platform.on_the_way_back(Fate::Ends("CRASHED"));
    assert_eq!(bench.release("staging", &[]).await, Ending::Lost, "{}", bench.said());
    bench.says("THE ROLLBACK FAILED after ");
    assert_eq!(bench.receipt()["outcome"], "rollback_failed");
    assert!(bench.file("summary.md").contains("docs/runbooks/deploy-and-rollback.md"));
    assert!(bench.is_pinned('a', 'b'), "the next deployment is of the previous release all the same");
    let begun = bench.platform.mutations().iter().filter(|told| told.contains(" rollback ")).count();
    assert_eq!(begun, 2, "each of them was tried");
}

#[tokio::test]
async fn a_release_that_says_it_is_another_is_taken_back() {
    let mut bench = Bench::new("staging").await;
    // The platform says SUCCESS, and the old image answers.
    bench.product.twist(|path, reply| {
        if path == "/api/health/detailed" {
            let body = String::from_utf8(reply.body.clone()).expect("text").replace(&digest('c'), &digest('a'));
            reply.body = body.into_bytes();
        }
    });
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    bench.says("answer 1 is of image sha256:aaaaaaaaaaaa and not of sha256:cccccccccccc");
    assert!(bench.seen("api release").contains("answer 1 is of image"));
    assert!(!bench.said().contains("quiz"), "what is not this release is not looked at any further");
    assert!(bench.runs('a', 'b'));
}

#[tokio::test]
async fn half_of_the_replicas_are_not_enough() {
    let mut bench = Bench::new("staging").await;
    bench.product.split();
    let start = bench.clock.now();
    let ending = bench.release("staging", &[]).await;
    bench.says("and not of sha256:cccccccccccc");
    let waited = bench.clock.since(start);
    assert!(waited >= Duration::from_secs(160), "two deployments and the time that a switch may take: {waited:?}");
    assert_eq!(ending, Ending::Failed, "{}", bench.said());
    assert!(bench.seen("api release").starts_with("answer "));
}

#[tokio::test]
async fn traffic_that_moves_late_is_waited_for() {
    let mut bench = Bench::new("staging").await;
    let clock = bench.clock.clone();
    let until = clock.now() + Duration::from_secs(90);
    bench.product.twist(move |path, reply| {
        if path == "/api/health/ready" && clock.now() < until {
            (reply.status, reply.body) = (503, b"{\"ready\":false,\"reasons\":[\"migrations\"]}".to_vec());
        }
    });
    assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
    bench.says("the API is not ready: migrations");
}

#[tokio::test]
async fn an_instance_that_does_not_run_is_missed() {
    let mut bench = Bench::new("staging").await;
    bench.platform.run_only("crb-web", 1);
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    assert_eq!(bench.seen("replicas"), "crb-web: 1 of 2 instances run");
}

/// A receipt of staging for the release that comes.
async fn vouch(bench: &Bench) {
    let mut staging = Bench::new("staging").await;
    assert_eq!(staging.release("staging", &[]).await, Ending::Done);
    std::fs::copy(staging.path("receipt.json"), bench.path("staging.json")).expect("copied");
}
