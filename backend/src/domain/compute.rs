//! Phase four: every euro, score and verdict, once.

mod option;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{MIN_FINDINGS, MIN_NOT_RECOMMENDED, MIN_RECOMMENDATIONS};
use super::crb;
use super::facts::{Snapshot, Subject};
use super::profile::Profile;
use super::replies::OptionsReply;
use super::report::{
    Finding, Hours, OptionKind, Range, Recommendation, ReportOption, RoiInputs, Scenarios, VerdictClass, Warning, Why,
};
use super::totals::{self, Investment};
use super::{roi, verdict};
use crate::error::{Error, Result};

/// Recommendations in a report, at the most.
pub const MAX_RECOMMENDATIONS: usize = 5;

/// A report without its narrative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    pub findings: Vec<Finding>,
    /// `why_winner` and `choose_instead_if` are still empty.
    pub recommendations: Vec<Recommendation>,
    /// Subject of each finding, by finding id.
    pub subjects: BTreeMap<String, String>,
    pub class: VerdictClass,
    pub hours: Hours,
    pub total_value_3y: Scenarios,
    pub investment_year1: Range,
    pub warnings: Vec<Warning>,
}

/// The findings that are worth a comparison: the best five, as they are ranked.
pub fn candidates(findings: &[(String, Finding)]) -> impl Iterator<Item = &(String, Finding)> {
    findings.iter().filter(|(_, finding)| finding.recommendable).take(MAX_RECOMMENDATIONS)
}

/// Puts figures to the comparisons. `Upstream` where too little is left of the answers for an honest report.
pub fn compute(
    snapshot: &Snapshot,
    findings: Vec<(String, Finding)>,
    comparisons: &BTreeMap<String, OptionsReply>,
    mut warnings: Vec<Warning>,
) -> Result<Computed> {
    let mut recommendations = Vec::new();
    let mut kept = Vec::new();
    let subjects: BTreeMap<String, String> =
        findings.iter().map(|(subject, finding)| (finding.id.clone(), subject.clone())).collect();
    for (subject_id, mut finding) in findings {
        let compared = comparisons.get(&finding.id).zip(snapshot.subject(&subject_id));
        if let Some((comparison, subject)) = compared.filter(|_| finding.recommendable) {
            let options = option::all(snapshot, subject, &finding, comparison, &mut warnings);
            match crb::winner(&options) {
                Some(winner) => recommendations.push(recommendation(&finding, subject, comparison, options, winner)),
                // Nothing here earns more than it costs and risks: say so.
                None => demote(&mut finding),
            }
        }
        kept.push(finding);
    }
    check_minima(&kept, &recommendations)?;
    warnings.sort_by(|one, other| (&one.code, &one.r#where).cmp(&(&other.code, &other.r#where)));
    warnings.dedup();
    Ok(total(snapshot, kept, recommendations, subjects, warnings))
}

fn recommendation(
    finding: &Finding,
    subject: &Subject,
    comparison: &OptionsReply,
    options: Vec<ReportOption>,
    winner: OptionKind,
) -> Recommendation {
    let won = options.iter().find(|option| option.kind == winner).expect("the winner is one of the options");
    let (b, c) = (crb::mean_benefits(&won.benefit_dims), crb::mean_costs(&won.cost_dims));
    let sensitivity = roi::needs_sensitivity(&won.roi.conservative).then(|| roi::sensitivity(&won.roi.inputs));
    Recommendation {
        id: String::new(),
        finding_id: finding.id.clone(),
        title: comparison.title.clone(),
        why: Why { customers: comparison.why_customers.clone(), business: comparison.why_business.clone() },
        priority: crb::priority(b, c, won.risk.score, won.weeks),
        winner,
        why_winner: String::new(),
        choose_instead_if: Vec::new(),
        assumptions: (0..super::facts::GENERAL_ASSUMPTIONS)
            .map(super::facts::assumption_id)
            .chain([subject.assumption_id.clone()])
            .collect(),
        credited_hours_week: 0.0,
        sensitivity,
        options,
    }
}

fn demote(finding: &mut Finding) {
    finding.recommendable = false;
    finding.business_health = finding.business_health.min(5);
    finding.why_not = Some("None of the ways to do it that we compared earns more than it costs and risks.".into());
    finding.what_instead =
        Some("Keep the present way, and compare again when prices or the amount of work change.".into());
}

fn check_minima(findings: &[Finding], recommendations: &[Recommendation]) -> Result<()> {
    let not_recommended = findings.iter().filter(|finding| !finding.recommendable).count();
    let minima = [
        ("findings", findings.len(), MIN_FINDINGS),
        ("recommendations", recommendations.len(), MIN_RECOMMENDATIONS),
        ("not-recommended findings", not_recommended, MIN_NOT_RECOMMENDED),
    ];
    match minima.into_iter().find(|(_, have, need)| have < need) {
        Some((what, have, need)) => Err(Error::upstream(format!("only {have} {what} are usable, {need} are needed"))),
        None => Ok(()),
    }
}

fn total(
    snapshot: &Snapshot,
    findings: Vec<Finding>,
    mut recommendations: Vec<Recommendation>,
    subjects: BTreeMap<String, String>,
    warnings: Vec<Warning>,
) -> Computed {
    let profile = &snapshot.profile;
    // No more than half of the team's time, and no more than the admin hours there are to save.
    let capacity = profile.capacity_hours_week().min(hours_to_save(profile));
    let raw: Vec<f64> = recommendations.iter().map(|r| winning(r).roi.inputs.hours_week).collect();
    let credited = totals::credit_hours(&raw, capacity);
    for (at, (recommendation, hours)) in recommendations.iter_mut().zip(&credited).enumerate() {
        recommendation.id = format!("r-{:02}", at + 1);
        recommendation.credited_hours_week = *hours;
    }
    let inputs: Vec<RoiInputs> = recommendations
        .iter()
        .map(|r| RoiInputs { hours_week: r.credited_hours_week, ..winning(r).roi.inputs.clone() })
        .collect();
    let investments: Vec<Investment> = recommendations.iter().map(|r| Investment::of(winning(r))).collect();
    let mean = |score: fn(&Finding) -> u32| {
        findings.iter().map(|finding| f64::from(score(finding))).sum::<f64>() / findings.len().max(1) as f64
    };
    let declined = findings.iter().filter(|finding| !finding.recommendable).count();
    let best = recommendations.iter().map(|r| winning(r).roi.conservative.roi_raw_bp).max();
    let (class, _) = verdict::class(
        snapshot.readiness.score,
        mean(|finding| finding.customer_value),
        mean(|finding| finding.business_health),
        declined as f64 / findings.len().max(1) as f64,
        best,
    );
    Computed {
        hours: totals::hours(&raw, capacity),
        total_value_3y: totals::total_value(&inputs),
        investment_year1: totals::investment_year1(&investments),
        findings,
        recommendations,
        subjects,
        class,
        warnings,
    }
}

/// The hours that the customer says there are: admin work, and drafting where it is asked for.
fn hours_to_save(profile: &Profile) -> f64 {
    let drafting = profile.industry_answers.get("drafting_hours_week").copied().unwrap_or_default();
    f64::from(profile.admin_hours_week) + drafting as f64
}

/// The option that won.
pub fn winning(recommendation: &Recommendation) -> &ReportOption {
    let won = recommendation.options.iter().find(|option| option.kind == recommendation.winner);
    won.expect("the winner is one of the options")
}
