//! Visitors' answers.

use sea_orm_migration::prelude::*;

use crate::schema::{
    big, bounded_null, drop_tables, id, index, json, json_null, text, text_null, time, time_null, words,
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
            .table("quiz_sessions")
            .col(id("id"))
            .col(text("token_sha256").unique_key())
            .col(text("industry"))
            .col(text_null("email"))
            .col(json("answers"))
            .col(text("questionnaire_version"))
            .col(bounded_null("readiness_score", 0, 100))
            .col(json_null("teaser"))
            .col(words("status", &["in_progress", "completed", "expired"]))
            .col(time_null("consent_at"))
            .col(time("created_at"))
            .col(time("updated_at"))
            .col(time_null("completed_at"))
            .col(time("expires_at"))
            .col(big("version"))
            .take();
        manager.create_table(table).await?;
        // Expiry and retention.
        manager.create_index(index("quiz_sessions", &["status", "expires_at"])).await?;
        manager.create_index(index("quiz_sessions", &["expires_at"])).await?;
        // Export and erasure look an address up whatever its case.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX idx_quiz_sessions_email ON quiz_sessions (lower(email))")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["quiz_sessions"]).await
    }
}
