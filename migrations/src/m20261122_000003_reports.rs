//! What was bought: the report, its document and where its PDF lies.

use sea_orm_migration::prelude::*;

use crate::schema::{
    big, big_null, boolean, bounded, date_null, drop_tables, id, index, integer, integer_null, json_null, money,
    refers, text, text_null, time, time_null, uuid, words,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("reports")
            .col(id("id"))
            .col(uuid("order_id").unique_key())
            .col(uuid("session_id"))
            .col(text("tier"))
            .col(words("status", &["queued", "running", "ready", "failed"]))
            .col(text("access_token_sha256").unique_key())
            .col(text("language"))
            .col(bounded("readiness_score", 0, 100))
            .col(json_null("document"))
            .col(integer_null("document_version"))
            .col(text_null("document_etag"))
            // The same JSON, compressed once, because it is read far more often than written.
            .col(ColumnDef::new("document_gzip").blob().null())
            .col(text_null("kb_version"))
            .col(text_null("prompt_version"))
            .col(json_null("input_snapshot"))
            .col(text_null("pdf_key"))
            .col(text_null("pdf_etag"))
            .col(big_null("pdf_bytes"))
            .col(time_null("started_at"))
            .col(time_null("ready_at"))
            .col(time_null("failed_at"))
            .col(text_null("failed_reason"))
            .col(boolean("refund_due"))
            .col(money("cost_microusd"))
            // The number of the last event: counting here keeps the events without gaps.
            .col(big("event_seq"))
            .col(date_null("resends_on"))
            .col(integer("resends"))
            .col(time("created_at"))
            .col(time("updated_at"))
            .foreign_key(&mut refers("reports", "order_id", "orders"))
            .foreign_key(&mut refers("reports", "session_id", "quiz_sessions"))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("reports", &["status", "id"])).await?;
        manager.create_index(index("reports", &["session_id"])).await?;
        manager.create_index(index("reports", &["created_at"])).await?;
        manager.create_index(index("reports", &["ready_at"])).await?;
        manager.create_index(index("reports", &["failed_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reports"]).await
    }
}
