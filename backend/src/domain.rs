//! Rules: synchronous, no I/O, every moment comes in as `now`.

pub mod confidence;
pub mod crb;
pub mod facts;
#[cfg(test)]
mod fixtures;
pub mod ids;
pub mod knowledge;
pub mod orders;
pub mod profile;
pub mod quiz;
pub mod readiness;
pub mod replies;
pub mod report;
pub mod roi;
pub mod totals;
pub mod vendors;
pub mod verdict;
pub mod write;
