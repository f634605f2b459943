//! Answers other than a plain 200: created, accepted, nothing to say, tagged with a version, good for a shared cache.

use std::marker::PhantomData;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::encoding::ContentHash;
use super::json::Json;
use super::schemas;
use crate::app::reports::Encoded;
use crate::domain::report::ReportDocument;

pub(super) const ETAG: (&str, &str) = ("ETag", "The version of this answer; send it back as `If-None-Match`");

/// All of something, where there are never so many that they need pages.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
}

/// 201 with what was made.
pub(super) struct Created<T>(pub(super) T);

/// 202: it will be done.
pub(super) struct Accepted;

/// 204: done, and nothing to say.
pub(super) struct Done;

/// 200 with a version that the next change must name.
pub(super) struct Versioned<T> {
    pub(super) body: T,
    pub(super) version: i64,
}

/// 200, the same for everybody, so that caches may keep it for five minutes.
pub(super) struct Public<T>(pub(super) T);

/// The same, of something that is kept encoded.
pub(super) struct Kept<T> {
    encoded: Encoded,
    kind: PhantomData<fn() -> T>,
}

impl<T> Kept<T> {
    pub(super) fn of(encoded: Encoded) -> Self {
        Self { encoded, kind: PhantomData }
    }
}

/// 200 with a document that is encoded already.
pub(super) struct Document(pub(super) Encoded);

fn for_five_minutes() -> HeaderValue {
    HeaderValue::from_static("public, max-age=300")
}

/// The description of a response with a body.
pub(super) fn meta<P: Payload>(status: u16, description: &'static str, headers: &[(&str, &str)]) -> MetaResponses {
    let content = vec![MetaMediaType { content_type: P::CONTENT_TYPE, schema: P::schema_ref() }];
    one(status, description, content, headers)
}

pub(super) fn one(
    status: u16,
    description: &'static str,
    content: Vec<MetaMediaType>,
    headers: &[(&str, &str)],
) -> MetaResponses {
    let headers = headers
        .iter()
        .map(|(name, description)| MetaHeader {
            name: (*name).to_owned(),
            description: Some((*description).to_owned()),
            required: true,
            deprecated: false,
            schema: schemas::inline(MetaSchema::new("string")),
        })
        .collect();
    let response = MetaResponse { description, status: Some(status), status_range: None, content, headers };
    MetaResponses { responses: vec![response] }
}

/// A quoted entity tag.
pub(super) fn etag(tag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{tag}\"")).expect("a tag is a number or hexadecimal")
}

/// Tags bytes with their hash, so that the encoded form of the same bytes is made once.
pub(super) fn hashed(response: &mut Response, tag: &str) {
    response.headers_mut().insert(header::ETAG, etag(tag));
    response.set_data(ContentHash { tag: tag.to_owned(), gzip: None });
}

/// The hash of some bytes, as a tag.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut tag = hex::encode(Sha256::digest(bytes));
    tag.truncate(32);
    tag
}

impl<T: Serialize + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        Json(self.0).with_status(StatusCode::CREATED).into_response()
    }
}

impl<T: Serialize + JsonSchema + Send> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        meta::<Json<T>>(201, "Created", &[])
    }

    fn register(registry: &mut Registry) {
        <Json<T> as Payload>::register(registry);
    }
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        StatusCode::ACCEPTED.into()
    }
}

impl ApiResponse for Accepted {
    fn meta() -> MetaResponses {
        one(202, "Accepted; it will be done shortly", Vec::new(), &[])
    }

    fn register(_: &mut Registry) {}
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into()
    }
}

impl ApiResponse for Done {
    fn meta() -> MetaResponses {
        one(204, "Done", Vec::new(), &[])
    }

    fn register(_: &mut Registry) {}
}

impl<T: Serialize + Send> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        response.headers_mut().insert(header::ETAG, etag(&self.version.to_string()));
        response
    }
}

impl<T: Serialize + JsonSchema + Send> ApiResponse for Versioned<T> {
    fn meta() -> MetaResponses {
        meta::<Json<T>>(200, "Done", &[("ETag", "The version; send it back as `If-Match` with the next change")])
    }

    fn register(registry: &mut Registry) {
        <Json<T> as Payload>::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Public<T> {
    fn into_response(self) -> Response {
        let bytes = serde_json::to_vec(&self.0).expect("a body of ours has text keys");
        public(<Json<serde_json::Value> as Payload>::CONTENT_TYPE, bytes)
    }
}

impl<T: Send> IntoResponse for Kept<T> {
    fn into_response(self) -> Response {
        let mut response = Document(self.encoded).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, for_five_minutes());
        response
    }
}

impl<T: Serialize + JsonSchema + Send> ApiResponse for Kept<T> {
    fn meta() -> MetaResponses {
        Public::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        Public::<T>::register(registry);
    }
}

/// Bytes for everybody.
pub(super) fn public(content_type: &'static str, bytes: Vec<u8>) -> Response {
    let tag = hash(&bytes);
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
        .header(header::CACHE_CONTROL, for_five_minutes())
        .body(bytes);
    hashed(&mut response, &tag);
    response
}

impl<T: Serialize + JsonSchema + Send> ApiResponse for Public<T> {
    fn meta() -> MetaResponses {
        meta::<Json<T>>(200, "Done; may be kept for five minutes", &[ETAG])
    }

    fn register(registry: &mut Registry) {
        <Json<T> as Payload>::register(registry);
    }
}

impl Payload for Document {
    const CONTENT_TYPE: &'static str = <Json<ReportDocument> as Payload>::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        schemas::reference::<ReportDocument>()
    }

    fn register(registry: &mut Registry) {
        <Json<ReportDocument> as Payload>::register(registry);
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let Encoded { body, gzip, etag } = self.0;
        let mut response =
            Response::builder().header(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE)).body(body);
        response.headers_mut().insert(header::ETAG, self::etag(&etag));
        response.set_data(ContentHash { tag: etag, gzip });
        response
    }
}
