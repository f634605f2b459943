//! The headers for browsers that every answer of this server carries, errors included.

use poem::Response;
use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::policy;
use crate::settings::Stage;

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
    ),
];
pub(crate) const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Adds what is missing. Nothing is kept by a cache unless its maker says so.
pub(crate) fn harden(response: &mut Response, stage: Stage, path: &str) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Only where HTTPS is certain: a browser remembers it for the whole host, and a developer's host is localhost.
    if stage.is_deployed() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer(path)));
    let mut otherwise = |name: HeaderName, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    otherwise(header::CONTENT_SECURITY_POLICY, policy::NOTHING);
    otherwise(header::CACHE_CONTROL, "no-store");
    if stage != Stage::Production {
        // Search engines know one of these sites, the real one.
        otherwise(ROBOTS, "noindex");
    }
}

/// The address of a report or of a payment is nobody else's business, not even as an origin.
fn referrer(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("reports" | "checkout") => "no-referrer",
        _ => "strict-origin-when-cross-origin",
    }
}

pub(crate) fn vary_by_encoding(headers: &mut HeaderMap) {
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}
