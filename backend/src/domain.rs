//! Rules: synchronous, no I/O, every moment comes in as `now`.

pub mod check;
pub mod compute;
pub mod confidence;
pub mod crb;
pub mod document;
pub mod facts;
#[cfg(test)]
mod fixtures;
pub mod ids;
pub mod knowledge;
pub mod money;
pub mod offline;
pub mod orders;
pub mod profile;
pub mod prompts;
pub mod prose;
pub mod quiz;
pub mod readiness;
pub mod replies;
pub mod report;
pub mod roi;
pub mod sample;
pub mod tokens;
pub mod totals;
pub mod vendors;
pub mod verdict;
