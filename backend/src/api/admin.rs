//! For operators: the queue, cost, audit and cache here; vendors, prices and proposals in `catalogue`.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

mod catalogue;

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use schemars::JsonSchema;
use serde::Serialize;

pub(super) use catalogue::Catalogue;

use super::Tag;
use super::access::Operator;
use super::json::Json;
use super::parameters::{Cursor, Limit, limit_or_default};
use super::replies::{Done, Items};
use crate::app::admin::{self, AuditRow, CallRow, CountersView, ReportRow, Stats};
use crate::app::{App, Page};
use crate::domain::ids::{ReportId, ReportStatus};
use crate::error::{Error, Result};

pub(super) struct Admin;

/// Who the token names.
#[derive(Serialize, JsonSchema)]
struct OperatorSession {
    actor: String,
    /// When the token stops working.
    expires: DateTime<Utc>,
}

#[OpenApi(prefix_path = "/api/v1/admin", tag = "Tag::Admin")]
impl Admin {
    /// Who the token names
    #[oai(path = "/session", method = "get", operation_id = "admin_session_view")]
    async fn session(&self, Operator(operator): Operator) -> Result<Json<OperatorSession>> {
        let expires = DateTime::from_timestamp(operator.expires, 0).ok_or_else(|| Error::internal("no such moment"))?;
        Ok(Json(OperatorSession { actor: operator.actor, expires }))
    }

    /// Reports, newest first
    #[oai(path = "/reports", method = "get", operation_id = "admin_report_list")]
    async fn reports(
        &self,
        Data(app): Data<&App>,
        Operator(_operator): Operator,
        /// Only in this state
        Query(status): Query<Option<ReportStatus>>,
        /// The `next` of the page before
        Query(cursor): Query<Option<Cursor>>,
        /// How many
        Query(limit): Query<Option<Limit>>,
    ) -> Result<Json<Page<ReportRow>>> {
        let cursor = cursor.map(Cursor::into_inner);
        admin::reports(app, status, cursor, limit_or_default(limit)).await.map(Json)
    }

    /// Queue a failed report again
    ///
    /// A conflict in every other state.
    #[oai(path = "/reports/:id/retry", method = "post", operation_id = "admin_report_retry")]
    async fn retry(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(id): Path<ReportId>,
    ) -> Result<Json<ReportRow>> {
        admin::retry(app, &operator.actor, id, app.now()).await.map(Json)
    }

    /// What a report asked of the model, and what that cost
    #[oai(path = "/reports/:id/llm-calls", method = "get", operation_id = "admin_call_list")]
    async fn calls(
        &self,
        Data(app): Data<&App>,
        Operator(_operator): Operator,
        Path(id): Path<ReportId>,
    ) -> Result<Json<Items<CallRow>>> {
        Ok(Json(Items { items: admin::calls(app, id).await? }))
    }

    /// The queue, the last day, and cost a day
    #[oai(path = "/stats", method = "get", operation_id = "admin_stats_view")]
    async fn stats(&self, Data(app): Data<&App>, Operator(_operator): Operator) -> Result<Json<Stats>> {
        admin::stats(app, app.now()).await.map(Json)
    }

    /// What this process has done since it started
    ///
    /// For a load test: statements, commands, calls and processor time, by the whole and by operation.
    #[oai(path = "/counters", method = "get", operation_id = "admin_counters_view")]
    async fn counters(&self, Data(app): Data<&App>, Operator(_operator): Operator) -> Result<Json<CountersView>> {
        admin::counters(app).await.map(Json)
    }

    /// Who changed what, newest first
    #[oai(path = "/audit", method = "get", operation_id = "admin_audit_list")]
    async fn audit(
        &self,
        Data(app): Data<&App>,
        Operator(_operator): Operator,
        /// The `next` of the page before
        Query(cursor): Query<Option<Cursor>>,
        /// How many
        Query(limit): Query<Option<Limit>>,
    ) -> Result<Json<Page<AuditRow>>> {
        admin::audit(app, cursor.map(Cursor::into_inner), limit_or_default(limit)).await.map(Json)
    }

    /// Forget everything that is cached
    #[oai(path = "/cache/flush", method = "post", operation_id = "admin_cache_flush")]
    async fn flush(&self, Data(app): Data<&App>, Operator(operator): Operator) -> Result<Done> {
        admin::flush_cache(app, &operator.actor, app.now()).await?;
        Ok(Done)
    }
}
