//! Who changed what.

use sea_orm_migration::prelude::*;

use crate::schema::{drop_tables, id, index, json_null, text, time};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("audit_log")
            .col(id("id"))
            .col(text("actor"))
            .col(text("action"))
            .col(text("entity"))
            .col(text("entity_id"))
            .col(json_null("before"))
            .col(json_null("after"))
            .col(time("at"))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("audit_log", &["entity", "entity_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_log"]).await
    }
}
