//! The representation of an answer: unchanged (304), compressed, or as it is.
//!
//! A handler's tag names its bytes. Once they are compressed the tag becomes a weak one, and tags are compared weakly,
//! so a tag stays good whichever encoding it was given with.

use async_compression::Level;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use bytes::Bytes;
use crb_door::Coding;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use tokio::io::AsyncWriteExt as _;

use super::cors::vary;

/// In the order of our preference.
const CODINGS: [Coding; 2] = [Coding::Brotli, Coding::Gzip];
/// Below this, the headers weigh more than what is saved.
const MIN_SIZE: usize = 1000;
/// How much compressed text is remembered.
const REMEMBERED: u64 = 16 * 1024 * 1024;
/// Larger levels cost far more time than they save bytes.
const GZIP_LEVEL: Level = Level::Precise(3);
const BROTLI_LEVEL: Level = Level::Precise(4);

/// The hash of an answer's bytes: what has one is compressed once for all its readers.
#[derive(Clone)]
pub(super) struct ContentHash {
    pub(super) tag: String,
    /// Compressed already, by whoever stores it so.
    pub(super) gzip: Option<Bytes>,
}

/// What a request said about representations.
pub(super) struct Asked {
    coding: Option<Coding>,
    known: Option<HeaderValue>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let known = request.headers().get(header::IF_NONE_MATCH).filter(|_| reads).cloned();
        Self { coding: crb_door::choose(request.headers(), &CODINGS), known }
    }
}

pub(super) struct Encoder {
    remembered: moka::future::Cache<(String, Coding), Bytes>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        let weigh = |_: &(String, Coding), bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self { remembered: moka::future::Cache::builder().weigher(weigh).max_capacity(REMEMBERED).build() }
    }

    pub(super) async fn represent(&self, mut response: Response, asked: &Asked) -> Response {
        if let Some(tag) = unchanged(&response, asked) {
            response.set_status(StatusCode::NOT_MODIFIED);
            response.set_body(());
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.headers_mut().insert(header::ETAG, tag);
            vary(response.headers_mut(), "Accept-Encoding");
            return response;
        }
        if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_ENCODING) {
            return response;
        }
        vary(response.headers_mut(), "Accept-Encoding");
        match asked.coding {
            Some(coding) => self.compress(response, coding).await,
            None => response,
        }
    }

    /// Encoders are boxed, because they are large and most answers need none.
    async fn remember(&self, key: (String, Coding), plain: &[u8]) -> Bytes {
        if let Some(known) = self.remembered.get(&key).await {
            return known;
        }
        let coding = key.1;
        Box::pin(self.remembered.get_with(key, squeeze(plain, coding))).await
    }

    async fn compress(&self, mut response: Response, coding: Coding) -> Response {
        let hash = response.data::<ContentHash>().cloned();
        // Only texts of ours come here, and those lie in memory: reading them cannot fail.
        let Ok(plain) = response.take_body().into_bytes().await else { return response };
        if plain.len() < MIN_SIZE {
            response.set_body(plain);
            return response;
        }
        let squeezed = match hash {
            Some(ContentHash { gzip: Some(gzip), .. }) if coding == Coding::Gzip => gzip,
            Some(hash) => self.remember((hash.tag, coding), &plain).await,
            None => Box::pin(squeeze(&plain, coding)).await,
        };
        response.set_body(squeezed);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        if let Some(weak) = headers.get(header::ETAG).and_then(weaken) {
            headers.insert(header::ETAG, weak);
        }
        response
    }
}

async fn squeeze(plain: &[u8], coding: Coding) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 4);
    let written = match coding {
        Coding::Gzip => {
            let mut encoder = GzipEncoder::with_quality(&mut out, GZIP_LEVEL);
            encoder.write_all(plain).await.and(encoder.shutdown().await)
        }
        Coding::Brotli => {
            let mut encoder = BrotliEncoder::with_quality(&mut out, BROTLI_LEVEL);
            encoder.write_all(plain).await.and(encoder.shutdown().await)
        }
    };
    written.expect("writing into memory");
    out.into()
}

fn is_text(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    matches!(
        media_type,
        "application/json" | "application/problem+json" | "text/html" | "text/css" | "text/javascript" | "text/plain"
    )
}

/// The tag, when the caller holds these bytes already.
fn unchanged(response: &Response, asked: &Asked) -> Option<HeaderValue> {
    let tag = response.headers().get(header::ETAG).filter(|_| response.status() == StatusCode::OK)?;
    crb_door::held(asked.known.as_ref()?, tag)
}

fn weaken(tag: &HeaderValue) -> Option<HeaderValue> {
    let text = tag.to_str().ok()?;
    if text.starts_with("W/") { None } else { HeaderValue::from_str(&format!("W/{text}")).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_means_unchanged() {
        let mut response = Response::default();
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"abc\""));
        for (held, expected) in [
            ("\"abc\"", true),
            ("W/\"abc\"", true),
            ("\"x\", W/\"abc\"", true),
            ("*", true),
            ("\"ab\"", false),
            ("abc", false),
        ] {
            let asked = Asked { coding: None, known: Some(HeaderValue::from_static(held)) };
            assert_eq!(unchanged(&response, &asked).is_some(), expected, "{held}");
        }
    }
}
