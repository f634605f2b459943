//! The store on a real database, function by function.

mod catalogue;
mod database;
mod events;
mod jobs;
mod mails;
mod migrations;
mod orders;
mod reports;
mod retention;
mod schema;
mod sessions;

use chrono::{DateTime, Duration, TimeZone, Utc};
use crb_backend::domain::ids::{OrderId, OrderStatus, PaymentProvider, ReportId, SessionId};
use crb_backend::domain::report::Language;
use crb_backend::store::orders::{Change, NewOrder};
use crb_backend::store::reports::{Finished, NewReport};
use crb_backend::store::sessions::NewSession;
use crb_backend::store::{self, Connection, Db};
use sea_orm::{QueryResult, Statement, Value};
use serde_json::json;

/// The moment at which every test begins.
fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
}

fn minutes(minutes: i64) -> Duration {
    Duration::minutes(minutes)
}

async fn session(db: &Db) -> SessionId {
    session_at(db, noon()).await
}

async fn session_at(db: &Db, now: DateTime<Utc>) -> SessionId {
    let new = NewSession {
        id: SessionId::new(),
        token_sha256: format!("session-{}", SessionId::new()),
        industry: "dental".to_owned(),
        questionnaire_version: "1".to_owned(),
        expires_at: now + Duration::days(7),
    };
    store::sessions::insert(db.conn(), &new, now).await.unwrap();
    new.id
}

fn new_order(session_id: SessionId) -> NewOrder {
    NewOrder {
        id: OrderId::new(),
        session_id,
        tier: "report".to_owned(),
        amount_cents: 14_700,
        currency: "EUR".to_owned(),
        provider: PaymentProvider::Stripe,
        email: "Buyer@example.com".to_owned(),
    }
}

async fn order(db: &Db, now: DateTime<Utc>) -> OrderId {
    let new = new_order(session_at(db, now).await);
    store::orders::insert(db.conn(), &new, now).await.unwrap();
    new.id
}

/// A queued report of a paid order.
async fn report(db: &Db) -> ReportId {
    report_at(db, noon()).await
}

async fn report_at(db: &Db, now: DateTime<Utc>) -> ReportId {
    let order_id = order(db, now).await;
    let paid = Change { paid_at: Some(now), ..Change::default() };
    assert!(
        store::orders::set_status(db.conn(), order_id, OrderStatus::Open, OrderStatus::Paid, &paid, now).await.unwrap()
    );
    let session_id = store::orders::find(db.conn(), order_id).await.unwrap().unwrap().session_id;
    let new = NewReport {
        id: ReportId::new(),
        order_id,
        session_id,
        tier: "report".to_owned(),
        access_token_sha256: format!("report-{}", ReportId::new()),
        language: Language::English,
        readiness_score: 44,
    };
    store::reports::insert(db.conn(), &new, now).await.unwrap();
    new.id
}

fn finished() -> Finished {
    Finished {
        document: json!({ "headline": "Straße", "score": 63.33 }).to_string(),
        document_version: 1,
        document_etag: "0123abcd".to_owned(),
        document_gzip: vec![0x1f, 0x8b, 0x00, 0xff],
        kb_version: "0123456789abcdef".to_owned(),
        prompt_version: "1".to_owned(),
        input_snapshot: json!({ "answers": {} }).to_string(),
    }
}

async fn rows(db: &Db, sql: &str) -> Vec<QueryResult> {
    db.conn().query_all_raw(Statement::from_string(db.conn().get_database_backend(), sql)).await.unwrap()
}

async fn run(db: &Db, sql: &str, values: impl IntoIterator<Item = Value>) {
    let statement = Statement::from_sql_and_values(db.conn().get_database_backend(), sql, values);
    db.conn().execute_raw(statement).await.unwrap();
}

async fn count(db: &Db, table: &str) -> i64 {
    rows(db, &format!("SELECT COUNT(*) AS n FROM {table}")).await[0].try_get("", "n").unwrap()
}
