//! SIGTERM: readiness first, everything still served, nothing cut off, nothing lost, exit code 0.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crb_backend::domain::ids::{JobState, MailKind, Phase, ReportStatus};
use crb_backend::domain::quiz::QUESTIONNAIRE_VERSION;
use crb_stubs::{Fault, Pace, Scenario, When};
use serde_json::json;

use crate::support::process::{Server, World, until};

/// Said in this order.
fn assert_order(server: &Server, words: &[&str]) {
    let log = server.log();
    let places: Vec<Option<usize>> = words.iter().map(|words| log.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{words:?}: {places:?}");
}

#[tokio::test]
async fn readiness_goes_first_and_everything_is_served_until_the_routers_know() {
    let world = World::with(&[("SHUTDOWN_LAG", "2s")]).await;
    let mut server = world.start().await;
    assert_eq!(server.readiness().await, 200);
    server.terminate();
    until("readiness to say no", async || (server.readiness().await == 503).then_some(())).await;
    let state = server.json(server.get("/api/health/ready"), 503).await;
    assert_eq!(state["reasons"], json!(["draining"]));
    assert!(!server.log().contains("closing"), "still in the lag");
    world.order(&server).await;
    server.json(server.get("/api/health"), 200).await;
    assert!(!server.log().contains("closing"), "all of this was served in the lag");
    assert_eq!(server.ended().await.code(), Some(0));
    assert_order(&server, &["listening", "draining", "closing", "stopped"]);
    assert!(server.get("/api/health").send().await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_request_in_flight_is_answered() {
    let world = World::new().await;
    let mut server = world.start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let body = json!({"industry": "dental", "questionnaire_version": QUESTIONNAIRE_VERSION}).to_string();
    let (begin, end) = body.split_at(body.len() / 2);
    let mut line = TcpStream::connect(&address).expect("a connection");
    write!(
        line,
        "POST /api/v1/quiz/sessions HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{begin}",
        body.len()
    )
    .expect("the first half");
    // An answer to a later connection says that the earlier one was accepted.
    assert_eq!(server.readiness().await, 200);
    server.terminate();
    server.says("closing").await;
    until("the door to be closed", async || TcpStream::connect(&address).err()).await;
    write!(line, "{end}").expect("the second half");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("a whole answer and the end");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(server.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_report_in_work_is_given_back_and_another_process_finishes_it() {
    let world = World::with(&[("WORKER_GRACE", "200ms")]).await;
    world.claude_does(Scenario::default().stall_ms(60_000).fault_in("narrative", Fault::HeaderStall, When::Always));
    let mut server = world.start().await;
    let bought = world.buy(&server).await;
    let mut stream = server.follow(&bought, None).await;
    until("the last call", async || (world.asked("narrative") == 1).then_some(())).await;
    server.terminate();

    let mut heard = Vec::new();
    while let Some(event) = stream.next().await {
        heard.push(event);
    }
    let goodbye = heard.pop().expect("the stream says something");
    assert_eq!((goodbye.kind.as_str(), goodbye.id), ("reconnect", None), "and then it ends");
    assert_eq!(server.ended().await.code(), Some(0));
    let job = world.job(bought.report).await;
    assert_eq!((job.state, job.attempt, job.lease_owner), (JobState::Queued, 0, None), "as if nobody had tried");
    assert_eq!(world.report(bought.report).await.status, ReportStatus::Queued);
    assert!(world.phases(bought.report).await.contains(&Phase::Compute));

    world.claude_goes_on(Scenario::default());
    let second = world.start().await;
    let last = heard.last().and_then(|event| event.id);
    heard.extend(second.follow(&bought, last).await.rest().await);
    assert_eq!(heard.last().map(|event| event.kind.as_str()), Some("ready"));
    let numbers: Vec<i64> = heard.iter().filter_map(|event| event.id).collect();
    assert_eq!(numbers, (1..).take(heard.len()).collect::<Vec<_>>(), "over both processes, without a gap");
    world.is_whole(bought.report).await;
    assert_eq!((world.asked("findings"), world.asked("options"), world.asked("narrative")), (1, 5, 2));
    assert_eq!(world.job(bought.report).await.attempt, 1);
}

#[tokio::test]
async fn a_report_that_ends_within_the_grace_is_finished() {
    let world = World::with(&[("WORKER_GRACE", "60s")]).await;
    world.claude_does(Scenario::default().pace(Pace { first_ms: 600, ..Pace::FAST }));
    let mut server = world.start().await;
    let bought = world.buy(&server).await;
    until("the last call", async || (world.asked("narrative") == 1).then_some(())).await;
    assert_eq!(world.report(bought.report).await.status, ReportStatus::Running);
    server.terminate();
    assert_eq!(server.ended().await.code(), Some(0));
    assert_eq!(world.report(bought.report).await.status, ReportStatus::Ready);
    assert_eq!(world.job(bought.report).await.attempt, 1);
    // The post had closed already: the next process sends the mail.
    let _second = world.start().await;
    world.is_whole(bought.report).await;
    assert_eq!(world.sent(bought.report, MailKind::ReportReady).await.attempts, 1);
    assert_eq!(world.mail_files(), 2);
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let world = World::with(&[("SHUTDOWN_LAG", "10m")]).await;
    world.claude_does(Scenario::default().stall_ms(60_000).fault(Fault::HeaderStall, When::Always));
    let mut server = world.start().await;
    let bought = world.buy(&server).await;
    until("Claude to be asked", async || (world.asked("findings") == 1).then_some(())).await;
    server.terminate();
    server.says("draining").await;
    server.terminate();
    assert_eq!(server.ended().await.code(), Some(0));
    assert_order(&server, &["draining", "a second time", "stopped"]);
    assert_eq!(world.job(bought.report).await.state, JobState::Leased, "as after a kill: the lease runs out");
}
