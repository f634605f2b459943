//! The smoke test: each of its checks passes on a product that is well, and fails on one that is not.

use crb_deploy::Ending;
use serde_json::Value;

use crate::support::product::Reply;
use crate::support::{Bench, OLD_REVISION, digest};

async fn smoke(bench: &mut Bench, more: &[&str]) -> Ending {
    let mut arguments = vec!["smoke", "--environment", "staging"];
    arguments.extend(more);
    bench.run(&arguments).await
}

#[tokio::test]
async fn a_product_that_is_well_passes_and_needs_no_token_for_it() {
    let mut bench = Bench::new("staging").await;
    let digest = digest('a');
    let more = ["--backend-digest", &digest, "--revision", OLD_REVISION, "--report"];
    assert_eq!(smoke(&mut bench, &more).await, Ending::Done, "{}", bench.said());
    assert!(bench.platform.asked("").is_empty(), "the platform is not asked");
    assert!(bench.file("summary.md").contains("## Smoke of staging passed"));
}

#[tokio::test]
async fn another_release_than_the_one_asked_for_fails() {
    for more in [["--backend-digest", &digest('c')], ["--revision", "2222222"]] {
        let mut bench = Bench::new("staging").await;
        assert_eq!(smoke(&mut bench, &more).await, Ending::Failed, "{more:?}");
        bench.says("FAIL  api release");
    }
    let mut bench = Bench::new("production").await;
    assert_eq!(smoke(&mut bench, &[]).await, Ending::Failed, "addresses of another environment");
    bench.says("says that it is \"production\" and not staging");
}

/// What is wrong with the product, and the check that has to see it.
type Fault = (&'static str, &'static str, fn(&mut Reply));

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[tokio::test]
async fn every_check_sees_its_fault() {
    const FAULTS: [Fault; 25] = [
        ("live", "/api/health", |reply| reply.status = 500),
        ("live", "/health", |reply| reply.body = b"{\"status\":\"ill\"}".to_vec()),
        ("ready", "/api/health/ready", |reply| reply.status = 503),
        ("ready", "/health/ready", |reply| reply.body = b"{\"ready\":false}".to_vec()),
        ("api release", "/api/health/detailed", |reply| reply.body = b"{}".to_vec()),
        ("page release", "/version", |reply| reply.status = 404),
        ("api headers", "/api/v1/industries", |reply| _ = reply.headers.remove("strict-transport-security")),
        ("api headers", "/api/v1/industries", |reply| {
            _ = reply.headers.insert("strict-transport-security", "max-age=300".to_owned());
        }),
        ("api headers", "/api/v1/industries", |reply| _ = reply.headers.remove("content-security-policy")),
        ("api headers", "/api/v1/industries", |reply| _ = reply.headers.remove("x-content-type-options")),
        ("api headers", "/api/v1/industries", |reply| _ = reply.headers.remove("permissions-policy")),
        ("problems", "/api/v1/there-is-no-such-place", |reply| {
            _ = reply.headers.insert("content-type", "text/html".to_owned());
        }),
        ("problems", "/api/v1/there-is-no-such-place", |reply| _ = reply.headers.remove("x-frame-options")),
        ("problems", "/api/v1/there-is-no-such-place", |reply| reply.status = 200),
        ("page", "/", |reply| _ = reply.headers.insert("cache-control", "max-age=600".to_owned())),
        ("page", "/", |reply| reply.body.truncate(20)),
        ("page", "/quiz", |reply| _ = reply.headers.remove("content-security-policy")),
        ("page assets", "/assets/app-1.js", |reply| {
            _ = reply.headers.insert("cache-control", "no-cache".to_owned());
        }),
        ("page assets", "/assets/app-1.js", |reply| reply.status = 404),
        ("page assets", "/assets/there-is-no-such-file.js", |reply| reply.status = 200),
        ("page assets", "/quiz", |reply| reply.body = text(reply).replace("/assets/", "/elsewhere/").into_bytes()),
        ("page finds api", "/quiz", |reply| {
            reply.body = text(reply).replace("http://127.0.0.1:", "http://127.0.0.1:1/").into_bytes();
        }),
        ("quiz", "/api/v1/quiz/sessions", |reply| reply.status = 503),
        ("quiz", "/api/v1/quiz/sessions/01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c", |reply| {
            reply.body = b"{\"version\":3,\"missing\":[\"new_question\"]}".to_vec();
        }),
        ("quiz", "/api/v1/quiz/sessions/01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c/complete", |reply| {
            reply.body = b"{\"readiness\":{\"score\":640}}".to_vec();
        }),
    ];
    for (name, place, spoil) in FAULTS {
        let mut bench = Bench::new("staging").await;
        bench.product.twist(move |path, reply| {
            if path == place {
                spoil(reply);
            }
        });
        assert_eq!(smoke(&mut bench, &[]).await, Ending::Failed, "{name} at {place}: {}", bench.said());
        let failed: Vec<&str> = bench.said().lines().filter(|line| line.starts_with("  FAIL")).collect();
        assert!(failed.iter().any(|line| line.contains(name)), "{name} at {place}: {failed:?}");
        assert!(bench.file("outputs").contains("outcome=failed"));
    }
}

