//! Door 1, HTTP: the only floor that knows poem. A request comes in through `door`, is answered by its noun's file, and
//! leaves as JSON, as a stream or as a problem.

pub mod problem;

mod about;
mod access;
mod admin;
mod client;
mod cors;
mod development;
mod document;
mod door;
mod encoding;
mod events;
mod health;
mod json;
mod observe;
mod orders;
mod parameters;
mod payments;
mod quizzes;
mod replies;
mod reports;
mod routes;
mod schemas;
mod security;
mod vendors;

use std::sync::Arc;

use poem::{Endpoint, EndpointExt as _, IntoEndpoint as _, Response};
use poem_openapi::{OpenApiService, Tags};
use tokio_util::sync::CancellationToken;

pub use document::document;
pub use events::frame;

use crate::app::App;

/// The two moments of a shutdown, as the composition root announces them.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// From here on every answer says `Connection: close`, so that callers go elsewhere; everything is still served.
    pub draining: CancellationToken,
    /// No connection is taken any more; event streams send their listeners elsewhere and end.
    pub closing: CancellationToken,
}

/// How the operations are grouped.
#[derive(Tags)]
enum Tag {
    /// The questionnaire, its autosaved answers, and the free score.
    Quizzes,
    /// What is for sale, and buying it.
    Orders,
    /// What the payment provider tells us.
    Payments,
    /// The report: written while its buyer watches, then read, fetched and sent.
    Reports,
    /// Products that a report can name, with their prices and how old those are.
    Vendors,
    /// For operators.
    Admin,
    /// For whatever watches the process.
    Health,
    /// This description, and what a problem's code means.
    About,
    /// Stands in for the payment provider on a developer's machine; not found elsewhere.
    Development,
}

type Apis = (
    quizzes::Quizzes,
    orders::Orders,
    payments::Payments,
    reports::Reports,
    vendors::Vendors,
    admin::Admin,
    admin::Catalogue,
    health::Health,
    about::About,
    development::Development,
);

const APIS: Apis = (
    quizzes::Quizzes,
    orders::Orders,
    payments::Payments,
    reports::Reports,
    vendors::Vendors,
    admin::Admin,
    admin::Catalogue,
    health::Health,
    about::About,
    development::Development,
);

/// The whole API, ready to be served.
pub fn endpoint(app: &App, signals: &Signals) -> impl Endpoint<Output = Response> + 'static {
    let http = &app.config.http;
    let rules = door::Rules {
        cors_origins: http.cors_origins.clone(),
        trusted_proxies: http.trusted_proxies,
        signals: signals.clone(),
        counters: Arc::clone(&app.counters),
        trace_sample_rate: app.config.telemetry.trace_sample_rate,
    };
    let operations = service()
        .into_endpoint()
        .around(|operations, request| async move {
            if client::is_limited(request.uri().path()) {
                // On the heap: the way to Redis would make every call's future large.
                Box::pin(client::take_general(&request)).await?;
            }
            operations.call(request).await
        })
        .data(app.clone())
        .data(Arc::new(signals.clone()))
        .data(Arc::new(about::Published::now()));
    door::Door::new(operations, routes::Routes::of::<Apis>(), rules)
}

fn service() -> OpenApiService<Apis, ()> {
    OpenApiService::new(APIS, "CRB Analyser", document::VERSION)
}
