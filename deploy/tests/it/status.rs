//! What runs, as the platform says it.

use crb_deploy::Ending;

use crate::support::Bench;

#[tokio::test]
async fn every_service_has_its_line() {
    let mut bench = Bench::new("staging").await;
    bench.platform.deploy_elsewhere("crb-web");
    assert_eq!(bench.run(&["status", "--environment", "staging"]).await, Ending::Done, "{}", bench.said());
    bench.says("crb-api     SUCCESS      2/2   sha256:aaaaaaaaaaaa  2026-11-26 12:00:00Z  crb-api-1");
    bench.says("crb-web     SUCCESS      2/2");
    bench.says("  newest    DEPLOYING    -     sha256:bbbbbbbbbbbb  2026-11-27 12:00:00Z  crb-web-2");
    assert!(bench.platform.mutations().is_empty());
}

#[tokio::test]
async fn a_service_that_is_missing_is_a_failure() {
    let mut bench = Bench::new("staging").await;
    bench.platform.remove("crb-api");
    assert_eq!(bench.run(&["status", "--environment", "staging"]).await, Ending::Failed);
    bench.says("a service is missing");
    assert_eq!(bench.run(&["status", "--environment", "production"]).await, Ending::Refused);
}
