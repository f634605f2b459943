//! The map of the house. Doors → app → store | clients → domain: down only.
//!
//! `api` (HTTP) and `worker` (the queue) are the two doors; `app` holds the use cases; `domain` the rules; `store`
//! knows SQL, `clients` the outside, `render` the PDF and the mails; `serve` and `cli` put it together.

pub mod api;
pub mod app;
pub mod cli;
pub mod clients;
pub mod config;
pub mod counters;
pub mod domain;
pub mod error;
pub mod render;
pub mod serve;
pub mod store;
pub mod telemetry;
pub mod worker;
