//! The bare server: poem, sqlx and one connection to Redis; no layer between the socket and the handler.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use clap::Args;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncCommands as _, Client};
use poem::error::{BadRequest, InternalServerError};
use poem::http::{HeaderValue, StatusCode, header};
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::web::{Data, Path};
use poem::{EndpointExt as _, Request, Response, Route, Server, get, handler};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use sqlx::types::Json;
use uuid::Uuid;

use crate::copies::{self, VENDORS_KEY, token_sha256};

/// As many connections as the product takes when nobody tells it otherwise.
const POOL: u32 = 20;

#[derive(Args)]
pub struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// PostgreSQL; the twin keeps to a schema of its own
    #[arg(long)]
    database_url: String,
    #[arg(long)]
    redis_url: String,
    /// The list of what was copied from the product
    #[arg(long)]
    copies: PathBuf,
}

#[derive(Clone)]
struct State {
    pool: PgPool,
    redis: MultiplexedConnection,
}

#[derive(Serialize)]
struct Live {
    status: &'static str,
    timestamp: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Change {
    answers: serde_json::Map<String, serde_json::Value>,
}

/// The row and the answer at once.
#[derive(Serialize)]
struct Session {
    #[serde(rename = "session_id")]
    id: Uuid,
    industry: String,
    questionnaire_version: String,
    status: String,
    answers: Box<RawValue>,
    completion_percent: i32,
    missing: Box<RawValue>,
    version: i64,
    expires_at: DateTime<Utc>,
}

type Row = (String, String, String, Json<Box<RawValue>>, i32, Json<Box<RawValue>>, i64, DateTime<Utc>);

const VIEW: &str =
    "SELECT industry, questionnaire_version, status, answers, completion_percent, missing, version, expires_at
    FROM twins.quiz_sessions WHERE id = $1 AND token_sha256 = $2";
const ANSWER: &str = "UPDATE twins.quiz_sessions SET answers = answers || $4, version = version + 1, updated_at = $5
    WHERE id = $1 AND token_sha256 = $2 AND version = $3 AND status = 'in_progress' AND expires_at > $5
    RETURNING industry, questionnaire_version, status, answers, completion_percent, missing, version, expires_at";

pub async fn run(options: Options) -> Result<()> {
    let pool = PgPoolOptions::new().max_connections(POOL).connect(&options.database_url).await;
    let pool = pool.context("PostgreSQL does not answer")?;
    let redis = Client::open(options.redis_url).context("this is no address of a Redis")?;
    let mut redis = redis.get_multiplexed_async_connection().await.context("Redis does not answer")?;
    copies::store(&options.copies, &pool, &mut redis).await?;
    let routes = Route::new()
        .at("/health", get(health))
        .at("/vendors", get(vendors))
        .at("/reports/:id", get(report))
        .at("/sessions/:id", get(session).patch(answer))
        .data(State { pool, redis });
    let acceptor = TcpListener::bind(options.listen).into_acceptor().await?;
    let address = acceptor.local_addr().into_iter().next().context("no address")?;
    println!("crb-twins listening on http://{}", address.as_socket_addr().context("no socket")?);
    std::io::stdout().flush()?;
    Server::new_with_acceptor(acceptor).run(routes).await.context("the server stopped")
}

#[handler]
fn health() -> Response {
    json(&Live { status: "healthy", timestamp: now() })
}

#[handler]
async fn vendors(Data(state): Data<&State>) -> poem::Result<Response> {
    let bytes: Vec<u8> = state.redis.clone().get(VENDORS_KEY).await.map_err(InternalServerError)?;
    Ok(compressed(bytes))
}

#[handler]
async fn report(Data(state): Data<&State>, Path(id): Path<Uuid>, request: &Request) -> poem::Result<Response> {
    let found: Option<(Vec<u8>, String)> = sqlx::query_as(
        "SELECT document_gzip, document_etag FROM twins.reports WHERE id = $1 AND access_token_sha256 = $2",
    )
    .bind(id)
    .bind(token_sha256(token(request)?))
    .fetch_optional(&state.pool)
    .await
    .map_err(InternalServerError)?;
    let (bytes, etag) = found.ok_or(StatusCode::NOT_FOUND)?;
    let mut response = compressed(bytes);
    response.headers_mut().insert(header::ETAG, quoted(&etag)?);
    Ok(response)
}

#[handler]
async fn session(Data(state): Data<&State>, Path(id): Path<Uuid>, request: &Request) -> poem::Result<Response> {
    let row = sqlx::query_as(VIEW).bind(id).bind(token_sha256(token(request)?)).fetch_optional(&state.pool).await;
    show(id, row.map_err(InternalServerError)?)
}

#[handler]
async fn answer(
    Data(state): Data<&State>,
    Path(id): Path<Uuid>,
    request: &Request,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let version = request.header(header::IF_MATCH).and_then(|text| text.trim_matches('"').parse::<i64>().ok());
    let change: Change = serde_json::from_slice(&body).map_err(BadRequest)?;
    let row = sqlx::query_as(ANSWER)
        .bind(id)
        .bind(token_sha256(token(request)?))
        .bind(version.ok_or(StatusCode::PRECONDITION_REQUIRED)?)
        .bind(Json(change.answers))
        .bind(now())
        .fetch_optional(&state.pool)
        .await;
    show(id, row.map_err(InternalServerError)?)
}

fn show(id: Uuid, row: Option<Row>) -> poem::Result<Response> {
    let row = row.ok_or(StatusCode::CONFLICT)?;
    let (industry, questionnaire_version, status, answers, completion_percent, missing, version, expires_at) = row;
    let mut response = json(&Session {
        id,
        industry,
        questionnaire_version,
        status,
        answers: answers.0,
        completion_percent,
        missing: missing.0,
        version,
        expires_at,
    });
    response.headers_mut().insert(header::ETAG, quoted(&version.to_string())?);
    Ok(response)
}

fn json(body: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(body).expect("a body of ours has text keys");
    Response::builder().header(header::CONTENT_TYPE, HeaderValue::from_static("application/json")).body(bytes)
}

fn compressed(bytes: Vec<u8>) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        .body(bytes)
}

fn token(request: &Request) -> poem::Result<&str> {
    let token = request.header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    Ok(token.ok_or(StatusCode::UNAUTHORIZED)?)
}

fn quoted(tag: &str) -> poem::Result<HeaderValue> {
    HeaderValue::from_str(&format!("\"{tag}\"")).map_err(InternalServerError)
}

fn now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the bare handler has no door that would ask the clock for it")]
    Utc::now()
}
