//! The pool and the transaction: opened with bounds, so that no caller waits for ever.

use std::sync::Arc;
use std::time::Duration;

use crb_migrations::connect::{Address, address};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::pool::PoolOptions;
use sqlx::{Connection as _, Postgres, Sqlite};

use super::bounded::Bounded;
use super::listen::{Channel, Listener};
use super::{Connection, fault};
use crate::counters::{Counted, Counters};
use crate::error::Result;

/// A pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    conn: Bounded<DatabaseConnection>,
}

/// An open write transaction: rolled back unless it is committed.
pub struct Tx {
    conn: Bounded<DatabaseTransaction>,
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

/// A probe must tell long before its caller gives up.
const PING_LIMIT: Duration = Duration::from_secs(2);
/// A connection idle for longer is tried before it is handed out: the server may have been restarted meanwhile.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
const MAX_IDLE: Duration = Duration::from_mins(10);
const MAX_LIFETIME: Duration = Duration::from_mins(30);

/// Brings the schema up to this binary, under a lock; safe to run from several replicas at once.
pub async fn migrate(url: &SecretString) -> Result<Migrated> {
    let done = crb_migrations::run(url.expose_secret()).await.map_err(fault::from_migrations)?;
    Ok(Migrated { applied: done.applied, unknown: done.unknown })
}

impl Db {
    pub async fn open(
        url: &SecretString,
        pool: u32,
        acquire_timeout: Duration,
        statement_timeout: Duration,
    ) -> Result<Self> {
        let inner: DatabaseConnection = match address(url.expose_secret()).map_err(fault::from_migrations)? {
            Address::Sqlite(options) => {
                bounds::<Sqlite>(pool, acquire_timeout).connect_with(options).await.map(Into::into)
            }
            Address::Postgres(options) => {
                let statement_timeout = statement_timeout.as_millis().to_string();
                let options = options.options([
                    ("statement_timeout", statement_timeout.as_str()),
                    // A transaction whose owner died must not hold its rows for ever.
                    ("idle_in_transaction_session_timeout", "60s"),
                ]);
                bounds::<Postgres>(pool, acquire_timeout).connect_with(options).await.map(Into::into)
            }
        }
        .map_err(fault::from_sqlx)?;
        // The server's own limit comes first, so that it can still say what was too slow.
        let limit = acquire_timeout + statement_timeout + Duration::from_secs(1);
        Ok(Self { conn: Bounded { inner, limit, counters: Arc::default() } })
    }

    /// Counts its statements there instead of for itself.
    #[must_use]
    pub fn counted_by(self, counters: &Arc<Counters>) -> Self {
        Self { conn: Bounded { counters: Arc::clone(counters), ..self.conn } }
    }

    /// For reads, and for a write that stands alone.
    pub fn conn(&self) -> &(impl Connection + use<>) {
        &self.conn
    }

    /// A write transaction: on SQLite it holds the one writer's lock from the start, as a read that turns into a write
    /// fails there whatever the patience.
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.conn.within(self.conn.inner.begin_with_options(options)).await?;
        Ok(Tx { conn: self.conn.around(tx) })
    }

    /// Bounded to two seconds: for readiness.
    pub async fn ping(&self) -> Result<()> {
        let statement = Statement::from_string(self.conn.get_database_backend(), "SELECT 1");
        match tokio::time::timeout(PING_LIMIT, self.conn.query_one_raw(statement)).await {
            Ok(answer) => answer.map(drop).map_err(Into::into),
            Err(_) => Err(fault::timed_out().into()),
        }
    }

    /// `Conflict` when the database has a history that is not ours.
    pub async fn migration_state(&self) -> Result<MigrationState> {
        Ok(match crb_migrations::state(&self.conn).await.map_err(fault::from_migrations)? {
            crb_migrations::State::Current => MigrationState::Current,
            crb_migrations::State::Behind(count) => MigrationState::Behind(count),
            crb_migrations::State::Ahead(count) => MigrationState::Ahead(count),
        })
    }

    pub fn is_postgres(&self) -> bool {
        self.conn.get_database_backend() == DbBackend::Postgres
    }

    /// None on SQLite: there is one process, and it polls. A listener holds one connection of the pool, so a process
    /// has one for all channels.
    pub async fn listen(&self, channels: &[Channel]) -> Result<Option<Listener>> {
        if !self.is_postgres() {
            return Ok(None);
        }
        Listener::open(self.conn.inner.get_postgres_connection_pool(), channels).await.map(Some)
    }

    pub fn gauges(&self) -> Gauges {
        let (open, idle, max) = if self.is_postgres() {
            let pool = self.conn.inner.get_postgres_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        } else {
            let pool = self.conn.inner.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        };
        let statements = self.conn.counters.get(Counted::Statement);
        Gauges { open, idle: u32::try_from(idle).unwrap_or(u32::MAX), max, statements }
    }

    /// Waits until every connection is given back and closed.
    pub async fn close(&self) {
        if let Err(error) = self.conn.inner.close_by_ref().await {
            tracing::debug!(%error, "the pool did not close cleanly");
        }
    }
}

impl Tx {
    pub fn conn(&self) -> &(impl Connection + use<>) {
        &self.conn
    }

    pub async fn commit(self) -> Result<()> {
        let limits = self.conn.around(());
        Ok(limits.within(self.conn.inner.commit()).await?)
    }

    /// Dropping does the same; this waits for it.
    pub async fn rollback(self) -> Result<()> {
        let limits = self.conn.around(());
        Ok(limits.within(self.conn.inner.rollback()).await?)
    }
}

fn bounds<B: sqlx::Database>(pool: u32, acquire_timeout: Duration) -> PoolOptions<B> {
    PoolOptions::new()
        .max_connections(pool)
        .acquire_timeout(acquire_timeout)
        .idle_timeout(MAX_IDLE)
        .max_lifetime(MAX_LIFETIME)
        .test_before_acquire(false)
        .before_acquire(|conn: &mut B::Connection, meta| {
            Box::pin(async move {
                if meta.idle_for >= TRUSTED_IDLE {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
}
