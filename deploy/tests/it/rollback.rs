//! The rollback by hand: by a receipt, or by digests.

use std::time::Duration;

use crb_deploy::Ending;

use crate::support::platform::{Fate, Fault};
use crate::support::{Bench, OLD_REVISION, digest, image};

#[tokio::test]
async fn a_receipt_leads_back_to_the_deployments_before_its_release() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    let ending = bench.run(&["rollback", "--environment", "staging", "--receipt", "file:receipt.json"]).await;
    assert_eq!(ending, Ending::Done, "{}", bench.said());
    assert!(bench.runs('a', 'b') && bench.is_pinned('a', 'b'));
    bench.says("rolled back in ");
    bench.says(&format!("10 answers in a row of image sha256:aaaaaaaaaaaa, revision {OLD_REVISION}"));
    assert_eq!(bench.receipt()["outcome"], "rolled_back", "it vouches for nothing any more");
}

#[tokio::test]
async fn a_release_that_died_half_way_is_taken_back_by_its_receipt() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-api", Fate::Stays("DEPLOYING"));
    // The process ends while it waits, as when its machine goes away.
    let (clock, limit) = (bench.clock.clone(), bench.clock.now() + Duration::from_mins(2));
    let dies = async move {
        while clock.now() < limit {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = bench.release("staging", &[]) => panic!("it waits for a deployment that does not end"),
        () = dies => {}
    }
    assert_eq!(bench.receipt()["outcome"], "started");
    let ending = bench.run(&["rollback", "--environment", "staging", "--receipt", "file:receipt.json"]).await;
    assert_eq!(ending, Ending::Done, "{}", bench.said());
    assert!(bench.runs('a', 'b') && bench.is_pinned('a', 'b'));
}

#[tokio::test]
async fn digests_are_pinned_and_deployed() {
    let mut bench = Bench::new("production").await;
    let (backend, web) = (image("crb", 'e'), image("crb-web", 'f'));
    let arguments = ["rollback", "--environment", "production", "--backend", &backend, "--web", &web];
    assert_eq!(bench.run(&arguments).await, Ending::Done, "{}", bench.said());
    assert!(bench.runs('e', 'f'));
    bench.says(&format!("10 answers in a row of release {}", &digest('f')[..19]));
    assert_eq!(bench.platform.mutations().iter().filter(|told| told.contains(" rollback ")).count(), 0);
}

#[tokio::test]
async fn it_is_red_by_hand_too_when_it_takes_too_long_or_fails() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    bench.platform.on_the_way_back(Fate::ServesAfter(Duration::from_secs(121)));
    let arguments = ["rollback", "--environment", "staging", "--receipt", "file:receipt.json"];
    assert_eq!(bench.run(&arguments).await, Ending::Lost);
    bench.says("120 s are promised");
    assert!(bench.file("summary.md").contains(":red_circle: Rolled back too late"));

    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    bench.product.twist(|path, reply| {
        if path == "/version" {
            reply.body = b"{\"environment\":\"staging\",\"release\":\"1111111\"}".to_vec();
        }
    });
    assert_eq!(bench.run(&arguments).await, Ending::Lost, "the page did not go back");
    bench.says("page release: answer 1 is of release 1111111 and not of 0000001");
}

#[tokio::test]
async fn what_leads_elsewhere_is_refused() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    let changed = bench.platform.mutations().len();
    let mut production = Bench::new("production").await;
    let receipt = bench.path("receipt.json").display().to_string();
    let arguments = ["rollback", "--environment", "production", "--receipt", &receipt];
    assert_eq!(production.run(&arguments).await, Ending::Refused);
    production.says("the receipt is one of staging");
    let backend = image("crb", 'a');
    for wrong in [
        vec!["rollback", "--environment", "staging"],
        vec!["rollback", "--environment", "staging", "--backend", &backend],
        vec!["rollback", "--environment", "staging", "--receipt", "file:nowhere.json"],
        vec!["rollback", "--environment", "staging", "--receipt", "file:receipt.json", "--backend", &backend],
    ] {
        assert_eq!(bench.run(&wrong).await, Ending::Refused, "{wrong:?}");
    }
    assert_eq!(bench.platform.mutations().len(), changed);
    assert!(production.platform.mutations().is_empty());
}

#[tokio::test]
async fn a_platform_that_is_away_for_minutes_is_insisted_on() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &[]).await, Ending::Done);
    // Some three minutes of it.
    bench.platform.fail(
        "deploymentRollback",
        2,
        Fault::Instead(429, serde_json::Value::Null, vec![("retry-after", "90".to_owned())]),
    );
    let arguments = ["rollback", "--environment", "staging", "--receipt", "file:receipt.json"];
    assert_eq!(bench.run(&arguments).await, Ending::Lost, "late, and so red");
    assert!(bench.runs('a', 'b'), "{}", bench.said());
}
