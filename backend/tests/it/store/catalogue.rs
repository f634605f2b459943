//! Vendors, prices, proposals, the seed and the audit log.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use crb_backend::domain::ids::ProposalStatus;
use crb_backend::domain::ids::{CompanySize, Complexity, PriceModel, PriceSource, VendorId, VendorStatus};
use crb_backend::domain::knowledge::{Industry, Knowledge, Vendor, VendorPrice, VendorTier};
use crb_backend::domain::report::PriceUnit;
use crb_backend::error::Kind;
use crb_backend::store::prices::{self, NewPrice};
use crb_backend::store::proposals::{self, NewProposal};
use crb_backend::store::vendors::{self, Details, Filter, Seeded};
use crb_backend::store::{Db, audit};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::{minutes, noon};
use crate::support::db::TestDb;

fn december() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 1).unwrap()
}

fn price(tier: &str, cents: Option<i64>) -> VendorPrice {
    VendorPrice {
        tier_name: tier.to_owned(),
        price_cents: cents,
        currency: "EUR".to_owned(),
        per: PriceUnit::User,
        observed_on: december(),
        source_url: "https://jobber.example/pricing".to_owned(),
    }
}

fn vendor(slug: &str, category: &str, prices: Vec<VendorPrice>) -> Vendor {
    Vendor {
        slug: slug.to_owned(),
        name: slug.to_uppercase(),
        category: category.to_owned(),
        cross_industry: category == "automation",
        description: "Does 100% of it".to_owned(),
        website: format!("https://{slug}.example"),
        pricing_url: format!("https://{slug}.example/pricing"),
        price_model: PriceModel::PerUser,
        starting_price_cents: Some(3_900),
        currency: "EUR".to_owned(),
        free_tier: false,
        company_sizes: vec![CompanySize::Startup, CompanySize::Smb],
        complexity: Complexity::Low,
        implementation_weeks: 2,
        implementation_cents: 50_000,
        api_openness: Some(3),
        rating: 80,
        verified_on: None,
        prices,
    }
}

fn knowledge(vendors: Vec<Vendor>, tiers: &[(&str, u32, i32)]) -> Knowledge {
    let industry = Industry {
        slug: "home-services".to_owned(),
        name: "Home services".to_owned(),
        description: "Trades".to_owned(),
        questions: vec![],
        opportunities: vec![],
        benchmarks: vec![],
        vendors: tiers
            .iter()
            .map(|&(vendor, tier, boost)| VendorTier { vendor: vendor.to_owned(), tier, boost })
            .collect(),
        not_recommended: vec![],
    };
    Knowledge {
        version: "0123456789abcdef".to_owned(),
        industries: BTreeMap::from([(industry.slug.clone(), industry)]),
        vendors: vendors.into_iter().map(|vendor| (vendor.slug.clone(), vendor)).collect(),
    }
}

fn base() -> Knowledge {
    let jobber = vendor("jobber", "scheduling", vec![price("Core", Some(3_900)), price("Grow", None)]);
    let vendors = vec![jobber, vendor("zapier", "automation", vec![]), vendor("ruby", "calls", vec![])];
    knowledge(vendors, &[("ruby", 2, 5), ("jobber", 1, 0)])
}

async fn seed(db: &Db, knowledge: &Knowledge) -> Seeded {
    let tx = db.begin().await.unwrap();
    let seeded = vendors::seed(&tx, knowledge, noon()).await.unwrap();
    tx.commit().await.unwrap();
    seeded
}

async fn slugs(db: &Db, filter: &Filter) -> Vec<String> {
    let page = vendors::list(db.conn(), filter, None, 50).await.unwrap();
    page.items.into_iter().map(|vendor| vendor.slug).collect()
}

