//! Gauges: figures that are asked for when metrics leave, of the parts that know them and of the process itself.

use opentelemetry::global;

use crate::counters;

/// What a part of the house can tell about itself at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    PoolOpen,
    PoolIdle,
    QueueDepth,
    /// Seconds that the oldest job which could run has been waiting.
    QueueOldestWait,
    OutboxPending,
}

impl Gauge {
    /// Name, unit, meaning.
    const fn describe(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::PoolOpen => ("crb.db.pool.open", "{connection}", "Open connections to the database"),
            Self::PoolIdle => ("crb.db.pool.idle", "{connection}", "Open connections to the database not in use"),
            Self::QueueDepth => ("crb.jobs.queue_depth", "{job}", "Jobs that wait or run"),
            Self::QueueOldestWait => ("crb.jobs.oldest_wait", "s", "How long the oldest job has been waiting"),
            Self::OutboxPending => ("crb.outbox.pending", "{mail}", "Mails that are not sent yet"),
        }
    }
}

/// Asks `read` whenever metrics leave, on the exporter's own thread: it must not wait for anything.
pub fn observe(gauge: Gauge, read: impl Fn() -> f64 + Send + Sync + 'static) {
    let (name, unit, meaning) = gauge.describe();
    // The provider keeps the callback; the handle is of no use.
    let _ = global::meter("crb")
        .f64_observable_gauge(name)
        .with_unit(unit)
        .with_description(meaning)
        .with_callback(move |observer| observer.observe(read(), &[]))
        .build();
}

/// Memory and processor time, as the kernel tells them.
pub(super) fn observe_process() {
    let meter = global::meter("crb");
    let _ = meter
        .u64_observable_gauge("process.memory.usage")
        .with_unit("By")
        .with_description("Resident memory")
        .with_callback(|observer| observer.observe(counters::process().resident_bytes, &[]))
        .build();
    let _ = meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Processor time of all threads")
        .with_callback(|observer| observer.observe(counters::process().cpu_seconds, &[]))
        .build();
}
