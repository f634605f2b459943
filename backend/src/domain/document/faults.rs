//! The invariants of a document. A report that breaks one is never stored.

use std::collections::BTreeSet;

use super::super::check::{MAX_FINDINGS, MIN_FINDINGS, MIN_NOT_RECOMMENDED, MIN_RECOMMENDATIONS};
use super::super::compute::{MAX_RECOMMENDATIONS, winning};
use super::super::crb;
use super::super::report::{Evidence, EvidenceKind, Recommendation, ReportDocument};
use super::super::roi;
use super::super::totals::{self, Investment};

/// Everything that is wrong with it; empty for a good document. `answers` are the ids that evidence may name.
pub fn faults(document: &ReportDocument, answers: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, message: String| {
        if !holds {
            faults.push(message);
        }
    };
    let findings = document.findings.len();
    must((MIN_FINDINGS..=MAX_FINDINGS).contains(&findings), format!("{findings} findings"));
    let recommended = document.recommendations.len();
    must((MIN_RECOMMENDATIONS..=MAX_RECOMMENDATIONS).contains(&recommended), format!("{recommended} recommendations"));
    let declined = document.findings.iter().filter(|finding| !finding.recommendable).count();
    must(declined >= MIN_NOT_RECOMMENDED, format!("{declined} findings are not recommended"));
    must(document.readiness.components.len() == 5, "readiness has not five components".into());

    let ids: BTreeSet<&str> = document.findings.iter().map(|finding| finding.id.as_str()).collect();
    must(ids.len() == findings, "finding ids repeat".into());
    for id in document.summary.top.iter().chain(&document.summary.avoid) {
        must(ids.contains(id.as_str()), format!("summary names {id}"));
    }
    must(!document.summary.avoid.is_empty(), "nothing is advised against".into());

    for finding in &document.findings {
        let scores = finding.customer_value >= 6 && finding.business_health >= 6;
        must(finding.recommendable == scores, format!("{}: recommendable against its scores", finding.id));
        let reasons = finding.why_not.is_some() && finding.what_instead.is_some();
        must(finding.recommendable || reasons, format!("{}: no reason why not", finding.id));
        must(
            (1..=4).contains(&finding.evidence.len()),
            format!("{}: {} pieces of evidence", finding.id, finding.evidence.len()),
        );
        for evidence in &finding.evidence {
            must(
                resolves(document, answers, evidence),
                format!("{}: {} resolves to nothing", finding.id, evidence.r#ref),
            );
        }
    }
    for recommendation in &document.recommendations {
        for fault in recommendation_faults(document, recommendation) {
            must(false, format!("{}: {fault}", recommendation.id));
        }
    }
    let recommendations: BTreeSet<&str> = document.recommendations.iter().map(|r| r.id.as_str()).collect();
    let roadmap = [&document.roadmap.short, &document.roadmap.mid, &document.roadmap.long];
    let named = roadmap.into_iter().flatten().map(|step| &step.recommendation_id);
    for id in named.chain(document.quick_wins.iter().map(|win| &win.recommendation_id)) {
        must(recommendations.contains(id.as_str()), format!("{id} is not a recommendation"));
    }
    must(document.quick_wins.len() <= 3, "more than three quick wins".into());

    let credited: f64 = document.recommendations.iter().map(|r| r.credited_hours_week).sum();
    let capacity = f64::from(document.company.employees) * 20.0;
    must(credited <= capacity + 1e-9, format!("{credited} hours are credited, {capacity} are possible"));
    must((credited - document.summary.hours_week.credited).abs() < 1e-9, "credited hours do not add up".into());
    let inputs: Vec<_> = document
        .recommendations
        .iter()
        .map(|r| super::super::report::RoiInputs { hours_week: r.credited_hours_week, ..winning(r).roi.inputs.clone() })
        .collect();
    must(totals::total_value(&inputs) == document.summary.total_value_3y, "the total value does not add up".into());
    let investments: Vec<_> = document.recommendations.iter().map(|r| Investment::of(winning(r))).collect();
    must(
        totals::investment_year1(&investments) == document.summary.investment_year1,
        "the investment does not add up".into(),
    );
    faults
}

fn resolves(document: &ReportDocument, answers: &BTreeSet<String>, evidence: &Evidence) -> bool {
    let id = &evidence.r#ref;
    match evidence.kind {
        EvidenceKind::Answer => answers.contains(id),
        EvidenceKind::Benchmark => document.methodology.sources.iter().any(|source| source.id == *id),
        EvidenceKind::Calculation => document.methodology.assumptions.iter().any(|assumption| assumption.id == *id),
    }
}

fn recommendation_faults(document: &ReportDocument, recommendation: &Recommendation) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, message: &str| {
        if !holds {
            faults.push(message.to_owned());
        }
    };
    let finding = document.findings.iter().find(|finding| finding.id == recommendation.finding_id);
    must(finding.is_some_and(|finding| finding.recommendable), "its finding is not recommendable");
    must(recommendation.options.len() == 3, "not three options");
    must(recommendation.options.is_sorted_by_key(|option| option.kind), "options are out of order");
    must(
        crb::winner(&recommendation.options) == Some(recommendation.winner),
        "the winner is not the best that is eligible",
    );
    must(!recommendation.why_winner.is_empty() && recommendation.choose_instead_if.len() == 2, "words are missing");
    for id in &recommendation.assumptions {
        must(
            document.methodology.assumptions.iter().any(|assumption| assumption.id == *id),
            "an assumption is missing",
        );
    }
    for option in &recommendation.options {
        let risk = &option.risk;
        let score = crb::risk_score(risk.p, risk.i, risk.v, risk.d);
        must((score - risk.score).abs() < 1e-9, "a risk does not add up");
        let net = crb::net(&option.cost_dims, &option.benefit_dims, score);
        must((net - option.net).abs() < 1e-9, "a NET does not add up");
        must(roi::compute(&option.roi.inputs) == option.roi, "an ROI does not add up");
        must(option.eligible == option.ineligible_reason.is_none(), "eligibility without its reason");
        must((1..=26).contains(&option.weeks), "weeks out of range");
        must(option.price.is_some() != option.custom.is_some(), "neither bought nor built");
    }
    faults
}
