//! The pool and the transaction: opened with bounds, so that no caller waits for ever.

use std::time::Duration;

use secrecy::SecretString;

use super::Connection;
use super::listen::{Channel, Listener};
use crate::error::Result;

/// A pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    conn: sea_orm::DatabaseConnection,
}

/// An open write transaction: rolled back unless it is committed.
pub struct Tx {
    conn: sea_orm::DatabaseTransaction,
}

/// Where the schema stands, seen from this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    Current,
    /// So many of our migrations are not applied yet.
    Behind(usize),
    /// So many newer migrations are applied that this binary does not know: a newer release ran. Accepted.
    Ahead(usize),
}

/// What a migration run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    pub applied: Vec<String>,
    /// Newer migrations in the database that this binary does not know.
    pub unknown: Vec<String>,
}

/// The pool's figures, and how many statements it has sent since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauges {
    pub open: u32,
    pub idle: u32,
    pub max: u32,
    pub statements: u64,
}

/// Brings the schema up to this binary, under a lock; safe to run from several replicas at once.
pub async fn migrate(url: &SecretString) -> Result<Migrated> {
    todo!()
}

impl Db {
    pub async fn open(
        url: &SecretString,
        pool: u32,
        acquire_timeout: Duration,
        statement_timeout: Duration,
    ) -> Result<Self> {
        todo!()
    }

    /// For reads, and for a write that stands alone.
    pub fn conn(&self) -> &(impl Connection + use<>) {
        &self.conn
    }

    /// A write transaction: on SQLite it holds the one writer's lock from the start.
    pub async fn begin(&self) -> Result<Tx> {
        todo!()
    }

    /// Bounded to two seconds: for readiness.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    pub async fn migration_state(&self) -> Result<MigrationState> {
        todo!()
    }

    pub fn is_postgres(&self) -> bool {
        todo!()
    }

    /// None on SQLite: there is one process, and it polls.
    pub async fn listen(&self, channels: &[Channel]) -> Result<Option<Listener>> {
        todo!()
    }

    pub fn gauges(&self) -> Gauges {
        todo!()
    }

    pub async fn close(&self) {
        todo!()
    }
}

impl Tx {
    pub fn conn(&self) -> &(impl Connection + use<>) {
        &self.conn
    }

    pub async fn commit(self) -> Result<()> {
        todo!()
    }

    /// Dropping does the same; this waits for it.
    pub async fn rollback(self) -> Result<()> {
        todo!()
    }
}
