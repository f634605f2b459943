//! Who asks: wrk for what is only read, our own client for answers that are saved and for a fixed rate.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::cases::{Case, Side};
use crate::process;

pub const CONNECTIONS: usize = 100;
/// Requests a second where the rate is fixed.
const RATE: u32 = 100;

pub struct Driver {
    pub wrk: PathBuf,
    pub twins: PathBuf,
    pub sessions: PathBuf,
}

/// What one pass saw.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub requests: u64,
    pub errors: u64,
    pub seconds: f64,
    pub p99_ms: f64,
}

impl Driver {
    /// Every connection asks again as soon as it was answered.
    pub fn closed(&self, case: &Case, side: &Side, seconds: u32) -> Result<Seen> {
        if case.has_sessions {
            return self.own(case, side, seconds, None);
        }
        let mut wrk = process::command(&self.wrk);
        wrk.args(["-t1", "--latency", "-c", &CONNECTIONS.to_string(), "-d", &format!("{seconds}s")]);
        for line in case.headers.iter().chain(&side.load_header) {
            wrk.args(["-H", line]);
        }
        let text = process::output("wrk", wrk.arg(case.url(side)))?;
        of_wrk(&text).with_context(|| format!("wrk says what nobody understands:\n{text}"))
    }

    /// So many requests a second, however long an answer takes.
    pub fn paced(&self, case: &Case, side: &Side, seconds: u32) -> Result<Seen> {
        self.own(case, side, seconds, Some(RATE))
    }

    fn own(&self, case: &Case, side: &Side, seconds: u32, rate: Option<u32>) -> Result<Seen> {
        let mut command = process::command(&self.twins);
        command.args(["drive", "--connections", &CONNECTIONS.to_string(), "--seconds", &seconds.to_string()]);
        command.args(["--url", &case.url(side)]);
        for line in case.headers.iter().chain(&side.load_header) {
            command.args(["--header", line]);
        }
        if case.has_sessions {
            command.arg("--sessions").arg(&self.sessions);
        }
        if let Some(rate) = rate {
            command.args(["--rate", &rate.to_string()]);
        }
        let text = process::output("crb-twins drive", &mut command)?;
        of_own(&serde_json::from_str(&text)?).with_context(|| format!("an unknown answer: {text}"))
    }
}

fn of_own(told: &Value) -> Option<Seen> {
    Some(Seen {
        requests: told["requests"].as_u64()?,
        errors: told["errors"].as_u64()?,
        seconds: told["seconds"].as_f64()?,
        p99_ms: told["p99_ms"].as_f64()?,
    })
}

/// wrk says errors only where there were some.
fn of_wrk(text: &str) -> Option<Seen> {
    let after = |start: &str| text.lines().find_map(|line| line.trim().strip_prefix(start)).map(str::trim);
    let (requests, seconds) = text.lines().find_map(|line| {
        let (count, rest) = line.trim().split_once(" requests in ")?;
        Some((count.parse().ok()?, milliseconds(rest.split(',').next()?)? / 1000.0))
    })?;
    let refused = after("Non-2xx or 3xx responses:").map_or(Some(0), |count| count.parse().ok())?;
    let broken: u64 = after("Socket errors:")
        .map_or(0, |counts| counts.split([' ', ',']).filter_map(|word| word.parse::<u64>().ok()).sum());
    Some(Seen { requests, errors: refused + broken, seconds, p99_ms: milliseconds(after("99%")?)? })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    units.iter().find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Running 6s test @ http://127.0.0.1:1/health
  1 threads and 100 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.32ms  330.56us   8.34ms   91.19%
    Req/Sec    75.46k     4.57k   82.33k    70.00%
  Latency Distribution
     50%    1.28ms
     99%    2.50ms
  450000 requests in 6.10s, 79.73MB read
Requests/sec:  75030.40
";

    #[test]
    fn what_wrk_says_is_understood() {
        let seen = of_wrk(GOOD).unwrap();
        assert_eq!((seen.requests, seen.errors), (450_000, 0));
        assert!((seen.seconds - 6.1).abs() < 1e-9 && (seen.p99_ms - 2.5).abs() < 1e-9);
    }

    #[test]
    fn errors_are_counted_all() {
        let bad =
            format!("{GOOD}  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx or 3xx responses: 30\n");
        assert_eq!(of_wrk(&bad).unwrap().errors, 37);
        assert_eq!(of_wrk("wrk: unable to connect"), None);
    }
}
