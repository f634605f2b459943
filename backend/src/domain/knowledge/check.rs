//! What a knowledge base must fulfil beyond its types: references, counts, ranges, lengths and honesty.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::load::{Content, Fault, File, Source};
use super::{Benchmark, BenchmarkStatus, Industry, IndustryQuestion, NotRecommended, Opportunity, Vendor, VendorPrice};
use crate::domain::ids::{Complexity, PriceModel};
use crate::domain::report::PriceUnit;
use crate::domain::vendors::{self, SUBSTITUTE_CATEGORY};

/// A company of the largest size pays three times the cost of an `smb`, and no report plans more than 50 000 euros.
const MAX_ONE_OFF_CENTS: i64 = 1_600_000;
const MAX_MONTHLY_CENTS: i64 = 200_000;
/// The engine reckons in one currency.
const CURRENCY: &str = "EUR";

/// Every fault of a base whose files parse.
pub(super) fn base(files: &[File]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut industries: Vec<(&Source, &Industry)> = Vec::new();
    let mut vendors: BTreeMap<&str, &Vendor> = BTreeMap::new();
    for file in files {
        match &file.content {
            Content::Industry(industry) => industries.push((&file.source, industry)),
            Content::Vendors(list) => {
                let mut checker = Checker { source: &file.source, faults: &mut faults };
                for (index, vendor) in list.iter().enumerate() {
                    let at = format!("vendors/{index}");
                    checker.vendor(&at, vendor);
                    if vendors.insert(&vendor.slug, vendor).is_some() {
                        checker.refuse(&at, "slug", format!("the vendor {:?} is there twice", vendor.slug));
                    }
                }
            }
        }
    }
    for (source, industry) in &industries {
        Checker { source, faults: &mut faults }.industry(industry, &vendors);
    }
    if industries.is_empty() {
        faults.push(Fault::new("industries", 1, "no industry is given"));
    }
    let substitutes =
        vendors.values().filter(|vendor| vendors::is_substitute(vendor) && vendor.complexity != Complexity::High);
    if substitutes.count() < 2 {
        let message = format!(
            "at least two cross-industry vendors of {SUBSTITUTE_CATEGORY:?} must be of low or medium complexity"
        );
        let source = files.iter().find(|file| matches!(file.content, Content::Vendors(_))).map(|file| &file.source);
        faults.push(Fault::new(source.map_or("vendors", |source| source.path), 1, message));
    }
    unused(files, &industries, &mut faults);
    faults
}

/// A vendor that no industry lists and that is not for everybody can never be chosen.
fn unused(files: &[File], industries: &[(&Source, &Industry)], faults: &mut Vec<Fault>) {
    for file in files {
        let Content::Vendors(list) = &file.content else { continue };
        for (index, vendor) in list.iter().enumerate() {
            let listed = industries.iter().any(|(_, industry)| industry.tier(&vendor.slug).is_some());
            if !listed && !vendor.cross_industry {
                let message = format!("no industry lists the vendor {:?}", vendor.slug);
                faults.push(file.source.fault(&format!("vendors/{index}/slug"), message));
            }
        }
    }
}

