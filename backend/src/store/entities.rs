//! The tables as sea_orm sees them, column by column; nothing of this leaves the store.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

type Time = DateTime<Utc>;

/// One table: its row, its columns. Relations are left out, as every query names what it joins.
macro_rules! entity {
    ($module:ident, $table:literal { $($(#[$attribute:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        pub mod $module {
            use super::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attribute])* pub $field: $ty),* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(sessions, "quiz_sessions" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    token_sha256: String,
    industry: String,
    email: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    answers: Json,
    questionnaire_version: String,
    readiness_score: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    teaser: Option<Json>,
    status: String,
    consent_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
    completed_at: Option<Time>,
    expires_at: Time,
    version: i64,
});

entity!(orders, "orders" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    session_id: Uuid,
    tier: String,
    amount_cents: i64,
    currency: String,
    provider: String,
    email: String,
    checkout_ref: Option<String>,
    checkout_url: Option<String>,
    payment_ref: Option<String>,
    status: String,
    refunded_cents: i64,
    paid_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
});

entity!(webhooks, "webhook_events" {
    #[sea_orm(primary_key, auto_increment = false)]
    provider: String,
    #[sea_orm(primary_key, auto_increment = false)]
    event_id: String,
    #[sea_orm(column_name = "type")]
    event_type: String,
    received_at: Time,
    processed_at: Option<Time>,
    outcome: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    payload: Json,
});

entity!(reports, "reports" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    order_id: Uuid,
    session_id: Uuid,
    tier: String,
    status: String,
    access_token_sha256: String,
    language: String,
    readiness_score: i32,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    document: Option<Json>,
    document_version: Option<i32>,
    document_etag: Option<String>,
    document_gzip: Option<Vec<u8>>,
    kb_version: Option<String>,
    prompt_version: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    input_snapshot: Option<Json>,
    pdf_key: Option<String>,
    pdf_etag: Option<String>,
    pdf_bytes: Option<i64>,
    started_at: Option<Time>,
    ready_at: Option<Time>,
    failed_at: Option<Time>,
    failed_reason: Option<String>,
    refund_due: bool,
    cost_microusd: i64,
    event_seq: i64,
    resends_on: Option<NaiveDate>,
    resends: i32,
    created_at: Time,
    updated_at: Time,
});

entity!(jobs, "report_jobs" {
    #[sea_orm(primary_key, auto_increment = false)]
    report_id: Uuid,
    state: String,
    attempt: i32,
    max_attempts: i32,
    run_after: Time,
    lease_owner: Option<String>,
    lease_expires_at: Option<Time>,
    last_error: Option<String>,
    traceparent: Option<String>,
    enqueued_at: Time,
    updated_at: Time,
});

entity!(checkpoints, "report_checkpoints" {
    #[sea_orm(primary_key, auto_increment = false)]
    report_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    phase: String,
    #[sea_orm(column_type = "JsonBinary")]
    payload: Json,
    created_at: Time,
});

entity!(events, "report_events" {
    #[sea_orm(primary_key, auto_increment = false)]
    report_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seq: i64,
    at: Time,
    kind: String,
    phase: Option<String>,
    progress: i32,
    #[sea_orm(column_type = "JsonBinary")]
    payload: Json,
});

entity!(calls, "llm_calls" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    report_id: Uuid,
    task: String,
    model: String,
    attempt: i32,
    input_tokens: i64,
    output_tokens: i64,
    cache_read_tokens: i64,
    cache_write_tokens: i64,
    cost_microusd: i64,
    latency_ms: i64,
    ttft_ms: Option<i64>,
    stop_reason: Option<String>,
    outcome: String,
    provider_request_id: Option<String>,
    at: Time,
});

entity!(vendors, "vendors" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    slug: String,
    name: String,
    category: String,
    cross_industry: bool,
    description: String,
    website: String,
    pricing_url: String,
    price_model: String,
    starting_price_cents: Option<i64>,
    currency: String,
    free_tier: bool,
    #[sea_orm(column_type = "JsonBinary")]
    company_sizes: Json,
    complexity: String,
    implementation_weeks: i32,
    implementation_cents: i64,
    api_openness: Option<i32>,
    rating: i32,
    verified_on: Option<NaiveDate>,
    status: String,
    edited: bool,
    version: i64,
    created_at: Time,
    updated_at: Time,
});

entity!(prices, "vendor_prices" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    vendor_id: Uuid,
    tier_name: String,
    price_cents: Option<i64>,
    currency: String,
    per: String,
    observed_on: NaiveDate,
    source_url: String,
    source: String,
    created_at: Time,
    superseded_at: Option<Time>,
});

entity!(tiers, "industry_vendor_tiers" {
    #[sea_orm(primary_key, auto_increment = false)]
    industry: String,
    #[sea_orm(primary_key, auto_increment = false)]
    vendor_id: Uuid,
    tier: i32,
    boost: i32,
});

entity!(proposals, "price_proposals" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    vendor_id: Uuid,
    tier_name: String,
    price_cents: Option<i64>,
    currency: String,
    per: String,
    source_url: String,
    observed_on: NaiveDate,
    excerpt: String,
    status: String,
    created_at: Time,
    decided_at: Option<Time>,
    decided_by: Option<String>,
});

entity!(audit, "audit_log" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    actor: String,
    action: String,
    entity: String,
    entity_id: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    before: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    after: Option<Json>,
    at: Time,
});

entity!(outbox, "outbox" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    recipient: String,
    #[sea_orm(column_type = "JsonBinary")]
    payload: Json,
    dedupe_key: String,
    report_id: Option<Uuid>,
    attempts: i32,
    next_at: Time,
    lease_owner: Option<String>,
    sent_at: Option<Time>,
    given_up_at: Option<Time>,
    last_error: Option<String>,
    created_at: Time,
});

entity!(idempotency, "idempotency_keys" {
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    route: String,
    request_hash: String,
    status: i32,
    #[sea_orm(column_type = "JsonBinary")]
    response: Json,
    created_at: Time,
    expires_at: Time,
});
