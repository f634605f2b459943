//! How a database of ours is spoken to: the options that the runner and the backend's pool have in common.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::Fault;

/// A database address, by kind.
pub enum Address {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

/// Port of Supabase's pooler in transaction mode, which has no session: no prepared statements, no LISTEN, no locks.
const TRANSACTION_POOLER: u16 = 6543;

/// Reads an address; makes the folder of a SQLite file.
pub fn address(url: &str) -> Result<Address, Fault> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => sqlite(url).map(Address::Sqlite),
        Some("postgres" | "postgresql") => postgres(url).map(Address::Postgres),
        _ => Err(Fault::Address("the database address must start with sqlite: or postgres:")),
    }
}

fn sqlite(url: &str) -> Result<SqliteConnectOptions, Fault> {
    if url.contains(":memory:") {
        // Every connection of a pool would see a database of its own.
        return Err(Fault::Address("the database address must name a file; an in-memory SQLite is not supported"));
    }
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Fault::Address("the database address is not a SQLite address, such as sqlite:var/crb.db"))?;
    let folder = options.get_filename().parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder).map_err(Fault::Folder)?;
    }
    Ok(options
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal))
}

fn postgres(url: &str) -> Result<PgConnectOptions, Fault> {
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        Fault::Address("the database address is not a PostgreSQL address, such as postgres://user:password@host/name")
    })?;
    if options.get_port() == TRANSACTION_POOLER {
        return Err(Fault::Address(
            "the database address uses port 6543, a pooler in transaction mode, which breaks prepared statements, \
             locks and notifications: use the session pooler (port 5432) or the direct address",
        ));
    }
    Ok(options.application_name("crb"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        match address(url) {
            Ok(_) => panic!("accepted"),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn the_transaction_pooler_is_refused_by_its_port() {
        let text = refusal("postgres://postgres.abc:hunter2@aws-0.pooler.supabase.com:6543/postgres");
        assert!(text.contains("6543") && text.contains("session pooler"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(matches!(
            address("postgres://postgres.abc:x@aws-0.pooler.supabase.com:5432/postgres"),
            Ok(Address::Postgres(_))
        ));
    }

    #[test]
    fn a_faulty_address_is_refused_without_being_shown() {
        for url in ["mysql://u:hunter2@h/d", "hunter2", "", "postgres://u:hunter2@h:notaport/d", "sqlite::memory:"] {
            let text = refusal(url);
            assert!(text.contains("database address") && !text.contains("hunter2"), "{url}: {text}");
        }
    }
}