struct Checker<'a> {
    source: &'a Source<'a>,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    fn refuse(&mut self, at: &str, key: &str, message: impl Into<String>) {
        let place = if at.is_empty() { key.to_owned() } else { format!("{at}/{key}") };
        self.faults.push(self.source.fault(&place, message));
    }

    fn industry(&mut self, industry: &Industry, vendors: &BTreeMap<&str, &Vendor>) {
        self.slug("", "slug", &industry.slug);
        if self.source.path != format!("industries/{}.toml", industry.slug) {
            self.refuse("", "slug", format!("the slug {:?} is not the name of the file", industry.slug));
        }
        self.text("", "name", &industry.name, 60);
        self.text("", "description", &industry.description, 160);
        self.count("questions", industry.questions.len(), 4..=4);
        self.count("opportunities", industry.opportunities.len(), 5..=7);
        self.count("benchmarks", industry.benchmarks.len(), 8..=12);
        self.count("vendors", industry.vendors.len(), 8..=12);
        self.count("not_recommended", industry.not_recommended.len(), 3..=6);
        self.unique("questions", "id", industry.questions.iter().map(|question| &question.id));
        self.unique("benchmarks", "id", industry.benchmarks.iter().map(|benchmark| &benchmark.id));
        self.unique("vendors", "vendor", industry.vendors.iter().map(|tier| &tier.vendor));
        // Both become candidates for findings, under one namespace.
        let opportunities: BTreeSet<&str> = industry.opportunities.iter().map(|item| item.id.as_str()).collect();
        self.unique("opportunities", "id", industry.opportunities.iter().map(|item| &item.id));
        self.unique("not_recommended", "id", industry.not_recommended.iter().map(|item| &item.id));
        for (index, question) in industry.questions.iter().enumerate() {
            self.question(&format!("questions/{index}"), question);
        }
        for (index, benchmark) in industry.benchmarks.iter().enumerate() {
            self.benchmark(&format!("benchmarks/{index}"), benchmark);
        }
        for (index, opportunity) in industry.opportunities.iter().enumerate() {
            self.opportunity(&format!("opportunities/{index}"), opportunity, industry, vendors);
        }
        for (index, item) in industry.not_recommended.iter().enumerate() {
            let at = format!("not_recommended/{index}");
            self.not_recommended(&at, item, industry);
            if opportunities.contains(item.id.as_str()) {
                self.refuse(&at, "id", format!("{:?} is an opportunity, too", item.id));
            }
        }
        for (index, tier) in industry.vendors.iter().enumerate() {
            let at = format!("vendors/{index}");
            if !vendors.contains_key(tier.vendor.as_str()) {
                self.refuse(&at, "vendor", format!("unknown vendor {:?}", tier.vendor));
            }
            self.range(&at, "tier", i64::from(tier.tier), 1..=3);
            self.range(&at, "boost", i64::from(tier.boost), -10..=10);
            if index > 0 && industry.vendors[index - 1].tier > tier.tier {
                self.refuse(&at, "tier", "the best tier comes first");
            }
        }
    }

    fn question(&mut self, at: &str, question: &IndustryQuestion) {
        self.id(at, "id", &question.id, '_');
        self.text(at, "title", &question.title, 120);
        self.text(at, "help", &question.help, 240);
        self.text(at, "unit", &question.unit, 20);
        self.range(at, "min", question.min, 0..=100_000);
        self.range(at, "max", question.max, 0..=100_000);
        if question.min >= question.max {
            self.refuse(at, "max", format!("must be above min ({})", question.min));
        }
        if let Some(default) = question.default {
            self.range(at, "default", default, question.min..=question.max);
        }
    }

    fn benchmark(&mut self, at: &str, benchmark: &Benchmark) {
        self.id(at, "id", &benchmark.id, '-');
        self.text(at, "title", &benchmark.title, 90);
        self.text(at, "statement", &benchmark.statement, 240);
        self.text(at, "publisher", &benchmark.publisher, 80);
        self.range(at, "year", i64::from(benchmark.year), 2000..=2100);
        if benchmark.values.is_empty() {
            self.refuse(at, "values", "a benchmark has at least one number");
        }
        let stated = numbers(&benchmark.statement);
        for value in benchmark.values.iter().filter(|value| !contains(&stated, **value)) {
            self.refuse(at, "values", format!("{value} is not in the statement"));
        }
        for value in stated.iter().filter(|value| !contains(&benchmark.values, **value)) {
            self.refuse(at, "values", format!("the statement's {value} is missing"));
        }
        match &benchmark.url {
            Some(url) => self.url(at, "url", url),
            None if benchmark.status == BenchmarkStatus::Verified => {
                self.refuse(at, "status", "without a url a benchmark cannot be verified");
            }
            None => {}
        }
    }

    fn opportunity(
        &mut self,
        at: &str,
        opportunity: &Opportunity,
        industry: &Industry,
        vendors: &BTreeMap<&str, &Vendor>,
    ) {
        self.id(at, "id", &opportunity.id, '-');
        self.prose(at, "title", &opportunity.title, 90);
        self.prose(at, "description", &opportunity.description, 500);
        self.prose(at, "first_step", &opportunity.first_step, 160);
        let hours = opportunity.hours_week_max;
        if !(0.5..=60.0).contains(&hours) || (hours * 2.0).fract() != 0.0 {
            self.refuse(at, "hours_week_max", "must be between 0.5 and 60 in steps of 0.5");
        }
        self.range(at, "revenue_bp_max", i64::from(opportunity.revenue_bp_max), 0..=1_000);
        self.range(at, "weeks_buy", i64::from(opportunity.weeks_buy), 1..=26);
        self.range(at, "weeks_build", i64::from(opportunity.weeks_build), 1..=26);
        self.range(at, "first_step_minutes", i64::from(opportunity.first_step_minutes), 1..=30);
        let custom = opportunity.custom;
        self.range(at, "custom/min_cents", custom.min_cents, 1..=MAX_ONE_OFF_CENTS);
        self.range(at, "custom/max_cents", custom.max_cents, custom.min_cents..=MAX_ONE_OFF_CENTS);
        self.range(at, "custom/running_monthly_cents", custom.running_monthly_cents, 1..=MAX_MONTHLY_CENTS / 3);
        self.references(at, &opportunity.benchmarks, industry);
        if opportunity.benchmarks.is_empty() {
            self.refuse(at, "benchmarks", "at least one benchmark must speak for it");
        }
        if opportunity.vendor_categories.is_empty() {
            self.refuse(at, "vendor_categories", "at least one vendor category must serve it");
        }
        for (index, category) in opportunity.vendor_categories.iter().enumerate() {
            let key = format!("vendor_categories/{index}");
            let mut of_category = vendors.values().filter(|vendor| vendor.category == *category).peekable();
            if of_category.peek().is_none() {
                self.refuse(at, &key, format!("unknown vendor category {category:?}"));
            } else if !of_category.any(|vendor| vendor.cross_industry || industry.tier(&vendor.slug).is_some()) {
                self.refuse(at, &key, format!("no vendor of {category:?} serves this industry"));
            }
        }
    }

    fn not_recommended(&mut self, at: &str, item: &NotRecommended, industry: &Industry) {
        self.id(at, "id", &item.id, '-');
        self.prose(at, "title", &item.title, 90);
        self.prose(at, "description", &item.description, 500);
        self.prose(at, "why_not", &item.why_not, 300);
        self.prose(at, "what_instead", &item.what_instead, 300);
        self.references(at, &item.benchmarks, industry);
    }

    fn vendor(&mut self, at: &str, vendor: &Vendor) {
        self.slug(at, "slug", &vendor.slug);
        if vendor.slug == "other" {
            self.refuse(at, "slug", "\"other\" is the quiz's word for a tool that we do not know");
        }
        self.text(at, "name", &vendor.name, 60);
        self.id(at, "category", &vendor.category, '_');
        self.text(at, "description", &vendor.description, 240);
        self.url(at, "website", &vendor.website);
        self.url(at, "pricing_url", &vendor.pricing_url);
        self.currency(at, &vendor.currency);
        if vendor.company_sizes.is_empty() {
            self.refuse(at, "company_sizes", "at least one company size is needed");
        }
        self.range(at, "implementation_weeks", i64::from(vendor.implementation_weeks), 1..=26);
        self.range(at, "implementation_cents", vendor.implementation_cents, 0..=MAX_ONE_OFF_CENTS);
        self.range(at, "rating", i64::from(vendor.rating), 0..=100);
        if let Some(openness) = vendor.api_openness {
            self.range(at, "api_openness", i64::from(openness), 1..=5);
        }
        match vendor.starting_price_cents {
            None if vendor.price_model != PriceModel::Custom => {
                self.refuse(at, "price_model", "only a custom price can be without a starting price");
            }
            Some(_) if vendor.price_model == PriceModel::Custom => {
                self.refuse(at, "starting_price_cents", "a custom price has no starting price");
            }
            Some(price) => {
                self.range(at, "starting_price_cents", price, 1..=MAX_MONTHLY_CENTS);
                if !vendor.prices.iter().any(|tier| tier.price_cents == Some(price)) {
                    self.refuse(at, "starting_price_cents", "is not among the prices");
                }
            }
            None => {}
        }
        if vendor.prices.is_empty() {
            self.refuse(at, "prices", "at least one price (or a price on request) is needed");
        }
        self.unique(&format!("{at}/prices"), "tier_name", vendor.prices.iter().map(|price| &price.tier_name));
        for (index, price) in vendor.prices.iter().enumerate() {
            self.price(&format!("{at}/prices/{index}"), price, vendor);
        }
        if vendor.free_tier != vendor.prices.iter().any(|price| price.price_cents == Some(0)) {
            self.refuse(at, "free_tier", "must say whether one of the prices is 0");
        }
    }

    fn price(&mut self, at: &str, price: &VendorPrice, vendor: &Vendor) {
        self.text(at, "tier_name", &price.tier_name, 60);
        self.currency(at, &price.currency);
        self.url(at, "source_url", &price.source_url);
        if let Some(cents) = price.price_cents {
            self.range(at, "price_cents", cents, 0..=MAX_MONTHLY_CENTS);
        }
        if price.price_cents != Some(0) && price.per != vendors::price_unit(vendor.price_model) {
            let message = format!("a price per {} does not fit the model {}", price.per, vendor.price_model);
            self.refuse(at, "per", message);
        }
        if price.price_cents == Some(0) && price.per != PriceUnit::Flat {
            self.refuse(at, "per", "a free plan is flat");
        }
    }

    fn references(&mut self, at: &str, benchmarks: &[String], industry: &Industry) {
        for (index, id) in benchmarks.iter().enumerate() {
            let key = format!("benchmarks/{index}");
            if industry.benchmark(id).is_none() {
                self.refuse(at, &key, format!("unknown benchmark {id:?}"));
            }
            if benchmarks[..index].contains(id) {
                self.refuse(at, &key, format!("the benchmark {id:?} is there twice"));
            }
        }
    }

    fn unique<'b>(&mut self, list: &str, key: &str, ids: impl Iterator<Item = &'b String>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.refuse(&format!("{list}/{index}"), key, format!("{id:?} is there twice"));
            }
        }
    }

    fn count(&mut self, list: &str, found: usize, allowed: RangeInclusive<usize>) {
        if !allowed.contains(&found) {
            let (least, most) = allowed.into_inner();
            self.refuse("", list, format!("{found} {list}: must be {least} to {most}"));
        }
    }

    fn range(&mut self, at: &str, key: &str, value: i64, allowed: RangeInclusive<i64>) {
        if !allowed.contains(&value) {
            let (least, most) = allowed.into_inner();
            self.refuse(at, key, format!("{value} is not between {least} and {most}"));
        }
    }

    fn text(&mut self, at: &str, key: &str, value: &str, longest: usize) {
        let length = value.chars().count();
        if length > longest {
            self.refuse(at, key, format!("{length} characters: at most {longest} are allowed"));
        }
        if value.is_empty() || value.trim() != value || value.chars().any(char::is_control) {
            self.refuse(at, key, "must be one line of text without blanks around it");
        }
    }

    /// Text that goes into a report: its figures belong into benchmarks, where they have a source.
    fn prose(&mut self, at: &str, key: &str, value: &str, longest: usize) {
        self.text(at, key, value, longest);
        if value.chars().any(|letter| letter.is_ascii_digit()) {
            self.refuse(at, key, "a figure belongs into a benchmark");
        }
    }

    fn slug(&mut self, at: &str, key: &str, value: &str) {
        self.id(at, key, value, '-');
    }

    fn id(&mut self, at: &str, key: &str, value: &str, joint: char) {
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == joint;
        if value.is_empty() || value.len() > 60 || !value.chars().all(fits) {
            self.refuse(at, key, format!("{value:?} must be lower-case letters and digits joined by {joint:?}"));
        }
    }

    fn url(&mut self, at: &str, key: &str, value: &str) {
        let parsed = url::Url::parse(value);
        if !parsed.is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.'))) {
            self.refuse(at, key, format!("{value:?} is not an https address"));
        }
    }

    fn currency(&mut self, at: &str, value: &str) {
        if value != CURRENCY {
            self.refuse(at, "currency", format!("{value:?} is not {CURRENCY}: the engine reckons in one currency"));
        }
    }
}

fn contains(values: &[f64], wanted: f64) -> bool {
    values.iter().any(|value| (value - wanted).abs() < 1e-9)
}

/// The numbers of a sentence: `1,000` and `2.5` are one each, a dash is no sign.
fn numbers(text: &str) -> Vec<f64> {
    text.split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')
        .filter_map(|word| word.trim_matches(['.', ',']).replace(',', "").parse().ok())
        .collect()
}
