//! How values of the domain become columns, and columns values again.

use std::str::FromStr;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{DbBackend, Statement, Value};

use super::Connection;
use crate::error::{Error, Result};

/// A moment as the databases keep it: to the microsecond, so that what is read equals what was written.
pub fn stamp(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}

/// A word of a closed set. The database's CHECK holds the same list, so another word is our fault.
pub fn word<T: FromStr<Err = Error>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: Error| {
        Error::internal("the database holds a word this release does not know").caused_by(error)
    })
}

pub fn word_or_none<T: FromStr<Err = Error>>(text: Option<&str>) -> Result<Option<T>> {
    text.map(word).transpose()
}

/// The databases have no unsigned numbers; ours are small.
pub fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Columns of counts are never negative; the schema or the queries see to it.
pub fn unsigned(number: impl Into<i64>) -> u32 {
    u32::try_from(number.into()).unwrap_or(0)
}

/// A length of time as chrono's, which a time can be added to.
pub fn span(duration: std::time::Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::MAX)
}

/// A statement in the SQL that both databases understand, with `$1`, `$2`, … for the values.
pub fn statement(conn: &impl Connection, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// Where the value at `place` is JSON as text.
pub fn json(conn: &impl Connection, place: &str) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!("CAST({place} AS jsonb)"),
        _ => place.to_owned(),
    }
}

/// What makes a claiming SELECT pass over the rows that another replica is claiming. SQLite has one writer, and its
/// statement is the lock.
pub fn skip_locked(conn: &impl Connection) -> &'static str {
    match conn.get_database_backend() {
        DbBackend::Postgres => "FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}
