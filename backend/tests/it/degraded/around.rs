//! What stands around the report is away: the cache, the post, the shelf for files.

use crb_backend::domain::ids::MailKind;
use crb_backend::store::Connection;
use crb_stubs::{Fault, Scenario, Stub, When};

use crate::support::process::{World, until};

#[tokio::test]
async fn without_redis_the_whole_journey_works() {
    // Nobody listens on port 1.
    let world = World::with(&[("REDIS_URL", "redis://127.0.0.1:1"), ("REDIS_TIMEOUT", "100ms")]).await;
    let server = world.start().await;
    assert_eq!(server.readiness().await, 200);
    let bought = world.buy(&server).await;
    server.document(&bought).await;
    world.is_whole(bought.report).await;
    assert_eq!(server.readiness().await, 200, "the cache is nothing that we cannot lose");
    let detail = server.json(server.get("/api/health/detailed"), 200).await;
    assert_eq!((&detail["status"], &detail["checks"]["redis"]["status"]), (&"degraded".into(), &"unhealthy".into()));
}

#[tokio::test]
async fn a_mail_that_sendgrid_refuses_is_sent_later_and_once() {
    let world = World::with(&[("SENDGRID_API_KEY", "SG.stub-test")]).await;
    world.sendgrid.desk().set_scenario(Scenario::default().fault(Fault::Status(500), When::First(1))).expect("it can");
    let server = world.start().await;
    let bought = world.buy(&server).await;
    let refused = until("the first mail to be refused", async || {
        let mails = world.mails(bought.report, MailKind::PaymentReceived).await;
        mails.into_iter().find(|mail| mail.last_error.is_some())
    })
    .await;
    assert_eq!((refused.attempts, refused.sent_at), (1, None));
    // Its minute is over at once.
    let conn = world.test.db.conn();
    conn.execute_unprepared("UPDATE outbox SET next_at = created_at WHERE last_error IS NOT NULL")
        .await
        .expect("time flies");

    server.document(&bought).await;
    let payment = world.sent(bought.report, MailKind::PaymentReceived).await;
    assert_eq!((payment.attempts, payment.last_error), (2, None));
    assert_eq!(world.sent(bought.report, MailKind::ReportReady).await.attempts, 1);
    let mails = world.sendgrid.mails_to(&bought.email);
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(mails.iter().all(|mail| mail.text.contains(&bought.token)), "each has the link");
    assert_eq!(world.sendgrid.counts().calls, 3);
}

#[tokio::test]
async fn a_shelf_that_cannot_be_written_costs_no_report() {
    let world = World::new().await;
    // Where the folder should be lies a file: not even root can write below it.
    let shelf = world.folder.path().join("blobs");
    std::fs::write(&shelf, "in the way").expect("a file");
    let server = world.start().await;
    let bought = world.buy(&server).await;
    server.document(&bought).await;
    let pdf = server.pdf(&bought).await;
    assert!(pdf.starts_with(b"%PDF"), "the PDF is set for who asks");
    std::fs::remove_file(&shelf).expect("the file");
    assert_eq!(server.pdf(&bought).await, pdf, "and again");
    world.is_whole(bought.report).await;
    assert_eq!((world.asked("findings"), world.asked("options"), world.asked("narrative")), (1, 5, 1));
}
