//! Mails that wait to be sent, and the answers to requests that may come twice.

use sea_orm_migration::prelude::*;

use crate::schema::{
    bounded, drop_tables, id, index, integer, json, owned, text, text_null, time, time_null, uuid_null, words,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let outbox = Table::create()
            .table("outbox")
            .col(id("id"))
            .col(words("kind", &["payment_received", "report_ready", "report_failed"]))
            .col(text("recipient"))
            .col(json("payload"))
            .col(text("dedupe_key").unique_key())
            .col(uuid_null("report_id"))
            .col(integer("attempts"))
            // When somebody may take the mail next: its time, or the end of the claim.
            .col(time("next_at"))
            .col(text_null("lease_owner"))
            .col(time_null("sent_at"))
            .col(time_null("given_up_at"))
            .col(text_null("last_error"))
            .col(time("created_at"))
            .foreign_key(&mut owned("outbox", "report_id", "reports"))
            .take();
        manager.create_table(outbox).await?;
        let due = index("outbox", &["next_at"])
            .name("idx_outbox_due")
            .and_where(Expr::col("sent_at").is_null())
            .and_where(Expr::col("given_up_at").is_null())
            .take();
        manager.create_index(due).await?;
        manager.create_index(index("outbox", &["report_id"])).await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX idx_outbox_recipient ON outbox (lower(recipient))")
            .await?;

        let keys = Table::create()
            .table("idempotency_keys")
            .col(text("key"))
            .col(text("route"))
            .col(text("request_hash"))
            .col(bounded("status", 100, 599))
            .col(json("response"))
            .col(time("created_at"))
            .col(time("expires_at"))
            .primary_key(Index::create().col("key").col("route"))
            .take();
        manager.create_table(keys).await?;
        manager.create_index(index("idempotency_keys", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency_keys", "outbox"]).await
    }
}
