//! What the rounds give: medians with their spread, how the product stands to its twin, and which aim is missed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// The product may cost this many times its twin.
const MOST_RATIO: f64 = 2.5;

#[derive(Debug, Clone, Copy)]
pub struct Aim {
    /// CPU-seconds of the server for a thousand requests, at most.
    pub cpu_per_thousand: f64,
}

#[derive(Debug, Clone, Copy)]
pub struct Round {
    pub cpu_per_thousand: f64,
    pub p99_ms: f64,
    pub rate: f64,
    pub errors: u64,
}

/// One case: its aim, and by side (product, twin) what was seen.
#[derive(Debug)]
struct Row {
    aim: Aim,
    rounds: [Vec<Round>; 2],
    /// p99 in ms and errors at a fixed rate.
    paced: [Option<(f64, u64)>; 2],
}

pub struct Figures {
    order: Vec<&'static str>,
    rows: BTreeMap<&'static str, Row>,
}

/// Median, least and most.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

/// How long each of many took, in milliseconds.
#[derive(Debug)]
pub struct Waits {
    pub count: usize,
    pub p50: f64,
    p95: f64,
    pub p99: f64,
    max: f64,
}

impl Waits {
    /// Of nothing it is not a number.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let rank = (values.len() * percent).div_ceil(100).max(1);
            values.get(rank - 1).copied().unwrap_or(f64::NAN)
        };
        Self { count: values.len(), p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }

    pub fn told(&self) -> String {
        let Self { count, p50, p95, p99, max } = self;
        format!("p50 {p50:.1}, p95 {p95:.1}, p99 {p99:.1}, longest {max:.1} (of {count})")
    }

    pub fn json(&self) -> Value {
        let Self { count, p50, p95, p99, max } = self;
        json!({"count": count, "p50": p50, "p95": p95, "p99": p99, "max": max})
    }
}

impl Round {
    pub fn told(&self) -> String {
        let Self { cpu_per_thousand, p99_ms, rate, errors } = self;
        format!("{cpu_per_thousand:.4} CPU-s a 1000, p99 {p99_ms:.2} ms, {rate:.0} requests/s, {errors} errors")
    }
}

impl Figures {
    pub fn new(cases: Vec<(&'static str, Aim)>) -> Self {
        let order = cases.iter().map(|(name, _)| *name).collect();
        let row = |aim| Row { aim, rounds: [Vec::new(), Vec::new()], paced: [None, None] };
        Self { order, rows: cases.into_iter().map(|(name, aim)| (name, row(aim))).collect() }
    }

    /// `side`: 0 the product, 1 the twin.
    pub fn add(&mut self, case: &'static str, side: usize, round: Round) {
        if let Some(row) = self.rows.get_mut(case) {
            row.rounds[side].push(round);
        }
    }

    pub fn pace(&mut self, case: &'static str, side: usize, p99_ms: f64, errors: u64) {
        if let Some(row) = self.rows.get_mut(case) {
            row.paced[side] = Some((p99_ms, errors));
        }
    }

    pub fn table(&self) -> String {
        let mut text = String::from(
            "\n| case | CPU-s a 1000, product | twin | ratio | aim | p99 ms, product | twin | at 100/s | twin | requests/s | twin |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
        );
        for (name, row) in self.rows() {
            let cpu = |side| row.spread(side, |round| round.cpu_per_thousand).told(4);
            let p99 = |side| row.spread(side, |round| round.p99_ms).told(2);
            let rate = |side| row.spread(side, |round| round.rate).median;
            let paced = |side: usize| row.paced[side].map_or("–".to_owned(), |(p99, _)| format!("{p99:.2}"));
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {:.2} | {} | {} | {} | {} | {} | {:.0} | {:.0} |",
                cpu(0),
                cpu(1),
                row.ratio(),
                row.aim.cpu_per_thousand,
                p99(0),
                p99(1),
                paced(0),
                paced(1),
                rate(0),
                rate(1),
            );
        }
        text
    }

