//! The integration tests: one binary, real databases.

mod crash;
mod degraded;
mod drain;
mod store;
mod support;

mod api_surface;
