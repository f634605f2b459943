//! Claude is busy, broken, slow or talks nonsense: for a moment, and for good.

use crb_backend::domain::ids::{CallOutcome, MailKind, Phase, ReportStatus};
use crb_stubs::{Fault, Scenario, Stub, When};
use reqwest::Method;

use super::fails_honestly;
use crate::support::process::World;

/// What one kind of trouble leads to.
struct Trouble {
    fault: Fault,
    /// As the ledger calls it.
    outcome: CallOutcome,
    /// So many calls are made when it never ends, and then the report has failed.
    calls: usize,
    /// So many broken calls are survived: more than one attempt at the job has.
    survived: u64,
}

/// A call that broke is made three times, and a job has three attempts.
const BROKEN: (usize, u64) = (9, 4);
/// An answer that is no use is sent back once in each attempt.
const UNUSABLE: (usize, u64) = (6, 3);

async fn troubled(fault: Fault, outcome: CallOutcome, (calls, survived): (usize, u64)) {
    tried(&World::new().await, Trouble { fault, outcome, calls, survived }).await;
}

async fn tried(world: &World, trouble: Trouble) {
    let Trouble { fault, outcome, calls, survived } = trouble;
    let server = world.start().await;

    world.claude_does(Scenario::default().stall_ms(60_000).fault(fault.clone(), When::Always));
    let bought = world.buy(&server).await;
    fails_honestly(world, &server, &bought, 3).await;
    assert_eq!(world.asked("findings"), calls);
    let ledger = world.calls(bought.report).await;
    assert_eq!(ledger.len(), calls, "every call is in the books");
    assert!(ledger.iter().all(|call| call.outcome == outcome), "{ledger:?}");

    world.claude_does(Scenario::default().stall_ms(60_000).fault(fault, When::First(survived)));
    let bought = world.buy(&server).await;
    // What is left to do after this is none of Claude's business.
    world.kept(bought.report, Phase::Narrative).await;
    assert_eq!(world.asked("findings") as u64, survived + 1);
    assert_eq!((world.asked("options"), world.asked("narrative")), (5, 1));
    assert!(world.job(bought.report).await.attempt >= 2, "an attempt was lost, and the job was not");
}

#[tokio::test]
async fn too_many_requests_without_advice() {
    troubled(Fault::RateLimit(None), CallOutcome::RateLimited, BROKEN).await;
}

#[tokio::test]
async fn too_many_requests_with_advice() {
    let world = World::new().await;
    let fault = Fault::RateLimit(Some(1));
    tried(&world, Trouble { fault, outcome: CallOutcome::RateLimited, calls: 9, survived: 3 }).await;
    // The stub's clock counts whole seconds: a second's wait shows as a later one.
    let times: Vec<i64> = world.claude.calls_about("findings").iter().map(|call| call.at).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "the advice was not followed: {times:?}");
}

#[tokio::test]
async fn overloaded() {
    troubled(Fault::Status(529), CallOutcome::Overloaded, BROKEN).await;
}

#[tokio::test]
async fn a_stream_that_is_cut() {
    troubled(Fault::Cut, CallOutcome::Error, BROKEN).await;
}

#[tokio::test]
async fn garbage_instead_of_a_stream() {
    troubled(Fault::Garbage, CallOutcome::Error, BROKEN).await;
}

#[tokio::test]
async fn an_answer_that_is_not_json() {
    troubled(Fault::InvalidJson, CallOutcome::Invalid, UNUSABLE).await;
}

#[tokio::test]
async fn an_answer_that_runs_out_of_tokens() {
    troubled(Fault::MaxTokens, CallOutcome::Invalid, UNUSABLE).await;
}

#[tokio::test]
async fn an_answer_that_fits_the_schema_and_says_nothing() {
    // The answer as such is fine, so the ledger says ok; the check of its content is what refuses it.
    troubled(Fault::EmptyReport, CallOutcome::Ok, UNUSABLE).await;
}

#[tokio::test]
async fn slower_than_a_phase_may_be() {
    let world = World::with(&[("CLAUDE_PHASE_TIMEOUT", "1500ms")]).await;
    let fault = Fault::HeaderStall;
    tried(&world, Trouble { fault, outcome: CallOutcome::Timeout, calls: 3, survived: 1 }).await;
}

