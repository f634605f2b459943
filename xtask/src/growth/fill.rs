//! Rows as years leave them: paid, ready and sent, spread over the time that each table keeps them.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use crate::servers::Servers;

/// Ids that sort before those of today; `kind` keeps the tables apart.
const ID: &str = "CREATE OR REPLACE FUNCTION pg_temp.id(kind text, g bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('01900000-0000-' || kind || '-8000-' || lpad(to_hex(g), 12, '0'))::uuid $$;
    CREATE OR REPLACE FUNCTION pg_temp.hash(kind text, g bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT md5(kind || g::text) || md5(g::text || kind) $$;";

/// One report in two hundred has failed. Documents are small: their size is another question than their number.
const ROWS: &[&str] = &[
    "INSERT INTO quiz_sessions (id, token_sha256, industry, email, answers, questionnaire_version, readiness_score, teaser,
        status, consent_at, created_at, updated_at, completed_at, expires_at, version)
     SELECT pg_temp.id('7000', g), pg_temp.hash('s', g), 'dental', 'buyer' || g || '@practice.example',
        '{\"company_name\": \"Practice\", \"employee_count\": 9}', '1', 60, '{}', 'completed', t, t, t, t,
        t + interval '7 days', 3 FROM years",
    "INSERT INTO quiz_sessions (id, token_sha256, industry, answers, questionnaire_version, status, created_at, updated_at,
        expires_at, version)
     SELECT pg_temp.id('7010', g), pg_temp.hash('o', g), 'dental', '{\"employee_count\": 9}', '1', 'in_progress',
        now(), now(), now() + interval '5 days', 2 FROM years WHERE g % 20 = 0",
    "INSERT INTO orders (id, session_id, tier, amount_cents, currency, provider, email, checkout_ref, checkout_url,
        payment_ref, status, refunded_cents, paid_at, created_at, updated_at)
     SELECT pg_temp.id('7001', g), pg_temp.id('7000', g), 'report', 14700, 'EUR', 'stripe',
        'buyer' || g || '@practice.example', 'cs_old_' || g, 'https://pay.example/cs_old_' || g, 'pi_old_' || g, 'paid', 0,
        t, t, t FROM years",
    "INSERT INTO reports (id, order_id, session_id, tier, status, access_token_sha256, language, readiness_score, document,
        document_version, document_etag, document_gzip, kb_version, prompt_version, pdf_key, pdf_etag, pdf_bytes,
        started_at, ready_at, failed_at, failed_reason, refund_due, cost_microusd, event_seq, resends, created_at,
        updated_at)
     SELECT pg_temp.id('7002', g), pg_temp.id('7001', g), pg_temp.id('7000', g), 'report',
        CASE WHEN g % 200 = 1 THEN 'failed' ELSE 'ready' END, pg_temp.hash('r', g), 'en', 60, '{\"title\": \"Old\"}', 1,
        md5(g::text), '\\x1f8b', 'kb', 'p', 'reports/' || g || '.pdf', md5(g::text), 90000, t,
        CASE WHEN g % 200 = 1 THEN NULL ELSE t END, CASE WHEN g % 200 = 1 THEN t END,
        CASE WHEN g % 200 = 1 THEN 'sorry' END, g % 200 = 1, 100, 1, 0, t, t FROM years",
    "INSERT INTO report_jobs (report_id, state, attempt, max_attempts, run_after, enqueued_at, updated_at)
     SELECT pg_temp.id('7002', g), CASE WHEN g % 200 = 1 THEN 'dead' ELSE 'done' END, 1, 3, t, t, t FROM years",
    "INSERT INTO report_events (report_id, seq, at, kind, progress, payload)
     SELECT pg_temp.id('7002', g), 1, t, CASE WHEN g % 200 = 1 THEN 'failed' ELSE 'ready' END, 100, '{}' FROM years",
    "INSERT INTO llm_calls (id, report_id, task, model, attempt, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, cost_microusd, latency_ms, stop_reason, outcome, at)
     SELECT pg_temp.id('7003', g), pg_temp.id('7002', g), 'findings', 'claude', 1, 9000, 3000, 0, 0, 100, 20000,
        'end_turn', 'ok', kept FROM years",
    "INSERT INTO outbox (id, kind, recipient, payload, dedupe_key, report_id, attempts, next_at, sent_at, created_at)
     SELECT pg_temp.id('7004', g), 'report_ready', 'buyer' || g || '@practice.example', '{}', 'old:' || g,
        pg_temp.id('7002', g), 1, t, t, t FROM years",
    "INSERT INTO webhook_events (provider, event_id, type, received_at, processed_at, outcome, payload)
     SELECT 'stripe', 'evt_old_' || g, 'checkout.session.completed', kept, kept, 'applied', '{}' FROM years",
    "INSERT INTO audit_log (id, actor, action, entity, entity_id, at)
     SELECT pg_temp.id('7005', g), 'operator', 'retry', 'report', g::text, t FROM years",
    "INSERT INTO idempotency_keys (key, route, request_hash, status, response, created_at, expires_at)
     SELECT 'old-key-' || g, 'orders', md5(g::text), 201, '{}', now(), now() + interval '1 day' FROM years
     WHERE g % 20 = 0",
];

