//! The page as an endpoint: an address, the file or the document that stands there, and the headers it needs.

use std::path::Path;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};

use crate::bundle::{ASSETS, Bundle};
use crate::faults::Faults;
use crate::headers::harden;
use crate::settings::{Settings, Stage};

/// Ids under which anybody may read.
///
/// What a document asks for first is named in a `Link` header, so that it is on its way before any script has run. That
/// pays only where the answer will be the right one. A report is opened by a cookie whose path is the report's own address
/// in the API, so a browser does not send it with the page and this server cannot tell a reader from a stranger. For a
/// stranger, who first has to exchange the token of the link, the early call would be refused; and a browser may hand
/// that refusal to the page's own call later. So only what is public is named: addresses without parameters, and these.
const PUBLIC_IDS: [&str; 1] = ["sample"];

/// The whole page. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Site(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bundle: Bundle,
    stage: Stage,
    /// Under `/api` of this very origin. Where it is another, how the page will call there is not known here, and a call
    /// that differs from the announced one would be made twice.
    is_api_here: bool,
}

impl Site {
    /// Reads the bundle in this folder, or says everything that is wrong with it.
    pub async fn load(root: &Path, settings: &Settings) -> Result<Self, Faults> {
        let bundle = Bundle::read(root, settings).await?;
        Ok(Self(Arc::new(Inner { bundle, stage: settings.stage, is_api_here: settings.api.is_none() })))
    }

    fn answer(&self, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let allow = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD");
            return allow.content_type("text/plain; charset=utf-8").body("Method not allowed\n");
        }
        let bundle = &self.0.bundle;
        // Only exact names are ever found, so a path that climbs leads nowhere.
        let Ok(path) = percent_decode_str(request.uri().path()).decode_utf8() else { return nothing() };
        if let Some(file) = bundle.file(&path) {
            return file.answer(request.headers());
        }
        // A missing file must not look like a page: a script that is HTML is a riddle to whoever loads it.
        if path.starts_with(ASSETS) || path.contains('.') {
            return nothing();
        }
        let Some(document) = bundle.document(&path) else { return bundle.fallback.answer_not_found(request.headers()) };
        let mut response = document.answer(request.headers());
        if let Some(link) = self.preload(&path) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }

    fn preload(&self, path: &str) -> Option<HeaderValue> {
        let mut preloads = self.0.bundle.preload.iter().filter(|_| self.0.is_api_here);
        let (href, filled) = preloads.find_map(|one| Some((&one.href, one.pattern.fit(path)?)))?;
        if !filled.iter().all(|(_, id)| PUBLIC_IDS.contains(id)) {
            return None;
        }
        let href = filled.iter().fold(href.clone(), |href, (name, id)| href.replace(&format!(":{name}"), id));
        HeaderValue::from_str(&format!("<{href}>; rel=preload; as=fetch; crossorigin")).ok()
    }
}

fn nothing() -> Response {
    Response::builder().status(StatusCode::NOT_FOUND).content_type("text/plain; charset=utf-8").body("Not found\n")
}

impl Endpoint for Site {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let mut response = self.answer(&request);
        harden(&mut response, self.0.stage, request.uri().path());
        Ok(response)
    }
}
