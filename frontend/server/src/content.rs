//! A file or a document as it is answered: its bytes in every coding there is, each with a tag of its own.

use async_compression::Level;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use bytes::Bytes;
use crb_door::{Coding, choose, held};
use poem::Response;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::headers::vary_by_encoding;
use crate::settings::Stage;

#[derive(Debug)]
pub(crate) struct Content {
    media_type: &'static str,
    plain: Piece,
    coded: Vec<(Coding, Piece)>,
    /// In the order of our preference.
    codings: Vec<Coding>,
}

/// How hard to compress.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    brotli: i32,
    gzip: i32,
}

impl Effort {
    /// As far as it goes where people are; on a developer's machine an unoptimised program would start for seconds.
    pub(crate) const fn at(stage: Stage) -> Self {
        if stage.is_deployed() { Self { brotli: 11, gzip: 9 } } else { Self { brotli: 4, gzip: 3 } }
    }
}

/// Bytes as they are sent. Cloning shares them.
#[derive(Debug)]
struct Piece {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Content {
    pub(crate) fn new(media_type: &'static str, plain: Bytes, coded: Vec<(Coding, Bytes)>) -> Self {
        Self::salted(media_type, plain, coded, "")
    }

    /// Compresses once, at start, what is sent ever after. What is said beside the content (its policy) is part of the
    /// tag, so that no browser keeps an old word with a new one.
    pub(crate) async fn compressed(media_type: &'static str, plain: Bytes, beside: &str, effort: Effort) -> Self {
        let coded = vec![(Coding::Brotli, brotli(&plain, effort).await), (Coding::Gzip, gzip(&plain, effort).await)];
        Self::salted(media_type, plain, coded, beside)
    }

    fn salted(media_type: &'static str, plain: Bytes, coded: Vec<(Coding, Bytes)>, salt: &str) -> Self {
        let piece = |bytes: Bytes, suffix: &str| {
            let hash = hex::encode(&Sha256::new().chain_update(salt).chain_update(&bytes).finalize()[..16]);
            Piece { tag: HeaderValue::from_str(&format!("\"{hash}{suffix}\"")).expect("a plain word"), bytes }
        };
        let codings = coded.iter().map(|(coding, _)| *coding).collect();
        let coded = coded.into_iter().map(|(coding, bytes)| (coding, piece(bytes, &format!("-{}", coding.name()))));
        Self { media_type, coded: coded.collect(), plain: piece(plain, ""), codings }
    }

    /// 200 with the best coding that the caller accepts, or 304 where it holds that very one.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let (coding, piece) = self.chosen(request);
        let known = request.get(header::IF_NONE_MATCH).and_then(|known| held(known, &piece.tag));
        let mut response = match known {
            Some(_) => Response::builder().status(StatusCode::NOT_MODIFIED).finish(),
            None => self.whole(coding, piece),
        };
        response.headers_mut().insert(header::ETAG, piece.tag.clone());
        self.vary(&mut response);
        response
    }

    /// The content under another status. It has no tag: it is not what stands at this address.
    pub(crate) fn answer_as(&self, status: StatusCode, request: &HeaderMap) -> Response {
        let (coding, piece) = self.chosen(request);
        let mut response = self.whole(coding, piece);
        response.set_status(status);
        self.vary(&mut response);
        response
    }

    fn chosen(&self, request: &HeaderMap) -> (Option<Coding>, &Piece) {
        let best = choose(request, &self.codings);
        let coded = self.coded.iter().find(|(coding, _)| Some(*coding) == best);
        coded.map_or((None, &self.plain), |(coding, piece)| (Some(*coding), piece))
    }

    fn whole(&self, coding: Option<Coding>, piece: &Piece) -> Response {
        let mut response = Response::builder().content_type(self.media_type).body(piece.bytes.clone());
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        response
    }

    fn vary(&self, response: &mut Response) {
        if !self.coded.is_empty() {
            vary_by_encoding(response.headers_mut());
        }
    }
}

async fn brotli(plain: &[u8], effort: Effort) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 4);
    let mut encoder = BrotliEncoder::with_quality(&mut out, Level::Precise(effort.brotli));
    let written = encoder.write_all(plain).await.and(encoder.shutdown().await);
    written.expect("writing into memory");
    out.into()
}

async fn gzip(plain: &[u8], effort: Effort) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 4);
    let mut encoder = GzipEncoder::with_quality(&mut out, Level::Precise(effort.gzip));
    let written = encoder.write_all(plain).await.and(encoder.shutdown().await);
    written.expect("writing into memory");
    out.into()
}