/// Brings each large table from `from` rows to `to`, with statistics as a database in service has them.
pub fn rows(servers: &Servers, database_url: &str, from: u64, to: u64) -> Result<()> {
    if to <= from {
        return Ok(());
    }
    let begin = Instant::now();
    // Keys between the tables are right by construction; checking each would take longer than writing it. Nobody reads
    // these plans.
    let count = to - from;
    let script = format!(
        "SET session_replication_role = replica; SET auto_explain.log_min_duration = -1; {ID}
         CREATE TEMP TABLE years AS SELECT g, now() - interval '300 days' * (1 - share) AS t,
            now() - interval '80 days' * (1 - share) AS kept
         FROM (SELECT g, (g - {from})::float8 / {count} AS share FROM generate_series({from} + 1, {to}) g) all_rows;
         {};",
        ROWS.join(";")
    );
    servers.sql(database_url, &script)?;
    servers.sql(database_url, "VACUUM ANALYZE")?;
    println!("filled to {to} rows a table in {:.0} s", begin.elapsed().as_secs_f64());
    Ok(())
}

/// Vendors like those that are there already, up to so many.
pub fn vendors(servers: &Servers, database_url: &str, to: u64) -> Result<()> {
    let script = format!(
        "SET auto_explain.log_min_duration = -1; {ID}
         CREATE TEMP TABLE more AS SELECT g, v.* FROM generate_series(1, {to} - (SELECT count(*) FROM vendors)) g
         JOIN (SELECT row_number() OVER (ORDER BY slug) AS place, * FROM vendors WHERE slug NOT LIKE 'more-%') v
         ON v.place = 1 + g % (SELECT count(*) FROM vendors WHERE slug NOT LIKE 'more-%');
         INSERT INTO vendors (id, slug, name, category, cross_industry, description, website, pricing_url, price_model,
            starting_price_cents, currency, free_tier, company_sizes, complexity, implementation_weeks,
            implementation_cents, api_openness, rating, verified_on, status, edited, version, created_at, updated_at)
         SELECT pg_temp.id('7006', {to} * 100000 + g), 'more-{to}-' || g, name || ' ' || g, category, cross_industry,
            description, website, pricing_url, price_model, starting_price_cents, currency, free_tier, company_sizes,
            complexity, implementation_weeks, implementation_cents, api_openness, rating, verified_on, status, true, 1,
            created_at, updated_at FROM more;
         INSERT INTO vendor_prices (id, vendor_id, tier_name, price_cents, currency, per, observed_on, source_url, source,
            created_at)
         SELECT pg_temp.id('7007', {to} * 100000 + g), pg_temp.id('7006', {to} * 100000 + g), 'Standard',
            starting_price_cents, currency, 'flat', current_date, pricing_url, 'admin', created_at FROM more;"
    );
    servers.sql(database_url, &script)?;
    servers.sql(database_url, "VACUUM ANALYZE vendors, vendor_prices")?;
    Ok(())
}

/// How many rows each table and each index has, by its statistics.
pub fn counted(servers: &Servers, database_url: &str) -> Result<BTreeMap<String, u64>> {
    let ask = "SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class WHERE relkind IN ('r', 'i')";
    let text = servers.sql(database_url, ask)?;
    let line = |line: &str| {
        let (name, count) = line.split_once('|')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    Ok(text.lines().filter_map(line).collect())
}
