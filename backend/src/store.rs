//! SQL: the only floor that knows sea_orm. One table a file; rows go out as plain structs with the domain's words.
//!
//! Every function takes `&impl Connection`: `db.conn()` for a read or a lone write, `tx.conn()` inside a transaction.
//! A function that is only right inside a transaction takes `&Tx`, so that the compiler asks for one.
//! `now` is always a parameter. Tokens come in as SHA-256 hex only.

pub mod audit;
mod bounded;
pub mod calls;
pub mod checkpoints;
mod db;
mod entities;
pub mod events;
mod fault;
pub mod idempotency;
pub mod jobs;
mod listen;
pub mod orders;
pub mod outbox;
mod page;
pub mod prices;
pub mod proposals;
pub mod reports;
pub mod retention;
mod seed;
pub mod sessions;
mod stats;
mod values;
pub mod vendors;
pub mod webhooks;

pub use sea_orm::ConnectionTrait as Connection;

pub use db::{Db, Gauges, Migrated, MigrationState, Tx, migrate};
pub use listen::{Channel, Listener, Wake, notify};
pub use page::Page;
