//! The API about itself: its description, a page that shows it, and a page for each problem. Everything comes from this
//! binary, so the pages work offline and under a strict policy.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

use std::sync::Arc;

use bytes::Bytes;
use poem::http::{HeaderValue, header};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::document;
use super::parameters::Slug;
use super::problem::TABLE;
use super::{Tag, replies, schemas};
use crate::error::{Error, Result};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

pub(super) struct About;

/// The description, written once when the process starts.
pub(super) struct Published {
    body: Bytes,
    tag: String,
}

impl Published {
    pub(super) fn now() -> Self {
        let body = serde_json::to_vec(&document()).expect("a JSON value");
        Self { tag: replies::hash(&body), body: body.into() }
    }
}

/// An HTML page and, where it needs more than the other pages, its policy.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) policy: Option<String>,
}

struct Description(Arc<Published>);

struct Asset {
    content_type: &'static str,
    text: &'static str,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::About")]
impl About {
    /// This description, as OpenAPI
    #[oai(path = "/openapi.json", method = "get", operation_id = "description_view")]
    async fn description(&self, Data(published): Data<&Arc<Published>>) -> Result<Description> {
        Ok(Description(Arc::clone(published)))
    }

    /// This description, as a page
    #[oai(path = "/docs", method = "get", operation_id = "docs_view")]
    async fn docs(&self) -> Result<Page> {
        Ok(Page { html: page("CRB Analyser API", include_str!("about/docs.html")), policy: None })
    }

    /// A script or a style of the pages
    #[oai(path = "/docs/:file", method = "get", operation_id = "docs_asset_view")]
    async fn asset(
        &self,
        /// `page-js` or `page-css`
        Path(file): Path<Slug>,
    ) -> Result<Asset> {
        match file.into_inner().as_str() {
            "page-js" => Ok(Asset { content_type: "text/javascript", text: include_str!("about/page.js") }),
            "page-css" => Ok(Asset { content_type: "text/css", text: include_str!("about/page.css") }),
            _ => Err(Error::not_found("there is no such file")),
        }
    }

    /// What a problem's code means
    #[oai(path = "/problems/:code", method = "get", operation_id = "problem_view")]
    async fn problem(&self, Path(code): Path<Slug>) -> Result<Page> {
        let code = code.into_inner();
        let row =
            TABLE.iter().find(|row| row.code == code).ok_or_else(|| Error::not_found("there is no such problem"))?;
        let body = format!(
            "<p><code>{}</code>, HTTP status {}</p>\n<p>{}</p>",
            escape(row.code),
            row.status,
            escape(row.meaning)
        );
        Ok(Page { html: page(row.title, &body), policy: None })
    }
}

/// A whole page around a body. `title` is text, `body` is markup.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/api/v1/docs/page-css\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         {body}\n</main>\n</body>\n</html>\n"
    )
}

/// Text, safe between tags and inside quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

impl Payload for Page {
    const CONTENT_TYPE: &'static str = "text/html; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        schemas::inline(MetaSchema::new("string"))
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let policy = self.policy.as_deref().unwrap_or(POLICY);
        Response::builder()
            .header(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE))
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .body(self.html)
    }
}

impl ApiResponse for Page {
    fn meta() -> MetaResponses {
        replies::meta::<Self>(200, "A page", &[])
    }

    fn register(_: &mut Registry) {}
}

impl Payload for Description {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        schemas::inline(MetaSchema::new("object"))
    }
}

impl IntoResponse for Description {
    fn into_response(self) -> Response {
        let mut response = Response::builder()
            .header(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE))
            .header(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))
            .body(self.0.body.clone());
        replies::hashed(&mut response, &self.0.tag);
        response
    }
}

impl ApiResponse for Description {
    fn meta() -> MetaResponses {
        replies::meta::<Self>(200, "An OpenAPI 3.0 document", &[replies::ETAG])
    }

    fn register(_: &mut Registry) {}
}

impl IntoResponse for Asset {
    fn into_response(self) -> Response {
        replies::public(self.content_type, self.text.as_bytes().to_vec())
    }
}

impl ApiResponse for Asset {
    fn meta() -> MetaResponses {
        let text = || schemas::inline(MetaSchema::new("string"));
        let content = ["text/javascript", "text/css"]
            .map(|content_type| poem_openapi::registry::MetaMediaType { content_type, schema: text() });
        replies::one(200, "The file", content.into(), &[replies::ETAG])
    }

    fn register(_: &mut Registry) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_a_page_stays_text() {
        let page = page("<script>alert('x')</script>", "");
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    }

    #[test]
    fn the_pages_fetch_nothing_from_elsewhere_and_run_nothing_inline() {
        for text in [
            include_str!("about/docs.html"),
            include_str!("about/page.js"),
            include_str!("about/page.css"),
            &page("x", ""),
        ] {
            for forbidden in ["http://", "https://", "style=", "onclick", "innerHTML", "eval("] {
                assert!(!text.contains(forbidden), "{forbidden}");
            }
        }
    }
}
