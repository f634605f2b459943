//! What this process has done since it started, counted where it is done: by the whole, and by the operation that asked
//! for it.
//!
//! How many statements a request takes is a promise that the load test keeps; unlike a duration it has no noise.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One for the process; the floors that do the work share it.
#[derive(Debug, Default)]
pub struct Counters {
    whole: [AtomicU64; Counted::COUNT],
    operations: Mutex<BTreeMap<&'static str, Operation>>,
    /// Bytes that the HTTP door has written.
    pub sent: Arc<AtomicU64>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Statement,
    RedisCommand,
    /// One request to the API, whatever came of it.
    ClaudeCall,
    ReportReady,
    ReportFailed,
    Pdf,
    /// Microseconds of processor time that a planted fault has spent.
    PlantedTime,
}

impl Counted {
    const COUNT: usize = Self::PlantedTime as usize + 1;
}

/// An operation's calls, and what they took together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Operation {
    pub requests: u64,
    pub statements: u64,
    pub redis_commands: u64,
    pub claude_calls: u64,
}

/// What the operating system says of this process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Process {
    /// User and system mode, all threads.
    pub cpu_seconds: f64,
    pub resident_bytes: u64,
    pub peak_resident_bytes: u64,
}

tokio::task_local! {
    /// The tally of the call that is being answered. What a call leaves to other tasks counts for the whole alone.
    static CALL: [Cell<u64>; 3];
}

impl Counters {
    pub fn count(&self, work: Counted) {
        self.add(work, 1);
    }

    pub fn add(&self, work: Counted, number: u64) {
        self.whole[work as usize].fetch_add(number, Ordering::Relaxed);
        if work as usize <= Counted::ClaudeCall as usize {
            // Outside a call there is no tally to keep.
            let _ = CALL.try_with(|tally| tally[work as usize].set(tally[work as usize].get() + number));
        }
    }

    pub fn get(&self, work: Counted) -> u64 {
        self.whole[work as usize].load(Ordering::Relaxed)
    }

    /// Runs a call with a tally of its own, and enters it under its operation.
    pub async fn during<T>(&self, operation: &'static str, call: impl Future<Output = T>) -> T {
        let tallied = async {
            let answer = call.await;
            (answer, CALL.with(|tally| tally.each_ref().map(Cell::get)))
        };
        let (answer, [statements, redis_commands, claude_calls]) =
            CALL.scope(<[Cell<u64>; 3]>::default(), tallied).await;
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = operations.entry(operation).or_default();
        sum.requests += 1;
        sum.statements += statements;
        sum.redis_commands += redis_commands;
        sum.claude_calls += claude_calls;
        answer
    }

    pub fn operations(&self) -> BTreeMap<&'static str, Operation> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Processor time of this thread.
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// From the kernel's files; zero on a system without them.
pub fn process() -> Process {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    Process {
        cpu_seconds: processor(&stat).unwrap_or(0.0),
        resident_bytes: bytes(&status, "VmRSS:").unwrap_or(0),
        peak_resident_bytes: bytes(&status, "VmHWM:").unwrap_or(0),
    }
}

/// From a line such as `VmRSS:     1234 kB`.
fn bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
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

    #[tokio::test]
    async fn work_counts_for_the_whole_and_for_the_call_that_asked_for_it() {
        let counters = Arc::new(Counters::default());
        counters.count(Counted::Statement);
        let two = |operation| {
            let counters = Arc::clone(&counters);
            async move {
                let call = async {
                    counters.count(Counted::Statement);
                    tokio::task::yield_now().await;
                    counters.count(Counted::Statement);
                    counters.add(Counted::Pdf, 3);
                };
                counters.during(operation, call).await;
            }
        };
        tokio::join!(two("report_view"), two("report_view"), two("vendor_list"));
        assert_eq!((counters.get(Counted::Statement), counters.get(Counted::Pdf)), (7, 9));
        let operations = counters.operations();
        assert_eq!(operations["report_view"], Operation { requests: 2, statements: 4, ..Operation::default() });
        assert_eq!(operations["vendor_list"], Operation { requests: 1, statements: 2, ..Operation::default() });
    }

    #[tokio::test]
    async fn a_call_that_is_dropped_is_not_entered() {
        let counters = Counters::default();
        let dropped = counters.during("report_view", std::future::pending::<()>());
        assert!(tokio::time::timeout(Duration::from_millis(1), dropped).await.is_err());
        assert!(counters.operations().is_empty());
    }

    #[test]
    fn the_kernels_files_are_read() {
        assert_eq!(bytes("VmHWM:\t 9 kB\nVmRSS:\t    2048 kB\n", "VmRSS:"), Some(2_097_152));
        assert_eq!(bytes("VmHWM:\t 9 kB\nVmRSS:\t    2048 kB\n", "VmHWM:"), Some(9_216));
        let stat = "42 (crb (worker)) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9";
        assert_eq!(processor(stat), Some(3.0));
        assert_eq!((bytes("", "VmRSS:"), processor("")), (None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_some_of_each() {
        let started = thread_time();
        while thread_time().saturating_sub(started) < Duration::from_millis(20) {}
        let process = process();
        assert!(process.resident_bytes > 1_000_000 && process.peak_resident_bytes >= process.resident_bytes);
        assert!(process.cpu_seconds >= 0.01, "{process:?}");
    }
}
