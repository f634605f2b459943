//! The representation of an answer: unchanged (304), compressed, or as it is.
//!
//! A handler's tag names its bytes. Once they are compressed the tag becomes a weak one, and tags are compared weakly,
//! so a tag stays good whichever encoding it was given with.

use async_compression::Level;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use bytes::Bytes;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use tokio::io::AsyncWriteExt as _;

use super::cors::vary;

/// Below this, the headers weigh more than what is saved.
const MIN_SIZE: usize = 1000;
/// How much compressed text is remembered.
const REMEMBERED: u64 = 16 * 1024 * 1024;
/// Larger levels cost far more time than they save bytes.
const GZIP_LEVEL: Level = Level::Precise(3);
const BROTLI_LEVEL: Level = Level::Precise(4);

/// The hash of an answer's bytes: what has one is compressed once for all its readers.
#[derive(Clone)]
pub(super) struct ContentHash(pub(super) String);

/// What a request said about representations.
pub(super) struct Asked {
    coding: Option<Coding>,
    known: Option<HeaderValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Coding {
    Brotli,
    Gzip,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let known = request.headers().get(header::IF_NONE_MATCH).filter(|_| reads).cloned();
        Self { coding: choose(request.headers()), known }
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
            // Boxed, because an encoder is large and most answers need none.
            Some(coding) => Box::pin(self.compress(response, coding)).await,
            None => response,
        }
    }

    async fn compress(&self, mut response: Response, coding: Coding) -> Response {
        let hash = response.data::<ContentHash>().map(|hash| hash.0.clone());
        // Only texts of ours come here, and those lie in memory: reading them cannot fail.
        let Ok(plain) = response.take_body().into_bytes().await else { return response };
        if plain.len() < MIN_SIZE {
            response.set_body(plain);
            return response;
        }
        let squeezed = match hash {
            Some(hash) => self.remembered.get_with((hash, coding), squeeze(&plain, coding)).await,
            None => squeeze(&plain, coding).await,
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

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
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

/// The best coding that the caller accepts and we have; none means as it is.
fn choose(headers: &HeaderMap) -> Option<Coding> {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(String, f32)> = lines.flat_map(|line| line.split(',')).filter_map(weight).collect();
    let quality = |name: &str| {
        let of = |wanted: &str| accepted.iter().find(|(coding, _)| coding == wanted).map(|(_, quality)| *quality);
        of(name).or_else(|| of("*"))
    };
    let plain = quality("identity").unwrap_or(0.0);
    // Of equals the first wins, and plain only wins when it is asked for above both.
    let (brotli, gzip) = (quality("br").unwrap_or(0.0), quality("gzip").unwrap_or(0.0));
    let (coding, best) = if brotli >= gzip { (Coding::Brotli, brotli) } else { (Coding::Gzip, gzip) };
    (best > 0.0 && best >= plain).then_some(coding)
}

/// `gzip;q=0.5`, with blanks anywhere.
fn weight(entry: &str) -> Option<(String, f32)> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().unwrap_or(0.0))
    });
    Some((name, quality.unwrap_or(1.0)))
}

/// The tag, when the caller holds these bytes already.
fn unchanged(response: &Response, asked: &Asked) -> Option<HeaderValue> {
    let tag = response.headers().get(header::ETAG).filter(|_| response.status() == StatusCode::OK)?;
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let current = opaque(tag.to_str().ok()?);
    let known = asked.known.as_ref()?.to_str().ok()?;
    if known.trim() == "*" {
        return Some(tag.clone());
    }
    let held = known.split(',').map(str::trim).find(|held| opaque(held) == current)?;
    HeaderValue::from_str(held).ok()
}

fn weaken(tag: &HeaderValue) -> Option<HeaderValue> {
    let text = tag.to_str().ok()?;
    if text.starts_with("W/") { None } else { HeaderValue::from_str(&format!("W/{text}")).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_coding_is_chosen() {
        let table = [
            ("", None),
            ("gzip", Some(Coding::Gzip)),
            ("br, gzip", Some(Coding::Brotli)),
            ("gzip, deflate, br", Some(Coding::Brotli)),
            ("gzip;q=1.0, br;q=0.5", Some(Coding::Gzip)),
            ("gzip ; q = 0.8 , br ; q = 0", Some(Coding::Gzip)),
            ("br;q=0, gzip;q=0", None),
            ("*", Some(Coding::Brotli)),
            ("*;q=0", None),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("identity", None),
            ("identity;q=1, gzip;q=0.5", None),
            ("GZIP", Some(Coding::Gzip)),
            ("zstd", None),
            ("gzip;q=nonsense", None),
        ];
        for (accept, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(choose(&headers), expected, "{accept:?}");
        }
        assert_eq!(choose(&HeaderMap::new()), None);
    }

    #[test]
    fn a_tag_is_known_however_it_was_encoded() {
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
