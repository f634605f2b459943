//! Vendors, for everybody: what there is, what it costs, and how old that price is.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::Tag;
use super::parameters::{Cursor, Limit, Search, Slug, limit_or_default};
use super::replies::Kept;
use crate::app::vendors::{self, Filter, VendorView};
use crate::app::{App, Page};
use crate::domain::ids::VendorStatus;
use crate::error::Result;

pub(super) struct Vendors;

#[OpenApi(prefix_path = "/api/v1/vendors", tag = "Tag::Vendors")]
impl Vendors {
    /// Vendors, by name
    #[oai(path = "/", method = "get", operation_id = "vendor_list")]
    #[expect(clippy::too_many_arguments, reason = "one argument is one parameter of the address")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// Only of this category
        Query(category): Query<Option<Slug>>,
        /// Only those that serve this industry
        Query(industry): Query<Option<Slug>>,
        /// Part of the name
        Query(query): Query<Option<Search>>,
        /// Only in this state
        Query(status): Query<Option<VendorStatus>>,
        /// The `next` of the page before
        Query(cursor): Query<Option<Cursor>>,
        /// How many
        Query(limit): Query<Option<Limit>>,
    ) -> Result<Kept<Page<VendorView>>> {
        let filter = Filter {
            category: category.map(Slug::into_inner),
            industry: industry.map(Slug::into_inner),
            query: query.map(Search::into_inner),
            status,
        };
        let cursor = cursor.map(Cursor::into_inner);
        vendors::list_page(app, filter, cursor, limit_or_default(limit), app.now()).await.map(Kept::of)
    }

    /// A vendor with all its prices, superseded ones included
    #[oai(path = "/:slug", method = "get", operation_id = "vendor_view")]
    async fn view(&self, Data(app): Data<&App>, Path(slug): Path<Slug>) -> Result<Kept<VendorView>> {
        vendors::view_page(app, &slug.into_inner(), app.now()).await.map(Kept::of)
    }
}
