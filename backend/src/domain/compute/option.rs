//! One option with its figures: price, ROI, NET, fit, and whether this customer can choose it.

use chrono::{Days, NaiveDate};

use super::super::crb::{self, FitInput};
use super::super::facts::{Offer, Snapshot, Subject};
use super::super::replies::{OptionReply, OptionsReply};
use super::super::report::{
    BenefitDims, Confidence, CostDims, CustomCost, Finding, Freshness, OptionKind, Price, ReportOption, Risk,
    RoiInputs, Warning,
};
use super::super::roi::{self, Action};

/// A price that nobody has seen for longer counts as little.
const OLD_PRICE_DAYS: u64 = 180;

/// All three, in the order of their kinds.
pub(super) fn all(
    snapshot: &Snapshot,
    subject: &Subject,
    finding: &Finding,
    comparison: &OptionsReply,
    warnings: &mut Vec<Warning>,
) -> Vec<ReportOption> {
    let mut options: Vec<ReportOption> =
        comparison.options.iter().map(|reply| option(snapshot, subject, finding, reply, warnings)).collect();
    options.sort_by_key(|option| option.kind);
    options
}

/// What is bought or built, before it is judged.
struct Thing {
    label: String,
    slug: Option<String>,
    price: Option<Price>,
    custom: Option<CustomCost>,
    weeks: u32,
    implementation_cents: i64,
    monthly_cents: i64,
    substitute: bool,
}

fn option(
    snapshot: &Snapshot,
    subject: &Subject,
    finding: &Finding,
    reply: &OptionReply,
    warnings: &mut Vec<Warning>,
) -> ReportOption {
    let profile = &snapshot.profile;
    let thing = match reply.kind {
        OptionKind::OffTheShelf => bought(&subject.off_the_shelf),
        OptionKind::BestInClass => bought(&subject.best_in_class),
        OptionKind::Custom => built(subject),
    };
    let place = format!("{}.{}", finding.id, reply.kind);
    let mut warn = |code: &str, place: &str| warnings.push(Warning { code: code.into(), r#where: place.into() });
    let old_price = thing.price.as_ref().is_some_and(|price| is_old(price, snapshot.today));
    if thing.substitute {
        warn("substitute", &place);
    }
    if old_price {
        // One for the report: nearly every price is as old as the last look at the catalogue.
        warn("price_old", "vendors");
    }
    let confidence = if old_price { Confidence::Low } else { finding.confidence };
    let inputs = RoiInputs {
        hours_week: finding.hours_week,
        rate_cents: profile.hourly_cost_cents,
        revenue_year_cents: finding.revenue_year_cents,
        confidence,
        implementation_cents: thing.implementation_cents,
        monthly_cents: thing.monthly_cents,
    };
    let bounds = roi::bounds(&inputs, profile);
    for bound in bounds.iter().filter(|bound| bound.action == Action::Warn) {
        warn(bound.breach.as_str(), &place);
    }
    let inputs = roi::clip(&inputs, profile);
    let roi = roi::compute(&inputs);
    let year1_cents = roi::year1_cents(&inputs);

    let ineligible_reason = crb::ineligible(reply.kind, profile).or_else(|| {
        let rejected = bounds.iter().find(|bound| bound.action == Action::Reject);
        rejected.map(|bound| format!("Not offered: {}.", bound.message))
    });
    let cost_dims = CostDims {
        financial: crb::financial_cost(year1_cents, profile),
        time: reply.costs.time,
        opportunity: reply.costs.opportunity,
        complexity: reply.costs.complexity,
        risk_reversibility: reply.costs.risk_reversibility,
        brand_trust: reply.costs.brand_trust,
    };
    let benefit_dims = BenefitDims {
        financial: crb::financial_benefit(roi.conservative.roi_raw_bp),
        time: reply.benefits.time,
        strategic: reply.benefits.strategic,
        quality: reply.benefits.quality,
    };
    let risk = &reply.risk;
    let score = crb::risk_score(risk.probability, risk.impact, risk.visibility, risk.detection_difficulty);
    ReportOption {
        kind: reply.kind,
        label: thing.label,
        vendor_slug: thing.slug,
        price: thing.price,
        custom: thing.custom,
        weeks: thing.weeks,
        pros: reply.pros.clone(),
        cons: reply.cons.clone(),
        net: crb::net(&cost_dims, &benefit_dims, score),
        cost_dims,
        benefit_dims,
        risk: Risk {
            p: risk.probability,
            i: risk.impact,
            v: risk.visibility,
            d: risk.detection_difficulty,
            score,
            band: crb::risk_band(score),
            note: risk.note.clone(),
        },
        eligible: ineligible_reason.is_none(),
        ineligible_reason,
        fit: crb::fit(FitInput { kind: reply.kind, year1_cents, weeks: thing.weeks }, profile),
        roi,
    }
}

fn bought(offer: &Offer) -> Thing {
    Thing {
        label: offer.name.clone(),
        slug: Some(offer.slug.clone()),
        weeks: offer.weeks.clamp(1, 26),
        implementation_cents: offer.price.implementation_cents,
        monthly_cents: offer.price.estimated_monthly_cents,
        price: Some(offer.price.clone()),
        custom: None,
        substitute: offer.substitute,
    }
}

fn built(subject: &Subject) -> Thing {
    Thing {
        label: "Built for you".into(),
        slug: None,
        price: None,
        weeks: subject.custom_weeks.clamp(1, 26),
        implementation_cents: i64::midpoint(subject.custom.min_cents, subject.custom.max_cents),
        monthly_cents: subject.custom.running_monthly_cents,
        custom: Some(subject.custom.clone()),
        substitute: false,
    }
}

/// Stale, or never verified and seen too long ago.
fn is_old(price: &Price, today: NaiveDate) -> bool {
    let seen_long_ago = price.observed_on.checked_add_days(Days::new(OLD_PRICE_DAYS)).is_some_and(|day| day < today);
    match price.freshness {
        Freshness::Stale => true,
        Freshness::Unverified => seen_long_ago,
        Freshness::Fresh | Freshness::Aging => false,
    }
}
