//! The one room that makes HTTP clients: TLS by the machine's roots, time-outs, no redirects.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use reqwest::header::HeaderMap;
use reqwest::{Client, redirect};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;

/// Longer than anything that is asked here should take.
const TOTAL: Duration = Duration::from_secs(20);

/// A client that follows no redirect (one would carry the token elsewhere) and asks no proxy of the environment.
///
/// `is_fresh` makes a connection for every call, so that a router is free to choose another replica each time.
pub fn client(headers: HeaderMap, is_fresh: bool) -> Result<Client> {
    Client::builder()
        .tls_backend_preconfigured(tls()?)
        .user_agent(concat!("crb-deploy/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .no_proxy()
        // With HTTP/2 every call would share one connection, and so one replica.
        .http1_only()
        .connect_timeout(Duration::from_secs(5))
        .timeout(TOTAL)
        .pool_max_idle_per_host(if is_fresh { 0 } else { 8 })
        .build()
        .map_err(|error| anyhow!(error.without_url()).context("the HTTP client could not be made"))
}

/// One for all clients: to read the machine's roots takes some ten milliseconds.
fn tls() -> Result<ClientConfig> {
    static SHARED: LazyLock<Result<ClientConfig, rustls::Error>> = LazyLock::new(|| {
        // An error says that a provider stands already, which is what we want.
        let _ = rustls::crypto::ring::default_provider().install_default();
        ClientConfig::with_platform_verifier()
    });
    SHARED.clone().context("the machine's TLS roots could not be read")
}

/// Why no answer came, without the address and what it may hold.
pub fn why(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    }
}
