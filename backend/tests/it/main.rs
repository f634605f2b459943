//! The integration tests: one binary, real databases.

mod api_surface;
mod bad_input;
mod crash;
mod degraded;
mod drain;
mod journeys;
mod payments;
mod store;
mod support;
