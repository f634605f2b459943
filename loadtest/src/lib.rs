//! A hundred users against the product, and a gate whose exit code decides.
//!
//! A run drives journeys by goose, keeps a ledger of its own, and ends in one `summary::Summary`; the gate judges that
//! summary and nothing else.

pub mod api;
pub mod baselines;
pub mod caller;
pub mod cli;
pub mod counters;
mod environment;
pub mod gate;
pub mod host;
pub mod journeys;
pub mod knee;
pub mod latency;
pub mod ledger;
pub mod pacer;
pub mod profiles;
pub mod render;
pub mod run;
pub mod schema;
pub mod sse;
pub mod staging;
pub mod stream;
pub mod stub;
pub mod summary;
pub mod tape;
pub mod users;
pub mod visit;
pub mod watch;
pub mod world;
