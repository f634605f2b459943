//! The database's errors in the words of the house. SQL and messages of the database go to the cause, never to a caller.

use std::error::Error as StdError;
use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::error::Error;

const RETRY_AFTER: Duration = Duration::from_secs(2);

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let kind = match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Fault::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Fault::Missing,
            _ => classify(&error),
        };
        kind.error(error)
    }
}

/// For the two places that speak to sqlx itself: opening and listening.
pub fn from_sqlx(error: sqlx::Error) -> Error {
    classify_sqlx(&error).error(error)
}

pub fn from_migrations(fault: crb_migrations::Fault) -> Error {
    use crb_migrations::Fault as Cause;
    match fault {
        Cause::Address(reason) => Error::invalid(reason),
        Cause::Connection(error) => from_sqlx(error),
        Cause::Database(error) => error.into(),
        Cause::Locked(_) => {
            Error::unavailable("another migration run holds the lock").retry_after(RETRY_AFTER).caused_by(fault)
        }
        Cause::UnknownOlder(_) => Error::conflict(fault.to_string()),
        Cause::Failed { .. } | Cause::Folder(_) => Error::internal(fault.to_string()).caused_by(fault),
    }
}

/// The database did not answer in time.
pub fn timed_out() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("no answer within the time limit".to_owned()))
}

#[derive(Clone, Copy)]
enum Fault {
    Away,
    /// Another transaction was in the way: the whole of ours may be tried again.
    Busy,
    Taken,
    Missing,
    /// Text that PostgreSQL cannot keep: U+0000.
    Text,
    Ours,
}

impl Fault {
    fn error(self, cause: impl StdError + Send + Sync + 'static) -> Error {
        let error = match self {
            Self::Away => Error::unavailable("the database is away").retry_after(RETRY_AFTER),
            Self::Busy => Error::unavailable("the database is busy").retry_after(RETRY_AFTER),
            Self::Taken => Error::conflict("this is there already"),
            Self::Missing => Error::conflict("something this refers to is not there, or is still referred to"),
            Self::Text => Error::invalid("a text holds a character that cannot be stored"),
            Self::Ours => Error::internal("the database refused a statement"),
        };
        error.caused_by(cause)
    }
}

fn classify(error: &DbErr) -> Fault {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::Internal(_)) => Fault::Away,
        DbErr::Conn(RuntimeErr::SqlxError(cause)) => match classify_sqlx(cause) {
            // Whatever a server says while we connect, it is not there for us.
            Fault::Ours => Fault::Away,
            fault => fault,
        },
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => classify_sqlx(cause),
        _ => Fault::Ours,
    }
}

fn classify_sqlx(error: &sqlx::Error) -> Fault {
    use sqlx::Error as Cause;
    match error {
        // `Protocol` is what a connection that is cut in the middle of an answer looks like.
        Cause::Io(_)
        | Cause::Tls(_)
        | Cause::Protocol(_)
        | Cause::PoolTimedOut
        | Cause::PoolClosed
        | Cause::WorkerCrashed => Fault::Away,
        Cause::Database(answer) => {
            let sqlite = answer.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
            let code = answer.code().unwrap_or_default();
            if sqlite { sqlite_fault(&code) } else { postgres_fault(&code) }
        }
        _ => Fault::Ours,
    }
}

fn postgres_fault(state: &str) -> Fault {
    match state {
        "23505" => Fault::Taken,
        "23503" => Fault::Missing,
        "22021" | "22P05" => Fault::Text,
        // Serialization failure, deadlock, lock not available, cancelled by a timeout.
        "40001" | "40P01" | "55P03" | "57014" => Fault::Busy,
        // Shut down, crashed, starting, idle too long; too many connections, disk or memory full; read-only.
        "57P01" | "57P02" | "57P03" | "57P05" | "53300" | "53100" | "53200" | "25006" => Fault::Away,
        state if state.starts_with("08") => Fault::Away,
        _ => Fault::Ours,
    }
}

/// SQLite's extended codes keep the primary code in the lowest byte.
fn sqlite_fault(code: &str) -> Fault {
    let code: i32 = code.parse().unwrap_or_default();
    match (code, code & 0xff) {
        (1555 | 2067, _) => Fault::Taken,
        (787, _) => Fault::Missing,
        // Busy, locked.
        (_, 5 | 6) => Fault::Busy,
        // Read-only, input or output failed, disk full, file cannot be opened.
        (_, 8 | 10 | 13 | 14) => Fault::Away,
        _ => Fault::Ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn an_away_database_asks_to_come_back_and_hides_why() {
        let error = Error::from(timed_out());
        assert_eq!(error.kind(), Kind::Unavailable);
        assert_eq!(error.wait(), Some(RETRY_AFTER));
        assert_eq!(error.detail(), "the database is away");
        assert!(error.chain().contains("no answer"));
    }

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        let cases = [
            (postgres_fault("57P01"), Kind::Unavailable),
            (postgres_fault("40P01"), Kind::Unavailable),
            (postgres_fault("23505"), Kind::Conflict),
            (postgres_fault("22P05"), Kind::Invalid),
            (postgres_fault("42601"), Kind::Internal),
            (sqlite_fault("517"), Kind::Unavailable),
            (sqlite_fault("5"), Kind::Unavailable),
            (sqlite_fault("2067"), Kind::Conflict),
            (sqlite_fault("787"), Kind::Conflict),
            (sqlite_fault("275"), Kind::Internal),
        ];
        for (fault, kind) in cases {
            assert_eq!(fault.error(timed_out()).kind(), kind);
        }
    }
}
