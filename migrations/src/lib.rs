//! The history of the database schema, on SQLite and PostgreSQL alike, and the runner that applies it.
//!
//! This crate cannot see the backend, so a column renamed there never rewrites history here. A migration either
//! expands or contracts the schema, never both: yesterday's release must run on today's schema. Times are written by
//! the application and never by a default of the database, whose text form differs.

pub mod connect;
mod runner;
mod schema;

mod m20261122_000001_quiz_sessions;
mod m20261122_000002_orders;
mod m20261122_000003_reports;
mod m20261122_000004_report_jobs;
mod m20261122_000005_llm_calls;
mod m20261122_000006_vendors;
mod m20261122_000007_audit_log;
mod m20261122_000008_outbox;
mod m20261127_000009_llm_calls_cost;
mod m20261128_000010_lz4;

pub use runner::{Applied, State, revert, run, state};

use sea_orm_migration::{DbErr, MigrationTrait};

/// Why the schema could not be brought to where this binary wants it. No variant shows the address of the database,
/// because that holds a password.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{0}")]
    Address(&'static str),
    #[error("the folder of the SQLite file could not be made")]
    Folder(#[source] std::io::Error),
    #[error("another migration run held the lock for more than {0} seconds")]
    Locked(u64),
    #[error("the database holds older migrations that this binary does not know: {}", .0.join(", "))]
    UnknownOlder(Vec<String>),
    #[error("migration {name} failed")]
    Failed {
        name: String,
        #[source]
        cause: DbErr,
    },
    #[error("the database could not be reached or did not answer as expected")]
    Database(#[from] DbErr),
    #[error("the database could not be reached")]
    Connection(#[from] sqlx::Error),
}

/// The history, oldest first. Names sort in the order of time; the runner relies on it.
fn history() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261122_000001_quiz_sessions::Migration),
        Box::new(m20261122_000002_orders::Migration),
        Box::new(m20261122_000003_reports::Migration),
        Box::new(m20261122_000004_report_jobs::Migration),
        Box::new(m20261122_000005_llm_calls::Migration),
        Box::new(m20261122_000006_vendors::Migration),
        Box::new(m20261122_000007_audit_log::Migration),
        Box::new(m20261122_000008_outbox::Migration),
        Box::new(m20261127_000009_llm_calls_cost::Migration),
        Box::new(m20261128_000010_lz4::QUIZ_SESSIONS),
        Box::new(m20261128_000010_lz4::REPORT_CHECKPOINTS),
        Box::new(m20261128_000010_lz4::REPORTS),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_sort_in_the_order_of_the_history() {
        let names: Vec<String> = history().iter().map(|migration| migration.name().to_owned()).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    #[test]
    fn every_migration_runs_inside_a_transaction() {
        // SQLite has none by default, and half a migration cannot be repeated. CREATE INDEX CONCURRENTLY would be the
        // one reason against it; name it here when it comes.
        for migration in history() {
            assert_eq!(migration.use_transaction(), Some(true), "{}", migration.name());
        }
    }
}
