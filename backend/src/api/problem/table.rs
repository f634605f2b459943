//! The table: every code with its status, its title, what it means and how long to wait.

use poem::http::StatusCode;

/// One kind of problem.
#[derive(Debug)]
pub struct Row {
    pub code: &'static str,
    pub status: u16,
    pub title: &'static str,
    /// When it happens and what to do, for the documentation.
    pub meaning: &'static str,
    /// Said instead of the error's own words, so that nothing internal leaks.
    pub neutral: Option<&'static str>,
    /// Seconds, where the error names none itself.
    pub retry_after: Option<u64>,
}

impl Row {
    pub(in crate::api) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).expect("the table holds valid statuses")
    }
}

const fn refusal(code: &'static str, status: u16, title: &'static str, meaning: &'static str) -> Row {
    Row { code, status, title, meaning, neutral: None, retry_after: None }
}

pub static TABLE: [Row; 18] = [
    refusal(
        "malformed",
        400,
        "Malformed request",
        "The body is not JSON, a header or query parameter cannot be read, or a signature does not fit. Correct the request.",
    ),
    refusal(
        "unauthenticated",
        401,
        "Authentication required",
        "No token was sent, or one that is unknown or has expired. Send `Authorization: Bearer …`.",
    ),
    refusal("unpaid", 402, "Payment required", "The order behind this is not paid."),
    refusal(
        "not_found",
        404,
        "Not found",
        "There is nothing at this address, or it belongs to somebody else: the answer is the same on purpose.",
    ),
    refusal(
        "method_not_allowed",
        405,
        "Method not allowed",
        "The address exists; the `Allow` header names its methods.",
    ),
    refusal("request_timeout", 408, "Request timeout", "The body did not arrive in time."),
    refusal(
        "conflict",
        409,
        "Conflict",
        "The state does not allow this now, or the version sent is stale. Read the current state and decide again.",
    ),
    refusal("gone", 410, "Gone", "It existed and has expired. Start a new one."),
    refusal("too_large", 413, "Content too large", "A body may have 256 KiB at most."),
    refusal("uri_too_long", 414, "Address too long", "An address may have 8 KiB at most."),
    refusal("unsupported_media_type", 415, "Unsupported media type", "Send the body as `application/json`."),
    refusal(
        "invalid",
        422,
        "Invalid request",
        "The request was understood and breaks a rule; `errors` names each refused field and why.",
    ),
    refusal(
        "precondition_required",
        428,
        "Precondition required",
        "Send `If-Match` with the version that your change is based on, so that no other change is lost.",
    ),
    Row {
        retry_after: Some(60),
        ..refusal(
            "too_many",
            429,
            "Too many requests",
            "A limit for your address is reached. Wait as `Retry-After` says.",
        )
    },
    refusal("headers_too_large", 431, "Header fields too large", "All headers together may have 32 KiB at most."),
    Row {
        neutral: Some("Something went wrong on our side. It has been recorded."),
        ..refusal("internal", 500, "Internal error", "A fault of ours. It has been recorded; quote the `request_id`.")
    },
    Row {
        neutral: Some("A service that this depends on gave an answer that cannot be used. Trying again may help."),
        ..refusal("upstream", 502, "Upstream error", "Another service answered wrongly. Try again later.")
    },
    Row {
        neutral: Some("A part of the service is away for the moment. Try again shortly."),
        retry_after: Some(5),
        ..refusal("unavailable", 503, "Unavailable", "A part of the service is away. Wait as `Retry-After` says.")
    },
];

/// A code's row. Codes come from closed enums; a test holds them against the table.
pub(super) fn row(code: &str) -> &'static Row {
    TABLE.iter().find(|row| row.code == code).expect("every code has a row")
}

pub(super) fn codes() -> Vec<&'static str> {
    TABLE.iter().map(|row| row.code).collect()
}

/// Where a code is explained, on the API's own origin.
pub(super) fn address(code: &str) -> String {
    format!("/api/v1/problems/{code}")
}

/// The table as a page of documentation.
pub fn markdown() -> String {
    let line = |row: &Row| format!("| `{}` | {} | {} | {} |\n", row.code, row.status, row.title, row.meaning);
    let lines: Vec<String> = TABLE.iter().map(line).collect();
    format!(
        "# Problems\n\n\
         Every refusal and every fault is an `application/problem+json` document (RFC 9457) with `type`, `title`, `status`,\n\
         `detail`, `code` and `request_id`; `errors` holds one entry for each refused field. Match on `code`.\n\n\
         | code | status | title | meaning |\n|---|---|---|---|\n{}",
        lines.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::super::Refusal;
    use super::*;
    use crate::error::Kind;

    #[test]
    fn every_kind_and_every_refusal_has_a_row_and_no_row_is_left_over() {
        let kinds = [
            Kind::Malformed,
            Kind::Invalid,
            Kind::Unauthenticated,
            Kind::Unpaid,
            Kind::NotFound,
            Kind::Conflict,
            Kind::Gone,
            Kind::TooMany,
            Kind::Internal,
            Kind::Upstream,
            Kind::Unavailable,
        ];
        let refusals = [
            Refusal::MethodNotAllowed,
            Refusal::RequestTimeout,
            Refusal::TooLarge,
            Refusal::UriTooLong,
            Refusal::UnsupportedMediaType,
            Refusal::PreconditionRequired,
            Refusal::HeadersTooLarge,
        ];
        let mut codes: Vec<&str> =
            kinds.map(Kind::code).into_iter().chain(refusals.map(|refusal| row(refusal.code()).code)).collect();
        codes.sort_unstable();
        let mut rows: Vec<&str> = TABLE.iter().map(|row| row.code).collect();
        rows.sort_unstable();
        assert_eq!(codes, rows);
    }

    #[test]
    fn a_fault_has_neutral_words_and_a_refusal_has_its_own() {
        for row in &TABLE {
            assert_eq!(row.neutral.is_some(), row.status >= 500, "{}", row.code);
        }
    }

    #[test]
    fn the_page_lists_every_code_once() {
        let page = markdown();
        for row in &TABLE {
            assert_eq!(page.matches(&format!("| `{}` |", row.code)).count(), 1);
        }
    }
}
