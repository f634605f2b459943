//! Truthful stand-ins for the paid services: a pure library of replies with dials, mounted on wiremock in tests and
//! served by the binary `crb-stubs` in development and under load.
//!
//! Every stub checks a request as the real service does, answers from the request alone (by seed, scenario and the
//! request's own hash), and refuses a key that looks real.

pub mod call;
pub mod claude;
pub mod dice;
pub mod keys;
pub mod ledger;
pub mod mount;
pub mod sample;
pub mod scenario;
pub mod search;
pub mod sendgrid;
pub mod server;
pub mod shelf;
pub mod storage;
pub mod stripe;
pub mod stub;

pub use call::{Call, Reply};
pub use claude::Claude;
pub use mount::{mount_claude, mount_search, mount_sendgrid, mount_storage, mount_stripe};
pub use scenario::{Fault, Pace, Rule, Scenario, When};
pub use search::Search;
pub use sendgrid::SendGrid;
pub use storage::Storage;
pub use stripe::Stripe;
pub use stub::Stub;
