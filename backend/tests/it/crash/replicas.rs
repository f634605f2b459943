//! Two processes on one database: one is killed or frozen, the other takes over, and nothing is done twice.

use crb_backend::domain::ids::{JobState, MailKind, Phase};
use crb_stubs::{Fault, Scenario, When};

use crate::support::process::{World, until};

#[tokio::test]
async fn the_reports_of_a_killed_replica_are_finished_by_the_other() {
    // A stalled call is broken off and asked again, so that the survivor's own reports go on as well.
    let world = World::with(&[("WORKER_CONCURRENCY", "1"), ("CLAUDE_CALL_TIMEOUT", "2500ms")]).await;
    world.claude_does(Scenario::default().stall_ms(60_000).fault_in("narrative", Fault::HeaderStall, When::Always));
    let (first, second) = (world.start().await, world.start().await);
    let mut bought = Vec::new();
    for _ in 0..2 {
        bought.push(world.buy(&first).await);
    }
    // One place each: two reports need both of them.
    let owners = until("every report to be in its last call", async || {
        let mut owners = Vec::new();
        for one in &bought {
            if !world.phases(one.report).await.contains(&Phase::Compute) {
                return None;
            }
            let job = world.job(one.report).await;
            owners.push(job.lease_owner.filter(|_| job.state == JobState::Leased)?);
        }
        Some(owners)
    })
    .await;
    let of = |id: u32| owners.iter().filter(|owner| owner.starts_with(&format!("{id}-"))).count();
    assert_eq!((of(first.id()), of(second.id())), (1, 1), "{owners:?}");
    first.kill();
    world.claude_goes_on(Scenario::default());

    let mut resumed = Vec::new();
    for one in &bought {
        second.document(one).await;
        world.is_whole(one.report).await;
        let job = world.job(one.report).await;
        resumed.push(job.attempt);
        let mail = world.sent(one.report, MailKind::ReportReady).await;
        assert_eq!(mail.attempts, 1);
        assert!(world.mail_file(&mail).exists());
    }
    resumed.sort_unstable();
    assert_eq!(resumed, [1, 2], "the orphan was taken over, once, and the other report left alone");
    assert_eq!((world.asked("findings"), world.asked("options")), (2, 10), "no finished phase is paid again");
}

/// Not on SQLite: its one process cannot be taken over from, and frozen in the middle of a write it would hold the file.
#[tokio::test]
async fn a_replica_that_slept_through_its_lease_can_change_nothing_any_more() {
    let world = World::new().await;
    if !world.test.db.is_postgres() {
        return;
    }
    world.claude_does(Scenario::default().stall_ms(60_000).fault_in("narrative", Fault::HeaderStall, When::Always));
    let sleeper = world.start().await;
    let bought = world.buy(&sleeper).await;
    until("the last call", async || (world.asked("narrative") == 1).then_some(())).await;
    sleeper.freeze();

    world.claude_goes_on(Scenario::default());
    let heir = world.start().await;
    heir.document(&bought).await;
    world.is_whole(bought.report).await;
    let (report, events) = (world.report(bought.report).await, world.events(bought.report).await);
    sleeper.thaw();
    sleeper.says("left to whoever has it now").await;
    assert_eq!(world.events(bought.report).await, events);
    assert_eq!(world.report(bought.report).await.document_etag, report.document_etag);
    assert_eq!(world.sent(bought.report, MailKind::ReportReady).await.attempts, 1);
    assert_eq!(world.asked("narrative"), 2);
}
