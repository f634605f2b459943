//! Table `price_proposals`: prices found by a look-up, waiting for a person.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Connection, Page};
use crate::domain::ids::{VendorId, words};
use crate::domain::report::PriceUnit;
use crate::error::Result;

words! {
    ProposalStatus { Proposed = "proposed", Accepted = "accepted", Rejected = "rejected" }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: Uuid,
    pub vendor_id: VendorId,
    pub tier_name: String,
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    pub observed_on: NaiveDate,
    /// The words of the page that the price was read from.
    pub excerpt: String,
    pub status: ProposalStatus,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
}

#[derive(Debug, Clone)]
pub struct NewProposal {
    pub vendor_id: VendorId,
    pub tier_name: String,
    pub price_cents: Option<i64>,
    pub currency: String,
    pub per: PriceUnit,
    pub source_url: String,
    pub observed_on: NaiveDate,
    pub excerpt: String,
}

pub async fn insert(conn: &impl Connection, new: &NewProposal, now: DateTime<Utc>) -> Result<Uuid> {
    todo!()
}

pub async fn find(conn: &impl Connection, id: Uuid) -> Result<Option<Proposal>> {
    todo!()
}

/// Newest first.
pub async fn list(
    conn: &impl Connection,
    status: Option<ProposalStatus>,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page<Proposal>> {
    todo!()
}

/// proposed → accepted | rejected. False when it was decided before.
pub async fn decide(
    conn: &impl Connection,
    id: Uuid,
    status: ProposalStatus,
    decided_by: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}
