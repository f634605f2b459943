//! What every answer tells a browser, and the shape of a refusal.

use anyhow::{Result, bail};
use reqwest::header::{self, HeaderName};

use super::visitor::{Answer, Visitor};

/// A year, as browsers' lists ask for it.
const LEAST_HSTS: u64 = 31_536_000;

pub(super) async fn of_the_api(visitor: &Visitor) -> Result<String> {
    let answer = visitor.api("/api/v1/industries").await?.of(200)?;
    secure(&answer)?;
    Ok("HSTS of a year, CSP, nosniff, no frames, referrer, opener, permissions".to_owned())
}

/// A refusal is a problem, and as hardened as any answer.
pub(super) async fn of_a_refusal(visitor: &Visitor) -> Result<String> {
    let answer = visitor.api("/api/v1/there-is-no-such-place").await?.of(404)?;
    answer.must_have(&header::CONTENT_TYPE, "application/problem+json")?;
    secure(&answer)?;
    let body = answer.json()?;
    if body["code"] != "not_found" || body["status"] != 404 || body["request_id"].as_str().is_none_or(str::is_empty) {
        bail!("a 404 lacks its code, its status or its request's id");
    }
    Ok("an unknown address is a 404, application/problem+json, with its request's id".to_owned())
}

/// What each answer has to carry, page and API alike.
pub(super) fn secure(answer: &Answer) -> Result<()> {
    let hsts = answer.header(&header::STRICT_TRANSPORT_SECURITY);
    let age = hsts.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok());
    if age.is_none_or(|age| age < LEAST_HSTS) {
        bail!("strict-transport-security is {hsts:?} and has to hold for a year");
    }
    answer.must_have(&header::CONTENT_SECURITY_POLICY, "default-src 'none'")?;
    answer.must_have(&header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'")?;
    answer.must_have(&header::X_CONTENT_TYPE_OPTIONS, "nosniff")?;
    answer.must_have(&header::X_FRAME_OPTIONS, "deny")?;
    answer
        .must_have(&header::REFERRER_POLICY, "origin")
        .or_else(|_| answer.must_have(&header::REFERRER_POLICY, "no-referrer"))?;
    answer.must_have(&HeaderName::from_static("cross-origin-opener-policy"), "same-origin")?;
    answer.must_have(&HeaderName::from_static("permissions-policy"), "camera=()")
}
