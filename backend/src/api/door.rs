//! The door: what happens to every call, in this order, whatever it asks for.
//!
//! Inwards: a name for the call, its span, the limits of size. Outwards: a problem for every failure, the right
//! representation, the headers for browsers, and the count. Nothing inside can escape it, a panic included.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use crb_door::RequestId;
use futures_util::FutureExt as _;
use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Endpoint, Request, Response};
use tracing::Instrument as _;

use super::client::Client;
use super::cors::Cors;
use super::encoding::{Asked, Encoder};
use super::observe::{self, Meter, Sample};
use super::problem::{self, Failure, Refusal};
use super::routes::{Route, Routes};
use super::{Signals, security};
use crate::counters::Counters;

const MAX_URI: usize = 8 * 1024;
const MAX_HEADERS: usize = 32 * 1024;

/// What the door must know of the configuration.
pub(super) struct Rules {
    pub(super) cors_origins: Vec<String>,
    pub(super) trusted_proxies: usize,
    pub(super) signals: Signals,
    pub(super) counters: Arc<Counters>,
    pub(super) trace_sample_rate: f32,
}

pub(super) struct Door<E> {
    operations: E,
    routes: Routes,
    cors: Cors,
    encoder: Encoder,
    meter: Meter,
    trusted_proxies: usize,
    signals: Signals,
    counters: Arc<Counters>,
    sample: Sample,
}

impl<E> Door<E> {
    pub(super) fn new(operations: E, routes: Routes, rules: Rules) -> Self {
        Self {
            operations,
            routes,
            cors: Cors::new(&rules.cors_origins),
            encoder: Encoder::new(),
            meter: Meter::new(),
            trusted_proxies: rules.trusted_proxies,
            signals: rules.signals,
            counters: rules.counters,
            sample: Sample::of(rules.trace_sample_rate),
        }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Door<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let id = RequestId::of(request.headers());
        let route = self.routes.find(request.uri().path());
        let method = request.method().clone();
        let call = observe::Call::new(&id, &method, route);
        let span = call.span(request.headers(), self.sample);
        request.set_data(Client::read(&request, self.trusted_proxies));
        request.set_data(id.clone());

        // On the heap before it is wrapped: each wrapper would move the whole of it.
        let answer = Box::pin(self.answer(request, &id, route)).instrument(span.clone());
        let answer = self.counters.during(call.operation, answer);
        let mut response = call.with_hub(answer).await;

        response.headers_mut().insert(RequestId::HEADER, id.header());
        if self.signals.draining.is_cancelled() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        call.finish(&span, &self.meter, response.status(), started.elapsed());
        Ok(response)
    }
}

impl<E: Endpoint<Output = Response>> Door<E> {
    async fn answer(&self, request: Request, id: &RequestId, route: Option<&Route>) -> Response {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = match self.cors.preflight(&request) {
            Some(answer) => answer,
            None => self.answer_operation(request, id, route).await,
        };
        self.cors.admit(origin.as_ref(), &mut response);
        security::harden(&mut response);
        response
    }

    async fn answer_operation(&self, request: Request, id: &RequestId, route: Option<&Route>) -> Response {
        let asked = Asked::of(&request);
        let refusal = refuse_oversize(&request);
        let result = match refusal {
            Some(refusal) => Err(Failure::from(poem::Error::from(refusal))),
            None => match AssertUnwindSafe(self.operations.call(request)).catch_unwind().await {
                Ok(result) => result.map_err(Failure::from),
                Err(_panic) => Err(Failure::panicked()),
            },
        };
        let allow = route.map(|route| route.allow.as_str());
        let response = result.unwrap_or_else(|failure| problem::answer(failure, id.as_str(), allow));
        self.encoder.represent(response, &asked).await
    }
}

fn refuse_oversize(request: &Request) -> Option<Refusal> {
    let uri = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if uri > MAX_URI {
        return Some(Refusal::UriTooLong);
    }
    (size(request.headers()) > MAX_HEADERS).then_some(Refusal::HeadersTooLarge)
}

fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

#[cfg(test)]
mod tests;
