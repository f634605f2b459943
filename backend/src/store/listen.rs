//! Wake-ups between replicas: PostgreSQL's NOTIFY, sent with the commit. SQLite has none, and its process polls.

use super::Connection;
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A job was enqueued or released.
    Jobs,
    /// A report has a new event; the payload is the report's id.
    Events,
    /// A mail was put into the outbox.
    Mails,
}

/// One wake-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    Notified {
        channel: Channel,
        payload: String,
    },
    /// The connection was lost and is back: anything may have been missed, look again.
    Reconnected,
}

/// Holds one connection of the pool for as long as it lives.
pub struct Listener {
    inner: sqlx::postgres::PgListener,
}

impl Listener {
    pub async fn next(&mut self) -> Result<Wake> {
        todo!()
    }
}

/// Wakes whoever listens, when the transaction around it commits. Does nothing on SQLite.
pub async fn notify(conn: &impl Connection, channel: Channel, payload: &str) -> Result<()> {
    todo!()
}
