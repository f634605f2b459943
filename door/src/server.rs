//! Runs a door on a listener until it is told to close, then lets every call in flight end.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use poem::{IntoEndpoint, Server};
use tokio::net::TcpListener;

use crate::acceptor::{Acceptor, Bounds};

/// A connection that says nothing for this long is closed. Event streams speak more often than that.
const IDLE: Duration = Duration::from_secs(75);

/// How a door is kept.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Who listens, for the log.
    pub name: &'static str,
    pub bounds: Bounds,
    /// What is in flight when the door closes may take so long to end.
    pub grace: Duration,
    /// Counts the bytes that leave.
    pub sent: Arc<AtomicU64>,
}

/// Serves until `closing` ends; from then on takes no connection, and waits for what is in flight.
pub async fn run<E>(
    endpoint: E,
    listener: TcpListener,
    terms: Terms,
    closing: impl Future<Output = ()>,
) -> io::Result<()>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    Server::new_with_acceptor(Acceptor::new(listener, terms.bounds, terms.sent)?)
        .name(terms.name)
        .idle_timeout(IDLE)
        .run_with_graceful_shutdown(endpoint, closing, Some(terms.grace))
        .await
}
