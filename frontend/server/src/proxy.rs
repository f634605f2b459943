//! The way to the API: a call under `/api` goes on as it came, and the answer comes back as it goes, event by event.
//!
//! This is hyper's own client and no more comfortable one: addresses, headers and bodies pass through it untouched, so a
//! compressed answer stays compressed, a redirect stays a redirect, and a stream is never collected.

mod passing;
mod through;

use std::error::Error as _;
use std::time::Duration;
use std::{io, iter};

use bytes::Bytes;
use crb_door::RequestId;
use http_body_util::combinators::BoxBody;
use http_body_util::{LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use poem::http::uri::{Authority, Scheme};
use poem::http::{Uri, header};
use poem::{Body, Request, Response};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::faults::Faults;
use crate::problem::Problem;

/// The API takes no more either; what is larger does not get that far.
const MAX_BODY: usize = 256 * 1024;
/// Shorter than the API keeps a silent connection, so that none is used which it is just closing.
const POOL_IDLE: Duration = Duration::from_secs(30);

type Outgoing = Limited<BoxBody<Bytes, io::Error>>;

/// How long the API may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub connect: Duration,
    /// From the request to the headers of its answer.
    pub headers: Duration,
    /// The longest silence in an answer's body. An event stream has no other limit: it speaks at least every 15 seconds.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), headers: Duration::from_secs(30), idle: Duration::from_mins(1) }
    }
}

pub struct Proxy {
    client: Client<HttpsConnector<HttpConnector>, Outgoing>,
    scheme: Scheme,
    authority: Authority,
    patience: Patience,
}

/// Whether an address belongs to the API.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Proxy {
    pub fn new(upstream: &Url, patience: Patience) -> Result<Self, Faults> {
        let fault = |error: &dyn std::fmt::Display| Faults::one("CRB_API_UPSTREAM", error);
        let origin: Uri = upstream.origin().ascii_serialization().parse().map_err(|error| fault(&error))?;
        let parts = origin.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(fault(&"must be an http or https address"));
        };
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(patience.connect));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE)
            .build(over_tls(tcp, scheme == Scheme::HTTPS).map_err(|error| fault(&error))?);
        Ok(Self { client, scheme, authority, patience })
    }

    /// Passes the call on. `closing` ends event streams, whose readers then come back to another process.
    pub(crate) async fn pass(
        &self,
        request: Request,
        id: &RequestId,
        closing: &CancellationToken,
    ) -> Result<Response, Problem> {
        let outgoing = self.outgoing(request, id)?;
        let answered = match tokio::time::timeout(self.patience.headers, self.client.request(outgoing)).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(error)) => return Err(fault(&error)),
            Err(_late) => return Err(Problem::Late),
        };
        let (mut parts, body) = answered.into_parts();
        passing::strip(&mut parts.headers);
        let is_stream = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let until = if is_stream { closing.clone() } else { CancellationToken::new() };
        let pieces = through::pieces(body, self.patience.idle, id.clone(), until);
        let mut response = Response::builder().status(parts.status).body(Body::from_bytes_stream(pieces));
        *response.headers_mut() = parts.headers;
        Ok(response)
    }

    fn outgoing(&self, mut request: Request, id: &RequestId) -> Result<hyper::Request<Outgoing>, Problem> {
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > MAX_BODY) {
            return Err(Problem::TooLarge);
        }
        let path = request.uri().path_and_query().cloned().ok_or(Problem::Malformed)?;
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone()).path_and_query(path);
        let headers = passing::onward(&request, id);
        let body = Limited::new(BoxBody::from(request.take_body()), MAX_BODY);
        let mut outgoing = hyper::Request::new(body);
        *outgoing.method_mut() = request.method().clone();
        *outgoing.uri_mut() = uri.build().map_err(|_| Problem::Malformed)?;
        *outgoing.headers_mut() = headers;
        Ok(outgoing)
    }
}

/// The roots of trust are the machine's; where the API is next door and needs none, they are not read.
fn over_tls(tcp: HttpConnector, needs_roots: bool) -> io::Result<HttpsConnector<HttpConnector>> {
    let ring = rustls::crypto::ring::default_provider();
    let builder = HttpsConnectorBuilder::new();
    let builder = if needs_roots {
        builder.with_provider_and_native_roots(ring)?
    } else {
        let config = rustls::ClientConfig::builder_with_provider(ring.into()).with_safe_default_protocol_versions();
        let config = config.map_err(io::Error::other)?.with_root_certificates(rustls::RootCertStore::empty());
        builder.with_tls_config(config.with_no_client_auth())
    };
    Ok(builder.https_or_http().enable_http1().wrap_connector(tcp))
}

/// Whose fault it is that no answer came.
fn fault(error: &Error) -> Problem {
    if error.is_connect() {
        return Problem::Away;
    }
    let causes = || iter::successors(error.source(), |&cause| cause.source());
    if causes().any(<dyn std::error::Error>::is::<LengthLimitError>) {
        Problem::TooLarge
    } else if causes().any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_user)) {
        Problem::Malformed
    } else {
        Problem::Broken
    }
}
