//! `kill -9` at every point of a report where it hurts, and a restart: nothing is lost, and no finished phase is paid
//! twice.

mod payment;
mod replicas;
mod streams;

use crb_backend::domain::ids::{EventKind, JobState, MailKind, Phase, ReportStatus};
use crb_backend::serve::clock;
use crb_backend::store::events::Event;
use crb_stubs::{Fault, Scenario, When};

use crate::support::process::buyer::Bought;
use crate::support::process::record::assert_gapless;
use crate::support::process::{World, until};

/// The calls of a report that nothing disturbs: findings, one comparison for each of the five best, narrative.
const TASKS: [(&str, usize); 3] = [("findings", 1), ("options", 5), ("narrative", 1)];

/// Kills the server while it waits for Claude.
async fn killed_in_the_middle_of(task: &str) {
    let world = World::new().await;
    world.claude_does(Scenario::default().stall_ms(60_000).fault_in(task, Fault::HeaderStall, When::Always));
    let server = world.start().await;
    let bought = world.buy(&server).await;
    let calls = usual(task);
    until("Claude to be asked", async || (world.asked(task) == calls).then_some(())).await;
    server.kill();

    world.claude_goes_on(Scenario::default());
    goes_on(&world, &bought).await;
    for (other, usual) in TASKS {
        // What Claude was asked and could not answer any more stands in no ledger.
        let asked = if other == task { 2 * usual } else { usual };
        assert_eq!((world.asked(other), world.paid(bought.report).await[other]), (asked, usual), "{other}");
    }
}

/// Kills the server when a phase's work is done and paid, and nothing of it is kept yet.
async fn killed_before_it_is_kept(phase: Phase) {
    let world = World::new().await;
    let gate = world.close_gate(phase).await;
    let server = world.start().await;
    let bought = world.buy(&server).await;
    stands_before(&world, &bought, phase).await;
    let kept = world.phases(bought.report).await;
    server.kill();
    assert!(kept.iter().eq(Phase::ALL.iter().take_while(|before| **before != phase)), "{phase}: {kept:?}");
    assert_ne!(world.report(bought.report).await.status, ReportStatus::Ready);

    world.open_gate(gate).await;
    goes_on(&world, &bought).await;
    for (task, usual) in TASKS {
        let expected = if task == phase.as_str() { 2 * usual } else { usual };
        assert_eq!(world.asked(task), expected, "{task}");
        assert_eq!(world.paid(bought.report).await[task], expected, "what was paid twice stands twice: {task}");
    }
}

/// A second process finishes what the first has begun.
async fn goes_on(world: &World, bought: &Bought) {
    let server = world.start().await;
    server.document(bought).await;
    world.is_whole(bought.report).await;
    let mail = world.sent(bought.report, MailKind::ReportReady).await;
    assert_eq!(mail.attempts, 1, "sent once");
    assert!(world.mail_file(&mail).exists());
    assert_eq!(world.job(bought.report).await.attempt, 2);
}

/// Waits until the server's next step is the commit of this phase.
async fn stands_before(world: &World, bought: &Bought, phase: Phase) {
    let (report, usual) = (bought.report, usual(phase.as_str()));
    match phase {
        Phase::Assemble => drop(world.status(report, ReportStatus::Running).await),
        Phase::Compute => world.kept(report, Phase::Options).await,
        Phase::Render => world.kept(report, Phase::Narrative).await,
        Phase::Findings | Phase::Options | Phase::Narrative => {
            until("the calls to be paid", async || {
                (world.paid(report).await.get(phase.as_str()) == Some(&usual)).then_some(())
            })
            .await;
        }
    }
}

fn usual(task: &str) -> usize {
    TASKS.iter().find(|(name, _)| *name == task).map_or(0, |(_, calls)| *calls)
}

#[tokio::test]
async fn a_report_survives_a_kill_while_findings_are_asked_for() {
    killed_in_the_middle_of("findings").await;
}

#[tokio::test]
async fn a_report_survives_a_kill_while_options_are_asked_for() {
    killed_in_the_middle_of("options").await;
}

#[tokio::test]
async fn a_report_survives_a_kill_while_the_narrative_is_asked_for() {
    killed_in_the_middle_of("narrative").await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_its_facts_are_kept() {
    killed_before_it_is_kept(Phase::Assemble).await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_its_findings_are_kept() {
    killed_before_it_is_kept(Phase::Findings).await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_its_options_are_kept() {
    killed_before_it_is_kept(Phase::Options).await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_its_figures_are_kept() {
    killed_before_it_is_kept(Phase::Compute).await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_its_narrative_is_kept() {
    killed_before_it_is_kept(Phase::Narrative).await;
}

#[tokio::test]
async fn a_report_survives_a_kill_before_it_is_finished() {
    killed_before_it_is_kept(Phase::Render).await;
}

/// The control: without a kill nothing is asked twice, so the counts above say what they seem to say.
#[tokio::test]
async fn an_undisturbed_report_asks_every_question_once() {
    let world = World::new().await;
    let server = world.start().await;
    let bought = world.buy(&server).await;
    server.document(&bought).await;
    world.is_whole(bought.report).await;
    for (task, usual) in TASKS {
        assert_eq!((world.asked(task), world.paid(bought.report).await[task]), (usual, usual), "{task}");
    }
    world.sent(bought.report, MailKind::PaymentReceived).await;
    assert_eq!(world.mail_files(), 2, "one for the payment and one for the report");
    assert_eq!(world.job(bought.report).await.attempt, 1);
}

/// A report that kills whoever writes it is not tried for ever.
#[tokio::test]
async fn a_report_whose_writer_dies_every_time_fails_and_says_so() {
    let world = World::with(&[("WORKER_LEASE", "1s")]).await;
    world.claude_does(Scenario::default().stall_ms(60_000).fault_in("findings", Fault::HeaderStall, When::Always));
    let mut server = world.start().await;
    let bought = world.buy(&server).await;
    world.sent(bought.report, MailKind::PaymentReceived).await;
    for attempt in 1..=3 {
        until("Claude to be asked", async || (world.asked("findings") == attempt).then_some(())).await;
        server.kill();
        server = world.start().await;
    }
    let report = world.status(bought.report, ReportStatus::Failed).await;
    assert!(report.refund_due);
    let job = world.job(bought.report).await;
    assert_eq!((job.state, job.lease_owner), (JobState::Dead, None));
    assert_eq!(world.asked("findings"), 3, "the fourth claim buries it and asks nothing");
    assert_gapless(&world.events(bought.report).await);
    world.sent(bought.report, MailKind::ReportFailed).await;
}

/// The control of what every test here relies on: a missing event and a falling progress are seen.
#[test]
fn a_gap_and_a_step_back_are_noticed() {
    let event = |seq, progress| Event {
        seq,
        at: clock(),
        kind: EventKind::Progress,
        phase: None,
        progress,
        payload: serde_json::Value::Null,
    };
    let refused = |events: Vec<Event>| std::panic::catch_unwind(|| assert_gapless(&events)).is_err();
    assert!(!refused(vec![event(1, 0), event(2, 5), event(3, 5)]));
    assert!(refused(vec![event(1, 0), event(3, 5)]));
    assert!(refused(vec![event(2, 0)]));
    assert!(refused(vec![event(1, 5), event(2, 4)]));
}
