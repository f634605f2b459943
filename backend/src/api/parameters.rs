//! Parameters of path, query and header: each a type that says what it accepts, in the document and in its refusals.

use std::borrow::Cow;

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use uuid::Uuid;

use super::problem::Refusal;
use super::schemas;
use crate::domain::ids::{OrderId, ProposalStatus, ReportId, SessionId, VendorStatus};
use crate::error::Error;

/// How many entries a page has.
#[derive(Debug)]
pub(super) struct Limit(u32);

/// Where a page begins: the `next` of the page before it.
pub(super) struct Cursor(String);

/// A word of lower-case letters, digits, dashes and underscores.
pub(super) struct Slug(String);

/// What a person typed to search.
pub(super) struct Search(String);

/// Chosen by the caller, so that a repeated request does the thing once.
pub(super) struct IdempotencyKey(String);

/// The `seq` of the last event that the caller has seen.
pub(super) struct Seq(i64);

#[derive(Debug, Clone, Copy)]
pub(super) struct ProposalId(pub(super) Uuid);

/// What a list takes when the caller names no limit.
const PAGE: u32 = 20;
const MAX_PAGE: u32 = 100;

pub(super) fn limit_or_default(limit: Option<Limit>) -> u32 {
    limit.map_or(PAGE, |limit| limit.0)
}

macro_rules! text {
    ($($name:ident),*) => {$(
        impl $name {
            pub(super) fn into_inner(self) -> String {
                self.0
            }
        }
    )*};
}
text! { Cursor, Slug, Search, IdempotencyKey }

impl Seq {
    pub(super) const fn get(&self) -> i64 {
        self.0
    }
}

/// Joins a type to the framework: its schema, and its parser, whose words go to the caller.
macro_rules! parameters {
    ($($type:ty => $schema:expr, $parse:expr;)*) => {$(
        impl Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_ref() -> MetaSchemaRef {
                schemas::inline($schema)
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl ParseFromParameter for $type {
            fn parse_from_parameter(text: &str) -> ParseResult<Self> {
                let parse: fn(&str) -> Result<Self, String> = $parse;
                parse(text).map_err(ParseError::custom)
            }
        }
    )*};
}

parameters! {
    Limit => MetaSchema {
        minimum: Some(1.0), maximum: Some(f64::from(MAX_PAGE)), default: Some(PAGE.into()),
        ..MetaSchema::new_with_format("integer", "int32")
    }, |text| match text.parse() {
        Ok(limit @ 1..=MAX_PAGE) => Ok(Self(limit)),
        _ => Err(format!("must be a whole number from 1 to {MAX_PAGE}")),
    };
    Seq => MetaSchema { minimum: Some(0.0), ..MetaSchema::new_with_format("integer", "int64") }, |text| match text.parse() {
        Ok(seq @ 0..) => Ok(Self(seq)),
        _ => Err("must be the id of an event, or 0".to_owned()),
    };
    Cursor => sized(1, 200, "^[A-Za-z0-9_.~-]+$"), |text| {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.~-".contains(&byte));
        if plain && (1..=200).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err("is not a cursor of ours".to_owned()) }
    };
    Slug => sized(1, 64, "^[a-z0-9][a-z0-9_-]*$"), |text| {
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte));
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if plain && begins && text.len() <= 64 {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 1 to 64 lower-case letters, digits, dashes or underscores".to_owned())
        }
    };
    Search => MetaSchema { min_length: Some(1), max_length: Some(80), ..MetaSchema::new("string") }, |text| {
        let plain = !text.chars().any(char::is_control);
        if plain && (1..=80).contains(&text.chars().count()) { Ok(Self(text.to_owned())) } else { Err("must be 1 to 80 characters".to_owned()) }
    };
    IdempotencyKey => sized(8, 100, "^[!-~]+$"), |text| {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (8..=100).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 8 to 100 visible ASCII characters".to_owned())
        }
    };
    SessionId => id(), |text| uuid(text).map(Self);
    OrderId => id(), |text| uuid(text).map(Self);
    ReportId => id(), |text| uuid(text).map(Self);
    ProposalId => id(), |text| uuid(text).map(Self);
    VendorStatus => word(Self::WORDS), |text| text.parse().map_err(|error: Error| error.to_string());
    ProposalStatus => word(Self::WORDS), |text| text.parse().map_err(|error: Error| error.to_string());
    crate::domain::ids::ReportStatus => word(Self::WORDS), |text| text.parse().map_err(|error: Error| error.to_string());
}

