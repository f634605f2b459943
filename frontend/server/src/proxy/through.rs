//! The body of an answer on its way through: piece by piece as it comes, watched for silence and for the end of our time.

use std::io;
use std::panic::resume_unwind;
use std::time::Duration;

use bytes::Bytes;
use crb_door::RequestId;
use futures_util::stream::{self, Stream};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming};
use tokio_util::sync::CancellationToken;

/// What ends a connection whose answer broke off.
struct BrokenOff;

/// Ends with the body, or in good order at `until`: whoever reads events drops an unfinished one and asks for it again,
/// by its number. When the reader leaves, this is dropped, and with it the connection to the API.
///
/// Where the API breaks off or says nothing for too long, the reader must see that too, so the connection is cut. An
/// error would not do: the framework asks a connection that failed once more for its end, and the answer would get the
/// end of a whole one. Unwinding is the one way out that leaves nothing behind; it stays in the connection's own task and
/// says nothing on the console.
pub(super) fn pieces(
    body: Incoming,
    idle: Duration,
    id: RequestId,
    until: CancellationToken,
) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((body, until), move |(mut body, until)| {
        let id = id.clone();
        async move {
            let piece = tokio::select! {
                piece = next(&mut body, idle) => piece,
                () = until.cancelled() => Ok(None),
            };
            let piece = piece.unwrap_or_else(|fault| {
                tracing::warn!(request_id = id.as_str(), fault, "the API broke off in the middle of an answer");
                resume_unwind(Box::new(BrokenOff))
            });
            Some((Ok(piece?), (body, until)))
        }
    })
}

async fn next(body: &mut Incoming, idle: Duration) -> Result<Option<Bytes>, String> {
    loop {
        let frame = tokio::time::timeout(idle, body.frame()).await.map_err(|_| "silent for too long".to_owned())?;
        match frame.transpose().map_err(|error| error.to_string())?.map(Frame::into_data) {
            Some(Ok(bytes)) => return Ok(Some(bytes)),
            // Trailers: their hop ends here.
            Some(Err(_trailers)) => {}
            None => return Ok(None),
        }
    }
}
