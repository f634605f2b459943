//! A payment that was acknowledged is never lost, and one that was not is taken when it comes again.

use crb_backend::domain::ids::{JobState, MailKind, Phase, ReportStatus};

use crate::support::process::{Server, World};

async fn deliver(server: &Server, signature: &str, body: &str) -> u16 {
    let request = server.post("/api/v1/webhooks/stripe").header("content-type", "application/json");
    let request = request.header("stripe-signature", signature).body(body.to_owned());
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_kill_right_after_the_answer_to_stripe_loses_nothing() {
    let world = World::with(&[("PAYMENT_PROVIDER", "stripe")]).await;
    let server = world.start_only(Some("api")).await;
    let open = world.order(&server).await;
    let (signature, body) = world.stripe_says_paid(&open);
    assert_eq!(deliver(&server, &signature, &body).await, 200);
    server.kill();

    let server = world.start_only(Some("api")).await;
    assert_eq!(deliver(&server, &signature, &body).await, 200, "Stripe delivers more than once");
    let bought = world.bought(&server, &open).await;
    assert_eq!(world.report(bought.report).await.status, ReportStatus::Queued);
    let job = world.job(bought.report).await;
    assert_eq!((job.state, job.attempt), (JobState::Queued, 0));
    assert_eq!(world.events(bought.report).await.len(), 1);
    let mails = world.mails(bought.report, MailKind::PaymentReceived).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.sent_at.is_none()), "{mails:?}");

    let worker = world.start_only(Some("worker")).await;
    world.sent(bought.report, MailKind::PaymentReceived).await;
    world.kept(bought.report, Phase::Narrative).await;
    assert_eq!((world.asked("findings"), world.mails(bought.report, MailKind::PaymentReceived).await.len()), (1, 1));
    drop(worker);
}
