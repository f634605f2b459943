//! What an operator may enter about a vendor: every fault at once, each at its field.

use chrono::{DateTime, Utc};
use url::Url;

use super::{NewPrice, NewVendor, VendorChange};
use crate::error::{Error, FieldError, Result};

/// Collects what is wrong with an operator's input.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn must(&mut self, field: &str, holds: bool, message: &str) {
        if !holds {
            self.0.push(FieldError::new(field, message));
        }
    }

    fn text(&mut self, field: &str, text: &str, max: usize) {
        let length = text.trim().chars().count();
        self.must(
            field,
            length >= 1 && length <= max && !text.chars().any(char::is_control),
            &format!("must be 1 to {max} characters on one line"),
        );
    }

    fn url(&mut self, field: &str, text: &str) {
        let good =
            text.len() <= 500 && Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some());
        self.must(field, good, "must be an https address");
    }

    fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::fields(self.0)) }
    }
}

pub(super) fn check_new(vendor: &NewVendor) -> Result<()> {
    let mut faults = Faults::default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let slug = &vendor.slug;
    faults.must(
        "slug",
        (2..=60).contains(&slug.len()) && slug.chars().all(plain),
        "must be 2 to 60 lower-case letters, digits or hyphens",
    );
    faults.text("name", &vendor.name, 80);
    faults.text("category", &vendor.category, 60);
    faults.text("description", &vendor.description, 500);
    faults.url("website", &vendor.website);
    faults.url("pricing_url", &vendor.pricing_url);
    faults.must(
        "starting_price_cents",
        vendor.starting_price_cents.is_none_or(in_range),
        "must be between 0 and 10,000,000",
    );
    faults.must("implementation_weeks", (1..=26).contains(&vendor.implementation_weeks), "must be between 1 and 26");
    faults.must(
        "api_openness",
        vendor.api_openness.is_none_or(|stars| (1..=5).contains(&stars)),
        "must be between 1 and 5",
    );
    faults.must(
        "company_sizes",
        !vendor.company_sizes.is_empty() && vendor.company_sizes.len() <= 4,
        "must name 1 to 4 sizes",
    );
    faults.end()
}

pub(super) fn check_change(change: &VendorChange) -> Result<()> {
    let mut faults = Faults::default();
    for (field, text, max) in
        [("name", &change.name, 80), ("category", &change.category, 60), ("description", &change.description, 500)]
    {
        if let Some(text) = text {
            faults.text(field, text, max);
        }
    }
    for (field, url) in [("website", &change.website), ("pricing_url", &change.pricing_url)] {
        if let Some(url) = url {
            faults.url(field, url);
        }
    }
    faults.must(
        "implementation_weeks",
        change.implementation_weeks.is_none_or(|weeks| (1..=26).contains(&weeks)),
        "must be between 1 and 26",
    );
    faults.end()
}

pub(super) fn check_price(price: &NewPrice, now: DateTime<Utc>) -> Result<()> {
    let mut faults = Faults::default();
    faults.text("tier_name", &price.tier_name, 60);
    faults.must("price_cents", price.price_cents.is_none_or(in_range), "must be between 0 and 10,000,000");
    faults.must("observed_on", price.observed_on <= now.date_naive(), "must not lie in the future");
    faults.url("source_url", &price.source_url);
    faults.end()
}

fn in_range(cents: i64) -> bool {
    (0..=10_000_000).contains(&cents)
}
