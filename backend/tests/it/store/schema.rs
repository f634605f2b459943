//! The schema against the domain: the same words in both, and an index under every hot query.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crb_backend::domain::ids as word;
use crb_backend::domain::ids::ProposalStatus;
use crb_backend::domain::report::PriceUnit;
use crb_backend::store::{self, Db};

use super::{minutes, noon, report, rows, session};
use crate::support::db::{PATIENCE, TestDb, connect, execute, exposed, server};

type Words = BTreeMap<(String, String), BTreeSet<String>>;

#[tokio::test]
async fn the_checks_of_the_schema_hold_exactly_the_words_of_the_enums() {
    let test = TestDb::new().await;
    let domain: Words = [
        ("quiz_sessions", "status", word::SessionStatus::WORDS),
        ("orders", "provider", word::PaymentProvider::WORDS),
        ("orders", "status", word::OrderStatus::WORDS),
        ("webhook_events", "provider", word::PaymentProvider::WORDS),
        ("webhook_events", "outcome", word::WebhookOutcome::WORDS),
        ("reports", "status", word::ReportStatus::WORDS),
        ("report_jobs", "state", word::JobState::WORDS),
        ("report_checkpoints", "phase", word::Phase::WORDS),
        ("report_events", "kind", word::EventKind::WORDS),
        ("report_events", "phase", word::Phase::WORDS),
        ("llm_calls", "outcome", word::CallOutcome::WORDS),
        ("vendors", "price_model", word::PriceModel::WORDS),
        ("vendors", "complexity", word::Complexity::WORDS),
        ("vendors", "status", word::VendorStatus::WORDS),
        ("vendor_prices", "per", PriceUnit::WORDS),
        ("vendor_prices", "source", word::PriceSource::WORDS),
        ("price_proposals", "per", PriceUnit::WORDS),
        ("price_proposals", "status", ProposalStatus::WORDS),
        ("outbox", "kind", word::MailKind::WORDS),
    ]
    .into_iter()
    .map(|(table, column, words)| {
        ((table.to_owned(), column.to_owned()), words.iter().map(|&word| word.to_owned()).collect())
    })
    .collect();

    assert_eq!(checks(&test.db).await, domain);

    // The control: a schema with one word more is told apart.
    let wider = if test.db.is_postgres() {
        "CREATE TABLE control (state text CHECK (state IN ('queued', 'leased', 'done', 'dead', 'lost')))"
    } else {
        "CREATE TABLE control (\"state\" text CHECK (\"state\" IN ('queued', 'leased', 'done', 'dead', 'lost')))"
    };
    super::run(&test.db, wider, []).await;
    let found = checks(&test.db).await;
    let control = &found[&("control".to_owned(), "state".to_owned())];
    assert_ne!(control, &domain[&("report_jobs".to_owned(), "state".to_owned())]);
    assert_eq!(control.len(), 5);
}

/// Every CHECK of a list of words, read back from the database.
async fn checks(db: &Db) -> Words {
    // PostgreSQL: CHECK ((status = ANY (ARRAY['a'::text, 'b'::text]))). SQLite: the text of the table, as it was made.
    let (sql, start, end) = if db.is_postgres() {
        let sql = "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint \
                   WHERE contype = 'c' AND connamespace = 'public'::regnamespace";
        (sql, " = ANY (ARRAY[", "])")
    } else {
        ("SELECT name, sql FROM sqlite_master WHERE type = 'table'", " IN (", ")")
    };
    let mut found = Words::new();
    for row in rows(db, sql).await {
        let table: String = row.try_get("", "name").unwrap();
        let text: String = row.try_get("", "sql").unwrap();
        let parts: Vec<&str> = text.split(start).collect();
        for pair in parts.windows(2) {
            let column = pair[0].rsplit(['(', ' ']).next().unwrap().trim_matches('"').to_owned();
            let list = pair[1].split(end).next().unwrap();
            let words = list.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
            found.insert((table.clone(), column), words);
        }
    }
    found
}

