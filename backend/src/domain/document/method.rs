//! How the report came about: sources, assumptions, limits, constants.

use std::collections::BTreeSet;

use super::super::facts::{Snapshot, assumption_id};
use super::super::money::{euros, hours};
use super::super::report::{
    Assumption, Confidence, ConfidenceMix, EvidenceKind, Finding, Methodology, Origin, Recommendation, Source,
};
use super::super::{roi, vendors};

pub(super) fn methodology(
    snapshot: &Snapshot,
    findings: &[Finding],
    recommendations: &[Recommendation],
) -> Methodology {
    let count = |level| findings.iter().filter(|finding| finding.confidence == level).count() as u32;
    Methodology {
        sources: sources(snapshot, findings),
        assumptions: assumptions(snapshot, findings, recommendations),
        limitations: vec![
            "The report rests on your answers; nobody has visited your business or seen your books.".into(),
            "Hours and revenue are estimates by fixed rules, cut by efficiency, adoption and confidence; they are no promise.".into(),
            vendors::PRICE_NOTE.into(),
            "Benchmarks marked as estimate or unverified come from vendors or trade press and have not been checked at the source.".into(),
            "The report is no legal, tax or medical advice; check data protection and professional rules before you introduce a product.".into(),
        ],
        confidence_mix: ConfidenceMix {
            high: count(Confidence::High),
            medium: count(Confidence::Medium),
            low: count(Confidence::Low),
        },
        constants: roi::constants(),
    }
}

/// The benchmarks that some finding rests on.
fn sources(snapshot: &Snapshot, findings: &[Finding]) -> Vec<Source> {
    let evidence = findings.iter().flat_map(|finding| &finding.evidence);
    let named: BTreeSet<&str> =
        evidence.filter(|e| e.kind == EvidenceKind::Benchmark).map(|evidence| evidence.r#ref.as_str()).collect();
    let benchmarks = snapshot.industry.benchmarks.iter().filter(|benchmark| named.contains(benchmark.id.as_str()));
    benchmarks
        .map(|benchmark| Source {
            id: benchmark.id.clone(),
            title: format!("{}: {}", benchmark.title, benchmark.statement),
            publisher: benchmark.publisher.clone(),
            year: benchmark.year,
            status: benchmark.status.to_string(),
            url: benchmark.url.clone(),
        })
        .collect()
}

/// The general ones, in the order that `facts::GENERAL_ASSUMPTIONS` counts, then one for each subject in the report.
fn assumptions(snapshot: &Snapshot, findings: &[Finding], recommendations: &[Recommendation]) -> Vec<Assumption> {
    let profile = &snapshot.profile;
    let mut list = Vec::new();
    let mut add = |statement: &str, value: String, origin, sensitivity: &str| {
        let id = assumption_id(list.len());
        list.push(Assumption { id, statement: statement.into(), value, origin, sensitivity: sensitivity.into() });
    };
    let rate_origin = if profile.hourly_cost_given { Origin::Answer } else { Origin::Default };
    add(
        "What an hour of your team costs, wages and on-costs together",
        format!("{} an hour", euros(profile.hourly_cost_cents)),
        rate_origin,
        "A tenth more or less changes the value of saved time by a tenth.",
    );
    add(
        "Weeks in which the saving happens, holidays and closing days left out",
        format!("{} weeks a year", roi::WEEKS),
        Origin::Default,
        "Each week less takes about two percent of the yearly benefit.",
    );
    add(
        "Share of the possible time that automation really saves",
        format!("{} %", roi::EFFICIENCY_BP / 100),
        Origin::Default,
        "The yearly benefit moves in proportion.",
    );
    add(
        "Share of the team that really uses it",
        format!("{} %", roi::ADOPTION_BP / 100),
        Origin::Default,
        "The yearly benefit moves in proportion.",
    );
    add(
        "Seats that a product priced per user is counted with: half of the team",
        format!("{} seats", vendors::users(profile)),
        Origin::Default,
        "Running costs of such products move in proportion.",
    );
    let evidence = findings.iter().flat_map(|finding| &finding.evidence).map(|evidence| evidence.r#ref.as_str());
    let used: BTreeSet<&str> =
        evidence.chain(recommendations.iter().flat_map(|r| r.assumptions.iter().map(String::as_str))).collect();
    for subject in snapshot.subjects.iter().filter(|subject| used.contains(subject.assumption_id.as_str())) {
        let title = snapshot.opportunity(&subject.opportunity_id).map_or("", |opportunity| &opportunity.title);
        let estimate = &subject.estimate;
        let mut value = format!("{} hours a week", hours(estimate.hours_week));
        if estimate.revenue_year_cents > 0 {
            value = format!("{value}, {} a year", euros(estimate.revenue_year_cents));
        }
        list.push(Assumption {
            id: subject.assumption_id.clone(),
            statement: format!("{title}: {}", estimate.calculation),
            value,
            origin: Origin::Answer,
            sensitivity:
                "Half the hours means half the value of the saved time; try your own figures in the calculator.".into(),
        });
    }
    list
}
