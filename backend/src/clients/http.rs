//! The one room that makes HTTP clients: TLS, time-outs, no redirects, and the retries of what may be said twice.

use std::sync::{LazyLock, Once};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode, redirect};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, info_span};
use url::Url;

use crate::error::{Error, Result};

/// Replies of our peers are small; whatever is larger is not for us.
const JSON_LIMIT: usize = 1024 * 1024;
/// Somebody waits for these calls: after so long no further try begins, whatever the peer wishes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Chooses the cryptography of every TLS connection in this process. Must run before any client is made, those of
/// Sentry and OTLP included: without a provider they panic. May be called often.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that a provider stands already, which is what we want.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The TLS of every client in this process. One for all: to read the machine's roots takes some ten milliseconds, and each
/// client would read them again.
pub fn tls() -> Result<ClientConfig> {
    static SHARED: LazyLock<std::result::Result<ClientConfig, rustls::Error>> = LazyLock::new(|| {
        install_tls();
        let mut config = ClientConfig::with_platform_verifier()?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    });
    let shared = SHARED.clone();
    shared.map_err(|error| Error::internal("the machine's TLS roots could not be read").caused_by(error))
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    pub(super) connect: Duration,
    /// Longest silence, before the first byte and between two.
    pub(super) read: Duration,
    pub(super) total: Option<Duration>,
}

impl Timeouts {
    /// For calls that answer at once.
    pub(super) const SHORT: Self =
        Self { connect: Duration::from_secs(3), read: Duration::from_secs(8), total: Some(Duration::from_secs(10)) };
}

/// A client that follows no redirect (a redirect would carry our key elsewhere) and asks no proxy of the environment.
pub(super) fn builder(timeouts: Timeouts) -> Result<ClientBuilder> {
    let builder = Client::builder()
        .tls_backend_preconfigured(tls()?)
        .user_agent(concat!("crb/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read)
        .pool_idle_timeout(Duration::from_mins(1))
        .pool_max_idle_per_host(32)
        .tcp_nodelay(true);
    Ok(match timeouts.total {
        Some(total) => builder.timeout(total),
        None => builder,
    })
}

pub(super) fn build(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|error| Error::internal("the HTTP client could not be made").caused_by(error))
}

/// A header value that no log shows.
pub(super) fn secret_header(prefix: &str, secret: &SecretString) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret()))
        .map_err(|_| Error::internal("a key holds characters that no header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// `base` with the path's segments appended, each escaped. A path in `base` is kept.
pub(super) fn endpoint(base: &Url, segments: &[&str]) -> Result<Url> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| Error::internal("a base URL cannot carry a path"))?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

/// When to try again: `tries` in all, each wait drawn from zero to `base` doubled with every try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub tries: u32,
    pub base: Duration,
}

impl Backoff {
    /// The wait after the failed try number `attempt` (from 1). What the peer asked for is never shortened.
    pub(super) fn wait(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let ceiling = match asked {
            Some(_) => self.base,
            None => self.base.saturating_mul(1 << attempt.saturating_sub(1).min(10)),
        };
        asked.unwrap_or_default() + ceiling.mul_f64(rand::random_range(0.0..=1.0))
    }
}

/// The wait a peer asks for, in whole seconds; a date is not understood, and nothing beyond an hour is believed.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(3600)))
}

/// Another machine with a name: says things to it, and puts its failures into our words.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    name: &'static str,
    client: Client,
    backoff: Backoff,
}

impl Peer {
    pub(super) fn new(name: &'static str, timeouts: Timeouts, headers: HeaderMap) -> Result<Self> {
        let client = build(builder(timeouts)?.default_headers(headers))?;
        Ok(Self { name, client, backoff: Backoff { tries: 3, base: Duration::from_millis(200) } })
    }

    #[cfg(test)]
    pub(super) fn with_backoff(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }

