//! Payments: Stripe's events. The raw bytes are what is signed, so nothing reads them before the signature is checked.

use bytes::Bytes;
use poem::web::Data;
use poem::{Request, RequestBody};
use poem_openapi::param::Header;
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, OpenApi};
use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, Json};
use super::{Tag, schemas};
use crate::app::{App, payments};
use crate::error::Result;

pub(super) struct Payments;

#[derive(Serialize, JsonSchema)]
struct Received {
    received: bool,
}

/// A body, byte for byte, whatever it says it is.
struct Raw(Bytes);

impl<'a> ApiExtractor<'a> for Raw {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let schema =
            schemas::inline(MetaSchema { description: Some("An event of Stripe's"), ..MetaSchema::new("object") });
        let content = vec![MetaMediaType { content_type: "application/json", schema }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(_: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        json::read(body.take()?).await.map(Self)
    }
}

#[OpenApi(prefix_path = "/api/v1/webhooks", tag = "Tag::Payments")]
impl Payments {
    /// Take an event of Stripe's
    ///
    /// Only with a fresh `Stripe-Signature` over the exact bytes. An event that came before does nothing and is fine.
    #[oai(path = "/stripe", method = "post", operation_id = "payment_receive")]
    async fn receive(
        &self,
        Data(app): Data<&App>,
        /// Stripe's signature over its time and the body
        #[oai(name = "Stripe-Signature")]
        Header(signature): Header<Option<String>>,
        Raw(body): Raw,
    ) -> Result<Json<Received>> {
        payments::receive(app, &body, signature.as_deref(), app.now()).await?;
        Ok(Json(Received { received: true }))
    }
}