#[tokio::test]
async fn a_report_that_meets_every_trouble_once_is_ready() {
    let world = World::new().await;
    let server = world.start().await;
    let troubles = [
        ("findings", Fault::RateLimit(None), 1),
        ("findings", Fault::Status(529), 2),
        ("findings", Fault::Cut, 3),
        ("findings", Fault::InvalidJson, 4),
        ("options", Fault::Garbage, 1),
        ("options", Fault::EmptyReport, 2),
        ("options", Fault::Refuse, 3),
        ("options", Fault::ErrorEvent, 4),
        ("narrative", Fault::MissingStop, 1),
        ("narrative", Fault::RateLimit(Some(0)), 2),
        ("narrative", Fault::MaxTokens, 3),
    ];
    let scenario = troubles
        .into_iter()
        .fold(Scenario::default(), |scenario, (task, fault, nth)| scenario.fault_in(task, fault, When::Nth(nth)));
    world.claude_does(scenario);
    let bought = world.buy(&server).await;
    server.document(&bought).await;
    world.is_whole(bought.report).await;
    assert_eq!((world.asked("findings"), world.asked("options"), world.asked("narrative")), (5, 9, 4));
    assert_eq!(world.claude.counts().by_fault.values().sum::<u64>(), 11, "each of them happened");
}

/// No waiting cures these: one call, one attempt, and the buyer is told.
#[tokio::test]
async fn a_refused_key_and_a_spent_account_fail_at_once() {
    let world = World::new().await;
    let server = world.start().await;
    for fault in [Fault::Status(401), Fault::Status(402), Fault::Status(403), Fault::SpendLimit] {
        world.claude_does(Scenario::default().fault(fault.clone(), When::Always));
        let bought = world.buy(&server).await;
        fails_honestly(&world, &server, &bought, 1).await;
        assert_eq!((world.asked("findings"), world.claude.counts().calls), (1, 1), "{fault:?}");
    }
}

/// In every phase that asks: what is empty, refused or breaks the schema is never made into a report.
#[tokio::test]
async fn nothing_is_made_of_nothing_in_any_phase() {
    let world = World::new().await;
    let server = world.start().await;
    for task in ["options", "narrative"] {
        for fault in [Fault::EmptyReport, Fault::WrongSchema, Fault::Refusal] {
            world.claude_does(Scenario::default().fault_in(task, fault.clone(), When::Always));
            let bought = world.buy(&server).await;
            fails_honestly(&world, &server, &bought, 3).await;
            assert_eq!(world.asked("findings"), 1, "{task}, {fault:?}: the findings are kept");
        }
    }
}

#[tokio::test]
async fn an_operators_retry_goes_on_from_what_was_kept() {
    let world = World::new().await;
    let server = world.start().await;
    world.claude_does(Scenario::default().fault_in("narrative", Fault::Status(529), When::Always));
    let bought = world.buy(&server).await;
    fails_honestly(&world, &server, &bought, 3).await;
    assert_eq!(world.asked("narrative"), 9);

    world.claude_goes_on(Scenario::default());
    let retry = || server.admin(Method::POST, &format!("/reports/{}/retry", bought.report));
    let row = server.json(retry(), 200).await;
    assert_eq!(row["refund_due"], false, "{row}");
    server.json(retry(), 409).await;
    server.document(&bought).await;
    assert_eq!(world.status(bought.report, ReportStatus::Ready).await.failed_reason, None);
    assert_eq!((world.asked("findings"), world.asked("options"), world.asked("narrative")), (1, 5, 10));
    assert_eq!(world.job(bought.report).await.attempt, 1);
    let mail = world.sent(bought.report, MailKind::ReportReady).await;
    assert!(world.mail_file(&mail).exists());

    // Whoever opens the stream now hears the whole story, the failure in its middle included.
    let heard = server.follow(&bought, None).await.rest().await;
    let kinds: Vec<&str> = heard.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(heard.len(), world.events(bought.report).await.len());
    assert_eq!(kinds.iter().filter(|kind| **kind == "failed").count(), 1);
    assert_eq!(kinds.last(), Some(&"ready"));
}
