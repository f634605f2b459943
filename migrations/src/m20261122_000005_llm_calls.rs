//! Every call of the model, with its cost.

use sea_orm_migration::prelude::*;

use crate::schema::{big, big_null, drop_tables, id, index, integer, money, owned, text, text_null, time, uuid, words};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("llm_calls")
            .col(id("id"))
            .col(uuid("report_id"))
            .col(text("task"))
            .col(text("model"))
            .col(integer("attempt"))
            .col(big("input_tokens"))
            .col(big("output_tokens"))
            .col(big("cache_read_tokens"))
            .col(big("cache_write_tokens"))
            .col(money("cost_microusd"))
            .col(big("latency_ms"))
            .col(big_null("ttft_ms"))
            .col(text_null("stop_reason"))
            .col(words("outcome", &["ok", "invalid", "rate_limited", "overloaded", "timeout", "error"]))
            .col(text_null("provider_request_id"))
            .col(time("at"))
            .foreign_key(&mut owned("llm_calls", "report_id", "reports"))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("llm_calls", &["report_id"])).await?;
        manager.create_index(index("llm_calls", &["at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["llm_calls"]).await
    }
}
