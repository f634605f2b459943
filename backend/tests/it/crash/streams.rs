//! Whoever watches a report misses nothing: not by losing the line, and not by meeting another replica.

use crb_stubs::{Fault, Scenario, When};

use crate::support::process::World;
use crate::support::process::stream::Heard;

fn numbers(heard: &[Heard]) -> Vec<i64> {
    heard.iter().map(|event| event.id.expect("an event of the report has a number")).collect()
}

#[tokio::test]
async fn a_reader_hears_on_one_replica_what_another_writes_and_resumes_where_it_stopped() {
    let world = World::new().await;
    let slow = |status| Scenario::default().fault_in("narrative", status, When::Always).stall_ms(60_000);
    world.claude_does(slow(Fault::HeaderStall));
    let (writer, reader) = (world.start_only(Some("worker")).await, world.start_only(Some("api")).await);
    let bought = world.buy(&reader).await;

    let mut stream = reader.follow(&bought, None).await;
    let mut first = Vec::new();
    // The figures are the last thing that is told before the stalled call.
    while !first
        .last()
        .is_some_and(|event: &Heard| event.data["phase"] == "compute" && event.data["payload"]["done"] == true)
    {
        first.push(stream.next().await.expect("the stream goes on"));
    }
    assert_eq!(numbers(&first), (1..).take(first.len()).collect::<Vec<_>>());
    drop(stream);

    let (seen, missed) = first.split_at(first.len() / 2);
    let mut again = reader.follow(&bought, seen.last().and_then(|event| event.id)).await;
    for missed in missed {
        assert_eq!(again.next().await.as_ref(), Some(missed), "exactly what was missed");
    }
    // The writer dies under the stalled call; the next one is refused and the report fails, which the reader hears too.
    writer.kill();
    world.claude_goes_on(slow(Fault::Status(401)));
    let writer = world.start_only(Some("worker")).await;
    let rest = again.rest().await;
    assert_eq!(rest.last().map(|event| event.kind.as_str()), Some("failed"));
    assert_eq!(numbers(&rest), (1..).skip(first.len()).take(rest.len()).collect::<Vec<_>>());

    let all = reader.follow(&bought, None).await.rest().await;
    assert_eq!(all, [first, rest].concat(), "a late reader hears the same");
    let last = all.last().and_then(|event| event.id);
    assert_eq!(reader.follow(&bought, last).await.rest().await, [], "nothing is said twice");
    drop(writer);
}