    /// Says it until it is heard: only for what may be said twice. The last reply comes back, whatever its status.
    pub(super) async fn send(&self, request: impl Fn(&Client) -> RequestBuilder) -> Result<Response> {
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let result = self.send_once(&request).await;
            let asked = match &result {
                Ok(response) if is_transient(response.status()) => asked_wait(response.headers()),
                Ok(_) => return result,
                Err(_) => None,
            };
            let wait = self.backoff.wait(attempt, asked);
            if attempt >= self.backoff.tries || started.elapsed() + wait > PATIENCE {
                return result;
            }
            tracing::debug!(peer = self.name, attempt, wait_ms = wait.as_millis(), "trying again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// Says it once.
    pub(super) async fn send_once(&self, request: impl Fn(&Client) -> RequestBuilder) -> Result<Response> {
        let request = request(&self.client).build().map_err(|error| {
            Error::internal(format!("the request to {} could not be made", self.name)).caused_by(error.without_url())
        })?;
        let span = info_span!(
            "http",
            otel.name = format!("{} {}", request.method(), self.name),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = request.method().as_str(),
            http.response.status_code = Empty,
            server.address = request.url().host_str(),
            "error.type" = Empty,
        );
        let result = self.client.execute(request).instrument(span.clone()).await;
        match &result {
            Ok(response) => {
                span.record("http.response.status_code", response.status().as_u16());
                if !response.status().is_success() {
                    span.record("error.type", response.status().as_str());
                }
            }
            Err(error) => {
                span.record("error.type", if error.is_timeout() { "timeout" } else { "connection" });
                span.record("otel.status_code", "ERROR");
            }
        }
        result.map_err(|error| self.unreachable(error))
    }

    /// A request or a body that broke on the way.
    pub(super) fn unreachable(&self, error: reqwest::Error) -> Error {
        let name = self.name;
        // A time-out while a body is read counts as a decoding fault as well, so it is asked first.
        let ours = if error.is_timeout() {
            Error::unavailable(format!("{name} did not answer in time"))
        } else if error.is_connect() || error.is_request() {
            Error::unavailable(format!("{name} could not be reached"))
        } else {
            Error::upstream(format!("{name} broke off its reply"))
        };
        ours.caused_by(error.without_url())
    }

    /// A reply whose status is a refusal. `code` is the peer's own word for it, never its prose: that may quote data.
    pub(super) fn refused(&self, status: StatusCode, headers: &HeaderMap, code: &str) -> Error {
        let name = self.name;
        let error = match status.as_u16() {
            401 | 403 => Error::internal(format!("{name} refused our credentials")),
            429 => Error::unavailable(format!("{name} is asking us to slow down")),
            408 | 409 | 500..=599 => Error::unavailable(format!("{name} is not available")),
            status => Error::upstream(format!("{name} refused the request with status {status}")),
        };
        let error = match asked_wait(headers) {
            Some(wait) => error.retry_after(wait),
            None => error,
        };
        error.caused_by(format!("HTTP {}{}{code}", status.as_u16(), if code.is_empty() { "" } else { ", " }))
    }

    /// The whole body, refused when larger than `limit`.
    pub(super) async fn body(&self, mut response: Response, limit: usize) -> Result<Bytes> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + chunk.len() > limit {
                return Err(Error::upstream(format!("{} sent more than {limit} bytes", self.name)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    pub(super) async fn json(&self, response: Response) -> Result<serde_json::Value> {
        let body = self.body(response, JSON_LIMIT).await?;
        serde_json::from_slice(&body).map_err(|error| {
            // Where, not what: serde quotes the value, and the value may be somebody's address.
            Error::upstream(format!("{} sent a reply that is not JSON", self.name)).caused_by(format!(
                "line {}, column {}",
                error.line(),
                error.column()
            ))
        })
    }
}

fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 409 | 429 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

    use super::*;
    use crate::error::Kind;

    /// Fails so often, then answers.
    struct Flaky(AtomicU32, ResponseTemplate);

    impl Respond for Flaky {
        fn respond(&self, _: &Request) -> ResponseTemplate {
            match self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
                Ok(_) => self.1.clone(),
                Err(_) => ResponseTemplate::new(200),
            }
        }
    }

    async fn peer(failures: u32, template: ResponseTemplate) -> (Peer, MockServer) {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Flaky(AtomicU32::new(failures), template)).mount(&server).await;
        let peer = Peer::new("the peer", Timeouts::SHORT, HeaderMap::new()).expect("a peer");
        (peer.with_backoff(Backoff { tries: 3, base: Duration::from_millis(1) }), server)
    }

    async fn calls(server: &MockServer) -> usize {
        server.received_requests().await.expect("recorded").len()
    }

    #[tokio::test]
    async fn a_transient_refusal_is_tried_three_times_and_another_one_once() {
        for (failures, status, expected, count) in
            [(2, 503, 200, 3), (9, 503, 503, 3), (1, 429, 200, 2), (9, 400, 400, 1), (9, 404, 404, 1)]
        {
            let (peer, server) = peer(failures, ResponseTemplate::new(status)).await;
            let response = peer.send(|client| client.get(server.uri())).await.expect("a reply");
            assert_eq!(response.status().as_u16(), expected, "status {status}");
            assert_eq!(calls(&server).await, count, "status {status}");
        }
    }

    #[tokio::test]
    async fn a_wish_beyond_our_patience_is_handed_on() {
        let (peer, server) = peer(9, ResponseTemplate::new(429).insert_header("retry-after", "60")).await;
        let response = peer.send(|client| client.get(server.uri())).await.expect("a reply");
        assert_eq!(calls(&server).await, 1);
        let error = peer.refused(response.status(), response.headers(), "rate_limit");
        assert_eq!((error.kind(), error.wait()), (Kind::Unavailable, Some(Duration::from_mins(1))));
        assert_eq!(error.chain(), "the peer is asking us to slow down: HTTP 429, rate_limit");
    }

    #[tokio::test]
    async fn redirects_are_not_followed_and_we_say_who_we_are() {
        let (peer, server) = peer(9, ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
        assert_eq!(peer.send(|client| client.get(server.uri())).await.expect("a reply").status(), 302);
        let requests = server.received_requests().await.expect("recorded");
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].headers["user-agent"], concat!("crb/", env!("CARGO_PKG_VERSION")));
    }

    #[tokio::test]
    async fn a_closed_door_is_unavailable_and_a_flood_is_refused() {
        let (peer, server) = peer(0, ResponseTemplate::new(200)).await;
        let error = peer.send(|client| client.get("http://127.0.0.1:1/x?q=secret")).await.expect_err("no door");
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(!error.chain().contains("secret"), "{}", error.chain());

        server.reset().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_string("x".repeat(100)))
            .mount(&server)
            .await;
        let response = peer.send(|client| client.get(server.uri())).await.expect("a reply");
        assert_eq!(peer.body(response, 99).await.expect_err("too large").kind(), Kind::Upstream);
    }

    #[test]
    fn waits_stay_under_their_ceiling_and_over_what_was_asked() {
        let backoff = Backoff { tries: 3, base: Duration::from_secs(1) };
        for _ in 0..200 {
            for (attempt, ceiling) in [(1, 1), (2, 2), (3, 4)] {
                assert!(backoff.wait(attempt, None) <= Duration::from_secs(ceiling));
            }
            let asked = backoff.wait(3, Some(Duration::from_secs(7)));
            assert!((7.0..=8.0).contains(&asked.as_secs_f64()));
        }
    }

    #[test]
    fn endpoints_keep_the_base_path_and_escape_their_segments() {
        for (base, expected) in [
            ("https://a.example", "https://a.example/v1/x%2Fy%3Fz"),
            ("https://a.example/base/", "https://a.example/base/v1/x%2Fy%3Fz"),
        ] {
            let url = endpoint(&base.parse().expect("a URL"), &["v1", "x/y?z"]).expect("a URL");
            assert_eq!(url.as_str(), expected);
        }
    }
}
