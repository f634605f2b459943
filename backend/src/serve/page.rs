//! The page beside the API, on a developer's machine: one process, one origin, one port.
//!
//! Deployed, the page has a server of its own, and the configuration refuses `WEB_ROOT`.

use crb_web::{Settings, Site};
use poem::{Endpoint, Request, Response};

use crate::config::Config;
use crate::error::{Error, Result};

/// The bundle that the configuration names, ready to be served; none where it names none.
pub(super) async fn load(config: &Config) -> Result<Option<Site>> {
    let Some(root) = &config.http.web_root else { return Ok(None) };
    let stage = config.stage.as_str().parse().map_err(|_| Error::internal("the page does not know this stage"))?;
    let mut settings = Settings::new(stage);
    settings.release.clone_from(&config.version);
    // The stand-in for Stripe has a checkout of its own.
    settings
        .checkout_origins
        .extend(config.payment.stripe.as_ref().map(|stripe| stripe.base_url.origin().ascii_serialization()));
    let site = Site::load(root, &settings).await.map_err(|faults| Error::invalid(faults.to_string()))?;
    tracing::info!(root = %root.display(), "the page is served beside the API");
    Ok(Some(site))
}

/// `/api` and everything below is the API's; everything else is the page's, with the page's own headers.
pub(super) struct Beside<E> {
    pub(super) api: E,
    pub(super) page: Site,
}

impl<E: Endpoint<Output = Response>> Endpoint for Beside<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if crb_web::is_api(request.uri().path()) { self.api.call(request).await } else { self.page.call(request).await }
    }
}
