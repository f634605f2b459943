//! The development provider's checkout page: a form with two buttons. Not found where a real provider is configured.

use poem::http::{HeaderMap, header};
use poem::web::Data;
use poem::{Request, RequestBody};
use poem_openapi::param::Path;
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema};
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, OpenApi};
use schemars::JsonSchema;
use serde::Serialize;

use super::about::{self, Page};
use super::json::{self, Json};
use super::parameters::Slug;
use super::{Tag, schemas};
use crate::app::App;
use crate::app::orders::{self, OrderView};
use crate::error::{Error, Result};

pub(super) struct Development;

/// Where the browser goes on to.
#[derive(Serialize, JsonSchema)]
struct Redirect {
    redirect_url: String,
}

#[derive(ApiResponse)]
enum Decided {
    /// For a caller that asks for JSON
    #[oai(status = 200)]
    Told(Json<Redirect>),
    /// Back to the page that sent the customer here
    #[oai(status = 303)]
    Sent(#[oai(header = "Location")] String),
}

/// The form's one field.
struct Decision {
    pay: bool,
}

impl<'a> ApiExtractor<'a> for Decision {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let words = MetaSchema { enum_items: vec!["pay".into(), "cancel".into()], ..MetaSchema::new("string") };
        let schema = MetaSchema {
            required: vec!["action"],
            properties: vec![("action", schemas::inline(words))],
            ..MetaSchema::new("object")
        };
        let content =
            vec![MetaMediaType { content_type: "application/x-www-form-urlencoded", schema: schemas::inline(schema) }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(_: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let bytes = json::read(body.take()?).await?;
        let action = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == "action").map(|(_, value)| value);
        match action.as_deref() {
            Some("pay") => Ok(Self { pay: true }),
            Some("cancel") => Ok(Self { pay: false }),
            _ => Err(Error::field("action", "must be pay or cancel").into()),
        }
    }
}

#[OpenApi(prefix_path = "/api/v1/dev", tag = "Tag::Development")]
impl Development {
    /// The page that stands in for a payment provider's
    #[oai(path = "/checkout/:ref", method = "get", operation_id = "dev_checkout_view")]
    async fn view(&self, Data(app): Data<&App>, #[oai(name = "ref")] Path(reference): Path<Slug>) -> Result<Page> {
        let order = orders::dev_checkout(app, &reference.into_inner()).await?;
        // Browsers hold the redirect after a form to `form-action` too, so the way back must be named.
        let back = app.config.http.app_base_url.origin().ascii_serialization();
        let policy = format!(
            "default-src 'none'; style-src 'self'; form-action 'self' {back}; base-uri 'none'; frame-ancestors 'none'"
        );
        Ok(Page { html: checkout(&order), policy: Some(policy) })
    }

    /// Pay, or do not
    #[oai(path = "/checkout/:ref", method = "post", operation_id = "dev_checkout_decide")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        headers: &HeaderMap,
        #[oai(name = "ref")] Path(reference): Path<Slug>,
        decision: Decision,
    ) -> Result<Decided> {
        let redirect_url = orders::dev_pay(app, &reference.into_inner(), decision.pay, app.now()).await?;
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(if accept.contains("application/json") {
            Decided::Told(Json(Redirect { redirect_url }))
        } else {
            Decided::Sent(redirect_url)
        })
    }
}

fn checkout(order: &OrderView) -> String {
    let (euros, cents) = (order.amount_cents / 100, order.amount_cents % 100);
    let (tier, currency) = (about::escape(&order.tier), about::escape(&order.currency));
    about::page(
        "Development checkout",
        &format!(
            "<p>No money moves here. In production this page is the payment provider's.</p>\n\
             <p><strong>{tier}</strong>: {euros}.{cents:02} {currency}</p>\n\
             <form method=\"post\">\n\
             <button name=\"action\" value=\"pay\">Pay</button>\n\
             <button name=\"action\" value=\"cancel\">Cancel</button>\n\
             </form>"
        ),
    )
}
