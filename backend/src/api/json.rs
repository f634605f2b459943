//! JSON bodies, in and out: one serde type each, read strictly, refused with the exact field.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use poem::http::{HeaderValue, header};
use poem::{Body, IntoResponse, Request, RequestBody, Response};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::problem::Refusal;
use super::{replies, schemas};
use crate::error::{Error, FieldError};

const MEDIA_TYPE: &str = "application/json";
pub(super) const MAX_BODY: usize = 256 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// A JSON body. As an answer: 200.
pub(super) struct Json<T>(pub(super) T);

impl<T: JsonSchema + Send> Payload for Json<T> {
    const CONTENT_TYPE: &'static str = MEDIA_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        schemas::reference::<T>()
    }

    fn register(registry: &mut Registry) {
        schemas::register::<T>(registry, schemas::Use::Response);
    }
}

impl<T: Serialize + Send> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let bytes = serde_json::to_vec(&self.0).expect("a body of ours has text keys");
        Response::builder().header(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)).body(bytes)
    }
}

impl<T: Serialize + JsonSchema + Send> ApiResponse for Json<T> {
    fn meta() -> MetaResponses {
        replies::meta::<Self>(200, "Done", &[])
    }

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }
}

impl<'a, T: DeserializeOwned + JsonSchema + Send> ApiExtractor<'a> for Json<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        schemas::register::<T>(registry, schemas::Use::Request);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: MEDIA_TYPE, schema: schemas::reference::<T>() }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let media_type = request.content_type().and_then(|value| value.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case(MEDIA_TYPE)) {
            return Err(Refusal::UnsupportedMediaType.into());
        }
        let bytes = read(body.take()?).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// Reads a whole body, within the limits of size and time.
pub(super) async fn read(body: Body) -> poem::Result<Bytes> {
    tokio::time::timeout(BODY_TIMEOUT, read_limited(body)).await.map_err(|_| Refusal::RequestTimeout)?
}

/// What exceeds the limit is still taken off the wire, up to a point: a caller that is cut off while sending may never
/// see the answer that says why.
async fn read_limited(body: Body) -> poem::Result<Bytes> {
    let mut chunks = std::pin::pin!(body.into_bytes_stream());
    let mut bytes = BytesMut::new();
    let mut seen = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Error::malformed("the body broke off").caused_by(error))?;
        seen += chunk.len();
        if seen <= MAX_BODY {
            bytes.extend_from_slice(&chunk);
        } else if seen > 8 * MAX_BODY {
            break;
        }
    }
    if seen > MAX_BODY { Err(Refusal::TooLarge.into()) } else { Ok(bytes.freeze()) }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    // serde would read a list as the fields in their order; ours are objects, and nothing else.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| *byte != b'{') {
        let whole: serde_json::Result<serde::de::IgnoredAny> = serde_json::from_slice(bytes);
        whole.map_err(|error| Error::malformed(format!("the body is not JSON: {error}")))?;
        return Err(Error::field("(body)", "must be an object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| refuse(&error))?;
    reader.end().map_err(|error| Error::malformed(format!("the body is not JSON: {error}")))?;
    Ok(body)
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let cause = error.inner();
    if !cause.is_data() {
        return Error::malformed(format!("the body is not JSON: {cause}"));
    }
    let text = cause.to_string();
    let words = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let mut steps: Vec<String> = error
        .path()
        .iter()
        .filter_map(|step| match step {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    let named = |what: &str| words.strip_prefix(what)?.split('`').next().map(str::to_owned);
    let message = if let Some(name) = named("missing field `") {
        steps.push(name);
        "is required".to_owned()
    } else if let Some(name) = named("unknown field `") {
        if steps.last() != Some(&name) {
            steps.push(name);
        }
        "is not a known field".to_owned()
    } else if let Some(name) = named("duplicate field `") {
        if steps.last() != Some(&name) {
            steps.push(name);
        }
        "is given twice".to_owned()
    } else {
        // The caller's own value may stand in it, however long it is.
        words.chars().take(200).collect()
    };
    let field = if steps.is_empty() { "(body)".to_owned() } else { steps.join("/") };
    Error::fields(vec![FieldError::new(field, message)])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::error::Kind;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[expect(dead_code, reason = "only its shape matters")]
        tier: String,
        #[expect(dead_code, reason = "only its shape matters")]
        #[serde(default)]
        lines: Vec<Line>,
        #[expect(dead_code, reason = "only its shape matters")]
        #[serde(default)]
        counts: BTreeMap<String, u32>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[expect(dead_code, reason = "only its shape matters")]
        amount: u32,
    }

    #[test]
    fn a_wrong_body_is_refused_with_the_exact_field() {
        let table = [
            ("{}", "tier", "is required"),
            (r#"{"tier": 5}"#, "tier", "invalid type: integer `5`, expected a string"),
            (r#"{"tier": "a", "lines": [{"amount": 1}, {}]}"#, "lines/1/amount", "is required"),
            (
                r#"{"tier": "a", "lines": [{"amount": true}]}"#,
                "lines/0/amount",
                "invalid type: boolean `true`, expected u32",
            ),
            (r#"{"tier": "a", "lines": [{"amount": 1, "colour": 1}]}"#, "lines/0/colour", "is not a known field"),
            (r#"{"tier": "a", "counts": {"x": -1}}"#, "counts/x", "invalid value: integer `-1`, expected u32"),
            (r#"{"tier": "a", "tier": "b"}"#, "tier", "is given twice"),
            ("[]", "(body)", "must be an object"),
            (r#" ["a", [], {}]"#, "(body)", "must be an object"),
            ("null", "(body)", "must be an object"),
            ("true", "(body)", "must be an object"),
            (r#""tier""#, "(body)", "must be an object"),
        ];
        for (body, field, message) in table {
            let error = parse::<Order>(body.as_bytes()).expect_err(body);
            assert_eq!(error.kind(), Kind::Invalid, "{body}");
            assert_eq!(error.field_errors(), [FieldError::new(field, message)], "{body}");
        }
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        for body in ["[]", " [null, null]", "\"text\"", "-1", "7"] {
            let error = parse::<crate::app::vendors::VendorChange>(body.as_bytes()).expect_err(body);
            assert_eq!((error.kind(), error.field_errors()[0].field.as_str()), (Kind::Invalid, "(body)"), "{body}");
        }
        assert_eq!(parse::<crate::app::vendors::VendorChange>(b"[1").expect_err("no JSON").kind(), Kind::Malformed);
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = format!(r#"{{"tier": {}1{}}}"#, "[".repeat(200), "]".repeat(200));
        for body in ["", "{", "tier=a", r#"{"tier": "a"} {}"#, "{\"tier\": \"\u{0}\"}", &deep] {
            let error = parse::<Order>(body.as_bytes()).expect_err(body);
            assert!(matches!(error.kind(), Kind::Malformed | Kind::Invalid), "{body}");
        }
        assert_eq!(parse::<Order>(b"{").expect_err("half").kind(), Kind::Malformed);
    }
}
