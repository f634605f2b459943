//! A hundred users against the product, and a gate whose exit code decides.
//!
//! A run drives journeys by goose, keeps a ledger of its own, and ends in one `summary::Summary`; the gate judges that
//! summary and nothing else.

pub mod baselines;
pub mod gate;
pub mod summary;
