//! Documents are packed by lz4 where the server knows it: PostgreSQL's own method takes as long for a report of 40 KB as
//! reading its JSON does. What is packed already stays as it is, and can be read by every release.
//!
//! A migration a table: each locks its table for a moment, and a release that still serves takes them in another order.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migration {
    name: &'static str,
    table: &'static str,
    /// Those that hold more than the 2 KB from which a row is packed.
    columns: &'static [&'static str],
}

pub const QUIZ_SESSIONS: Migration =
    Migration { name: "m20261128_000010_lz4_quiz_sessions", table: "quiz_sessions", columns: &["answers"] };
pub const REPORT_CHECKPOINTS: Migration =
    Migration { name: "m20261128_000011_lz4_report_checkpoints", table: "report_checkpoints", columns: &["payload"] };
pub const REPORTS: Migration =
    Migration { name: "m20261128_000012_lz4_reports", table: "reports", columns: &["document", "input_snapshot"] };

impl MigrationName for Migration {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A server that was built without lz4 goes on as before.
        self.set(manager, "lz4", "EXCEPTION WHEN feature_not_supported THEN NULL;").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.set(manager, "default", "").await
    }
}

impl Migration {
    async fn set(&self, manager: &SchemaManager<'_>, method: &str, otherwise: &str) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let change = |column: &&str| format!("ALTER COLUMN {column} SET COMPRESSION {method}");
        let changes = self.columns.iter().map(change).collect::<Vec<_>>().join(", ");
        let statement = format!("DO $$ BEGIN ALTER TABLE {} {changes}; {otherwise} END $$", self.table);
        manager.get_connection().execute_unprepared(&statement).await?;
        Ok(())
    }
}
