//! What hostile quizzes can cost: nothing before they are paid, and then no more than the day allows.

use crb_backend::app::reports::admit_day;
use crb_backend::domain::ids::{OrderId, OrderStatus, PaymentProvider, ReportId, SessionId};
use crb_backend::domain::report::Language;
use crb_backend::store::orders::{Change, NewOrder};
use crb_backend::store::reports::NewReport;
use crb_backend::store::sessions::NewSession;
use crb_backend::store::{self, Tx};
use crb_stubs::{Scenario, Stub as _};
use serde_json::json;

use super::corpus::ATTACKS;
use crate::support::app::{Plan, TestApp, ahead};
use crate::support::buyer::{Quiz, answers};
use crate::support::wait::until;

const REPORTS: usize = 1_000;
/// A cent: less than the first calls cost.
const DAY_MICROUSD: i64 = 10_000;
/// Two reports at once, five calls each at the most: what is under way when the limit is reached is paid.
const UNDER_WAY: u64 = 2 * 5;

#[tokio::test]
async fn the_free_part_asks_nobody() {
    let app = Plan::new().claude(Scenario::default()).start().await;
    for attack in ATTACKS.iter().take(20) {
        Quiz::finished(&app.door, &json!({"company_name": attack, "biggest_challenge": attack})).await;
    }
    assert_eq!(app.outside().claude().counts().calls, 0);
    assert_eq!((app.count("llm_calls").await, app.count("report_jobs").await), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_hostile_reports_spend_no_more_than_the_day_allows() {
    let plan = Plan::new().idle().claude(Scenario::default().obedient());
    let app = plan.with("DAY_BUDGET_USD", "0.01").with("WORKER_CONCURRENCY", "2").start().await;
    let tx = app.db().begin().await.expect("a transaction");
    for number in 0..REPORTS {
        queue(&app, &tx, number).await;
    }
    tx.commit().await.expect("a thousand reports");

    let working = app.again(Plan::working).await;
    working.leaves_jobs();
    until("the day's money is spent and nobody works", || async {
        let depth = store::jobs::depth(app.db().conn(), app.app.now()).await.expect("the queue is counted");
        (admit_day(&app.app).await.is_err() && depth.leased == 0).then_some(())
    })
    .await;
    let refused = admit_day(&app.app).await.expect_err("the day is over");
    assert!(refused.wait().is_some_and(|wait| wait.as_secs() <= 24 * 3600));

    // Whoever is told that there is work looks at the money first.
    let calls = app.outside().claude().counts().calls;
    working.app.wakes.jobs();
    let spent =
        store::calls::cost_since(app.db().conn(), app.app.now() - chrono::Duration::days(1)).await.expect("a sum");
    assert_eq!(app.count("llm_calls").await, calls as i64, "every call is in the ledger");
    assert!(calls <= UNDER_WAY, "{calls} calls");
    assert!(spent >= DAY_MICROUSD, "{spent} microdollars");
    assert!(app.count("report_jobs WHERE state = 'queued'").await > REPORTS as i64 - 20, "the others wait");
    assert_eq!(app.outside().claude().counts().calls, calls);

    let tomorrow = app.again(|plan| plan.at(ahead::<{ 24 * 3600 }>)).await;
    admit_day(&tomorrow.app).await.expect("the next day has money of its own");
}

/// A paid report, past quiz and checkout: a thousand of those would take longer than what is tried here.
async fn queue(app: &TestApp, tx: &Tx, number: usize) {
    let (conn, now) = (tx.conn(), app.app.now());
    let attack = ATTACKS[number % ATTACKS.len()];
    let words = json!({"company_name": attack, "biggest_challenge": format!("We are busy. {attack}")});
    let session = NewSession {
        id: SessionId::new(),
        token_sha256: format!("{number:064}"),
        industry: "dental".into(),
        questionnaire_version: "1".into(),
        expires_at: now + chrono::Duration::days(7),
    };
    store::sessions::insert(conn, &session, now).await.expect("a session");
    let answers = serde_json::from_value(answers(&words)).expect("answers");
    store::sessions::answer(conn, session.id, 1, &answers, now).await.expect("stored").expect("the first version");
    let order = NewOrder {
        id: OrderId::new(),
        session_id: session.id,
        tier: "report".into(),
        amount_cents: 14_700,
        currency: "EUR".into(),
        provider: PaymentProvider::Dev,
        email: "buyer@practice.example".into(),
    };
    store::orders::insert(conn, &order, now).await.expect("an order");
    let paid = Change { paid_at: Some(now), ..Change::default() };
    store::orders::set_status(conn, order.id, OrderStatus::Open, OrderStatus::Paid, &paid, now).await.expect("paid");
    let report = NewReport {
        id: ReportId::new(),
        order_id: order.id,
        session_id: session.id,
        tier: "report".into(),
        access_token_sha256: format!("report-{number}"),
        language: Language::English,
        readiness_score: 44,
    };
    store::reports::insert(conn, &report, now).await.expect("a report");
    store::jobs::enqueue(conn, report.id, 3, None, now).await.expect("a job");
}
