//! What the twin answers with: the product's own bytes, copied into a schema and a key of the twin's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use deadpool_redis::redis::AsyncCommands as _;
use deadpool_redis::redis::aio::MultiplexedConnection;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

/// Where the vendors' page lies in Redis.
pub const VENDORS_KEY: &str = "twins:vendors";

/// The tables, each with what the product has of that row and an answer needs.
const TABLES: &str = "
    DROP SCHEMA IF EXISTS twins CASCADE;
    CREATE SCHEMA twins;
    CREATE TABLE twins.reports (
        id uuid PRIMARY KEY,
        access_token_sha256 text NOT NULL UNIQUE,
        document jsonb NOT NULL,
        document_gzip bytea NOT NULL,
        document_etag text NOT NULL
    );
    CREATE TABLE twins.quiz_sessions (
        id uuid PRIMARY KEY,
        token_sha256 text NOT NULL UNIQUE,
        industry text NOT NULL,
        questionnaire_version text NOT NULL,
        status text NOT NULL,
        answers jsonb NOT NULL,
        completion_percent integer NOT NULL,
        missing jsonb NOT NULL,
        version bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
    );
    CREATE INDEX ON twins.quiz_sessions (status, expires_at);
    CREATE INDEX ON twins.quiz_sessions (expires_at);
";

/// The list of what was taken from the product. Files are named relative to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// The page of vendors, gzip.
    vendors: PathBuf,
    report: Report,
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    id: Uuid,
    token: String,
    /// Without quotes.
    etag: String,
    document: PathBuf,
    gzip: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    id: Uuid,
    token: String,
    /// The session as the product shows it.
    view: View,
}

#[derive(Deserialize)]
struct View {
    industry: String,
    questionnaire_version: String,
    status: String,
    answers: Value,
    completion_percent: i32,
    missing: Value,
    version: i64,
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// A token as the database knows it.
pub fn token_sha256(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

pub async fn store(list: &Path, pool: &PgPool, redis: &mut MultiplexedConnection) -> Result<()> {
    let text = fs::read(list).with_context(|| format!("{} cannot be read", list.display()))?;
    let copies: Copies =
        serde_json::from_slice(&text).with_context(|| format!("{} is no list of copies", list.display()))?;
    let folder = list.parent().unwrap_or(Path::new("."));
    let file = |path: &Path| {
        let path = folder.join(path);
        fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let _: () = redis.set(VENDORS_KEY, file(&copies.vendors)?).await?;

    sqlx::raw_sql(TABLES).execute(pool).await?;
    let report = copies.report;
    let document: Value = serde_json::from_slice(&file(&report.document)?).context("the report is no JSON")?;
    sqlx::query("INSERT INTO twins.reports VALUES ($1, $2, $3, $4, $5)")
        .bind(report.id)
        .bind(token_sha256(&report.token))
        .bind(Json(document))
        .bind(file(&report.gzip)?)
        .bind(report.etag)
        .execute(pool)
        .await?;
    for Session { id, token, view } in copies.sessions {
        sqlx::query("INSERT INTO twins.quiz_sessions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), $10)")
            .bind(id)
            .bind(token_sha256(&token))
            .bind(view.industry)
            .bind(view.questionnaire_version)
            .bind(view.status)
            .bind(Json(view.answers))
            .bind(view.completion_percent)
            .bind(Json(view.missing))
            .bind(view.version)
            .bind(view.expires_at)
            .execute(pool)
            .await?;
    }
    Ok(())
}
