//! Runs the HTTP door on a listener until it is told to stop, then lets every call in flight end.

use std::io;
use std::time::Duration;

use poem::Server;
use tokio::net::TcpListener;

use super::acceptor::{Acceptor, Bounds};
use crate::api::{self, Signals};
use crate::app::App;

/// A connection that says nothing for this long is closed. Event streams speak more often than that.
const IDLE: Duration = Duration::from_secs(75);

/// Serves until `signals.closing`; then takes no connection, ends event streams, and gives what is in flight
/// `shutdown_grace` to end. `signals.draining` comes earlier and only makes answers say `Connection: close`.
pub async fn run(app: &App, listener: TcpListener, signals: &Signals) -> io::Result<()> {
    let http = &app.config.http;
    let bounds = Bounds { connections: http.max_connections, header: http.header_timeout };
    let endpoint = api::endpoint(app, signals);
    let closing = signals.closing.clone().cancelled_owned();
    Server::new_with_acceptor(Acceptor::new(listener, bounds)?)
        .name("crb")
        .idle_timeout(IDLE)
        .run_with_graceful_shutdown(endpoint, closing, Some(http.shutdown_grace))
        .await
}
