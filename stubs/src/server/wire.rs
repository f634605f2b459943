//! A reply's plan on the wire: frames in their time, and an end that is a real end.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

use crate::call::{End, Piece, Reply};

/// An error closes the connection without a word, which is what a refused reply means.
pub(super) async fn response(reply: Reply) -> io::Result<Response<BoxBody<Bytes, io::Error>>> {
    if reply.end == End::Refused {
        return Err(broken());
    }
    if !reply.wait.is_zero() {
        tokio::time::sleep(reply.wait).await;
        if matches!(reply.end, End::Stalled(_)) {
            return Err(broken());
        }
    }
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(body(reply)).map_err(io::Error::other)
}

fn body(reply: Reply) -> BoxBody<Bytes, io::Error> {
    let is_whole = reply.end == End::Complete && reply.pieces.iter().all(|piece| piece.after.is_zero());
    if is_whole && reply.pieces.len() <= 1 {
        return Full::new(reply.body()).map_err(|never: Infallible| match never {}).boxed();
    }
    let pieces: VecDeque<Piece> = reply.pieces.into();
    let frames = stream::try_unfold((pieces, reply.end), |(mut pieces, end)| async move {
        if let Some(piece) = pieces.pop_front() {
            if !piece.after.is_zero() {
                tokio::time::sleep(piece.after).await;
            }
            return Ok(Some((Frame::data(piece.bytes), (pieces, end))));
        }
        if end == End::Complete {
            return Ok(None);
        }
        // Lets what was said so far leave before the connection breaks.
        tokio::task::yield_now().await;
        if let End::Stalled(silence) = end {
            tokio::time::sleep(silence).await;
        }
        Err(broken())
    });
    BodyExt::boxed(StreamBody::new(frames))
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the scenario breaks this connection")
}
