//! Problems: the one shape of every refusal and every fault (RFC 9457), and the one table of their statuses.

mod causes;
mod table;

use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse as _, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, Registry};
use schemars::JsonSchema;
use serde::Serialize;

pub(super) use causes::Failure;
pub use table::{Row, TABLE, markdown};

use super::schemas;
use crate::error::{Error, FieldError, Kind};

pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for a program (`code`) and for a person (`detail`).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(example = example())]
pub(super) struct Problem {
    /// Where this kind of problem is explained.
    #[serde(rename = "type")]
    #[schemars(extend("format" = "uri-reference"))]
    kind: String,
    /// The kind of problem in words; the same for every occurrence.
    title: &'static str,
    /// The HTTP status.
    #[schemars(range(min = 400, max = 599))]
    status: u16,
    /// What happened this time.
    detail: String,
    /// Stable; match on this.
    #[schemars(extend("enum" = table::codes()))]
    code: &'static str,
    /// Quote it when you ask for help.
    request_id: String,
    /// One entry for each refused field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

fn example() -> Problem {
    let refused = FieldError::new("answers/employee_count", "must be between 1 and 5000");
    Problem {
        kind: table::address("invalid"),
        title: "Invalid request",
        status: 422,
        detail: "answers/employee_count: must be between 1 and 5000".into(),
        code: "invalid",
        request_id: "01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c".into(),
        errors: vec![refused],
    }
}

/// What the door itself refuses, before or beside any use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    MethodNotAllowed,
    RequestTimeout,
    TooLarge,
    UriTooLong,
    UnsupportedMediaType,
    PreconditionRequired,
    HeadersTooLarge,
}

impl Refusal {
    const fn code(self) -> &'static str {
        match self {
            Self::MethodNotAllowed => "method_not_allowed",
            Self::RequestTimeout => "request_timeout",
            Self::TooLarge => "too_large",
            Self::UriTooLong => "uri_too_long",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::PreconditionRequired => "precondition_required",
            Self::HeadersTooLarge => "headers_too_large",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(table::row(self.code()).meaning)
    }
}

impl std::error::Error for Refusal {}

impl ResponseError for Refusal {
    fn status(&self) -> StatusCode {
        table::row(self.code()).status()
    }
}

/// The status of a kind of error.
pub fn status(kind: Kind) -> StatusCode {
    table::row(kind.code()).status()
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        status(self.kind())
    }
}

/// Every operation can end in a problem; it is documented once for the caller's faults and once for ours.
impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let one = |range: &str, description| MetaResponse {
            description,
            status: None,
            status_range: Some(range.to_owned()),
            content: vec![MetaMediaType { content_type: MEDIA_TYPE, schema: schemas::reference::<Problem>() }],
            headers: vec![MetaHeader {
                name: "Retry-After".into(),
                description: Some("Seconds to wait before the next try, where trying again can help".into()),
                required: false,
                deprecated: false,
                schema: schemas::inline(MetaSchema { minimum: Some(0.0), ..MetaSchema::new("integer") }),
            }],
        };
        let responses =
            vec![one("4XX", "The request was refused"), one("5XX", "The fault is ours, or of a service we use")];
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        schemas::register::<Problem>(registry, schemas::Use::Response);
    }
}

/// Writes a failure as a response. `allow` names the methods of the address, for a 405.
pub(super) fn answer(failure: Failure, request_id: &str, allow: Option<&str>) -> Response {
    let Failure { row, detail, fields, retry_after } = failure;
    let problem = Problem {
        kind: table::address(row.code),
        title: row.title,
        status: row.status,
        // A fault's words are for us; the caller gets neutral ones.
        detail: row.neutral.map_or(detail, str::to_owned),
        code: row.code,
        request_id: request_id.to_owned(),
        errors: fields,
    };
    let body = serde_json::to_vec(&problem).expect("a problem is plain text and numbers");
    let mut response = body.into_response();
    response.set_status(row.status());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if let Some(seconds) = retry_after.map(|wait| wait.as_secs().max(1)).or(row.retry_after) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if row.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"crb\""));
    }
    if row.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allow) = allow.and_then(|methods| HeaderValue::from_str(methods).ok())
    {
        headers.insert(header::ALLOW, allow);
    }
    response
}
