//! Applies what is pending, one run at a time, and accepts a database that is ahead.
//!
//! The library's own runner takes no lock and refuses a database with migrations it does not know, so that an image
//! which is rolled back would not start. This one holds an advisory lock and refuses unknown migrations only where
//! they are OLDER than ours: then the histories have parted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sea_orm_migration::sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm_migration::sea_orm::{
    ActiveValue, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, Schema, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, SchemaManager, seaql_migrations};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection as _, PgConnection, SqlitePool};

use crate::connect::{Address, address};
use crate::{Fault, history};

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// By this run; empty when there was nothing to do.
    pub applied: Vec<String>,
    /// In the database, newer than ours, and unknown to this binary.
    pub unknown: Vec<String>,
}

/// Where a database stands, seen from this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Current,
    Behind(usize),
    Ahead(usize),
}

/// "crb" and a number, so that no other program of the same database takes the same lock by chance.
const LOCK: i64 = 0x0063_7262_0000_0001;
const LOCK_WAIT: Duration = Duration::from_mins(1);
const LOCK_POLL: Duration = Duration::from_millis(100);
const SQLITE_BUSY: u32 = 5;

/// Brings the schema up to this binary. Any number of runs may start at once; each succeeds.
pub async fn run(url: &str) -> Result<Applied, Fault> {
    let session = Session::open(url).await?;
    let result = apply(&session.conn).await;
    session.close().await;
    result
}

/// Takes back the last `steps` migrations. For tests and for an operator who knows; nothing calls it by itself.
pub async fn revert(url: &str, steps: usize) -> Result<Vec<String>, Fault> {
    let session = Session::open(url).await?;
    let result = take_back(&session.conn, steps).await;
    session.close().await;
    result
}

/// Reads only, so that a role without DDL rights may ask.
pub async fn state(conn: &impl ConnectionTrait) -> Result<State, Fault> {
    let in_database = recorded(conn).await?;
    let history = history();
    let unknown = unknown_newer(&in_database, &history)?.len();
    let pending = history.iter().filter(|migration| !in_database.contains(migration.name())).count();
    Ok(match (pending, unknown) {
        (0, 0) => State::Current,
        (0, unknown) => State::Ahead(unknown),
        (pending, _) => State::Behind(pending),
    })
}

/// The connection that migrates and, on PostgreSQL, the other one that holds the lock meanwhile.
struct Session {
    conn: DatabaseConnection,
    lock: Option<PgConnection>,
}

impl Session {
    async fn open(url: &str) -> Result<Self, Fault> {
        match address(url)? {
            Address::Sqlite(options) => {
                // One writer's lock a transaction is SQLite's own; see `step`.
                Ok(Self { conn: open_sqlite(&options).await?.into(), lock: None })
            }
            Address::Postgres(options) => {
                let lock = lock(&options).await?;
                let options = options.options([("lock_timeout", "5s")]);
                let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
                Ok(Self { conn: pool.into(), lock: Some(lock) })
            }
        }
    }

    async fn close(self) {
        if let Err(error) = self.conn.close().await {
            tracing::debug!(%error, "the migration connection did not close cleanly");
        }
        // The lock goes with its transaction, and the transaction with the connection.
        if let Some(lock) = self.lock {
            drop(lock.close().await);
        }
    }
}

/// Polls as well: the first of several runs turns the file's journal into a write-ahead log, and SQLite calls the
/// database busy for the others at once, without the wait that every other statement is granted.
async fn open_sqlite(options: &SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && begun.elapsed() < LOCK_WAIT => tokio::time::sleep(LOCK_POLL).await,
            result => return result,
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
    // The low byte is the code; what lies above it says why.
    code.is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// Polls: a blocking wait would be a transaction that CREATE INDEX CONCURRENTLY waits for in turn. The lock is of the
/// transaction, because a session pooler may hand the session on.
async fn lock(options: &PgConnectOptions) -> Result<PgConnection, Fault> {
    let mut conn = PgConnection::connect_with(options).await?;
    sqlx::query("BEGIN").execute(&mut conn).await?;
    let begun = Instant::now();
    loop {
        let held: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)").bind(LOCK).fetch_one(&mut conn).await?;
        if held {
            return Ok(conn);
        }
        if begun.elapsed() > LOCK_WAIT {
            return Err(Fault::Locked(LOCK_WAIT.as_secs()));
        }
        tokio::time::sleep(LOCK_POLL).await;
    }
}

