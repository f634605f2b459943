//! One port for all services: real pace, real truncation, bounded memory. For development and load.

mod admin;
mod courier;
mod telemetry;
mod wire;

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::call::{self, BODY_LIMIT, Call, Reply};
use crate::scenario::{Pace, Scenario};
use crate::stub::{Room, Stub};
use crate::{Claude, Search, SendGrid, Storage, Stripe};

pub use courier::{Courier, Delivery};
use telemetry::{Signal, Telemetry};
use wire::Lateness;

/// What each ledger of the server keeps unless it is told otherwise.
pub const LEDGER_ROOM: Room = Room { calls: 100, bytes: 8 * 1024 * 1024 };
/// Webhooks that are remembered.
const MOST_DELIVERIES: usize = 100;
const MOST_CONNECTIONS: usize = 2_048;
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long replies that are on their way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

/// All services behind one door.
#[derive(Debug)]
pub struct Stubs {
    pub claude: Claude,
    pub stripe: Stripe,
    pub sendgrid: SendGrid,
    pub storage: Storage,
    pub search: Search,
    /// Delivers webhooks; none keeps them to itself.
    pub courier: Option<Courier>,
    deliveries: Mutex<Vec<Delivery>>,
    telemetry: Telemetry,
    lateness: Arc<Lateness>,
}

impl Stubs {
    pub fn new(seed: u64, pace: Pace, bucket: &str, room: Room, courier: Option<Courier>) -> Self {
        let scenario = Scenario::default().seed(seed);
        let stubs = Self {
            claude: Claude::new(scenario.clone().pace(pace)),
            stripe: Stripe::new(scenario.clone()),
            sendgrid: SendGrid::new(scenario.clone()),
            storage: Storage::new(bucket, scenario.clone()),
            search: Search::new(scenario),
            courier,
            deliveries: Mutex::new(Vec::new()),
            telemetry: Telemetry::default(),
            lateness: Arc::default(),
        };
        stubs.each().iter().for_each(|stub| stub.desk().set_room(room));
        stubs
    }

    fn each(&self) -> [&dyn Stub; 5] {
        [&self.claude, &self.stripe, &self.sendgrid, &self.storage, &self.search]
    }

    /// The stub that knows the path answers; the server's own rooms begin with `/__stub/`.
    pub async fn answer(&self, call: &Call) -> Reply {
        let reply = match self.each().into_iter().find(|stub| stub.serves(&call.path)) {
            Some(stub) => stub.answer(call),
            None if call.path.starts_with("/__stub/") => admin::answer(self, call),
            None => Reply::json(404, &serde_json::json!({"error": format!("no stub serves {}", call.path)})),
        };
        if let Some(courier) = &self.courier {
            for event in &reply.events {
                let delivery = courier.deliver(event).await;
                self.note(delivery);
            }
        }
        reply
    }

    fn note(&self, delivery: Delivery) {
        let mut deliveries = self.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        deliveries.push(delivery);
        if deliveries.len() > MOST_DELIVERIES {
            deliveries.remove(0);
        }
    }

    /// The last webhooks, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what was heard and kept; scenarios stay.
    pub fn forget(&self) {
        self.claude.forget();
        self.stripe.forget();
        self.sendgrid.forget();
        self.storage.forget();
        self.search.desk().reset();
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.telemetry.forget();
        self.lateness.forget();
    }
}

/// Serves until `stop` comes, then finishes what is on its way.
pub async fn serve(listener: TcpListener, stubs: Arc<Stubs>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let (closing, closed) = watch::channel(false);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut visits = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // Out of descriptors, or a peer that left at once: the next one may be luckier.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                if let Ok(place) = Arc::clone(&room).try_acquire_owned() {
                    let (stubs, closed) = (Arc::clone(&stubs), closed.clone());
                    visits.spawn(async move {
                        visit(stream, stubs, closed).await;
                        drop(place);
                    });
                }
            }
            Some(_) = visits.join_next(), if !visits.is_empty() => {}
        }
    }
    drop(listener);
    closing.send_replace(true);
    let finished = async { while visits.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        visits.shutdown().await;
    }
    Ok(())
}

async fn visit(stream: TcpStream, stubs: Arc<Stubs>, mut closed: watch::Receiver<bool>) {
    // A frame is small and must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let stubs = Arc::clone(&stubs);
        async move {
            let reply = match Signal::of(request.uri().path()) {
                Some(signal) => {
                    let (parts, body) = request.into_parts();
                    stubs.telemetry.take(signal, &parts.method, body).await?
                }
                None => stubs.answer(&read(request).await?).await,
            };
            wire::response(reply, &stubs.lateness).await
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // An error here is a peer that left or a connection that was broken on purpose.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = closed.wait_for(|closed| *closed) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn read(request: http::Request<Incoming>) -> io::Result<Call> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut call = Call::new(parts.method, target).with_headers(parts.headers).at(call::now());
    // Into a buffer of its own: a slice of the connection's buffer, kept in a ledger, would hold all of that.
    let mut bytes = Vec::with_capacity(usize::try_from(body.size_hint().lower()).unwrap_or(0).min(BODY_LIMIT));
    let mut body = Limited::new(body, BODY_LIMIT);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Err(error) if error.is::<LengthLimitError>() => {
                call.oversized = true;
                return Ok(call);
            }
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    bytes.shrink_to_fit();
    Ok(call.with_body(bytes))
}
