//! One error for the whole house: a closed kind, words for the caller, the cause for us. Knows no HTTP.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, from the caller's point of view. The door turns it into a status; the worker into "again" or "never".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request cannot be understood (HTTP 400).
    Malformed,
    /// The request is understood and breaks a rule, field by field (HTTP 422).
    Invalid,
    Unauthenticated,
    Unpaid,
    /// Not there, or not the caller's.
    NotFound,
    Conflict,
    Gone,
    TooMany,
    /// Our own fault.
    Internal,
    /// Another service answered, and wrongly.
    Upstream,
    /// Another service, or a part of ours, is away.
    Unavailable,
}

impl Kind {
    /// The stable word that clients match on.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Unpaid => "unpaid",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::TooMany => "too_many",
            Self::Internal => "internal",
            Self::Upstream => "upstream",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether the same work can succeed when it is tried again later.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::TooMany | Self::Upstream | Self::Unavailable)
    }

    /// Whether somebody of ours should hear of it.
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Internal | Self::Upstream | Self::Unavailable)
    }
}

/// One field that was refused. `field` is a JSON pointer without the leading slash, e.g. `answers/employee_count`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// `Display` shows the detail only; the chain of causes is for the log, once, at the door.
pub struct Error {
    kind: Kind,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $kind:ident),* $(,)?) => {
        impl Error {
            $($(#[$doc])* pub fn $name(detail: impl Into<Cow<'static, str>>) -> Self { Self::new(Kind::$kind, detail) })*
        }
    };
}

constructors! {
    malformed => Malformed,
    invalid => Invalid,
    unauthenticated => Unauthenticated,
    unpaid => Unpaid,
    not_found => NotFound,
    conflict => Conflict,
    gone => Gone,
    too_many => TooMany,
    internal => Internal,
    upstream => Upstream,
    unavailable => Unavailable,
}

impl Error {
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), fields: Vec::new(), retry_after: None, source: None }
    }

    /// A refusal with one reason a field.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let detail = match fields.as_slice() {
            [one] => format!("{}: {}", one.field, one.message),
            many => format!("{} fields were refused", many.len()),
        };
        Self { fields, ..Self::new(Kind::Invalid, detail) }
    }

    /// A refusal of one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, message)])
    }

    /// Of an error that several waited for: the one who waited alone gets it, of several each gets a likeness.
    pub fn shared(error: Arc<Self>) -> Self {
        Arc::try_unwrap(error).unwrap_or_else(|error| {
            let likeness = Self::new(error.kind(), error.detail().to_owned()).with_fields(error.fields.clone());
            Self { retry_after: error.retry_after, ..likeness }.caused_by(error)
        })
    }

    #[must_use]
    pub fn with_fields(self, fields: Vec<FieldError>) -> Self {
        Self { fields, ..self }
    }

    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn field_errors(&self) -> &[FieldError] {
        &self.fields
    }

    pub const fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Detail and every cause, on one line: for logs and for the operator, never for a caller.
    pub fn chain(&self) -> String {
        let mut text = self.detail.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.chain())?;
        for field in &self.fields {
            write!(f, " [{}: {}]", field.field, field.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_shows_the_detail_and_the_chain_shows_the_cause() {
        let error = Error::internal("the report could not be stored").caused_by("password=hunter2");
        assert_eq!(error.to_string(), "the report could not be stored");
        assert_eq!(error.chain(), "the report could not be stored: password=hunter2");
    }

    #[test]
    fn one_refused_field_is_named_in_the_detail() {
        let error = Error::field("answers/employee_count", "must be between 1 and 5000");
        assert_eq!(error.kind(), Kind::Invalid);
        assert_eq!(error.detail(), "answers/employee_count: must be between 1 and 5000");
        assert_eq!(error.field_errors().len(), 1);
    }
}
