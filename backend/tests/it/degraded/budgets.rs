//! The budgets: asked before every call, so that no report and no day costs more than one call too many.

use crb_backend::domain::ids::{JobState, ReportStatus};
use crb_stubs::Stub;

use super::fails_honestly;
use crate::support::process::{World, until};

#[tokio::test]
async fn a_report_above_its_budget_makes_no_further_call() {
    let world = World::with(&[("REPORT_BUDGET_USD", "0.000001")]).await;
    let server = world.start().await;
    let bought = world.buy(&server).await;
    fails_honestly(&world, &server, &bought, 1).await;
    assert_eq!((world.asked("findings"), world.claude.counts().calls), (1, 1), "the first call shows what it costs");
}

#[tokio::test]
async fn a_day_above_its_budget_lets_reports_wait_and_calls_nobody() {
    let mut world = World::with(&[("DAY_BUDGET_USD", "0.000001")]).await;
    let server = world.start().await;
    let first = world.buy(&server).await;
    // Its first call spends the day; what it has is kept, and waiting is no failed attempt.
    let job = until("the report to be put back", async || {
        let job = world.job(first.report).await;
        (job.state == JobState::Queued && !world.calls(first.report).await.is_empty()).then_some(job)
    })
    .await;
    assert_eq!(job.attempt, 0, "{job:?}");
    assert_eq!(world.report(first.report).await.status, ReportStatus::Queued);
    let second = world.buy(&server).await;
    server.says("no report is begun").await;
    assert_eq!(world.job(second.report).await.state, JobState::Queued);
    assert_eq!(world.report(second.report).await.status, ReportStatus::Queued);
    assert_eq!(world.claude.counts().calls, 1);
    assert_eq!(server.view(&second).await.1["status"], "queued", "the buyer sees that it waits");
    server.kill();

    // The next day, as far as the budget is concerned.
    world.set("DAY_BUDGET_USD", "50");
    let server = world.start().await;
    server.document(&first).await;
    world.is_whole(first.report).await;
    assert_eq!(world.asked("findings"), 2, "one for each");
}
