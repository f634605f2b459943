//! Orders, and the payment provider's events.

use sea_orm_migration::prelude::*;

use crate::schema::{
    drop_tables, id, index, json, money, refers, text, text_null, time, time_null, uuid, words, words_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let orders = Table::create()
            .table("orders")
            .col(id("id"))
            .col(uuid("session_id"))
            .col(text("tier"))
            .col(money("amount_cents"))
            .col(text("currency"))
            .col(words("provider", &["stripe", "dev"]))
            .col(text("email"))
            .col(text_null("checkout_ref").unique_key())
            .col(text_null("checkout_url"))
            .col(text_null("payment_ref"))
            .col(words("status", &["open", "paid", "expired", "refunded", "partially_refunded", "disputed"]))
            .col(money("refunded_cents"))
            .col(time_null("paid_at"))
            .col(time("created_at"))
            .col(time("updated_at"))
            .foreign_key(&mut refers("orders", "session_id", "quiz_sessions"))
            .take();
        manager.create_table(orders).await?;
        // At most one open order a session, whatever two requests do at the same moment.
        let one_open = index("orders", &["session_id"])
            .name("one_open_order_a_session")
            .unique()
            .and_where(Expr::col("status").eq("open"))
            .take();
        manager.create_index(one_open).await?;
        manager.create_index(index("orders", &["session_id", "id"])).await?;
        manager.create_index(index("orders", &["payment_ref"])).await?;
        manager.create_index(index("orders", &["status", "created_at"])).await?;
        manager.get_connection().execute_unprepared("CREATE INDEX idx_orders_email ON orders (lower(email))").await?;

        let events = Table::create()
            .table("webhook_events")
            .col(words("provider", &["stripe", "dev"]))
            .col(text("event_id"))
            .col(text("type"))
            .col(time("received_at"))
            .col(time_null("processed_at"))
            .col(words_null("outcome", &["applied", "ignored", "failed"]))
            .col(json("payload"))
            .primary_key(Index::create().col("provider").col("event_id"))
            .take();
        manager.create_table(events).await?;
        manager.create_index(index("webhook_events", &["received_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["webhook_events", "orders"]).await
    }
}
