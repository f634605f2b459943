//! Wake-ups inside this process: a hint that there is something to do, never the only way to learn it.

use tokio::sync::{Notify, broadcast};

use crate::domain::ids::ReportId;
use crate::store::Channel;

pub struct Wakes {
    jobs: Notify,
    mails: Notify,
    events: broadcast::Sender<ReportId>,
}

impl Default for Wakes {
    fn default() -> Self {
        Self { jobs: Notify::new(), mails: Notify::new(), events: broadcast::channel(1024).0 }
    }
}

impl Wakes {
    pub fn jobs(&self) {
        self.jobs.notify_one();
    }

    pub fn mails(&self) {
        self.mails.notify_one();
    }

    pub fn events(&self, report: ReportId) {
        // Nobody may be listening, which is fine.
        _ = self.events.send(report);
    }

    /// Something may have been missed: everybody looks again.
    pub fn everyone(&self) {
        self.jobs.notify_one();
        self.mails.notify_one();
        self.events(ReportId(uuid::Uuid::nil()));
    }

    /// A notification of another replica.
    pub fn relay(&self, channel: Channel, payload: &str) {
        match channel {
            Channel::Jobs => self.jobs(),
            Channel::Mails => self.mails(),
            Channel::Events => {
                if let Ok(report) = payload.parse() {
                    self.events(report);
                }
            }
            // Not a wake-up: whoever hears it forgets.
            Channel::Pages => {}
        }
    }

    pub async fn next_job(&self) {
        self.jobs.notified().await;
    }

    pub async fn next_mail(&self) {
        self.mails.notified().await;
    }

    pub(super) fn follow(&self) -> broadcast::Receiver<ReportId> {
        self.events.subscribe()
    }
}

/// The trace that a job goes on with, in W3C form.
pub(super) fn traceparent() -> Option<String> {
    use opentelemetry::trace::TraceContextExt as _;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;
    let context = tracing::Span::current().context();
    let span = context.span().span_context().clone();
    span.is_valid().then(|| format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8()))
}
