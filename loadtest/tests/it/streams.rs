//! Streams that go wrong, each in its own way, and one that does not.

use std::time::{Duration, Instant};

use crb_loadtest::ledger::End;
use crb_loadtest::stream::follow;
use crb_loadtest::summary::Reports;
use crb_loadtest::visit::Visit;

use crate::support::product::{Play, Product, Said, Then, event, progress, report};
use crate::support::{bought, world};

struct Seen {
    end: Option<(End, bool)>,
    reports: Reports,
    /// Kinds of faults.
    faults: Vec<String>,
    asked_behind: Vec<Option<String>>,
}

async fn seen(plays: Vec<Play>, said: Said, forced_reconnects: f64, patience: Duration) -> Seen {
    let product = Product::start(plays, said).await;
    let world = world(&product, forced_reconnects);
    let mut visit = Visit::new(&world, None);
    let now = Instant::now();
    world.ledger.paid("order", now);
    world.ledger.named("order", &bought().report);
    let end = follow(&mut visit, &bought(), now + patience).await.expect("the visit goes on");
    if let Some((end, at)) = end {
        world.ledger.ended("order", end, at);
    }
    Seen {
        end: end.map(|(end, at)| (end, at.is_some())),
        reports: world.ledger.reports(None, false),
        faults: world.ledger.faults().into_iter().map(|fault| fault.kind).collect(),
        asked_behind: product.asked_behind(),
    }
}

const LONG: Duration = Duration::from_secs(20);

fn play(text: String, then: Then) -> Play {
    Play { text, then }
}

#[tokio::test]
async fn a_good_stream_has_no_fault() {
    let text = format!("retry: 2000\n\n{}: still here\n\n{}", progress(1..=8), event(9, "ready"));
    let seen = seen(vec![play(text, Then::Close)], report(202), 0.0, LONG).await;
    assert_eq!(seen.end, Some((End::Ready, true)));
    assert_eq!(seen.faults, Vec::<String>::new());
    let Reports { streams, streams_unended, reconnects, sequence_faults, lost, .. } = seen.reports;
    assert_eq!([streams, streams_unended, reconnects, sequence_faults, lost], [1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn the_stream_goes_on_behind_the_last_event_after_a_break() {
    let plays = vec![
        play(progress(1..=3) + "event: reconnect\ndata: {}\n\n", Then::Close),
        play(progress(4..=5) + &event(6, "failed"), Then::Close),
    ];
    let seen = seen(plays, report(202), 0.0, LONG).await;
    assert_eq!(seen.end, Some((End::Failed, true)));
    assert_eq!(seen.asked_behind, [None, Some("3".to_owned())]);
    assert_eq!((seen.reports.reconnects, seen.reports.sequence_faults, seen.faults.len()), (1, 0, 0));
}

#[tokio::test]
async fn a_forced_break_is_no_fault_of_the_product() {
    let all = play(progress(1..=8) + &event(9, "ready"), Then::Close);
    // Ours is broken behind one of the first six events: this product begins anew each time, and that is found.
    let seen = seen(vec![all], report(202), 1.0, LONG).await;
    assert_eq!(seen.reports.reconnects, 1);
    assert!(seen.asked_behind[1].is_some());
    assert!(seen.reports.sequence_faults > 0, "events came twice");
    assert_eq!(seen.faults, ["sequence"]);
}

#[tokio::test]
async fn a_lost_terminal_event_is_found() {
    let seen = seen(vec![play(progress(1..=3), Then::Stay)], report(200), 0.0, LONG).await;
    assert_eq!(seen.end, Some((End::Ready, false)), "the report is ready, the stream does not tell it");
    assert_eq!((seen.reports.streams_unended, seen.reports.lost, seen.reports.ready), (1, 0, 1));
    assert!(seen.faults.contains(&"stream".to_owned()), "{:?}", seen.faults);
}

#[tokio::test]
async fn an_end_without_a_last_word_is_found() {
    let seen = seen(vec![play(progress(1..=3), Then::Close)], report(200), 0.0, LONG).await;
    assert_eq!((seen.reports.streams_unended, seen.end), (1, Some((End::Ready, false))));
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_found_and_taken_up_again() {
    let plays = vec![play(progress(1..=2), Then::Break), play(progress(3..=3) + &event(4, "ready"), Then::Close)];
    let seen = seen(plays, report(202), 0.0, LONG).await;
    assert_eq!(seen.end, Some((End::Ready, true)));
    assert_eq!((seen.faults, seen.reports.sequence_faults), (vec!["stream".to_owned()], 0));
}

#[tokio::test]
async fn a_missing_and_a_double_event_are_found() {
    let text = progress([1, 2, 2, 4]) + &event(5, "ready");
    let seen = seen(vec![play(text, Then::Close)], report(202), 0.0, LONG).await;
    assert_eq!((seen.reports.sequence_faults, seen.faults), (2, vec!["sequence".to_owned()]));
}

#[tokio::test]
async fn a_report_that_never_ends_is_lost() {
    let seen = seen(vec![play(progress(1..=3), Then::Stay)], report(202), 0.0, Duration::from_secs(2)).await;
    assert_eq!(seen.end, None);
    assert_eq!((seen.reports.lost, seen.reports.streams_unended), (1, 1));
}

#[tokio::test]
async fn an_event_that_breaks_its_schema_is_found() {
    let text = "id: 1\nevent: ready\ndata: {\"seq\": \"one\"}\n\n".to_owned();
    let seen = seen(vec![play(text, Then::Close)], report(202), 0.0, LONG).await;
    assert_eq!((seen.reports.schema_faults, seen.faults), (1, vec!["schema".to_owned()]));
}
