//! The event stream of a report, as it goes over the wire.
//!
//! A body that breaks off looks like a clean end to the reader, so a stream never just ends: it says `ready`, `failed` or
//! `reconnect` first.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use poem::http::{HeaderValue, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use tokio_util::sync::CancellationToken;

use super::{replies, schemas};
use crate::app::limits::StreamPlace;
use crate::app::reports::{Event, Feed};

/// Shorter than any proxy's patience with a silent line.
const HEARTBEAT: Duration = Duration::from_secs(15);
const BEGINNING: &str = "retry: 2000\n\n";
const STILL_HERE: &str = ": still here\n\n";
const RECONNECT: &str = "event: reconnect\ndata: {}\n\n";

pub(super) struct Events {
    feed: Feed,
    closing: CancellationToken,
    /// Given back when the stream is dropped, however that happens.
    _place: StreamPlace,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Beginning,
    Running,
    Ended,
}

impl Events {
    pub(super) const fn new(feed: Feed, closing: CancellationToken, place: StreamPlace) -> Self {
        Self { feed, closing, _place: place, state: State::Beginning }
    }

    /// The next piece of text; none once the end has been said.
    async fn next(&mut self) -> Option<String> {
        match self.state {
            State::Ended => return None,
            State::Beginning => {
                self.state = State::Running;
                return Some(BEGINNING.to_owned());
            }
            State::Running => {}
        }
        tokio::select! {
            event = self.feed.next() => match event {
                // Which event is the last the feed knows: behind a failure an operator's retry may go on.
                Ok(event) => event.as_ref().map(frame),
                Err(error) => {
                    tracing::warn!(error.chain = error.chain(), "an event stream broke off; its reader is asked to reconnect");
                    Some(self.end())
                }
            },
            () = self.closing.cancelled() => Some(self.end()),
            () = tokio::time::sleep(HEARTBEAT) => Some(STILL_HERE.to_owned()),
        }
    }

    fn end(&mut self) -> String {
        self.state = State::Ended;
        RECONNECT.to_owned()
    }
}

/// An event as the stream sends it. JSON has no line break of its own, so an event's data is one line.
pub fn frame(event: &Event) -> String {
    let data = serde_json::to_string(event).expect("an event has text keys");
    format!("id: {}\nevent: {}\ndata: {data}\n\n", event.seq, event.kind)
}

impl Payload for Events {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn schema_ref() -> MetaSchemaRef {
        let items = Some(Box::new(schemas::reference::<Event>()));
        schemas::inline(MetaSchema { items, ..MetaSchema::new_with_format("array", "event-stream") })
    }

    fn register(registry: &mut Registry) {
        schemas::register::<Event>(registry, schemas::Use::Response);
    }
}

impl IntoResponse for Events {
    fn into_response(self) -> Response {
        let pieces = stream::unfold(self, |mut events| async move {
            let piece = events.next().await?;
            Some((Ok::<_, std::io::Error>(Bytes::from(piece)), events))
        });
        Response::builder()
            .header(header::CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE))
            // A proxy that collects the stream before it passes it on would defeat it.
            .header("x-accel-buffering", "no")
            .body(Body::from_bytes_stream(pieces))
    }
}

impl ApiResponse for Events {
    fn meta() -> MetaResponses {
        replies::meta::<Self>(200, "The events, then those to come", &[])
    }

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use crate::domain::ids::EventKind;

    use super::*;

    #[test]
    fn an_event_is_one_frame_whatever_it_says() {
        let event = Event {
            seq: 7,
            at: DateTime::from_timestamp(1_764_590_400, 0).expect("a valid moment"),
            kind: EventKind::Finding,
            phase: None,
            progress: 40,
            payload: json!({"id": "f-01", "title": "two\nlines\r\n\r\ndata: forged"}),
        };
        let frame = frame(&event);
        assert_eq!(frame.matches('\n').count(), 4, "{frame}");
        assert!(!frame.contains('\r'));
        assert!(frame.starts_with("id: 7\nevent: finding\ndata: {"));
        assert!(frame.ends_with("}\n\n"));
    }
}
