//! Mails: taken from the outbox, rendered, sent; tried again for a day, never twice.

use std::time::Duration;

use serde_json::{Value, json};

use super::{App, reports};
use crate::clients::mail::Outgoing;
use crate::domain::ids::MailKind;
use crate::domain::report::{ReportDocument, Scenarios};
use crate::error::{Error, Result};
use crate::render::mail;
use crate::store;
use crate::store::outbox::Mail;

const AT_ONCE: u64 = 10;
/// A sender that dies in the middle gives its mails back after this.
const LEASE: Duration = Duration::from_secs(120);
/// With the doubling waits below, about a day.
const MAX_ATTEMPTS: u32 = 10;

/// Sends what is due. How many mails were taken in hand.
pub async fn send_due(app: &App, owner: &str) -> Result<usize> {
    let due = store::outbox::claim_due(app.db.conn(), owner, LEASE, AT_ONCE, app.now()).await?;
    let count = due.len();
    for mail in due {
        if let Err(error) = send(app, &mail).await {
            let now = app.now();
            let next = (mail.attempts < MAX_ATTEMPTS).then(|| now + wait(mail.attempts));
            if next.is_none() {
                tracing::error!(mail.id = %mail.id, mail.kind = %mail.kind, error = %error.chain(), "a mail is given up");
            } else {
                tracing::warn!(mail.id = %mail.id, mail.kind = %mail.kind, error = %error.chain(), "a mail is tried again later");
            }
            store::outbox::failed(app.db.conn(), &mail, next, &error.chain(), now).await?;
        }
    }
    Ok(count)
}

/// What the mail of a finished report says; the link is made when it is sent, and never stored.
pub(super) fn ready_payload(document: &ReportDocument) -> Value {
    json!({
        "company": document.company.name,
        "headline": document.verdict.headline,
        "totals": document.summary.total_value_3y,
    })
}

async fn send(app: &App, due: &Mail) -> Result<()> {
    let rendered = render(app, due)?;
    let outgoing = Outgoing {
        to: due.recipient.clone(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        dedupe_key: due.id.to_string(),
    };
    app.mailer.send(&outgoing, app.now()).await?;
    store::outbox::sent(app.db.conn(), due, app.now()).await?;
    let labels = [opentelemetry::KeyValue::new("crb.mail.kind", due.kind.as_str())];
    opentelemetry::global::meter("crb").u64_counter("crb.mail.sent").build().add(1, &labels);
    tracing::info!(mail.id = %due.id, mail.kind = %due.kind, "a mail is sent");
    Ok(())
}

fn render(app: &App, due: &Mail) -> Result<mail::Mail> {
    let field = |name: &str| due.payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let link = due.report_id.map(|report| reports::address(app, report)).unwrap_or_default();
    let support = app.config.mail.from.as_str();
    Ok(match due.kind {
        MailKind::PaymentReceived => mail::payment_received(&mail::PaymentReceived {
            order_id: &field("order_id"),
            amount_cents: due.payload.get("amount_cents").and_then(Value::as_i64).unwrap_or_default(),
            report_link: &link,
            support,
        }),
        MailKind::ReportReady => {
            let totals = due.payload.get("totals").cloned().unwrap_or_default();
            let totals: Scenarios = serde_json::from_value(totals)
                .map_err(|error| Error::internal("the mail's totals cannot be read").caused_by(error))?;
            mail::report_ready(&mail::ReportReady {
                company: &field("company"),
                headline: &field("headline"),
                totals: &totals,
                report_link: &link,
                support,
            })
        }
        MailKind::ReportFailed => mail::report_failed(&mail::ReportFailed { order_id: &field("order_id"), support }),
    })
}

/// 1, 2, 4 … minutes, four hours at the most.
fn wait(attempts: u32) -> chrono::Duration {
    chrono::Duration::minutes((1_i64 << attempts.saturating_sub(1).min(8)).min(240))
}

/// Mails that wait, for the operator.
pub(super) async fn pending(app: &App) -> Result<i64> {
    Ok(store::outbox::pending(app.db.conn()).await?.try_into().unwrap_or(i64::MAX))
}

