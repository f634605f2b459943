//! What this server says when the API cannot: a problem in the API's own shape, so that the page reads it like any other.

use crb_door::RequestId;
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A code of the API's table (`docs/PROBLEMS.md`), with the status that a gateway gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Nothing under `/api` is answered here.
    NotFound,
    /// The caller's body broke off or cannot be read.
    Malformed,
    TooLarge,
    /// The API cannot be reached.
    Away,
    /// The API did not answer in time.
    Late,
    /// The API's answer broke off before it began.
    Broken,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
}

/// Seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Away | Self::Broken => StatusCode::BAD_GATEWAY,
            Self::Late => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Code, title and detail.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NotFound => ("not_found", "Not found", "The API answers at another address."),
            Self::Malformed => ("malformed", "Malformed request", "The body broke off or could not be read."),
            Self::TooLarge => ("too_large", "Content too large", "A body may have 256 KiB at most."),
            Self::Away | Self::Late => {
                ("unavailable", "Unavailable", "A part of the service is away for the moment. Try again shortly.")
            }
            Self::Broken => (
                "upstream",
                "Upstream error",
                "A service that this depends on gave an answer that cannot be used. Trying again may help.",
            ),
        }
    }

    pub(crate) fn answer(self, id: &RequestId) -> Response {
        let (code, title, detail) = self.words();
        let status = self.status();
        let kind = format!("/api/v1/problems/{code}");
        let body = Body { kind, title, status: status.as_u16(), detail, code, request_id: id.as_str() };
        let body = serde_json::to_vec(&body).expect("plain text and a number");
        let mut response = Response::builder().status(status).content_type("application/problem+json").body(body);
        if status.is_server_error() {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_one_of_the_apis() {
        let table = include_str!("../../../docs/PROBLEMS.md");
        let all =
            [Problem::NotFound, Problem::Malformed, Problem::TooLarge, Problem::Away, Problem::Late, Problem::Broken];
        for problem in all {
            let (code, title, _) = problem.words();
            let row = table.lines().find(|line| line.starts_with(&format!("| `{code}` |"))).expect(code);
            assert!(row.contains(&format!("| {title} |")), "{code}: {title}");
        }
    }
}
