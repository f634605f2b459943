//! A reply's plan on the wire: frames in their time, and an end that is a real end.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::call::{End, Piece, Reply};

/// How late paced frames left: under load this says whether the pace is still the scenario's.
#[derive(Debug, Default)]
pub(super) struct Lateness {
    frames: AtomicU64,
    micros: AtomicU64,
    worst_micros: AtomicU64,
}

impl Lateness {
    fn note(&self, late: Duration) {
        let micros = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
        self.frames.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        self.worst_micros.fetch_max(micros, Ordering::Relaxed);
    }

    pub(super) fn counts(&self) -> Value {
        let [frames, sum, worst] =
            [&self.frames, &self.micros, &self.worst_micros].map(|number| number.load(Ordering::Relaxed));
        let millis = |micros: f64| (micros / 100.0).round() / 10.0;
        json!({
            "frames": frames, "mean_late_ms": millis(sum as f64 / frames.max(1) as f64),
            "worst_late_ms": millis(worst as f64),
        })
    }

    pub(super) fn forget(&self) {
        for number in [&self.frames, &self.micros, &self.worst_micros] {
            number.store(0, Ordering::Relaxed);
        }
    }
}

/// An error closes the connection without a word, which is what a refused reply means.
pub(super) async fn response(
    reply: Reply,
    lateness: &Arc<Lateness>,
) -> io::Result<Response<BoxBody<Bytes, io::Error>>> {
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
    response.body(body(reply, Arc::clone(lateness))).map_err(io::Error::other)
}

fn body(reply: Reply, lateness: Arc<Lateness>) -> BoxBody<Bytes, io::Error> {
    let is_whole = reply.end == End::Complete && reply.pieces.iter().all(|piece| piece.after.is_zero());
    if is_whole && reply.pieces.len() <= 1 {
        return Full::new(reply.body()).map_err(|never: Infallible| match never {}).boxed();
    }
    let pieces: VecDeque<Piece> = reply.pieces.into();
    // Each frame is due from the beginning, not from the frame before: what one is late the next does not inherit.
    let start = (pieces, Instant::now(), lateness);
    let frames = stream::try_unfold(start, move |(mut pieces, mut due, lateness)| async move {
        if let Some(piece) = pieces.pop_front() {
            if !piece.after.is_zero() {
                due += piece.after;
                tokio::time::sleep_until(due).await;
                lateness.note(due.elapsed());
            }
            return Ok(Some((Frame::data(piece.bytes), (pieces, due, lateness))));
        }
        let end = reply.end;
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
