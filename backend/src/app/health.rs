//! Health: alive, ready, and every dependency's state. Probes never write.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::App;

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
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Detailed {
    /// `healthy` or `degraded`.
    pub status: String,
    pub timestamp: DateTime<Utc>,
    pub version: String,
    pub revision: String,
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

pub async fn ready(app: &App) -> Ready {
    let _ = app;
    todo!()
}

pub async fn detailed(app: &App, now: DateTime<Utc>) -> Detailed {
    let _ = (app, now);
    todo!()
}
