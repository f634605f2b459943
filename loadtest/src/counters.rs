//! The server's own counts, behind the operator's door: read before and after, and what lies between.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::api::Api;
use crate::caller::Caller;
use crate::summary::{Operation, Server};

const OPERATION: &str = "admin_counters_view";
const PATIENCE: Duration = Duration::from_secs(30);
const ASKED_AGAIN: Duration = Duration::from_millis(500);

/// Everything since the process started. What it counts beyond this is not read.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Counters {
    pub statements: u64,
    pub redis_commands: u64,
    pub claude_calls: u64,
    pub sent_bytes: u64,
    pub reports_ready: u64,
    pub reports_failed: u64,
    pub jobs_left: u64,
    pub mails_left: u64,
    pub cpu_seconds: f64,
    pub peak_resident_bytes: u64,
    pub pdfs: u64,
    pub pdf_cpu_seconds: f64,
    pub operations: BTreeMap<String, Tally>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Tally {
    pub requests: u64,
    pub statements: u64,
    pub redis_commands: u64,
    #[serde(default)]
    pub claude_calls: u64,
}

/// The way to the counts. It stands in no ledger of the load.
#[derive(Debug)]
pub struct Door<'a> {
    pub caller: &'a Caller,
    pub token: &'a SecretString,
}

impl Door<'_> {
    pub async fn read(&self) -> Result<Counters> {
        let operation = Api::published().find(OPERATION);
        let operation = operation.with_context(|| format!("the product publishes no operation {OPERATION}"))?;
        let url = self.caller.origin().join(&operation.target(&[]))?;
        let request = self.caller.client().request(operation.method.clone(), url).timeout(PATIENCE);
        let response = request.bearer_auth(self.token.expose_secret()).send().await.context("no counters")?;
        let status = response.status();
        if status != reqwest::StatusCode::OK {
            bail!("the counters' door answers {status}; is the operator's token right?");
        }
        response.json().await.context("the counters are not as agreed")
    }

    /// The counts once no job and no mail is left, or as they are when our patience ends.
    pub async fn settle(&self, patience: Duration) -> Result<Counters> {
        let until = Instant::now() + patience;
        loop {
            let counters = self.read().await?;
            if (counters.jobs_left == 0 && counters.mails_left == 0) || Instant::now() >= until {
                return Ok(counters);
            }
            tokio::time::sleep(ASKED_AGAIN).await;
        }
    }
}

impl Counters {
    /// What happened since `before`. A process that was started anew in between counts from zero, and shows as such.
    pub fn since(&self, before: &Self) -> Server {
        let operations = self.operations.iter().map(|(id, after)| {
            let before = before.operations.get(id).copied().unwrap_or_default();
            let operation = Operation {
                requests: after.requests.saturating_sub(before.requests),
                statements: after.statements.saturating_sub(before.statements),
                redis_commands: after.redis_commands.saturating_sub(before.redis_commands),
                claude_calls: after.claude_calls.saturating_sub(before.claude_calls),
            };
            (id.clone(), operation)
        });
        Server {
            operations: operations.filter(|(_, operation)| operation.requests > 0).collect(),
            statements: self.statements.saturating_sub(before.statements),
            redis_commands: self.redis_commands.saturating_sub(before.redis_commands),
            claude_calls: self.claude_calls.saturating_sub(before.claude_calls),
            sent_bytes: self.sent_bytes.saturating_sub(before.sent_bytes),
            reports_ready: self.reports_ready.saturating_sub(before.reports_ready),
            reports_failed: self.reports_failed.saturating_sub(before.reports_failed),
            jobs_left: self.jobs_left,
            cpu_seconds: (self.cpu_seconds - before.cpu_seconds).max(0.0),
            peak_resident_bytes: self.peak_resident_bytes,
            pdfs: self.pdfs.saturating_sub(before.pdfs),
            pdf_cpu_seconds: (self.pdf_cpu_seconds - before.pdf_cpu_seconds).max(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Counters;

    fn counters(factor: u64) -> Counters {
        let count = |number: u64| number * factor;
        serde_json::from_value(json!({
            "statements": count(100), "redis_commands": count(10), "claude_calls": count(7), "sent_bytes": count(5_000),
            "reports_ready": count(1), "reports_failed": 0, "jobs_left": 2, "mails_left": 0, "cpu_seconds": count(2),
            "resident_bytes": 1, "peak_resident_bytes": 50, "pdfs": count(3), "pdf_cpu_seconds": count(1),
            "operations": {
                "order_view": {"requests": count(4), "statements": count(8), "redis_commands": 0, "sent_bytes": 9},
                "report_write": {"requests": count(1), "statements": count(30), "redis_commands": 0, "sent_bytes": 0,
                    "claude_calls": count(7)},
                "health_live": {"requests": 5, "statements": 0, "redis_commands": 0, "sent_bytes": 9}
            }
        }))
        .expect("as agreed")
    }

    #[test]
    fn a_run_is_what_lies_between_two_readings() {
        let server = counters(3).since(&counters(1));
        assert_eq!((server.statements, server.claude_calls, server.pdfs), (200, 14, 6));
        assert_eq!((server.jobs_left, server.peak_resident_bytes), (2, 50), "these are states and no counts");
        assert_eq!(server.operations["report_write"].claude_calls, 14);
        assert_eq!(server.operations["order_view"].statements, 16);
        assert!(!server.operations.contains_key("health_live"), "nobody asked for it in between");
        assert!((server.cpu_seconds - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_server_that_was_started_anew_gives_nothing_negative() {
        let server = counters(1).since(&counters(3));
        assert_eq!((server.statements, server.cpu_seconds), (0, 0.0));
    }
}
