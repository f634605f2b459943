//! The catalogue: vendors, their price history, their tiers by industry, and prices that wait for a person.

use sea_orm_migration::prelude::*;

use crate::schema::{
    big, boolean, bounded, bounded_null, date, date_null, drop_tables, id, index, integer, json, money, money_null,
    owned, text, text_null, time, time_null, uuid, words,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let vendors = Table::create()
            .table("vendors")
            .col(id("id"))
            .col(text("slug").unique_key())
            .col(text("name"))
            .col(text("category"))
            .col(boolean("cross_industry"))
            .col(text("description"))
            .col(text("website"))
            .col(text("pricing_url"))
            .col(words("price_model", &["flat", "per_user", "per_location", "usage", "custom"]))
            .col(money_null("starting_price_cents"))
            .col(text("currency"))
            .col(boolean("free_tier"))
            .col(json("company_sizes"))
            .col(words("complexity", &["low", "medium", "high"]))
            .col(integer("implementation_weeks"))
            .col(money("implementation_cents"))
            .col(bounded_null("api_openness", 1, 5))
            .col(bounded("rating", 0, 100))
            .col(date_null("verified_on"))
            .col(words("status", &["active", "needs_review", "deprecated"]))
            // An admin changed it: the seed leaves it alone from then on.
            .col(boolean("edited"))
            .col(big("version"))
            .col(time("created_at"))
            .col(time("updated_at"))
            .take();
        manager.create_table(vendors).await?;
        manager.create_index(index("vendors", &["category", "slug"])).await?;
        manager.create_index(index("vendors", &["status", "slug"])).await?;

        let prices = Table::create()
            .table("vendor_prices")
            .col(id("id"))
            .col(uuid("vendor_id"))
            .col(text("tier_name"))
            .col(money_null("price_cents"))
            .col(text("currency"))
            .col(words("per", &["flat", "user", "location", "usage"]))
            .col(date("observed_on"))
            .col(text("source_url"))
            .col(words("source", &["seed", "admin", "refresh"]))
            .col(time("created_at"))
            .col(time_null("superseded_at"))
            .foreign_key(&mut owned("vendor_prices", "vendor_id", "vendors"))
            .take();
        manager.create_table(prices).await?;
        manager.create_index(index("vendor_prices", &["vendor_id", "id"])).await?;
        let one_current = index("vendor_prices", &["vendor_id", "tier_name"])
            .name("one_current_price_a_tier")
            .unique()
            .and_where(Expr::col("superseded_at").is_null())
            .take();
        manager.create_index(one_current).await?;

        let tiers = Table::create()
            .table("industry_vendor_tiers")
            .col(text("industry"))
            .col(uuid("vendor_id"))
            .col(bounded("tier", 1, 3))
            .col(integer("boost"))
            .primary_key(Index::create().col("industry").col("vendor_id"))
            .foreign_key(&mut owned("industry_vendor_tiers", "vendor_id", "vendors"))
            .take();
        manager.create_table(tiers).await?;
        manager.create_index(index("industry_vendor_tiers", &["vendor_id"])).await?;

        let proposals = Table::create()
            .table("price_proposals")
            .col(id("id"))
            .col(uuid("vendor_id"))
            .col(text("tier_name"))
            .col(money_null("price_cents"))
            .col(text("currency"))
            .col(words("per", &["flat", "user", "location", "usage"]))
            .col(text("source_url"))
            .col(date("observed_on"))
            .col(text("excerpt"))
            .col(words("status", &["proposed", "accepted", "rejected"]))
            .col(time("created_at"))
            .col(time_null("decided_at"))
            .col(text_null("decided_by"))
            .foreign_key(&mut owned("price_proposals", "vendor_id", "vendors"))
            .take();
        manager.create_table(proposals).await?;
        manager.create_index(index("price_proposals", &["status", "id"])).await?;
        manager.create_index(index("price_proposals", &["vendor_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["price_proposals", "industry_vendor_tiers", "vendor_prices", "vendors"]).await
    }
}
