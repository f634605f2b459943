//! Runs the HTTP door: the API, and the page beside it where this process has one.

use std::io;
use std::sync::Arc;

use crb_door::{Bounds, Terms};
use crb_web::Site;
use poem::EndpointExt as _;
use tokio::net::TcpListener;

use super::page::Beside;
use crate::api::{self, Signals};
use crate::app::App;

/// Serves until `signals.closing`; then takes no connection, ends event streams, and gives what is in flight
/// `shutdown_grace` to end. `signals.draining` comes earlier and only makes answers say `Connection: close`.
pub async fn run(app: &App, page: Option<Site>, listener: TcpListener, signals: &Signals) -> io::Result<()> {
    let http = &app.config.http;
    let bounds = Bounds { connections: http.max_connections, header: http.header_timeout };
    let terms = Terms { name: "crb", bounds, grace: http.shutdown_grace, sent: Arc::clone(&app.counters.sent) };
    let api = api::endpoint(app, signals);
    let endpoint = match page {
        Some(page) => Beside { api, page }.boxed(),
        None => api.boxed(),
    };
    crb_door::run(endpoint, listener, terms, signals.closing.clone().cancelled_owned()).await
}
