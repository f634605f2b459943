//! The catalogue in an operator's hands: vendors, prices, and the prices that a look-up proposes. Every change is audited.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::access::Operator;
use crate::api::json::Json;
use crate::api::parameters::{Cursor, Limit, MaybeBasedOn, ProposalId, Slug, limit_or_default};
use crate::api::replies::{Created, Done, Items, Versioned};
use crate::app::admin::{self, ProposalRow};
use crate::app::vendors::{self, NewPrice, NewVendor, VendorChange, VendorView};
use crate::app::{App, Page};
use crate::domain::ids::ProposalStatus;
use crate::error::Result;

pub(in crate::api) struct Catalogue;

#[OpenApi(prefix_path = "/api/v1/admin", tag = "Tag::Admin")]
impl Catalogue {
    /// Add a vendor
    #[oai(path = "/vendors", method = "post", operation_id = "admin_vendor_create")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Json(vendor): Json<NewVendor>,
    ) -> Result<Created<VendorView>> {
        vendors::create(app, &operator.actor, vendor, app.now()).await.map(Created)
    }

    /// Change a vendor
    ///
    /// With `If-Match` a change that is based on a stale version is a conflict.
    #[oai(path = "/vendors/:slug", method = "patch", operation_id = "admin_vendor_update")]
    async fn update(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(slug): Path<Slug>,
        /// The `version` of the vendor as it was last seen
        #[oai(name = "If-Match")]
        based_on: MaybeBasedOn,
        Json(change): Json<VendorChange>,
    ) -> Result<Versioned<VendorView>> {
        let slug = slug.into_inner();
        let vendor = vendors::update(app, &operator.actor, &slug, based_on.0, change, app.now()).await?;
        Ok(Versioned { version: vendor.version, body: vendor })
    }

    /// Take a vendor out of the choice
    ///
    /// Reports that name it keep naming it; new ones do not choose it.
    #[oai(path = "/vendors/:slug", method = "delete", operation_id = "admin_vendor_remove")]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(slug): Path<Slug>,
    ) -> Result<Done> {
        vendors::remove(app, &operator.actor, &slug.into_inner(), app.now()).await?;
        Ok(Done)
    }

    /// Note a vendor's price
    ///
    /// It supersedes the one of the same name.
    #[oai(path = "/vendors/:slug/prices", method = "post", operation_id = "admin_price_create")]
    async fn price(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(slug): Path<Slug>,
        Json(price): Json<NewPrice>,
    ) -> Result<Created<VendorView>> {
        vendors::add_price(app, &operator.actor, &slug.into_inner(), price, app.now()).await.map(Created)
    }

    /// Look a vendor's prices up
    ///
    /// What is found is proposed; nothing changes until a proposal is accepted.
    #[oai(path = "/vendors/:slug/price-lookup", method = "post", operation_id = "admin_price_look_up")]
    async fn look_up(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(slug): Path<Slug>,
    ) -> Result<Json<Items<ProposalRow>>> {
        let items = admin::look_up_prices(app, &operator.actor, &slug.into_inner(), app.now()).await?;
        Ok(Json(Items { items }))
    }

    /// Proposed prices, newest first
    #[oai(path = "/proposals", method = "get", operation_id = "admin_proposal_list")]
    async fn proposals(
        &self,
        Data(app): Data<&App>,
        Operator(_operator): Operator,
        /// Only in this state
        Query(status): Query<Option<ProposalStatus>>,
        /// The `next` of the page before
        Query(cursor): Query<Option<Cursor>>,
        /// How many
        Query(limit): Query<Option<Limit>>,
    ) -> Result<Json<Page<ProposalRow>>> {
        admin::proposals(app, status, cursor.map(Cursor::into_inner), limit_or_default(limit)).await.map(Json)
    }

    /// Accept a proposed price
    #[oai(path = "/proposals/:id/accept", method = "post", operation_id = "admin_proposal_accept")]
    async fn accept(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(id): Path<ProposalId>,
    ) -> Result<Json<ProposalRow>> {
        admin::decide_proposal(app, &operator.actor, id.0, true, app.now()).await.map(Json)
    }

    /// Reject a proposed price
    #[oai(path = "/proposals/:id/reject", method = "post", operation_id = "admin_proposal_reject")]
    async fn reject(
        &self,
        Data(app): Data<&App>,
        Operator(operator): Operator,
        Path(id): Path<ProposalId>,
    ) -> Result<Json<ProposalRow>> {
        admin::decide_proposal(app, &operator.actor, id.0, false, app.now()).await.map(Json)
    }
}
