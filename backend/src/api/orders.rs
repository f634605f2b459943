//! Orders: what is for sale, a checkout, and what became of it.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Tag;
use super::access::Session;
use super::client::Client;
use super::json::Json;
use super::parameters::IdempotencyKey;
use super::replies::{Created, Items, Public};
use crate::app::App;
use crate::app::limits::Scope;
use crate::app::orders::{self, OrderCreated, OrderView, Tier};
use crate::domain::ids::{OrderId, SessionId};
use crate::error::Result;

pub(super) struct Orders;

/// What to buy, and for which quiz.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    /// The finished quiz whose token is sent.
    session_id: SessionId,
    /// A tier's `id`.
    #[schemars(example = &"report", length(min = 1, max = 64))]
    tier: String,
    /// Where the report's link goes.
    #[schemars(email, length(max = 254))]
    email: String,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Orders")]
impl Orders {
    /// What is for sale
    #[oai(path = "/tiers", method = "get", operation_id = "tier_list")]
    async fn tiers(&self, Data(app): Data<&App>) -> Result<Public<Items<Tier>>> {
        Ok(Public(Items { items: orders::tiers(app) }))
    }

    /// Open an order and a checkout
    ///
    /// The same `Idempotency-Key` with the same body gives the same order; with another body it is a conflict.
    #[oai(path = "/orders", method = "post", operation_id = "order_create")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        client: Client,
        Session(token): Session,
        /// Chosen by the caller, new for every order that is meant to be a new one
        #[oai(name = "Idempotency-Key")]
        Header(key): Header<IdempotencyKey>,
        Json(body): Json<NewOrder>,
    ) -> Result<Created<OrderCreated>> {
        client.take(app, Scope::OrderCreate).await?;
        let key = key.into_inner();
        orders::create(app, body.session_id, &token, &body.tier, &body.email, &key, app.now()).await.map(Created)
    }

    /// What became of an order
    #[oai(path = "/orders/:id", method = "get", operation_id = "order_view")]
    async fn view(
        &self,
        Data(app): Data<&App>,
        Session(token): Session,
        Path(id): Path<OrderId>,
    ) -> Result<Json<OrderView>> {
        orders::view(app, id, &token, app.now()).await.map(Json)
    }
}