#[tokio::test]
async fn a_report_that_is_not_written_or_not_readable_fails() {
    const FAULTS: [Fault; 4] = [
        ("payment", "/pay/cs_1", |reply| reply.status = 410),
        ("order", "/api/v1/orders/order-1", |reply| reply.body = b"{\"report_url\":null}".to_vec()),
        ("report", "/api/v1/reports/report-1", |reply| {
            (reply.status, reply.body) = (202, b"{\"status\":\"failed\"}".to_vec());
        }),
        ("pdf", "/api/v1/reports/report-1/pdf", |reply| reply.body = b"<html>".to_vec()),
    ];
    for (name, place, spoil) in FAULTS {
        let mut bench = Bench::new("staging").await;
        bench.product.twist(move |path, reply| {
            if path == place {
                spoil(reply);
            }
        });
        assert_eq!(smoke(&mut bench, &["--report"]).await, Ending::Failed, "{name}");
        bench.says("FAIL  report");
    }
}

#[tokio::test]
async fn nothing_is_paid_at_stripe() {
    let mut bench = Bench::new("staging").await;
    bench.product.twist(|path, reply| {
        if path == "/api/v1/orders" {
            let address = "https://checkout.stripe.com/c/pay/cs_test";
            reply.body = format!("{{\"order_id\":\"order-1\",\"checkout_url\":\"{address}\"}}").into_bytes();
        }
    });
    assert_eq!(smoke(&mut bench, &["--report"]).await, Ending::Failed);
    bench.says("the checkout is at checkout.stripe.com: nothing is paid there");
    let paid = bench.product.asked().iter().filter(|call| call.starts_with("POST /pay")).count();
    assert_eq!(paid, 0);
}

#[tokio::test]
async fn a_connection_that_breaks_once_is_no_fault_of_the_release() {
    let mut bench = Bench::new("staging").await;
    let is_first = std::sync::atomic::AtomicBool::new(true);
    bench.product.twist(move |path, reply| {
        if path == "/api/v1/industries" && is_first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            reply.status = 502;
        }
    });
    assert_eq!(smoke(&mut bench, &[]).await, Ending::Done, "{}", bench.said());
    bench.says("again api headers");
}

#[test]
fn every_address_of_the_api_is_one_of_its_document() {
    let document: Value = serde_json::from_str(include_str!("../../../backend/openapi.json")).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    for path in [
        "/api/health",
        "/api/health/ready",
        "/api/health/detailed",
        "/api/v1/industries",
        "/api/v1/questionnaires/{industry}",
        "/api/v1/quiz/sessions",
        "/api/v1/quiz/sessions/{id}",
        "/api/v1/quiz/sessions/{id}/complete",
        "/api/v1/orders",
        "/api/v1/orders/{id}",
        "/api/v1/reports/{id}",
        "/api/v1/reports/{id}/pdf",
    ] {
        assert!(paths.contains_key(path), "{path} is no address of the API any more");
    }
}

/// The example of the documentation is what people try; a smoke test that answers otherwise would prove something else.
#[test]
fn the_answers_are_those_of_the_documented_example() {
    let answers: Value = serde_json::from_str(include_str!("../../src/smoke/answers.json")).expect("JSON");
    let example = include_str!("../../../docs/API.md");
    let (_, example) = example.split_once("-d '{\"answers\": ").expect("the example of docs/API.md");
    let (example, _) = example.split_once("}'").expect("its end");
    let example: Value = serde_json::from_str(example).expect("JSON");
    let names = |value: &Value| value.as_object().expect("answers").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&answers), names(&example));
}
