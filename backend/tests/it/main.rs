//! The integration tests: one binary, real databases.

mod bad_input;
mod journeys;
mod payments;
mod store;
mod support;

mod api_surface;
