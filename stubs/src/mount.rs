//! The stubs on wiremock, for tests: one line mounts a service and returns the stub itself, which knows what it heard.
//!
//! wiremock hands out whole bodies, so a stream arrives at once, a cut stream is a truncated body, and every stall is
//! a delay before the headers. Connections can be closed without an answer. What needs real pace needs the binary.

use std::fmt;
use std::sync::Arc;

use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::call::{self, Call, End, Reply};
use crate::scenario::Scenario;
use crate::stub::Stub;
use crate::{Claude, Search, SendGrid, Storage, Stripe};

/// `POST /v1/messages`.
pub async fn mount_claude(server: &MockServer, scenario: Scenario) -> Arc<Claude> {
    mount(server, Claude::new(scenario)).await
}

/// `/v1/checkout/…`, `/v1/refunds`, `/v1/events` and the hosted page `/pay/…`; webhooks are the test's to post.
pub async fn mount_stripe(server: &MockServer, scenario: Scenario) -> Arc<Stripe> {
    mount(server, Stripe::new(scenario)).await
}

/// `POST /v3/mail/send`.
pub async fn mount_sendgrid(server: &MockServer, scenario: Scenario) -> Arc<SendGrid> {
    mount(server, SendGrid::new(scenario)).await
}

/// `/storage/v1/…` with one bucket.
pub async fn mount_storage(server: &MockServer, bucket: &str, scenario: Scenario) -> Arc<Storage> {
    mount(server, Storage::new(bucket, scenario)).await
}

/// Brave's `GET /res/v1/web/search` and Tavily's `POST /search`.
pub async fn mount_search(server: &MockServer, scenario: Scenario) -> Arc<Search> {
    mount(server, Search::new(scenario)).await
}

/// Mounts any stub. A scenario with a dial that this stub cannot show is a mistake of the test.
pub async fn mount<S: Stub>(server: &MockServer, stub: S) -> Arc<S> {
    let stub = Arc::new(stub);
    let refuser = Arc::clone(&stub);
    let hears = Arc::clone(&stub);
    // wiremock handles one request at a time, so the look ahead and the answer see the same count.
    Mock::given(move |request: &Request| {
        let call = read(request);
        hears.serves(&call.path) && hears.will_refuse(&call)
    })
    .respond_with_err(move |request: &Request| {
        refuser.answer(&read(request));
        Closed
    })
    .with_priority(4)
    .mount(server)
    .await;
    let hears = Arc::clone(&stub);
    let speaks = Arc::clone(&stub);
    Mock::given(move |request: &Request| hears.serves(request.url.path()))
        .respond_with(move |request: &Request| template(&speaks.answer(&read(request))))
        .mount(server)
        .await;
    stub
}

fn read(request: &Request) -> Call {
    let target = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let call = Call::new(request.method.clone(), &target).with_headers(request.headers.clone());
    call.with_body(request.body.clone()).at(call::now())
}

fn template(reply: &Reply) -> ResponseTemplate {
    let mut body = reply.body().to_vec();
    if matches!(reply.end, End::Stalled(_)) {
        // Nobody waits for the rest: the delay below stands for the silence.
        body.clear();
    }
    let mime = reply.header("content-type").unwrap_or("application/octet-stream").to_owned();
    let mut template = ResponseTemplate::new(reply.status).set_delay(reply.delay());
    for (name, value) in reply.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")) {
        template = template.insert_header(name.as_str(), value.as_str());
    }
    if body.is_empty() { template } else { template.set_body_raw(body, &mime) }
}

/// The connection is closed on purpose.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed by the stub")
    }
}

impl std::error::Error for Closed {}
