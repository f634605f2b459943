//! The queue of reports, what each finished phase gave, and the events the buyer watches.

use sea_orm_migration::prelude::*;

use crate::schema::{
    big, bounded, drop_tables, index, integer, json, owned, text_null, time, time_null, uuid, words, words_null,
};

const PHASES: &[&str] = &["assemble", "findings", "options", "compute", "narrative", "render"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let jobs = Table::create()
            .table("report_jobs")
            .col(uuid("report_id").primary_key())
            .col(words("state", &["queued", "leased", "done", "dead"]))
            .col(integer("attempt"))
            .col(integer("max_attempts"))
            // When somebody may take the job next: its time while it is queued, the end of the lease while it is leased.
            .col(time("run_after"))
            .col(text_null("lease_owner"))
            .col(time_null("lease_expires_at"))
            .col(text_null("last_error"))
            .col(text_null("traceparent"))
            .col(time("enqueued_at"))
            .col(time("updated_at"))
            .foreign_key(&mut owned("report_jobs", "report_id", "reports"))
            .take();
        manager.create_table(jobs).await?;
        let due = index("report_jobs", &["run_after"])
            .name("idx_report_jobs_due")
            .and_where(Expr::col("state").is_in(["queued", "leased"]))
            .take();
        manager.create_index(due).await?;
        manager.create_index(index("report_jobs", &["state"])).await?;

        let checkpoints = Table::create()
            .table("report_checkpoints")
            .col(uuid("report_id"))
            .col(words("phase", PHASES))
            .col(json("payload"))
            .col(time("created_at"))
            .primary_key(Index::create().col("report_id").col("phase"))
            .foreign_key(&mut owned("report_checkpoints", "report_id", "reports"))
            .take();
        manager.create_table(checkpoints).await?;

        let events = Table::create()
            .table("report_events")
            .col(uuid("report_id"))
            .col(big("seq"))
            .col(time("at"))
            .col(words("kind", &["progress", "finding", "recommendation", "warning", "ready", "failed"]))
            .col(words_null("phase", PHASES))
            .col(bounded("progress", 0, 100))
            .col(json("payload"))
            .primary_key(Index::create().col("report_id").col("seq"))
            .foreign_key(&mut owned("report_events", "report_id", "reports"))
            .take();
        manager.create_table(events).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_events", "report_checkpoints", "report_jobs"]).await
    }
}