    pub fn told(&self) -> Value {
        let cases: serde_json::Map<String, Value> = self
            .rows()
            .map(|(name, row)| {
                let side = |side: usize| {
                    json!({
                        "cpu_seconds_per_1000": row.spread(side, |round| round.cpu_per_thousand).json(),
                        "p99_ms": row.spread(side, |round| round.p99_ms).json(),
                        "requests_per_second": row.spread(side, |round| round.rate).json(),
                        "errors": row.errors(side),
                        "p99_ms_at_100_per_second": row.paced[side].map(|(p99, _)| p99),
                    })
                };
                let told = json!({"product": side(0), "twin": side(1), "ratio": row.ratio(),
                    "aim": {"cpu_seconds_per_1000": row.aim.cpu_per_thousand, "ratio": MOST_RATIO}});
                (name.to_owned(), told)
            })
            .collect();
        json!({ "cases": cases })
    }

    /// Each aim that is missed, with what was seen.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, row) in self.rows() {
            let cpu = row.spread(0, |round| round.cpu_per_thousand).median;
            if cpu.is_nan() || cpu > row.aim.cpu_per_thousand {
                faults.push(format!("{name}: {cpu:.4} CPU-s a 1000 requests, more than {}", row.aim.cpu_per_thousand));
            }
            if row.ratio().is_nan() || row.ratio() > MOST_RATIO {
                faults.push(format!("{name}: {:.2} times its twin, more than {MOST_RATIO}", row.ratio()));
            }
            for (side, who) in ["product", "twin"].iter().enumerate() {
                let errors = row.errors(side);
                if errors > 0 {
                    faults.push(format!("{name}: {errors} errors of the {who}"));
                }
            }
        }
        faults
    }

    fn rows(&self) -> impl Iterator<Item = (&'static str, &Row)> {
        self.order.iter().filter_map(|name| Some((*name, self.rows.get(name)?)))
    }
}

impl Row {
    fn spread(&self, side: usize, of: fn(&Round) -> f64) -> Spread {
        Spread::of(self.rounds[side].iter().map(of).collect())
    }

    /// Between the medians, because single rounds meet single moments.
    fn ratio(&self) -> f64 {
        let cpu = |side| self.spread(side, |round| round.cpu_per_thousand).median;
        cpu(0) / cpu(1)
    }

    fn errors(&self, side: usize) -> u64 {
        let paced = self.paced[side].map_or(0, |(_, errors)| errors);
        self.rounds[side].iter().map(|round| round.errors).sum::<u64>() + paced
    }
}

impl Spread {
    /// Of nothing it is not a number, which breaks every aim.
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let (low, high) = (values.len().saturating_sub(1) / 2, values.len() / 2);
        Self { median: f64::midpoint(at(low), at(high)), least: at(0), most: at(values.len().saturating_sub(1)) }
    }

    fn told(self, digits: usize) -> String {
        let Self { median, least, most } = self;
        format!("{median:.digits$} ({least:.digits$}–{most:.digits$})")
    }

    fn json(self) -> Value {
        json!({"median": self.median, "min": self.least, "max": self.most})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(product: f64, twin: f64, errors: u64) -> Vec<String> {
        let mut figures = Figures::new(vec![("health", Aim { cpu_per_thousand: 0.03 })]);
        for (side, cpu_per_thousand) in [product, twin].into_iter().enumerate() {
            figures.add("health", side, Round { cpu_per_thousand, p99_ms: 1.0, rate: 1.0, errors });
        }
        figures.faults()
    }

    #[test]
    fn what_holds_every_aim_passes() {
        assert!(seen(0.02, 0.009, 0).is_empty());
    }

    #[test]
    fn each_missed_aim_is_named() {
        assert_eq!(seen(0.031, 0.02, 0), ["health: 0.0310 CPU-s a 1000 requests, more than 0.03"]);
        assert_eq!(seen(0.026, 0.01, 0), ["health: 2.60 times its twin, more than 2.5"]);
        assert_eq!(seen(0.02, 0.01, 1).len(), 2);
    }

    #[test]
    fn a_case_that_nobody_measured_misses_its_aim() {
        assert_eq!(Figures::new(vec![("health", Aim { cpu_per_thousand: 0.03 })]).faults().len(), 2);
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between() {
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]), Spread { median: 2.5, least: 1.0, most: 4.0 });
    }
}
