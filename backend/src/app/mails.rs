//! Mails: taken from the outbox, rendered, sent; tried again for a day, never twice.

use std::time::Duration;

use serde::Deserialize as _;
use serde_json::{Value, json};
use url::Url;

use super::{App, reports};
use crate::clients::mail::Outgoing;
use crate::domain::ids::{MailKind, OrderId};
use crate::domain::report::{ReportDocument, Scenarios};
use crate::error::{Error, Result};
use crate::render::mail::{self, Letterhead};
use crate::store;
use crate::store::orders::Order;
use crate::store::outbox::Mail;
use crate::store::sessions::Session;

const AT_ONCE: u64 = 10;
/// A sender that dies in the middle gives its mails back after this.
const LEASE: Duration = Duration::from_mins(2);
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
pub(super) fn ready_payload(order: OrderId, document: &ReportDocument) -> Value {
    json!({
        "order_id": order,
        "company": document.company.name,
        "headline": document.verdict.headline,
        "totals": document.summary.total_value_3y,
    })
}

/// What the other two say.
pub(super) fn order_payload(order: &Order, session: Option<&Session>) -> Value {
    let company = session.and_then(|session| session.answers.get("company_name")?.as_str());
    json!({"order_id": order.id, "company": company.unwrap_or("your company"), "amount_cents": order.amount_cents})
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
    let unreadable = || Error::internal("the mail's payload cannot be read");
    let field = |name: &str| due.payload.get(name).and_then(Value::as_str).ok_or_else(unreadable);
    let report = due.report_id.ok_or_else(unreadable)?;
    let report_url = Url::parse(&reports::address(app, report)).map_err(|error| unreadable().caused_by(error))?;
    let order_id = field("order_id")?.parse().map_err(|_| unreadable())?;
    let company = field("company")?.to_owned();
    let amount_cents = || due.payload.get("amount_cents").and_then(Value::as_i64).ok_or_else(unreadable);
    let head = Letterhead { app_base_url: &app.config.http.app_base_url, support: &app.config.mail.from };
    match due.kind {
        MailKind::PaymentReceived => {
            mail::PaymentReceived { company, amount_cents: amount_cents()?, order_id, report_url }.mail(head)
        }
        MailKind::ReportReady => {
            let headline = field("headline")?.to_owned();
            let totals = due.payload.get("totals").ok_or_else(unreadable)?;
            let total_value_3y = Scenarios::deserialize(totals).map_err(|error| unreadable().caused_by(error))?;
            mail::ReportReady { company, headline, total_value_3y, order_id, report_url }.mail(head)
        }
        MailKind::ReportFailed => {
            mail::ReportFailed { company, amount_cents: amount_cents()?, order_id, report_url }.mail(head)
        }
    }
}

/// 1, 2, 4 … minutes, four hours at the most.
fn wait(attempts: u32) -> chrono::Duration {
    chrono::Duration::minutes((1_i64 << attempts.saturating_sub(1).min(8)).min(240))
}

/// Mails that wait, for the operator.
pub(super) async fn pending(app: &App) -> Result<i64> {
    Ok(store::outbox::pending(app.db.conn()).await?.try_into().unwrap_or(i64::MAX))
}
