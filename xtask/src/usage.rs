//! What a running process has used, by the kernel's own books: honest also where the machine is busy.

use std::fs;

use anyhow::{Context as _, Result};

/// What two looks at the kernel's ticks can differ by and mean nothing.
const TICKS_MS: f64 = 20.0;

/// Processor time of all its threads, user and system, since it started.
pub fn cpu_seconds(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    let ticks = ticks(&stat.context("the process is gone")?).context("/proc's stat cannot be read")?;
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// The same to the nanosecond, of the threads that are there now: for spans too short for the kernel's ticks.
pub fn cpu_nanoseconds(process: u32) -> Result<u64> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).context("the process is gone")?;
    let of_thread = |path: std::path::PathBuf| {
        // A thread may end between the list and the look.
        let text = fs::read_to_string(path.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    Ok(threads.filter_map(Result::ok).filter_map(|thread| of_thread(thread.path())).sum())
}

/// Of a process and its children.
pub fn family_nanoseconds(process: u32) -> Result<u64> {
    let is_child = |id: u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        Some(stat.rsplit_once(')')?.1.split_whitespace().nth(1)? == process.to_string())
    };
    let everybody = fs::read_dir("/proc").context("/proc cannot be read")?;
    let ids = everybody.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let children = ids.filter(|id| is_child(*id) == Some(true));
    let used = children.map(|id| cpu_nanoseconds(id).unwrap_or_default()).sum::<u64>();
    Ok(cpu_nanoseconds(process)? + used)
}

/// What a process used between two looks, in milliseconds. Threads that ended take their nanoseconds with them; the
/// kernel's ticks keep them, so those count where they say clearly more.
pub fn milliseconds_between(before: (u64, f64), after: (u64, f64)) -> f64 {
    let fine = after.0.saturating_sub(before.0) as f64 / 1e6;
    let coarse = (after.1 - before.1) * 1000.0;
    if coarse > fine + TICKS_MS { coarse } else { fine }
}

/// Resident memory now and at its highest, in KiB.
pub fn resident_kib(process: u32) -> Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("the process is gone")?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    field("VmRSS:").zip(field("VmHWM:")).context("/proc's status cannot be read")
}

/// How many processes wanted to run lately, ours included.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// The name stands in brackets and may hold anything, so counting begins behind the last one.
fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(number(11)? + number(12)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_found_behind_any_name() {
        let stat = "17 (a) b (c) S 1 17 17 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 5 0 900 1 2";
        assert_eq!(ticks(stat), Some(300));
    }

    #[test]
    fn threads_that_ended_are_counted_by_ticks() {
        assert!((milliseconds_between((9_000_000, 1.0), (1_000_000, 1.05)) - 50.0).abs() < 1e-6);
        assert!((milliseconds_between((1_000_000, 1.0), (4_500_000, 1.01)) - 3.5).abs() < 1e-6);
    }

    #[test]
    fn this_process_uses_memory() {
        let (now, peak) = resident_kib(std::process::id()).unwrap();
        assert!(now > 0 && peak >= now);
        assert!(cpu_seconds(std::process::id()).unwrap() >= 0.0);
        assert!(resident_kib(u32::MAX).is_err());
    }
}