/// PostgreSQL counts the scans of every table. With sequential scans switched off it makes one only where no index
/// serves, so a hot query without an index shows in the count, whatever its text is tomorrow.
#[tokio::test]
async fn every_hot_query_has_an_index() {
    let test = TestDb::new().await;
    let Some(server) = server() else { return };
    let name = exposed(&test.url).rsplit('/').next().unwrap().to_owned();
    let mut conn = connect(server.as_str()).await;
    execute(&mut conn, format!("ALTER DATABASE \"{name}\" SET enable_seqscan = off")).await;
    let report_id = report(&test.db).await;
    store::jobs::enqueue(test.db.conn(), report_id, 3, None, noon()).await.unwrap();

    test.db.close().await;
    let before = table_scans(&test).await;
    let db = test.replica().await;
    hot_queries(&db, report_id).await;
    db.close().await;
    let after = table_scans(&test).await;
    assert_eq!(before, after);

    // The control: a query that no index serves.
    let db = test.replica().await;
    rows(&db, "SELECT id FROM orders WHERE currency = 'EUR'").await;
    db.close().await;
    assert_eq!(table_scans(&test).await["orders"], before["orders"] + 1);
}

/// A backend reports its counts when it ends: look when no other is left.
async fn table_scans(test: &TestDb) -> BTreeMap<String, i64> {
    let db = Db::open(&test.url, 1, PATIENCE, PATIENCE).await.unwrap();
    let others = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                  AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let begun = Instant::now();
    while rows(&db, others).await[0].try_get::<i64>("", "n").unwrap() > 0 {
        assert!(begun.elapsed() < PATIENCE, "the other backends end");
    }
    let found = rows(&db, "SELECT relname::text AS name, seq_scan AS scans FROM pg_stat_user_tables").await;
    db.close().await;
    found.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "scans").unwrap())).collect()
}

async fn hot_queries(db: &Db, report_id: word::ReportId) {
    let (conn, now) = (db.conn(), noon());
    let session_id = session(db).await;
    let lease = Duration::from_mins(1);
    store::sessions::find(conn, session_id).await.unwrap();
    store::sessions::answer(conn, session_id, 1, &BTreeMap::new(), now).await.unwrap();
    store::sessions::set_expired(conn, now).await.unwrap();
    let order = store::reports::find(conn, report_id).await.unwrap().unwrap().order_id;
    store::orders::find(conn, order).await.unwrap();
    store::orders::open_for_session(conn, session_id).await.unwrap();
    store::orders::by_session(conn, session_id).await.unwrap();
    store::orders::by_checkout_ref(conn, "cs_1").await.unwrap();
    store::orders::by_payment_ref(conn, "pi_1").await.unwrap();
    store::orders::open_before(conn, now, 10).await.unwrap();
    store::reports::find_by_order(conn, order).await.unwrap();
    store::reports::packed(conn, report_id).await.unwrap();
    store::reports::list(conn, None, None, 10).await.unwrap();
    store::reports::list(conn, Some(word::ReportStatus::Queued), None, 10).await.unwrap();
    store::reports::stats(conn, now).await.unwrap();
    let job = store::jobs::claim(conn, "me", 1, lease, now).await.unwrap().remove(0);
    store::jobs::extend(conn, &job, lease, now).await.unwrap();
    store::jobs::depth(conn, now).await.unwrap();
    store::checkpoints::all(conn, report_id).await.unwrap();
    store::events::after(conn, report_id, 0, 10).await.unwrap();
    store::events::last(conn, report_id).await.unwrap();
    store::calls::by_report(conn, report_id).await.unwrap();
    store::calls::spent(conn, report_id, now).await.unwrap();
    store::calls::cost_since(conn, now).await.unwrap();
    store::outbox::claim_due(conn, "me", lease, 10, now).await.unwrap();
    store::outbox::pending(conn).await.unwrap();
    store::idempotency::find(conn, "k", "r", now).await.unwrap();
    store::idempotency::expire(conn, now).await.unwrap();
    store::vendors::find(conn, "jobber").await.unwrap();
    store::audit::list(conn, None, 10).await.unwrap();
    store::retention::export_person(conn, "a@example.com").await.unwrap();
    let tx = db.begin().await.unwrap();
    store::events::append_under_lease(&tx, &job, vec![super::events::progress(1)], now).await.unwrap();
    store::events::append(&tx, report_id, super::events::progress(2), now).await.unwrap();
    store::retention::prune(&tx, now + minutes(1)).await.unwrap();
    tx.commit().await.unwrap();
}
