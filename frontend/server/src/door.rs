//! The whole server as one endpoint: probes, the way to the API, and the page.

use crb_door::RequestId;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, Request, Response};
use tokio_util::sync::CancellationToken;

use crate::headers::harden;
use crate::probes;
use crate::problem::Problem;
use crate::proxy::{Proxy, is_api};
use crate::settings::Settings;
use crate::site::Site;

/// The two moments of a shutdown.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// From here on the process is not ready and every answer says `Connection: close`; everything is still served.
    pub draining: CancellationToken,
    /// No connection is taken any more; event streams end.
    pub closing: CancellationToken,
}

struct Door {
    site: Site,
    /// None where nobody has said where the API is.
    proxy: Option<Proxy>,
    settings: Settings,
    signals: Signals,
}

pub fn endpoint(
    site: Site,
    proxy: Option<Proxy>,
    settings: Settings,
    signals: Signals,
) -> impl Endpoint<Output = Response> + 'static {
    Door { site, proxy, settings, signals }
}

impl Endpoint for Door {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let id = RequestId::of(request.headers());
        let mut response = if is_api(&path) {
            self.answer_api(request, &id).await
        } else if let Some(probe) = probes::answer(&path, &self.settings, self.signals.draining.is_cancelled()) {
            self.hardened(probe, &path)
        } else {
            self.site.call(request).await?
        };
        if self.signals.draining.is_cancelled() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        // Readiness says no while we drain; that is news for the router alone.
        if response.status().is_server_error() && path != "/health/ready" {
            let (status, request_id) = (response.status().as_u16(), id.as_str());
            tracing::error!(status, request_id, method = %method, path = shown(&path), "answered with a fault");
        }
        Ok(response)
    }
}

impl Door {
    async fn answer_api(&self, request: Request, id: &RequestId) -> Response {
        let passed = match &self.proxy {
            _ if self.settings.api.is_some() => Err(Problem::NotFound),
            None => Err(Problem::Away),
            Some(proxy) => proxy.pass(request, id, &self.signals.closing).await,
        };
        // The API has set its own headers; only what we say ourselves needs ours.
        let mut response = passed.unwrap_or_else(|problem| self.hardened(problem.answer(id), "/api"));
        response.headers_mut().entry(RequestId::HEADER).or_insert_with(|| id.header());
        response
    }

    fn hardened(&self, mut response: Response, path: &str) -> Response {
        harden(&mut response, self.settings.stage, path);
        response
    }
}

/// An address as a log may keep it: without the query, and without words as long as a token.
fn shown(path: &str) -> String {
    let part = |part: &str| if part.len() > 40 { "…".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_stands_in_a_log() {
        let id = "01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c";
        assert_eq!(shown(&format!("/api/v1/reports/{id}/pdf")), format!("/api/v1/reports/{id}/pdf"));
        assert_eq!(shown(&format!("/api/v1/x/{}/y", "a".repeat(43))), "/api/v1/x/…/y");
    }
}
