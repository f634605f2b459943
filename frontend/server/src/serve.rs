//! Starts the server, and ends it in the order that cuts nobody off.

use std::pin::pin;
use std::time::Duration;

use crb_door::{Asked, Bounds, Terms};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::door::{self, Signals};
use crate::faults::Faults;
use crate::proxy::{Patience, Proxy};
use crate::site::Site;

/// More than a machine of this size answers at once.
const CONNECTIONS: usize = 4096;
const HEADER: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop.
pub async fn serve(config: Config) -> Result<(), Faults> {
    let Config { bind, web_root, settings, upstream, shutdown_lag, shutdown_grace, .. } = config;
    let site = Site::load(&web_root, &settings).await?;
    let proxy = upstream.map(|origin| Proxy::new(&origin, Patience::default())).transpose()?;
    if proxy.is_none() && settings.api.is_none() {
        tracing::warn!("CRB_API_UPSTREAM is not set: every call to the API will be refused");
    }
    let cannot = |what: &'static str| move |error: std::io::Error| Faults::one(what, error);
    let listener = TcpListener::bind(bind).await.map_err(cannot("HOST and PORT"))?;
    let address = listener.local_addr().map_err(cannot("the listener"))?;
    let mut asked = Asked::new().map_err(cannot("the listener for signals"))?;
    tracing::info!(%address, stage = settings.stage.as_str(), release = settings.release, "listening");

    let signals = Signals::default();
    let endpoint = door::endpoint(site, proxy, settings, signals.clone());
    let bounds = Bounds { connections: CONNECTIONS, header: HEADER };
    let terms = Terms { name: "crb-web", bounds, grace: shutdown_grace, sent: std::sync::Arc::default() };
    let mut server = pin!(crb_door::run(endpoint, listener, terms, signals.closing.clone().cancelled_owned()));
    tokio::select! {
        ended = &mut server => return Err(Faults::one("the listener", format!("ended by itself: {ended:?}"))),
        () = asked.once() => {}
    }
    tracing::info!("draining: not ready, everything still served");
    signals.draining.cancel();
    let close = async {
        tokio::time::sleep(shutdown_lag).await;
        tracing::info!("closing: no new connections");
        signals.closing.cancel();
    };
    tokio::select! {
        (ended, ()) = async { tokio::join!(server, close) } => ended.map_err(cannot("the listener"))?,
        () = asked.once() => tracing::warn!("told to stop a second time: stopping at once"),
    }
    tracing::info!("stopped");
    Ok(())
}
