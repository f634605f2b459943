//! The integration tests: one binary, real databases.

mod journeys;
mod payments;
mod store;
mod support;