async fn apply(conn: &DatabaseConnection) -> Result<Applied, Fault> {
    install(conn).await?;
    let in_database = recorded(conn).await?;
    let history = history();
    let unknown = unknown_newer(&in_database, &history)?;
    if !unknown.is_empty() {
        tracing::warn!(?unknown, "the database is ahead of this binary");
    }
    let mut applied = Vec::new();
    for migration in history.iter().filter(|migration| !in_database.contains(migration.name())) {
        let name = migration.name().to_owned();
        match step(conn, migration.as_ref(), Direction::Up).await {
            Ok(true) => {
                tracing::info!(migration = name, "applied");
                applied.push(name);
            }
            Ok(false) => {}
            Err(cause) => return Err(Fault::Failed { name, cause }),
        }
    }
    Ok(Applied { applied, unknown })
}

async fn take_back(conn: &DatabaseConnection, steps: usize) -> Result<Vec<String>, Fault> {
    let in_database = recorded(conn).await?;
    let history = history();
    unknown_newer(&in_database, &history)?;
    let mut reverted = Vec::new();
    for migration in history.iter().rev().filter(|migration| in_database.contains(migration.name())).take(steps) {
        let name = migration.name().to_owned();
        match step(conn, migration.as_ref(), Direction::Down).await {
            Ok(_) => reverted.push(name),
            Err(cause) => return Err(Fault::Failed { name, cause }),
        }
    }
    Ok(reverted)
}

fn unknown_newer(in_database: &BTreeSet<String>, history: &[Box<dyn MigrationTrait>]) -> Result<Vec<String>, Fault> {
    let newest = history.last().map_or("", |migration| migration.name());
    let (newer, older): (Vec<String>, Vec<String>) = in_database
        .iter()
        .filter(|name| !history.iter().any(|migration| migration.name() == name.as_str()))
        .cloned()
        .partition(|name| name.as_str() > newest);
    if older.is_empty() { Ok(newer) } else { Err(Fault::UnknownOlder(older)) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// One migration and its record, together. False when another run was quicker, which only SQLite can see: there the
/// transaction itself is the lock.
async fn step(conn: &DatabaseConnection, migration: &dyn MigrationTrait, direction: Direction) -> Result<bool, DbErr> {
    if migration.use_transaction() == Some(false) {
        walk(&SchemaManager::new(conn), migration, direction).await?;
        record(conn, migration.name(), direction).await?;
        return Ok(true);
    }
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = conn.begin_with_options(immediate).await?;
    if recorded(&tx).await?.contains(migration.name()) == (direction == Direction::Up) {
        tx.rollback().await?;
        return Ok(false);
    }
    walk(&SchemaManager::new(&tx), migration, direction).await?;
    record(&tx, migration.name(), direction).await?;
    tx.commit().await?;
    Ok(true)
}

async fn walk(manager: &SchemaManager<'_>, migration: &dyn MigrationTrait, direction: Direction) -> Result<(), DbErr> {
    match direction {
        Direction::Up => migration.up(manager).await,
        Direction::Down => migration.down(manager).await,
    }
}

async fn record(conn: &impl ConnectionTrait, name: &str, direction: Direction) -> Result<(), DbErr> {
    if direction == Direction::Down {
        seaql_migrations::Entity::delete_by_id(name).exec(conn).await?;
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "the record says when; nothing is decided by it")]
    let applied_at = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    let row = seaql_migrations::ActiveModel {
        version: ActiveValue::Set(name.to_owned()),
        applied_at: ActiveValue::Set(applied_at),
    };
    seaql_migrations::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

async fn install(conn: &DatabaseConnection) -> Result<(), DbErr> {
    let mut table = Schema::new(conn.get_database_backend()).create_table_from_entity(seaql_migrations::Entity);
    conn.execute(table.if_not_exists()).await?;
    Ok(())
}

/// The names in the database; none where the table of records is not there yet.
async fn recorded(conn: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    if !has_records(conn).await? {
        return Ok(BTreeSet::new());
    }
    let query = Query::select()
        .column(seaql_migrations::Column::Version)
        .from(seaql_migrations::Entity)
        .order_by(seaql_migrations::Column::Version, Order::Asc)
        .take();
    conn.query_all(&query).await?.iter().map(|row| row.try_get("", "version")).collect()
}

async fn has_records(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let query = match conn.get_database_backend() {
        DbBackend::Postgres => {
            Query::select().expr(Expr::cust("to_regclass('seaql_migrations') IS NOT NULL AS present")).take()
        }
        _ => Query::select()
            .expr(Expr::cust("COUNT(*) > 0 AS present"))
            .from("sqlite_master")
            .and_where(Expr::col("type").eq("table"))
            .and_where(Expr::col("name").eq("seaql_migrations"))
            .take(),
    };
    conn.query_one(&query).await?.map_or(Ok(false), |row| row.try_get("", "present"))
}
