//! What a report costs: every attempt is entered, and the budgets are asked before the next call.

use chrono::{DateTime, Days, NaiveTime, Utc};
use opentelemetry::KeyValue;

use super::super::App;
use crate::clients::claude::Attempt;
use crate::clients::pricing;
use crate::counters::Counted;
use crate::domain::ids::{CallId, ReportId};
use crate::domain::replies::Task;
use crate::error::{Error, Result};
use crate::store;

pub(super) struct Ledger<'a> {
    pub app: &'a App,
    pub report: ReportId,
}

impl Ledger<'_> {
    /// May this report make another call? A report above its budget is given up; a day above its budget waits.
    pub async fn admit(&self) -> Result<()> {
        let claude = &self.app.config.claude;
        let now = self.app.now();
        let spent = store::calls::spent(self.app.db.conn(), self.report, midnight(now)).await?;
        if spent.report_microusd >= claude.report_budget_microusd {
            return Err(Error::internal("the report has used up its budget"));
        }
        within_day(self.app, spent.day_microusd, now)
    }

    /// One row an attempt, whatever came of it: a broken call is paid for too.
    pub async fn enter(&self, task: Task, model: &str, attempts: &[Attempt]) -> Result<()> {
        let at = self.app.now();
        let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        for attempt in attempts {
            self.app.counters.count(Counted::ClaudeCall);
            let cost_microusd = pricing::cost_microusd(model, &attempt.usage, at)?;
            let usage = attempt.usage;
            let call = store::calls::Call {
                id: CallId::new(),
                report_id: self.report,
                task: task.to_string(),
                model: model.to_owned(),
                attempt: attempt.attempt,
                input_tokens: tokens(usage.input),
                output_tokens: tokens(usage.output),
                cache_read_tokens: tokens(usage.cache_read),
                cache_write_tokens: tokens(usage.cache_write),
                cost_microusd,
                latency_ms: tokens(attempt.latency_ms),
                ttft_ms: attempt.ttft_ms.map(tokens),
                stop_reason: attempt.stop_reason.clone(),
                outcome: attempt.outcome,
                provider_request_id: attempt.provider_request_id.clone(),
                at,
            };
            store::calls::insert(self.app.db.conn(), &call).await?;
            let labels =
                [KeyValue::new("gen_ai.request.model", model.to_owned()), KeyValue::new("crb.task", task.as_str())];
            opentelemetry::global::meter("crb")
                .f64_counter("crb.claude.cost_usd")
                .build()
                .add(cost_microusd as f64 / 1e6, &labels);
        }
        Ok(())
    }
}

/// A report's row learns with each event what its calls have cost. This is for the calls behind the last one, of an attempt
/// that failed.
pub async fn count_cost(app: &App, report: ReportId) {
    if let Err(error) = store::reports::count_cost(app.db.conn(), report).await {
        tracing::warn!(report.id = %report, error = %error.chain(), "what a report has cost is shown with its next event");
    }
}

/// Whether the day may spend more. The error carries the wait until the next.
pub async fn admit_day(app: &App) -> Result<()> {
    let now = app.now();
    within_day(app, store::calls::cost_since(app.db.conn(), midnight(now)).await?, now)
}

fn within_day(app: &App, spent_microusd: i64, now: DateTime<Utc>) -> Result<()> {
    if spent_microusd < app.config.claude.day_budget_microusd {
        return Ok(());
    }
    let wait = midnight(now).checked_add_days(Days::new(1)).and_then(|next| (next - now).to_std().ok());
    Err(Error::unavailable("the day's budget for Claude is used up").retry_after(wait.unwrap_or_default()))
}

/// The last one.
fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(NaiveTime::MIN).and_utc()
}
