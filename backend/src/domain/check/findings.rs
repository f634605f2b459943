//! Findings: one a subject, scored by the model, measured and evidenced by us.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::confidence::{self, EvidenceSummary};
use super::super::facts::{self, Snapshot};
use super::super::knowledge::BenchmarkStatus;
use super::super::prose::{Allowed, plain};
use super::super::replies::FindingReply;
use super::super::report::{Evidence, EvidenceKind, Finding, Warning};
use super::{Checked, MAX_FINDINGS, Reader, read};

/// Above this a finding is worth recommending, in both of its scores.
const RECOMMENDABLE: u32 = 6;
const MAX_EVIDENCE: usize = 4;

/// The findings with the subject each is about, best first, numbered.
pub fn findings(reply: &Value, snapshot: &Snapshot) -> Checked<Vec<(String, Finding)>> {
    let facts = facts::without_own_words(&facts::findings(snapshot));
    let allowed = Allowed::from_facts(&facts).naming([], snapshot.product_names.iter().cloned());
    let mut checked = Checked { accepted: Vec::new(), errors: Vec::new(), warnings: Vec::new() };
    let Some(items) = reply.get("findings").and_then(Value::as_array) else {
        checked.errors.push("findings: must be a list".into());
        return checked;
    };
    let mut taken = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let at = format!("findings[{at}]");
        let reply: FindingReply = match read(&at, item) {
            Ok(reply) => reply,
            Err(error) => {
                checked.errors.push(error);
                continue;
            }
        };
        let mut reader = Reader::new(at, &allowed);
        let finding = finding(&reply, snapshot, &mut reader);
        if !taken.insert(reply.subject_id.clone()) {
            reader.fault("subject_id", "stands twice");
        }
        if reader.errors.is_empty() {
            checked.accepted.extend(finding.map(|finding| (reply.subject_id, finding)));
        }
        checked.errors.extend(reader.errors);
        checked.warnings.extend(reader.warnings);
    }
    rank(&mut checked.accepted);
    checked
}

/// Recommendable ones first, then by what they are worth; the subject's id keeps the order the same each time.
pub fn rank(findings: &mut Vec<(String, Finding)>) {
    findings.sort_by(|(one_id, one), (other_id, other)| {
        let worth = |finding: &Finding| (finding.recommendable, finding.customer_value + finding.business_health);
        worth(other)
            .cmp(&worth(one))
            .then(other.hours_week.total_cmp(&one.hours_week))
            .then_with(|| one_id.cmp(other_id))
    });
    // The worst of what is recommended goes first where there are too many: an honest report keeps its cautions.
    while findings.len() > MAX_FINDINGS {
        let last = findings.iter().rposition(|(_, finding)| finding.recommendable).unwrap_or(findings.len() - 1);
        findings.remove(last);
    }
    for (at, (_, finding)) in findings.iter_mut().enumerate() {
        finding.id = format!("f-{:02}", at + 1);
    }
}

fn finding(reply: &FindingReply, snapshot: &Snapshot, reader: &mut Reader<'_>) -> Option<Finding> {
    let subject = snapshot.subject(&reply.subject_id);
    let caution = snapshot.caution(&reply.subject_id);
    if subject.is_none() && caution.is_none() {
        reader.fault("subject_id", "is not one of facts.allowed.subject_id");
        return None;
    }
    reader.range("customer_value", reply.customer_value, 1, 10);
    reader.range("business_health", reply.business_health, 1, 10);
    // What we advise against on principle is not recommended, whatever it scores.
    let business_health =
        if caution.is_some() { reply.business_health.min(RECOMMENDABLE - 1) } else { reply.business_health };
    let recommendable = reply.customer_value >= RECOMMENDABLE && business_health >= RECOMMENDABLE;

    let why_not = reader.optional("why_not", &reply.why_not, 300);
    let what_instead = reader.optional("what_instead", &reply.what_instead, 300);
    let or = |said: String, otherwise: &str| if said.is_empty() { otherwise.to_owned() } else { said };
    let (why_not, what_instead) = match (recommendable, caution) {
        (true, _) => (None, None),
        (false, Some(caution)) => (Some(or(why_not, &caution.why_not)), Some(or(what_instead, &caution.what_instead))),
        (false, None) => (
            Some(or(why_not, "What it would bring this business is too little for what it asks.")),
            Some(or(what_instead, "Leave it as it is, and look again when the business has changed.")),
        ),
    };
    let description = reader.text("description", &reply.description, 500);
    let current_state = reader.text("current_state", &reply.current_state, 240);
    let title = reader.text("title", &reply.title, 90);
    let (evidence, summary) = evidence(reply, snapshot, reader);
    let estimate = subject.map(|subject| &subject.estimate);
    let level = confidence::level(summary);
    Some(Finding {
        id: String::new(),
        title,
        description,
        category: reply.category,
        current_state,
        horizon: reply.horizon,
        customer_value: reply.customer_value,
        business_health,
        recommendable,
        why_not,
        what_instead,
        hours_week: estimate.map_or(0.0, |estimate| estimate.hours_week),
        revenue_year_cents: estimate.map_or(0, |estimate| estimate.revenue_year_cents),
        confidence: if reader.warnings.is_empty() { level } else { confidence::lower(level) },
        evidence,
    })
}

/// The model names what supports a finding; the words and the figures of the evidence are ours.
fn evidence(reply: &FindingReply, snapshot: &Snapshot, reader: &mut Reader<'_>) -> (Vec<Evidence>, EvidenceSummary) {
    let mut found = Vec::new();
    let mut summary = EvidenceSummary { answers: 0, verified_benchmarks: 0, uses_customer_number: false };
    let mut seen = BTreeSet::new();
    for id in &reply.evidence {
        if !seen.insert(id) {
            continue;
        }
        if let Some(answer) = snapshot.answer(id) {
            summary.answers += 1;
            let text = shorten(&format!("{}: {}", answer.question, answer.answer));
            found.push(Evidence { kind: EvidenceKind::Answer, r#ref: id.clone(), text });
        } else if let Some(benchmark) = snapshot.benchmark(id) {
            summary.verified_benchmarks += u32::from(benchmark.status == BenchmarkStatus::Verified);
            let text =
                format!("{} ({} {}, {})", benchmark.statement, benchmark.publisher, benchmark.year, benchmark.status);
            found.push(Evidence { kind: EvidenceKind::Benchmark, r#ref: id.clone(), text: shorten(&text) });
        } else {
            reader
                .warnings
                .push(Warning { code: "evidence_unknown".into(), r#where: format!("{}.evidence", reader.at) });
        }
    }
    if found.is_empty() {
        reader.fault("evidence", "names no id of facts.allowed.evidence");
    }
    // The estimate is evidence of its own, and has the last place.
    if let Some(subject) = snapshot.subject(&reply.subject_id).filter(|subject| !subject.estimate.basis.is_empty()) {
        summary.uses_customer_number = true;
        found.truncate(MAX_EVIDENCE - 1);
        let text = shorten(&subject.estimate.calculation);
        found.push(Evidence { kind: EvidenceKind::Calculation, r#ref: subject.assumption_id.clone(), text });
    }
    found.truncate(MAX_EVIDENCE);
    (found, summary)
}

/// Evidence quotes; it does not tell.
pub(super) fn shorten(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= 300 {
        return text;
    }
    text.chars().take(299).chain(['…']).collect()
}
