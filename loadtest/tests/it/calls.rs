//! Calls whose answer should not have come.

use crb_loadtest::caller::{Call, Expect};
use crb_loadtest::summary::{Fault, Request};
use crb_loadtest::visit::{Stop, Visit};

use crate::support::product::{Product, Said};
use crate::support::world;

async fn ask(said: Said, expect: Expect) -> (Result<(), Stop>, Request, Vec<Fault>) {
    let product = Product::start(Vec::new(), said).await;
    let world = world(&product, 0.0);
    let mut visit = Visit::new(&world, None);
    let answer = visit.call(Call::new("industry_list", expect)).await.map(drop);
    (answer, world.ledger.requests().remove("industry_list").expect("it was noted"), world.ledger.faults())
}

fn json(status: u16, body: impl Into<Vec<u8>>) -> Said {
    Said { status, headers: vec![("content-type", "application/json")], body: body.into() }
}

const INDUSTRY: &str = r#"{"items":[{"slug":"dental","name":"Dental","description":"Practices"}]}"#;

#[tokio::test]
async fn an_unexpected_status_is_found_with_its_words_and_its_request() {
    let (answer, request, faults) = ask(json(500, r#"{"detail":"it is on fire"}"#), Expect::Status(200)).await;
    assert_eq!((answer, request.unexpected, request.statuses[&500]), (Err(Stop::Wrong), 1, 1));
    assert_eq!(faults[0].kind, "unexpected");
    assert!(faults[0].first.contains("on fire") && faults[0].first.contains("req-7"), "{}", faults[0].first);
}

#[tokio::test]
async fn what_an_abuser_gets_is_found_too() {
    let (answer, request, _) = ask(json(200, INDUSTRY), Expect::Refusal).await;
    assert_eq!((answer, request.unexpected), (Err(Stop::Wrong), 1));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let said = Said { status: 303, headers: vec![("location", "http://127.0.0.1:9/elsewhere")], body: Vec::new() };
    let (answer, request, faults) = ask(said, Expect::Status(200)).await;
    assert_eq!((answer, request.statuses[&303]), (Err(Stop::Wrong), 1));
    assert!(faults[0].first.contains("to http://127.0.0.1:9/elsewhere"), "{}", faults[0].first);
}

#[tokio::test]
async fn a_body_that_breaks_its_schema_is_found() {
    let (answer, _, faults) = ask(json(200, r#"{"items":[{"slug": 7}]}"#), Expect::Status(200)).await;
    assert_eq!((answer, faults[0].kind.as_str()), (Ok(()), "schema"));
}

#[tokio::test]
async fn compressed_bytes_are_counted_as_they_came() {
    use async_compression::tokio::write::GzipEncoder;
    use tokio::io::AsyncWriteExt as _;
    let text =
        format!(r#"{{"items":[{{"slug":"dental","name":"Dental","description":"{}"}}]}}"#, "word ".repeat(2_000));
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(text.as_bytes()).await.expect("compressed");
    encoder.shutdown().await.expect("compressed");
    let body = encoder.into_inner();
    let length = body.len() as u64;
    let headers = vec![("content-type", "application/json"), ("content-encoding", "gzip")];
    let (answer, request, faults) = ask(Said { status: 200, headers, body }, Expect::Status(200)).await;
    assert_eq!((answer, request.body_bytes, faults), (Ok(()), length, Vec::new()));
    assert!(length < 500 && text.len() > 10_000);
}

#[tokio::test]
async fn nobody_at_home_is_a_fault() {
    let product = Product::start(Vec::new(), json(200, INDUSTRY)).await;
    let world = world(&product, 0.0);
    drop(product);
    let mut visit = Visit::new(&world, None);
    let answer = visit.call(Call::new("industry_list", Expect::Status(200))).await.map(drop);
    assert_eq!(answer, Err(Stop::Wrong));
    assert_eq!(world.ledger.requests()["industry_list"].statuses[&0], 1);
    assert_eq!(world.ledger.faults()[0].kind, "no_answer");
}
