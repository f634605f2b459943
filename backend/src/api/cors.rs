//! Which pages may call from a browser: those of the configured origins. A stranger's page gets an answer without the
//! permission to read it.

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, if-match, if-none-match, idempotency-key, last-event-id, x-request-id, traceparent, \
     tracestate, baggage, sentry-trace",
);
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, retry-after, x-request-id, content-disposition");
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

pub(super) struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    pub(super) fn new(origins: &[String]) -> Self {
        let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok());
        Self { origins: origins.collect() }
    }

    /// Answers a browser's question before the real request; needs no token.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let asks = request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        let origin = asks.then(|| headers.get(header::ORIGIN)).flatten()?;
        let mut response: Response = StatusCode::NO_CONTENT.into();
        if self.origins.contains(origin) {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
        Some(response)
    }

    /// Lets a known page read the answer. The cookie of a report needs credentials, so the origin is named, never `*`.
    pub(super) fn admit(&self, origin: Option<&HeaderValue>, response: &mut Response) {
        let headers = response.headers_mut();
        vary(headers, "Origin");
        let Some(origin) = origin.filter(|origin| self.origins.contains(origin)) else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

pub(super) fn vary(headers: &mut HeaderMap, on: &'static str) {
    headers.append(header::VARY, HeaderValue::from_static(on));
}
