//! The outside: every other machine we talk to, one room a peer. The only floor that knows HTTP clients and Redis.
//!
//! Closed choices are enums (`Mailer::{SendGrid, Disk}`), so that development needs no account anywhere.

pub mod blobs;
pub mod cache;
pub mod claude;
mod files;
pub mod http;
pub mod limits;
pub mod mail;
pub mod pricing;
pub mod redis;
pub mod search;
pub mod stripe;
