//! Gauges: figures that are asked for when metrics leave, of the parts that know them and of the process itself.

use std::fs;

use opentelemetry::global;

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

/// Memory and processor time, from the kernel's files; on a system without them nothing is told.
pub(super) fn observe_process() {
    let meter = global::meter("crb");
    let _ = meter
        .u64_observable_gauge("process.memory.usage")
        .with_unit("By")
        .with_description("Resident memory")
        .with_callback(|observer| {
            if let Some(bytes) = fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident) {
                observer.observe(bytes, &[]);
            }
        })
        .build();
    let _ = meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Processor time of all threads")
        .with_callback(|observer| {
            if let Some(seconds) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(processor) {
                observer.observe(seconds, &[]);
            }
        })
        .build();
}

/// Bytes, from the line `VmRSS:     1234 kB`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Seconds in user and system mode: fields 14 and 15, counted behind the name, which may hold blanks. The kernel
/// counts for programs in hundredths, whatever it does itself.
fn processor(stat: &str) -> Option<f64> {
    let mut ticks = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = ticks.next()?.parse().ok()?;
    let system: u64 = ticks.next()?.parse().ok()?;
    Some((user + system) as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_read() {
        assert_eq!(resident("VmPeak:\t 9 kB\nVmRSS:\t    2048 kB\n"), Some(2_097_152));
        let stat = "42 (crb (worker)) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9";
        assert_eq!(processor(stat), Some(3.0));
        assert_eq!((resident(""), processor("")), (None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_some_of_both() {
        let read = |name: &str| fs::read_to_string(name).expect("a file of the kernel's");
        assert!(resident(&read("/proc/self/status")).is_some_and(|bytes| bytes > 1_000_000));
        assert!(processor(&read("/proc/self/stat")).is_some_and(|seconds| seconds >= 0.0));
    }
}
