//! The integration tests: one binary, real databases.

mod store;
mod support;

mod api_surface;
mod telemetry;
