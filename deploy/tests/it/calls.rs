//! How the platform's API may fail, and what that does to a release.

use std::time::Duration;

use crb_deploy::Ending;
use serde_json::{Value, json};

use crate::support::Bench;
use crate::support::platform::{Fate, Fault};

fn instead(status: u16, body: &Value) -> Fault {
    Fault::Instead(status, body.clone(), Vec::new())
}

fn error(message: &str) -> Value {
    json!({"errors": [{"message": message, "path": ["serviceInstanceUpdate"]}], "data": {"serviceInstanceUpdate": true}})
}

fn deploys(bench: &Bench) -> usize {
    bench.platform.mutations().iter().filter(|told| told.ends_with(" deploy")).count()
}

#[tokio::test]
async fn an_error_in_an_answer_of_status_200_is_an_error() {
    let mut bench = Bench::new("staging").await;
    // With data beside it, as if it had worked.
    bench.platform.fail("serviceInstanceUpdate", 1, instead(200, &error("Image is not allowed")));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    bench.says("failed: crb-api: Railway, about serviceInstanceUpdate: Image is not allowed");
    assert_eq!(deploys(&bench), 0);
    assert!(bench.is_pinned('a', 'b'));
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    let later = [
        instead(503, &Value::Null),
        instead(502, &Value::Null),
        instead(200, &json!({"errors": [{"message": "Problem processing request"}], "data": null})),
        instead(200, &json!({"data": null})),
        instead(200, &error("You have hit the rate limit")),
    ];
    for fault in later {
        for word in ["projectToken", "deployment(id", "variableCollectionUpsert", "serviceInstanceUpdate"] {
            let mut bench = Bench::new("staging").await;
            bench.platform.fail(word, 3, fault.clone());
            assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{word}: {}", bench.said());
            let asked = bench.platform.asked(word);
            let waits: Vec<i64> = asked.windows(2).take(3).map(|pair| (pair[1] - pair[0]).num_milliseconds()).collect();
            for (wait, longest) in waits.iter().zip([1000, 2000, 4000]) {
                assert!((longest / 2..=longest).contains(wait), "{word}: {waits:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_does_not_pass_is_given_up() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("projectToken", u32::MAX, instead(503, &Value::Null));
    let start = bench.clock.now();
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("Railway's API answered with status 503");
    assert!(bench.clock.since(start) <= Duration::from_mins(1), "{:?}", bench.clock.since(start));
    assert!(bench.platform.asked("projectToken").len() > 4);
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_is_told_as_such() {
    let mut bench = Bench::new("staging").await;
    // A port that nobody listens on, and one whose connections end at once.
    let broken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = broken.local_addr().expect("an address");
    std::thread::spawn(move || broken.incoming().for_each(drop));
    for (url, says) in [
        ("http://127.0.0.1:1/graphql/v2".to_owned(), "no connection"),
        (format!("http://{address}/graphql/v2"), "the connection broke"),
    ] {
        bench.railway = url;
        let start = bench.clock.now();
        assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
        bench.says(says);
        let waited = bench.clock.since(start);
        assert!((30..=60).contains(&waited.as_secs()), "it was tried again: {waited:?}");
    }
}

#[tokio::test]
async fn who_asks_us_to_slow_down_is_heard() {
    for (name, value) in [("retry-after", "17".to_owned()), ("x-ratelimit-reset", "17".to_owned())] {
        let mut bench = Bench::new("staging").await;
        bench.platform.fail("projectToken", 1, Fault::Instead(429, Value::Null, vec![(name, value)]));
        assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
        let asked = bench.platform.asked("projectToken");
        assert_eq!((asked[1] - asked[0]).num_seconds(), 17, "{name}");
    }
    let mut bench = Bench::new("staging").await;
    let long = Fault::Instead(429, Value::Null, vec![("retry-after", "600".to_owned())]);
    bench.platform.fail("projectToken", 1, long);
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    assert_eq!(bench.platform.asked("projectToken").len(), 1, "nobody waits ten minutes, and nobody asks again");
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_waited_for() {
    let mut bench = Bench::new("staging").await;
    let opens = (bench.clock.now() + Duration::from_secs(40)).timestamp().to_string();
    let place = json!({"projectId": "p", "environmentId": "e", "environment": {"name": "staging"}});
    let headers = vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", opens)];
    bench.platform.fail("projectToken", 1, Fault::Instead(200, json!({"data": {"projectToken": place}}), headers));
    assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
    let (first, second) = (bench.platform.asked("projectToken")[0], bench.platform.asked("serviceInstances(")[0]);
    assert_eq!((second - first).num_seconds(), 40);
}

#[tokio::test]
async fn a_deployment_whose_answer_is_lost_is_found_and_not_begun_twice() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("serviceInstanceDeployV2", 1, Fault::Unheard(502));
    assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
    assert_eq!(deploys(&bench), 2, "{:?}", bench.platform.mutations());
    assert_eq!(bench.receipt()["deployments"]["crb-api"], "crb-api-2");
}

#[tokio::test]
async fn a_deployment_that_was_not_begun_is_asked_for_again() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("serviceInstanceDeployV2", 2, instead(502, &Value::Null));
    assert_eq!(bench.release("staging", &[]).await, Ending::Done, "{}", bench.said());
    assert_eq!(deploys(&bench), 2);
    let asked = bench.platform.asked("serviceInstanceDeployV2");
    assert_eq!(asked.len(), 4);
    let looked = bench.platform.asked("serviceInstance(");
    let between = looked.iter().filter(|at| asked[0] <= **at && **at <= asked[1]).count();
    assert!(between >= 4, "it looked before it asked again: {between}");
}

#[tokio::test]
async fn a_deployment_that_cannot_be_begun_fails_the_release() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("serviceInstanceDeployV2", 3, instead(502, &Value::Null));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    assert_eq!(deploys(&bench), 0);
    assert!(bench.runs('a', 'b') && bench.is_pinned('a', 'b'));
}

#[tokio::test]
async fn a_rollback_whose_answer_is_lost_is_found_and_not_begun_twice() {
    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-api", Fate::Ends("FAILED"));
    bench.platform.fail("deploymentRollback", 1, Fault::Unheard(504));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed, "{}", bench.said());
    let rollbacks = bench.platform.mutations().iter().filter(|told| told.contains(" rollback ")).count();
    assert_eq!(rollbacks, 1);
    assert!(bench.runs('a', 'b'));
}

#[tokio::test]
async fn an_answer_of_an_unknown_form_is_no_success() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("projectToken", 1, instead(200, &json!({"data": {"projectToken": {"project": "p"}}})));
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("a form that this program does not know");
}

#[tokio::test]
async fn a_token_that_is_not_known_is_explained() {
    let mut bench = Bench::new("staging").await;
    bench.platform.fail("projectToken", 1, instead(200, &error("Not Authorized")));
    assert_eq!(bench.release("staging", &[]).await, Ending::Refused);
    bench.says("is RAILWAY_TOKEN a project token of this very environment?");
}