fn by(set: impl Fn(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    set(&mut filter);
    filter
}

#[tokio::test]
async fn the_seed_gives_the_engine_what_the_knowledge_base_says_and_repeats_harmlessly() {
    let test = TestDb::new().await;
    assert_eq!(seed(&test.db, &base()).await, Seeded { inserted: 3, updated: 0, kept: 0 });
    let catalogue = vendors::catalogue(test.db.conn()).await.unwrap();
    assert_eq!(catalogue, base().vendors.into_values().collect::<Vec<_>>());
    let tiers = vendors::tiers(test.db.conn(), "home-services").await.unwrap();
    let expected = [("jobber", 1, 0), ("ruby", 2, 5)];
    assert_eq!(tiers, expected.map(|(v, tier, boost)| VendorTier { vendor: v.to_owned(), tier, boost }));

    assert_eq!(seed(&test.db, &base()).await, Seeded::default());
    let jobber = vendors::find(test.db.conn(), "jobber").await.unwrap().unwrap();
    assert_eq!((jobber.version, jobber.edited, jobber.status), (1, false, VendorStatus::Active));
    assert_eq!(prices::history(test.db.conn(), jobber.id).await.unwrap().len(), 2);

    let mut newer = base();
    let changed = newer.vendors.get_mut("jobber").unwrap();
    changed.rating = 90;
    changed.prices = vec![price("Core", Some(4_900))];
    newer.industries.get_mut("home-services").unwrap().vendors.pop();
    assert_eq!(seed(&test.db, &newer).await, Seeded { inserted: 0, updated: 1, kept: 0 });
    let current = prices::current(test.db.conn(), jobber.id).await.unwrap();
    assert_eq!(current.iter().map(|price| price.price_cents).collect::<Vec<_>>(), [Some(4_900)]);
    assert_eq!(prices::history(test.db.conn(), jobber.id).await.unwrap().len(), 3, "the old ones are kept");
    assert_eq!(vendors::tiers(test.db.conn(), "home-services").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_seed_never_overwrites_an_admin() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    seed(&test.db, &base()).await;
    let jobber = vendors::find(conn, "jobber").await.unwrap().unwrap();
    let details = Details { name: "Jobber Inc.".to_owned(), ..jobber.details.clone() };
    let active = VendorStatus::Active;
    assert_eq!(vendors::update(conn, "jobber", 1, &details, active, noon()).await.unwrap(), Some(2));
    let zapier = vendors::find(conn, "zapier").await.unwrap().unwrap();
    let tx = test.db.begin().await.unwrap();
    prices::add(&tx, &new_price(zapier.id, "Pro", Some(2_000), PriceSource::Admin), noon()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(vendors::deprecate(conn, "ruby", noon()).await.unwrap());

    let mut newer = base();
    for vendor in newer.vendors.values_mut() {
        vendor.rating = 1;
        vendor.prices = vec![price("Core", Some(1))];
    }
    assert_eq!(seed(&test.db, &newer).await, Seeded { inserted: 0, updated: 1, kept: 2 });
    let jobber = vendors::find(conn, "jobber").await.unwrap().unwrap();
    assert_eq!((jobber.details.name.as_str(), jobber.details.rating), ("Jobber Inc.", 80));
    let pro = prices::current(conn, zapier.id).await.unwrap();
    assert_eq!(pro.iter().map(|price| price.price_cents).collect::<Vec<_>>(), [Some(2_000)]);
    assert_eq!(vendors::find(conn, "ruby").await.unwrap().unwrap().status, VendorStatus::Deprecated);
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_seed_together_all_succeed() {
    let test = TestDb::new().await;
    let knowledge = base();
    let seeds = join_all((0..4).map(|_| seed(&test.db, &knowledge))).await;
    assert_eq!(seeds.iter().map(|seeded| seeded.inserted).sum::<u64>(), 3);

    let tx = test.db.begin().await.unwrap();
    let broken = self::knowledge(vec![], &[("nobody", 1, 0)]);
    let error = vendors::seed(&tx, &broken, noon()).await.unwrap_err();
    assert!(error.detail().contains("nobody"), "{error}");
}

#[tokio::test]
async fn the_list_is_filtered_paged_and_hides_the_deprecated() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    seed(&test.db, &base()).await;
    assert_eq!(slugs(&test.db, &Filter::default()).await, ["jobber", "ruby", "zapier"]);
    let home = by(|filter| filter.industry = Some("home-services".to_owned()));
    assert_eq!(slugs(&test.db, &home).await, ["jobber", "ruby", "zapier"], "the last serves every industry");
    let dental = by(|filter| filter.industry = Some("dental".to_owned()));
    assert_eq!(slugs(&test.db, &dental).await, ["zapier"]);
    let calls = by(|filter| filter.category = Some("calls".to_owned()));
    assert_eq!(slugs(&test.db, &calls).await, ["ruby"]);
    for (q, found) in [("JOBB", 1), ("100%", 3), ("j%r", 0), ("_obber", 0), ("\\", 0), ("'", 0), ("ruby", 1)] {
        let filter = by(|filter| filter.q = Some(q.to_owned()));
        assert_eq!(slugs(&test.db, &filter).await.len(), found, "{q}");
    }

    let first = vendors::list(conn, &Filter::default(), None, 2).await.unwrap();
    assert_eq!((first.items.len(), first.next.as_deref()), (2, Some("ruby")));
    let last = vendors::list(conn, &Filter::default(), first.next.as_deref(), 2).await.unwrap();
    assert_eq!((last.items[0].slug.as_str(), last.next), ("zapier", None));

    assert!(vendors::deprecate(conn, "ruby", noon()).await.unwrap());
    assert!(!vendors::deprecate(conn, "nobody", noon()).await.unwrap());
    assert_eq!(slugs(&test.db, &Filter::default()).await, ["jobber", "zapier"]);
    let gone = by(|filter| filter.status = Some(VendorStatus::Deprecated));
    assert_eq!(slugs(&test.db, &gone).await, ["ruby"]);
    assert_eq!(vendors::tiers(conn, "home-services").await.unwrap().len(), 1);
    assert_eq!(vendors::catalogue(conn).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_vendor_is_made_once_and_changed_from_the_version_that_was_seen() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let details = Details::from(&vendor("weave", "calls", vec![]));
    let id = vendors::insert(conn, "weave", &details, noon()).await.unwrap();
    let twice = vendors::insert(conn, "weave", &details, noon()).await.unwrap_err();
    assert_eq!(twice.kind(), Kind::Conflict);

    let verified = Details { verified_on: Some(december()), api_openness: None, ..details };
    let review = VendorStatus::NeedsReview;
    assert_eq!(vendors::update(conn, "weave", 1, &verified, review, noon() + minutes(1)).await.unwrap(), Some(2));
    assert_eq!(vendors::update(conn, "weave", 1, &verified, review, noon()).await.unwrap(), None, "stale");
    assert_eq!(vendors::update(conn, "nobody", 1, &verified, review, noon()).await.unwrap(), None);
    let found = vendors::find(conn, "weave").await.unwrap().unwrap();
    assert_eq!((found.id, found.status, found.version, found.edited), (id, review, 2, true));
    assert_eq!((found.details, found.updated_at), (verified, noon() + minutes(1)));
    assert!(vendors::catalogue(conn).await.unwrap().is_empty(), "what is in doubt is not recommended");
}

fn new_price(vendor_id: VendorId, tier: &str, price_cents: Option<i64>, source: PriceSource) -> NewPrice {
    NewPrice {
        vendor_id,
        tier_name: tier.to_owned(),
        price_cents,
        currency: "EUR".to_owned(),
        per: PriceUnit::Flat,
        observed_on: december(),
        source_url: "https://weave.example/pricing".to_owned(),
        source,
    }
}

#[tokio::test]
async fn a_new_price_supersedes_the_old_one_of_its_tier() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = vendors::insert(conn, "weave", &Details::from(&vendor("weave", "calls", vec![])), noon()).await.unwrap();
    let tx = test.db.begin().await.unwrap();
    for (minute, tier, cents) in
        [(0, "Pro", Some(24_900)), (1, "Max", None), (2, "Lite", Some(900)), (3, "Pro", Some(25_900))]
    {
        let new = new_price(id, tier, cents, PriceSource::Admin);
        prices::add(&tx, &new, noon() + minutes(minute)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let current = prices::current(conn, id).await.unwrap();
    let shown: Vec<_> = current.iter().map(|price| (price.tier_name.as_str(), price.price_cents)).collect();
    assert_eq!(shown, [("Lite", Some(900)), ("Pro", Some(25_900)), ("Max", None)]);
    let history = prices::history(conn, id).await.unwrap();
    assert_eq!((history.len(), history[0].price_cents), (4, Some(25_900)));
    assert_eq!(history[3].superseded_at, Some(noon() + minutes(3)));
    assert_eq!(prices::current_of(conn, &[id, VendorId::new()]).await.unwrap(), BTreeMap::from([(id, current)]));

    let tx = test.db.begin().await.unwrap();
    let nobody = new_price(VendorId::new(), "Pro", None, PriceSource::Refresh);
    assert_eq!(prices::add(&tx, &nobody, noon()).await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test]
async fn a_proposal_is_decided_once() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let vendor_id =
        vendors::insert(conn, "weave", &Details::from(&vendor("weave", "calls", vec![])), noon()).await.unwrap();
    let new = NewProposal {
        vendor_id,
        tier_name: "Pro".to_owned(),
        price_cents: Some(24_900),
        currency: "EUR".to_owned(),
        per: PriceUnit::Location,
        source_url: "https://weave.example/pricing".to_owned(),
        observed_on: december(),
        excerpt: "Pro from €249".to_owned(),
    };
    let first = proposals::insert(conn, &new, noon()).await.unwrap();
    let second = proposals::insert(conn, &new, noon()).await.unwrap();
    let open = Some(ProposalStatus::Proposed);
    assert_eq!(proposals::list(conn, open, None, 10).await.unwrap().items.len(), 2);
    let (accepted, rejected) = (ProposalStatus::Accepted, ProposalStatus::Rejected);
    assert!(proposals::decide(conn, first, accepted, "ann", noon() + minutes(1)).await.unwrap());
    assert!(!proposals::decide(conn, first, rejected, "bob", noon() + minutes(2)).await.unwrap());
    let found = proposals::find(conn, first).await.unwrap().unwrap();
    assert_eq!((found.status, found.decided_by.as_deref()), (accepted, Some("ann")));
    assert_eq!((found.decided_at, found.per, found.excerpt), (Some(noon() + minutes(1)), new.per, new.excerpt));
    assert!(proposals::find(conn, Uuid::now_v7()).await.unwrap().is_none());
    let page = proposals::list(conn, None, None, 1).await.unwrap();
    assert_eq!(page.items[0].id, second);
    assert_eq!(proposals::list(conn, None, page.next.as_deref(), 1).await.unwrap().items[0].id, first);
}

#[tokio::test]
async fn the_audit_log_is_read_newest_first() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    for action in ["vendor.create", "vendor.update", "vendor.deprecate"] {
        let new = audit::NewEntry {
            actor: "ann".to_owned(),
            action: action.to_owned(),
            entity: "vendor".to_owned(),
            entity_id: "weave".to_owned(),
            before: (action != "vendor.create").then(|| json!({ "rating": 80 })),
            after: Some(json!({ "rating": 90 })),
        };
        audit::insert(conn, &new, noon()).await.unwrap();
    }
    let first = audit::list(conn, None, 2).await.unwrap();
    let actions = |page: &crb_backend::store::Page<audit::Entry>| {
        page.items.iter().map(|entry| entry.action.clone()).collect::<Vec<_>>()
    };
    assert_eq!(actions(&first), ["vendor.deprecate", "vendor.update"]);
    let rest = audit::list(conn, first.next.as_deref(), 2).await.unwrap();
    assert_eq!(actions(&rest), ["vendor.create"]);
    assert_eq!((rest.items[0].before.clone(), rest.items[0].at), (None, noon()));
    assert_eq!(audit::list(conn, Some("x"), 2).await.unwrap_err().kind(), Kind::Invalid);
}
