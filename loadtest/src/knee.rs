//! How many users the product carries: more and more of them, until a page is slow or something is wrong.

use anyhow::Result;
use serde::Serialize;

use crate::profiles::{Arrival, RUNGS};
use crate::run::{Plan, run};
use crate::summary::Summary;
use crate::watch::say;

/// A page is slow when one in twenty takes longer, in milliseconds.
pub const SLOW: f64 = 2_000.0;

/// One rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rung {
    pub users: u32,
    pub rps: f64,
    pub rps_expected: f64,
    /// Of the slowest page.
    pub p95: f64,
    pub report_p95: f64,
    pub server_cpu: f64,
    pub generator_cpu: f64,
    pub faults: u64,
}

impl Rung {
    pub fn of(summary: &Summary) -> Self {
        let pages = summary.requests.iter().filter(|(name, _)| is_page(name));
        let unexpected: u64 = summary.requests.values().map(|request| request.unexpected).sum();
        let faults: u64 =
            summary.faults.iter().filter(|fault| fault.kind != "unexpected").map(|fault| fault.count).sum();
        Self {
            users: summary.users,
            rps: summary.generator.rps,
            rps_expected: summary.generator.rps_expected,
            p95: pages.map(|(_, request)| request.latency.p95).fold(0.0, f64::max),
            report_p95: summary.reports.duration.p95,
            server_cpu: summary.server.cpu_seconds / summary.seconds,
            generator_cpu: summary.generator.cpu_seconds / summary.seconds,
            faults: unexpected + faults + summary.reports.lost,
        }
    }

    pub fn holds(&self) -> bool {
        self.faults == 0 && self.p95 <= SLOW
    }
}

/// What a person waits for while a page is blank; a PDF is fetched, a stream is followed, an abuser may wait.
fn is_page(name: &str) -> bool {
    name != "report_download" && !name.ends_with(":events") && !name.ends_with(":abuse")
}

/// Climbs. The summary of the last rung that held stands at the end, where one did.
pub async fn climb(mut plan: Plan) -> Result<(Vec<Rung>, Option<Summary>)> {
    let (mut rungs, mut held) = (Vec::new(), None);
    for users in RUNGS {
        plan.profile.arrival = Arrival::Closed { users, ramp_seconds: users.div_ceil(10).max(3) };
        say(&format!("-- {users} users"));
        let summary = run(&plan).await?;
        let rung = Rung::of(&summary);
        rungs.push(rung);
        if !rung.holds() {
            break;
        }
        held = Some(summary);
    }
    Ok((rungs, held))
}

/// The ladder as a table, and the capacity.
pub fn told(rungs: &[Rung]) -> String {
    let row = |rung: &Rung| {
        format!(
            "{:>5} {:>7.1} {:>9.1} {:>12.1} {:>14.1} {:>11.2} {:>14.2} {:>7}",
            rung.users,
            rung.rps,
            rung.rps_expected,
            rung.p95,
            rung.report_p95,
            rung.server_cpu,
            rung.generator_cpu,
            rung.faults
        )
    };
    let capacity = rungs.iter().filter(|rung| rung.holds()).map(|rung| rung.users).max();
    let verdict = match (capacity, rungs.iter().find(|rung| !rung.holds())) {
        (Some(users), Some(broken)) => format!("capacity: {users} users; {} are too many", broken.users),
        (Some(users), None) => format!("capacity: at least {users} users"),
        (None, _) => "capacity: below the first rung".to_owned(),
    };
    let head = "users     rps  expected  page p95 ms  report p95 ms  server cpu  generator cpu  faults".to_owned();
    let lines: Vec<String> = [head].into_iter().chain(rungs.iter().map(row)).chain([verdict]).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Rung, is_page, told};

    fn rung(users: u32, p95: f64, faults: u64) -> Rung {
        Rung { users, rps: 1.0, rps_expected: 1.0, p95, report_p95: 1.0, server_cpu: 0.1, generator_cpu: 0.1, faults }
    }

    #[test]
    fn the_capacity_is_the_last_rung_that_held() {
        let slow = [rung(25, 20.0, 0), rung(50, 80.0, 0), rung(100, 2_100.0, 0)];
        assert!(told(&slow).contains("capacity: 50 users; 100 are too many"));
        assert!(told(&slow[..2]).contains("capacity: at least 50 users"));
        assert!(told(&[rung(25, 20.0, 1)]).contains("below the first rung"));
    }

    #[test]
    fn a_stream_is_no_page() {
        assert!(is_page("report_view") && is_page("report_view:unchanged"));
        assert!(!is_page("report_follow:events") && !is_page("report_download") && !is_page("session_view:abuse"));
    }
}
