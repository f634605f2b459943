//! What a day has cost is asked before every call of the model: the index alone answers, without the rows.

use sea_orm_migration::prelude::*;

use crate::schema::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("llm_calls", &["at", "cost_microusd"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("idx_llm_calls_at_cost_microusd").table("llm_calls").to_owned();
        manager.drop_index(index).await
    }
}
