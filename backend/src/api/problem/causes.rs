//! Where problems come from: our own errors, the door's refusals, and the framework's errors, read here and nowhere else.

use std::time::Duration;

use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError};

use super::table::{Row, row};
use super::{Refusal, status};
use crate::error::{Error, FieldError, Kind};

/// A failed call, ready to be written as a problem.
pub(in crate::api) struct Failure {
    pub(super) row: &'static Row,
    pub(super) detail: String,
    pub(super) fields: Vec<FieldError>,
    pub(super) retry_after: Option<Duration>,
}

impl Failure {
    fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { row: row(code), detail: detail.into(), fields: Vec::new(), retry_after: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self::new(refusal.code(), refusal.to_string())
    }

    /// After a panic. The panic hook has reported it already; here it only gets an answer.
    pub(in crate::api) fn panicked() -> Self {
        tracing::warn!("a handler panicked; answered as an internal error");
        Self::new(Kind::Internal.code(), "panic")
    }
}

/// Reads an error, and logs it when the fault is ours: this is the one place where that happens.
impl From<poem::Error> for Failure {
    fn from(error: poem::Error) -> Self {
        if let Some(ours) = error.downcast_ref::<Error>() {
            return of_ours(ours);
        }
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return Self::refused(*refusal);
        }
        if error.is::<NotFoundError>() || error.is::<ParsePathError>() {
            return Self::new(Kind::NotFound.code(), "there is nothing at this address");
        }
        if error.is::<MethodNotAllowedError>() {
            return Self::refused(Refusal::MethodNotAllowed);
        }
        if error.is::<ContentTypeError>() {
            return Self::refused(Refusal::UnsupportedMediaType);
        }
        if let Some(ReadBodyError::PayloadTooLarge) = error.downcast_ref::<ReadBodyError>() {
            return Self::refused(Refusal::TooLarge);
        }
        if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
            return of_parameter(parameter);
        }
        if error.status().is_client_error() {
            return Self::new(Kind::Malformed.code(), "the request cannot be read");
        }
        of_ours(&Error::internal("an error without a kind").caused_by(error.to_string()))
    }
}

fn of_ours(error: &Error) -> Failure {
    if status(error.kind()).is_server_error() {
        tracing::error!(error.kind = error.kind().code(), error.chain = error.chain(), "the request failed");
    }
    Failure {
        fields: error.field_errors().to_vec(),
        retry_after: error.wait(),
        ..Failure::new(error.kind().code(), error.detail())
    }
}

/// The framework wraps our words (`failed to parse "Limit": … (occurred while parsing …)`); the caller gets them
/// unwrapped, with the name of the parameter.
fn of_parameter(error: &ParseParamError) -> Failure {
    let words = if error.reason.contains("expects an input value") {
        "is required"
    } else {
        let words = error.reason.split_once("\": ").map_or(error.reason.as_str(), |(_, words)| words);
        words.split(" (occurred while parsing").next().unwrap_or(words)
    };
    let detail = format!("{}: {words}", error.name);
    Failure { fields: vec![FieldError::new(error.name, words)], ..Failure::new(Kind::Malformed.code(), detail) }
}
