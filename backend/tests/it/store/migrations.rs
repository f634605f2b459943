//! The history: up, down, in parallel, and against a database that another release has changed.

use crb_backend::domain::ids::Phase;
use crb_backend::error::Kind;
use crb_backend::store::{Db, MigrationState, checkpoints, migrate};
use futures_util::future::join_all;
use serde_json::json;

use super::{noon, report, rows, run};
use crate::support::db::{EmptyDb, PATIENCE, TestDb, exposed};

async fn open(empty: &EmptyDb) -> Db {
    Db::open(&empty.url, 2, PATIENCE, PATIENCE).await.unwrap()
}

async fn tables(db: &Db) -> Vec<String> {
    let sql = if db.is_postgres() {
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    };
    rows(db, sql).await.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

#[tokio::test]
async fn a_new_database_is_behind_then_current_and_a_second_run_does_nothing() {
    let empty = EmptyDb::new().await;
    let db = open(&empty).await;
    assert!(matches!(db.migration_state().await.unwrap(), MigrationState::Behind(12)));
    let first = migrate(&empty.url).await.unwrap();
    assert_eq!(first.applied.len(), 12);
    assert!(first.applied.is_sorted());
    assert_eq!(db.migration_state().await.unwrap(), MigrationState::Current);
    let second = migrate(&empty.url).await.unwrap();
    assert!(second.applied.is_empty() && second.unknown.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn four_runs_at_once_all_succeed_and_apply_everything_once() {
    let empty = EmptyDb::new().await;
    let runs = join_all((0..4).map(|_| migrate(&empty.url))).await;
    let mut applied: Vec<String> = runs.into_iter().flat_map(|run| run.expect("every run succeeds").applied).collect();
    applied.sort();
    let all = applied.len();
    applied.dedup();
    assert_eq!((all, applied.len()), (12, 12));
    assert_eq!(open(&empty).await.migration_state().await.unwrap(), MigrationState::Current);
}

#[tokio::test]
async fn a_database_ahead_of_the_binary_is_accepted() {
    let test = TestDb::new().await;
    run(&test.db, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 1)", []).await;
    assert_eq!(test.db.migration_state().await.unwrap(), MigrationState::Ahead(1));
    let run = migrate(&test.url).await.unwrap();
    assert_eq!((run.applied, run.unknown), (vec![], vec!["m29991231_000001_later".to_owned()]));
}

#[tokio::test]
async fn a_database_with_an_older_unknown_migration_is_refused() {
    let test = TestDb::new().await;
    run(&test.db, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20200101_000001_lost', 1)", []).await;
    for error in [migrate(&test.url).await.unwrap_err(), test.db.migration_state().await.unwrap_err()] {
        assert_eq!(error.kind(), Kind::Conflict);
        assert!(error.detail().contains("m20200101_000001_lost"), "{error}");
    }
}

#[tokio::test]
async fn down_takes_everything_back_and_up_brings_it_again() {
    let test = TestDb::new().await;
    let full = tables(&test.db).await;
    assert_eq!(full.len(), 16, "fifteen tables and the records: {full:?}");

    let last = crb_migrations::revert(exposed(&test.url), 1).await.unwrap();
    assert_eq!(last, ["m20261128_000012_lz4_reports"]);
    assert_eq!(test.db.migration_state().await.unwrap(), MigrationState::Behind(1));

    assert_eq!(crb_migrations::revert(exposed(&test.url), 99).await.unwrap().len(), 11);
    assert_eq!(tables(&test.db).await, ["seaql_migrations"]);

    assert_eq!(migrate(&test.url).await.unwrap().applied.len(), 12);
    assert_eq!(tables(&test.db).await, full);
}

#[tokio::test]
async fn large_documents_are_packed_by_lz4_where_the_server_knows_it() {
    let test = TestDb::new().await;
    if !test.db.is_postgres() {
        return; // SQLite packs nothing.
    }
    let known = rows(
        &test.db,
        "SELECT 'lz4' = ANY (enumvals) AS known FROM pg_settings WHERE name = 'default_toast_compression'",
    )
    .await;
    let known: bool = known[0].try_get("", "known").unwrap();
    let sql =
        "SELECT attrelid::regclass || '.' || attname AS name FROM pg_attribute WHERE attcompression = 'l' ORDER BY 1";
    let packed: Vec<String> = rows(&test.db, sql).await.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    let columns = ["quiz_sessions.answers", "report_checkpoints.payload", "reports.document", "reports.input_snapshot"];
    assert_eq!(packed, if known { columns.to_vec() } else { Vec::new() });

    let id = report(&test.db).await;
    let document = json!({ "prose": "A sentence that comes again. ".repeat(400) }).to_string();
    checkpoints::put(test.db.conn(), id, Phase::Compute, document, noon()).await.unwrap();
    let row = &rows(&test.db, "SELECT pg_column_compression(payload) AS method FROM report_checkpoints").await[0];
    let method: String = row.try_get("", "method").unwrap();
    assert_eq!(method, if known { "lz4" } else { "pglz" });
}
