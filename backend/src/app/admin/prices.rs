//! Vendor prices from the web: looked up, read with care, and only proposed. A person accepts.

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::super::{App, Page, pages, vendors};
use super::ProposalRow;
use crate::domain::ids::{PriceModel, PriceSource, ProposalStatus};
use crate::domain::report::PriceUnit;
use crate::domain::vendors::price_unit;
use crate::error::{Error, Result};
use crate::store;
use crate::store::proposals::{NewProposal, Proposal};
use crate::store::vendors::Vendor;

const HITS: usize = 5;
const PROPOSALS: usize = 5;
/// Words kept around a figure, for the person who decides.
const EXCERPT: usize = 80;
/// Nothing dearer a month is a list price.
const MAX_CENTS: i64 = 1_000_000;

pub async fn proposals(
    app: &App,
    status: Option<ProposalStatus>,
    cursor: Option<String>,
    limit: u32,
) -> Result<Page<ProposalRow>> {
    let page = store::proposals::list(app.db.conn(), status, cursor.as_deref(), limit.into()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for proposal in page.items {
        items.push(row(app, proposal).await?);
    }
    Ok(Page { items, next: page.next })
}

/// Looks a vendor's prices up; a conflict where no search key is set. Proposes, never changes.
pub async fn look_up_prices(app: &App, actor: &str, slug: &str, now: DateTime<Utc>) -> Result<Vec<ProposalRow>> {
    if !app.search.is_configured() {
        return Err(Error::conflict("no search service is configured; set BRAVE_API_KEY or TAVILY_API_KEY"));
    }
    let vendor = vendors::find(app, slug).await?;
    let website = Url::parse(&vendor.details.website).ok();
    let host = website.as_ref().and_then(Url::host_str).map(|host| host.trim_start_matches("www.").to_owned());
    let host = host.ok_or_else(|| Error::conflict("the vendor has no website to look at"))?;
    let query = format!("{} pricing site:{host}", vendor.details.name);
    let hits = app.search.find(&query, HITS).await?;
    let mut rows = Vec::new();
    for hit in hits {
        // A page that is refused or away is no reason to leave the others out.
        let text = match app.search.fetch_price_page(&hit.url, &host).await {
            Ok(text) => text,
            Err(error) => {
                tracing::info!(vendor.slug = slug, error = %error.chain(), "a price page is left out");
                continue;
            }
        };
        for found in figures(&text) {
            if rows.len() < PROPOSALS {
                rows.push(propose(app, &vendor, &hit.url, found, now).await?);
            }
        }
    }
    let after = json!({"proposals": rows.len()});
    store::audit::insert(app.db.conn(), &vendors::entry(actor, "look_up_prices", slug, None, Some(after)), now).await?;
    Ok(rows)
}

pub async fn decide_proposal(
    app: &App,
    actor: &str,
    id: Uuid,
    accept: bool,
    now: DateTime<Utc>,
) -> Result<ProposalRow> {
    let none = || Error::not_found("there is no such proposal");
    let tx = app.db.begin().await?;
    let proposal = store::proposals::find(tx.conn(), id).await?.ok_or_else(none)?;
    let status = if accept { ProposalStatus::Accepted } else { ProposalStatus::Rejected };
    if !store::proposals::decide(tx.conn(), id, status, actor, now).await? {
        return Err(Error::conflict("the proposal was decided before"));
    }
    if accept {
        let price = store::prices::NewPrice {
            vendor_id: proposal.vendor_id,
            tier_name: proposal.tier_name.clone(),
            price_cents: proposal.price_cents,
            currency: proposal.currency.clone(),
            per: proposal.per,
            observed_on: proposal.observed_on,
            source_url: proposal.source_url.clone(),
            source: PriceSource::Refresh,
        };
        let vendor = store::vendors::by_id(tx.conn(), proposal.vendor_id).await?;
        vendors::record_price(&tx, &vendor.ok_or_else(none)?, &price, now).await?;
    }
    let mut entry = vendors::entry(
        actor,
        status.as_str(),
        &id.to_string(),
        None,
        Some(json!({"price_cents": proposal.price_cents})),
    );
    entry.entity = "price_proposal".into();
    store::audit::insert(tx.conn(), &entry, now).await?;
    pages::commit(app, tx).await?;
    let proposal = store::proposals::find(app.db.conn(), id).await?.ok_or_else(none)?;
    row(app, proposal).await
}

async fn propose(app: &App, vendor: &Vendor, url: &str, found: Figure, now: DateTime<Utc>) -> Result<ProposalRow> {
    // What is found first on a price page is the price to start with.
    let tier_name = vendors::starting_tier(app.db.conn(), vendor).await?;
    let new = NewProposal {
        vendor_id: vendor.id,
        tier_name: tier_name.unwrap_or_else(|| "Starting price".into()),
        price_cents: Some(found.cents),
        currency: found.currency.into(),
        per: if vendor.details.price_model == PriceModel::Custom {
            PriceUnit::Flat
        } else {
            price_unit(vendor.details.price_model)
        },
        source_url: url.into(),
        observed_on: now.date_naive(),
        excerpt: found.excerpt,
    };
    let id = store::proposals::insert(app.db.conn(), &new, now).await?;
    let proposal = store::proposals::find(app.db.conn(), id).await?;
    row(app, proposal.ok_or_else(|| Error::internal("the new proposal is gone"))?).await
}

async fn row(app: &App, proposal: Proposal) -> Result<ProposalRow> {
    let vendor = store::vendors::by_id(app.db.conn(), proposal.vendor_id).await?;
    Ok(ProposalRow {
        id: proposal.id,
        vendor_slug: vendor.map(|vendor| vendor.slug).unwrap_or_default(),
        tier_name: proposal.tier_name,
        price_cents: proposal.price_cents,
        currency: proposal.currency,
        per: proposal.per,
        source_url: proposal.source_url,
        excerpt: proposal.excerpt,
        observed_on: proposal.observed_on,
        status: proposal.status,
        created_at: proposal.created_at,
    })
}

struct Figure {
    cents: i64,
    currency: &'static str,
    excerpt: String,
}

/// Amounts with a sign of a currency before them, as a page's text has them. Untrusted: a person reads the excerpt.
fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<Figure> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let currency = match c {
            '€' => "EUR",
            '$' => "USD",
            _ => continue,
        };
        let digits: String = chars[at + 1..]
            .iter()
            .skip_while(|c| **c == ' ')
            .take_while(|c| c.is_ascii_digit() || **c == '.' || **c == ',')
            .collect();
        let Some(cents) = cents(&digits).filter(|cents| (1..=MAX_CENTS).contains(cents)) else { continue };
        if found.iter().any(|figure| figure.cents == cents) {
            continue;
        }
        let from = at.saturating_sub(EXCERPT);
        let to = (at + EXCERPT).min(chars.len());
        let excerpt: String = chars[from..to].iter().collect();
        found.push(Figure { cents, currency, excerpt: crate::domain::prose::plain(&excerpt) });
    }
    found
}

/// `1,299.50` and `49` as cents; a comma is a separator of thousands.
fn cents(digits: &str) -> Option<i64> {
    let plain = digits.trim_end_matches(['.', ',']).replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "0"));
    let fraction = match fraction.len() {
        1 => format!("{fraction}0"),
        2 => fraction.to_owned(),
        _ => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fraction.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_a_person_reads_them() {
        let text = "Basic $49 a month. Pro: € 1,299.50 per user; was $49. Not 12 dollars, not $0, not $99999999.";
        let read: Vec<(i64, &str)> = figures(text).iter().map(|figure| (figure.cents, figure.currency)).collect();
        assert_eq!(read, [(4_900, "USD"), (129_950, "EUR")]);
        assert!(figures(text)[0].excerpt.contains("Basic $49 a month"));
    }
}
