//! Wake-ups between replicas: PostgreSQL's NOTIFY, sent with the commit. SQLite has none, and its process polls.

use sea_orm::{DbBackend, Statement};
use sqlx::PgPool;
use sqlx::postgres::PgListener;

use super::{Connection, fault};
use crate::domain::ids::words;
use crate::error::Result;

words! {
    /// Jobs: one was enqueued or released. Events: a report has a new one; the payload is the report's id.
    /// Mails: one was put into the outbox. Pages: what is shown to everybody, or a report, has changed.
    Channel { Jobs = "crb_jobs", Events = "crb_events", Mails = "crb_mails", Pages = "crb_pages" }
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
    pool: PgPool,
    channels: Vec<Channel>,
    /// None after an error: the next call starts afresh.
    inner: Option<PgListener>,
}

impl Listener {
    pub(super) async fn open(pool: &PgPool, channels: &[Channel]) -> Result<Self> {
        let mut listener = Self { pool: pool.clone(), channels: channels.to_vec(), inner: None };
        listener.inner = Some(listener.connect().await.map_err(fault::from_sqlx)?);
        Ok(listener)
    }

    /// Waits for the next wake-up. After an error, wait a little and call again: the next call connects anew and says
    /// `Reconnected`.
    pub async fn next(&mut self) -> Result<Wake> {
        loop {
            let Some(inner) = &mut self.inner else {
                self.inner = Some(self.connect().await.map_err(fault::from_sqlx)?);
                return Ok(Wake::Reconnected);
            };
            match inner.try_recv().await {
                Ok(Some(notification)) => {
                    if let Ok(channel) = notification.channel().parse() {
                        return Ok(Wake::Notified { channel, payload: notification.payload().to_owned() });
                    }
                }
                Ok(None) => return Ok(Wake::Reconnected),
                Err(error) => {
                    self.inner = None;
                    return Err(fault::from_sqlx(error));
                }
            }
        }
    }

    async fn connect(&self) -> Result<PgListener, sqlx::Error> {
        let mut inner = PgListener::connect_with(&self.pool).await?;
        inner.listen_all(self.channels.iter().map(|channel| channel.as_str())).await?;
        Ok(inner)
    }
}

/// Wakes whoever listens, when the transaction around it commits. Does nothing on SQLite.
pub async fn notify(conn: &impl Connection, channel: Channel, payload: &str) -> Result<()> {
    if conn.get_database_backend() == DbBackend::Postgres {
        let values = [channel.as_str().into(), payload.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
        conn.query_one_raw(statement).await?;
    }
    Ok(())
}
