//! The integration tests: one binary, real databases.

mod admin;
mod bad_input;
mod documents;
mod injections;
mod journeys;
mod payments;
mod published;
mod store;
mod support;
