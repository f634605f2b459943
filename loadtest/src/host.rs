//! The machine that the load runs on: what it is, how noisy it was, and what the generator itself took of it.

use std::fs;

use crate::summary::Host;

/// The kernel tells processor time in hundredths of a second, whatever its own clock is.
const TICKS_A_SECOND: f64 = 100.0;

/// The noise so far: only the difference of two says something.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Noise {
    /// Microseconds in which somebody waited for a processor; none where the kernel does not say.
    waited_us: Option<u64>,
    stolen: u64,
    all: u64,
}

impl Noise {
    pub fn now() -> Self {
        let (stolen, all) = fs::read_to_string("/proc/stat").ok().and_then(|text| stolen_of(&text)).unwrap_or((0, 0));
        let waited_us = fs::read_to_string("/proc/pressure/cpu").ok().and_then(|text| waited_of(&text));
        Self { waited_us, stolen, all }
    }
}

/// The host over a time of so many seconds.
pub fn host(before: Noise, after: Noise, seconds: f64) -> Host {
    let cpus = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    let waited = before.waited_us.zip(after.waited_us).map(|(before, after)| after.saturating_sub(before) as f64 / 1e6);
    let all = after.all.saturating_sub(before.all);
    let stolen = after.stolen.saturating_sub(before.stolen);
    Host {
        runner_class: format!("{}-{}-{cpus}cpu", std::env::consts::OS, std::env::consts::ARCH),
        cpu_model: fs::read_to_string("/proc/cpuinfo").map_or_else(|_| "unknown".to_owned(), |text| model_of(&text)),
        cpus,
        cpu_pressure: waited.filter(|_| seconds > 0.0).map(|waited| (waited / seconds).clamp(0.0, 1.0)),
        steal: if all == 0 { 0.0 } else { stolen as f64 / all as f64 },
    }
}

/// Processor seconds of this process, in itself and in the kernel.
pub fn own_cpu_seconds() -> f64 {
    fs::read_to_string("/proc/self/stat").ok().and_then(|text| cpu_of(&text)).unwrap_or(0.0)
}

/// The name stands in brackets and may hold anything; the fields are counted behind it.
fn cpu_of(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_A_SECOND)
}

fn waited_of(pressure: &str) -> Option<u64> {
    let line = pressure.lines().find(|line| line.starts_with("some"))?;
    line.split_whitespace().find_map(|word| word.strip_prefix("total="))?.parse().ok()
}

/// Stolen ticks, and all of them. The last two columns are part of the first two.
fn stolen_of(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().find(|line| line.starts_with("cpu "))?;
    let columns: Vec<u64> = line.split_whitespace().skip(1).take(8).filter_map(|word| word.parse().ok()).collect();
    Some((*columns.get(7)?, columns.iter().sum()))
}

fn model_of(info: &str) -> String {
    let line = info.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split_once(':')).map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Noise, cpu_of, host, model_of, own_cpu_seconds, stolen_of, waited_of};

    #[test]
    fn the_kernels_words_are_read() {
        let stat = "12 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 4 0 1 2";
        assert_eq!(cpu_of(stat), Some(3.0));
        assert_eq!(waited_of("some avg10=0.00 avg60=0.00 total=1234\nfull avg10=0 total=9\n"), Some(1234));
        assert_eq!(stolen_of("cpu  10 0 20 60 0 0 0 10 5 5\ncpu0 1 1\n"), Some((10, 100)));
        assert_eq!(model_of("processor: 0\nmodel name\t: A Fine One\n"), "A Fine One");
        assert_eq!((cpu_of("?"), waited_of(""), stolen_of("")), (None, None, None));
    }

    #[test]
    fn noise_is_a_share_of_the_time() {
        let before = Noise { waited_us: Some(0), stolen: 0, all: 0 };
        let after = Noise { waited_us: Some(5_000_000), stolen: 1, all: 100 };
        let seen = host(before, after, 10.0);
        assert_eq!((seen.cpu_pressure, seen.steal), (Some(0.5), 0.01));
        assert_eq!(host(before, Noise { waited_us: None, ..after }, 10.0).cpu_pressure, None);
        assert!(host(before, before, 0.0).steal.abs() < 1e-9);
    }

    #[test]
    fn work_costs_time() {
        let before = own_cpu_seconds();
        let mut sum = 0_u64;
        while own_cpu_seconds() - before < 0.02 {
            sum = (0..1_000_000_u64).fold(sum, |sum, number| sum.wrapping_mul(31).wrapping_add(number));
        }
        assert_ne!(sum, 1);
    }
}