fn sized(min: usize, max: usize, pattern: &str) -> MetaSchema {
    MetaSchema {
        min_length: Some(min),
        max_length: Some(max),
        pattern: Some(pattern.to_owned()),
        ..MetaSchema::new("string")
    }
}

fn id() -> MetaSchema {
    MetaSchema::new_with_format("string", "uuid")
}

fn word(words: &[&str]) -> MetaSchema {
    MetaSchema { enum_items: words.iter().map(|word| (*word).into()).collect(), ..MetaSchema::new("string") }
}

/// One spelling only: 36 characters with dashes. Braces, URNs and bare digits are not ids of ours.
fn uuid(text: &str) -> Result<Uuid, String> {
    let id = if text.len() == 36 { Uuid::try_parse(text).ok() } else { None };
    id.ok_or_else(|| "must be a UUID".to_owned())
}

/// `If-Match`, required: the version that a change is based on. `"3"`, `W/"3"` and `3` say the same.
pub(super) struct BasedOn(pub(super) i64);

/// `If-Match` where it may be left out.
pub(super) struct MaybeBasedOn(pub(super) Option<i64>);

fn version(request: &Request) -> poem::Result<Option<i64>> {
    let Some(text) = request.headers().get(poem::http::header::IF_MATCH) else { return Ok(None) };
    let text = text.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    match bare.parse() {
        Ok(version @ 0..) => Ok(Some(version)),
        _ => Err(Error::malformed("If-Match: must be one version, as the answer before gave it")
            .with_fields(vec![crate::error::FieldError::new("If-Match", "must be one version")])
            .into()),
    }
}

macro_rules! if_match {
    ($($name:ident, $required:literal, $take:expr;)*) => {$(
        impl<'a> ApiExtractor<'a> for $name {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
            const PARAM_IS_REQUIRED: bool = $required;

            type ParamType = ();
            type ParamRawType = ();

            fn param_in() -> Option<MetaParamIn> {
                Some(MetaParamIn::Header)
            }

            fn param_schema_ref() -> Option<MetaSchemaRef> {
                let example = Some("\"3\"".into());
                Some(schemas::inline(MetaSchema { example, ..sized(1, 24, "^(W/)?\"?[0-9]{1,18}\"?$") }))
            }

            async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
                let take: fn(Option<i64>) -> poem::Result<Self> = $take;
                take(version(request)?)
            }
        }
    )*};
}

if_match! {
    BasedOn, true, |version| Ok(Self(version.ok_or(Refusal::PreconditionRequired)?));
    MaybeBasedOn, false, |version| Ok(Self(version));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = "0193a7e4-0000-7000-8000-000000000001";
        assert!(ReportId::parse_from_parameter(id).is_ok());
        assert!(ReportId::parse_from_parameter(&id.to_uppercase()).is_ok());
        for other in [&id.replace('-', ""), &format!("{{{id}}}"), &format!("urn:uuid:{id}"), &id[1..], "", "sample"] {
            assert!(ReportId::parse_from_parameter(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_limit_is_bounded() {
        for good in ["1", "20", "100"] {
            assert!(Limit::parse_from_parameter(good).is_ok());
        }
        for bad in ["0", "101", "-1", "1.5", "ten", "", "99999999999999999999"] {
            assert!(Limit::parse_from_parameter(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn if_match_takes_the_tag_as_we_gave_it_or_the_bare_number() {
        let ask = |value: &'static str| version(&Request::builder().header("If-Match", value).finish());
        for good in ["\"3\"", "3", "W/\"3\""] {
            assert_eq!(ask(good).expect(good), Some(3));
        }
        for bad in ["", "*", "three", "\"3\", \"4\"", "-3"] {
            assert!(ask(bad).is_err(), "{bad}");
        }
        assert_eq!(version(&Request::builder().finish()).expect("absent"), None);
    }
}
