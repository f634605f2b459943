//! Something else is away, slow or wrong: what has to work works, and what cannot fails honestly.

mod around;
mod budgets;
mod claude;

use crb_backend::domain::ids::{EventKind, JobState, MailKind, ReportStatus};

use crate::support::process::buyer::Bought;
use crate::support::process::record::assert_gapless;
use crate::support::process::{Server, World};

/// A failure that everybody is told of: the page, the stream, the buyer, the operator. Never an empty report.
async fn fails_honestly(world: &World, server: &Server, bought: &Bought, attempts: u32) {
    let report = world.status(bought.report, ReportStatus::Failed).await;
    assert!(report.refund_due && report.pdf.is_none() && report.document_etag.is_none(), "{report:?}");
    let job = world.job(bought.report).await;
    assert_eq!((job.state, job.attempt), (JobState::Dead, attempts), "{job:?}");
    assert!(job.last_error.is_some(), "the operator is told why");

    let (status, page) = server.view(bought).await;
    assert_eq!((status, &page["status"]), (202, &"failed".into()));
    assert_eq!(page["failed_reason"].as_str(), report.failed_reason.as_deref());
    let pdf = server.get(&format!("/api/v1/reports/{}/pdf", bought.report)).bearer_auth(&bought.token);
    server.json(pdf, 409).await;

    let events = world.events(bought.report).await;
    assert_gapless(&events);
    assert_eq!(events.last().map(|event| event.kind), Some(EventKind::Failed));
    assert!(events.iter().all(|event| event.kind != EventKind::Ready));

    let mail = world.sent(bought.report, MailKind::ReportFailed).await;
    assert!(world.mail_file(&mail).exists());
    assert_eq!(world.mails(bought.report, MailKind::ReportReady).await.len(), 0);
    let calls = world.calls(bought.report).await;
    assert_eq!(report.cost_microusd, calls.iter().map(|call| call.cost_microusd).sum::<i64>());
}
