//! Health: alive, ready, and the state of every part. Probes never write, and no limit applies to them.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

use poem::web::Data;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::json::Json;
use crate::app::{App, health};
use crate::error::Result;

pub(super) struct Health;

#[derive(ApiResponse)]
enum Readiness {
    /// Send requests here
    #[oai(status = 200)]
    Ready(Json<health::Ready>),
    /// Send requests elsewhere
    #[oai(status = 503)]
    NotReady(Json<health::Ready>),
}

#[OpenApi(prefix_path = "/api/health", tag = "Tag::Health")]
impl Health {
    /// Whether the process lives
    ///
    /// Touches nothing.
    #[oai(path = "/", method = "get", operation_id = "health_live")]
    async fn live(&self, Data(app): Data<&App>) -> Result<Json<health::Live>> {
        Ok(Json(health::live(app.now())))
    }

    /// Whether requests should be sent here
    ///
    /// Only when the database is reachable, its schema is new enough, and the process is not about to stop.
    #[oai(path = "/ready", method = "get", operation_id = "health_ready")]
    async fn ready(&self, Data(app): Data<&App>) -> Result<Readiness> {
        let state = health::ready(app).await;
        Ok(if state.ready { Readiness::Ready(Json(state)) } else { Readiness::NotReady(Json(state)) })
    }

    /// The state of every part
    #[oai(path = "/detailed", method = "get", operation_id = "health_detail")]
    async fn detail(&self, Data(app): Data<&App>) -> Result<Json<health::Detailed>> {
        Ok(Json(health::detailed(app, app.now()).await))
    }
}
