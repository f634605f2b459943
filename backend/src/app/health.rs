//! Health: alive, ready, and every dependency's state. Probes never write.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::App;
use crate::config::Stage;
use crate::error::{Error, Result};
use crate::store::{self, MigrationState};

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Live {
    /// Always `healthy`.
    pub status: String,
    pub timestamp: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Ready {
    pub ready: bool,
    /// Why not: `draining`, `database`, `migrations`.
    pub reasons: Vec<String>,
    pub version: String,
    pub revision: String,
    /// Of the image that runs, where a deploy has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Detailed {
    /// `healthy` or `degraded`.
    pub status: String,
    pub timestamp: DateTime<Utc>,
    pub version: String,
    pub revision: String,
    /// Of the image that runs, where a deploy has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    pub environment: String,
    /// `database`, `redis`, `claude_api`, `queue`.
    pub checks: BTreeMap<String, Check>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Check {
    /// `healthy`, `degraded`, `unhealthy` or `not_configured`.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// In production a class (`timeout`, `refused`), never an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<i64>,
}

pub fn live(now: DateTime<Utc>) -> Live {
    Live { status: "healthy".into(), timestamp: now }
}

/// May traffic come? The database answers, the schema is new enough, and nobody has told us to stop.
pub async fn ready(app: &App) -> Ready {
    let mut reasons = Vec::new();
    if app.is_draining() {
        reasons.push("draining".to_owned());
    }
    match app.db.ping().await {
        Err(_) => reasons.push("database".into()),
        Ok(()) => match app.db.migration_state().await {
            Ok(MigrationState::Current | MigrationState::Ahead(_)) => {}
            Ok(MigrationState::Behind(_)) | Err(_) => reasons.push("migrations".into()),
        },
    }
    Ready {
        ready: reasons.is_empty(),
        reasons,
        version: app.config.version.clone(),
        revision: app.config.revision.clone(),
        image_digest: app.config.image_digest.clone(),
    }
}

pub async fn detailed(app: &App, now: DateTime<Utc>) -> Detailed {
    let (database, redis, queue) = tokio::join!(
        timed(app, app.db.ping()),
        async {
            match app.config.redis {
                Some(_) => timed(app, app.cache.ping()).await,
                None => Check::of("not_configured"),
            }
        },
        queue(app, now),
    );
    // The key is there or not; a probe never spends money.
    let claude = Check::of(if app.config.claude.api_key.is_some() { "healthy" } else { "not_configured" });
    let checks: BTreeMap<String, Check> =
        [("database", database), ("redis", redis), ("claude_api", claude), ("queue", queue)]
            .into_iter()
            .map(|(name, check)| (name.to_owned(), check))
            .collect();
    let well = checks.values().all(|check| matches!(check.status.as_str(), "healthy" | "not_configured"));
    Detailed {
        status: if well { "healthy" } else { "degraded" }.into(),
        timestamp: now,
        version: app.config.version.clone(),
        revision: app.config.revision.clone(),
        image_digest: app.config.image_digest.clone(),
        environment: app.config.stage.to_string(),
        checks,
    }
}

impl Check {
    fn of(status: &str) -> Self {
        Self { status: status.into(), latency_ms: None, error: None, depth: None }
    }
}

async fn timed(app: &App, probe: impl Future<Output = Result<()>>) -> Check {
    let start = Instant::now();
    let outcome = probe.await;
    let latency_ms = Some((start.elapsed().as_secs_f64() * 100_000.0).round() / 100.0);
    match outcome {
        Ok(()) => Check { latency_ms, ..Check::of("healthy") },
        Err(error) => Check { latency_ms, error: Some(name(app, &error)), ..Check::of("unhealthy") },
    }
}

/// Jobs older than this mean that nobody is working.
const OLD_JOB: Duration = Duration::from_mins(5);

async fn queue(app: &App, now: DateTime<Utc>) -> Check {
    match store::jobs::depth(app.db.conn(), now).await {
        Ok(depth) => {
            let stuck = depth.oldest_wait.is_some_and(|wait| wait > OLD_JOB);
            let depth = i64::try_from(depth.queued).unwrap_or(i64::MAX);
            Check { depth: Some(depth), ..Check::of(if stuck { "degraded" } else { "healthy" }) }
        }
        Err(error) => Check { error: Some(name(app, &error)), ..Check::of("unhealthy") },
    }
}

/// The class of an error. Only a developer is told more: a cause can hold an address.
fn name(app: &App, error: &Error) -> String {
    match app.config.stage {
        Stage::Development | Stage::Test => error.chain(),
        Stage::Staging | Stage::Production => error.kind().code().into(),
    }
}
