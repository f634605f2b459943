//! The integration tests: one binary, real databases.

mod admin;
mod api_surface;
mod bad_input;
mod crash;
mod degraded;
mod documents;
mod drain;
mod injections;
mod journeys;
mod page;
mod payments;
mod published;
mod store;
mod support;
mod telemetry;
