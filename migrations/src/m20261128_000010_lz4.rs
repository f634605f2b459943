//! Documents are packed by lz4 where the server knows it: PostgreSQL's own method takes as long for a report of 40 KB as
//! reading its JSON does. What is packed already stays as it is, and can be read by every release.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns that hold more than the 2 KB from which a row is packed.
const COLUMNS: [(&str, &str); 5] = [
    ("quiz_sessions", "answers"),
    ("reports", "document"),
    ("reports", "input_snapshot"),
    ("report_checkpoints", "payload"),
    ("webhook_events", "payload"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A server that was built without lz4 goes on as before.
        set(manager, "lz4", "EXCEPTION WHEN feature_not_supported THEN NULL;").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        set(manager, "default", "").await
    }
}

async fn set(manager: &SchemaManager<'_>, method: &str, otherwise: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let change = |(table, column)| format!("ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION {method};");
    let changes = COLUMNS.map(change).join(" ");
    manager.get_connection().execute_unprepared(&format!("DO $$ BEGIN {changes} {otherwise} END $$")).await?;
    Ok(())
}
