//! The facts of each question to Claude, as one JSON value: customers' words under `own_words`, and nowhere else.
//!
//! `allowed` lists the ids that a field may hold, `distinct` the fields that may not repeat one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::compute::Computed;
use super::super::money::euros;
use super::super::quiz::{Answers, QuestionKind, Questionnaire};
use super::super::replies::Task;
use super::super::report::{Finding, OptionKind, Recommendation};
use super::{AnswerFact, Offer, Snapshot};

pub(super) fn answers(questionnaire: &Questionnaire, answers: &Answers) -> Vec<AnswerFact> {
    let in_words = |question: &super::super::quiz::Question| {
        let value = answers.get(&question.id)?;
        let label = |value: &Value| value.as_str().map(|value| question.label(value).unwrap_or(value).to_owned());
        let answer = match (question.kind, value) {
            (QuestionKind::Text, _) => return None,
            (_, Value::Array(items)) => items.iter().filter_map(label).collect::<Vec<_>>().join(", "),
            (_, Value::String(_)) => label(value)?,
            (_, number) => {
                let unit = question.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
                format!("{number}{unit}")
            }
        };
        Some(AnswerFact { id: question.id.clone(), question: question.title.clone(), answer })
    };
    questionnaire.questions.iter().filter_map(in_words).collect()
}

pub fn findings(snapshot: &Snapshot) -> Value {
    let opportunities: Vec<Value> = snapshot
        .subjects
        .iter()
        .filter_map(|subject| Some((subject, snapshot.opportunity(&subject.opportunity_id)?)))
        .map(|(subject, opportunity)| {
            json!({
                "id": opportunity.id,
                "title": opportunity.title,
                "description": opportunity.description,
                "area": opportunity.area,
                "named_by_customer": snapshot.profile.pain_points.contains(&opportunity.area),
                "hours_week": subject.estimate.hours_week,
                "adds_revenue": subject.estimate.revenue_year_cents > 0,
                "benchmarks": opportunity.benchmarks,
            })
        })
        .collect();
    let cautions: Vec<Value> = snapshot
        .cautions()
        .map(|caution| {
            json!({
                "id": caution.id, "title": caution.title, "description": caution.description,
                "why_not": caution.why_not, "what_instead": caution.what_instead, "benchmarks": caution.benchmarks,
            })
        })
        .collect();
    let benchmarks: Vec<Value> = snapshot
        .industry
        .benchmarks
        .iter()
        .map(|b| json!({"id": b.id, "statement": b.statement, "publisher": b.publisher, "year": b.year, "status": b.status}))
        .collect();
    let titles: BTreeMap<&str, Value> = snapshot
        .industry
        .opportunities
        .iter()
        .map(|o| (o.id.as_str(), json!({"title": o.title})))
        .chain(snapshot.cautions().map(|c| (c.id.as_str(), json!({"title": c.title, "caution": true}))))
        .collect();
    let ids: Vec<&str> = snapshot
        .subjects
        .iter()
        .map(|subject| subject.opportunity_id.as_str())
        .chain(snapshot.cautions().map(|caution| caution.id.as_str()))
        .collect();
    let evidence: Vec<&str> = snapshot
        .answers
        .iter()
        .map(|answer| answer.id.as_str())
        .chain(snapshot.industry.benchmarks.iter().map(|benchmark| benchmark.id.as_str()))
        .collect();
    question(
        Task::Findings,
        snapshot,
        json!({
            "answers": snapshot.answers,
            "readiness": snapshot.readiness,
            "opportunities": opportunities,
            "cautions": cautions,
            "benchmarks": benchmarks,
            "plan": {"findings": ids.len(), "not_recommended": snapshot.cautions().count()},
            "allowed": {"subject_id": ids, "evidence": evidence},
            "distinct": ["subject_id"],
            "subjects": titles,
        }),
    )
}

pub fn options(snapshot: &Snapshot, finding: &Finding, subject_id: &str) -> Value {
    let offer = |kind: OptionKind, offer: &Offer| {
        json!({
            "kind": kind, "name": offer.name, "what": offer.description, "weeks": offer.weeks,
            "another_kind_of_product": offer.substitute,
        })
    };
    let (opportunity, subject) = (snapshot.opportunity(subject_id), snapshot.subject(subject_id));
    let options = subject.map(|subject| {
        json!([
            offer(OptionKind::OffTheShelf, &subject.off_the_shelf),
            offer(OptionKind::BestInClass, &subject.best_in_class),
            {"kind": OptionKind::Custom, "name": "Built for this business", "what": "Software of one's own, built by a person or an agency", "weeks": subject.custom_weeks},
        ])
    });
    question(
        Task::Options,
        snapshot,
        json!({
            "answers": snapshot.answers,
            "finding": {"id": finding.id, "title": finding.title, "description": finding.description, "hours_week": finding.hours_week},
            "opportunity": opportunity.map(|o| json!({"id": o.id, "title": o.title, "description": o.description})),
            "options": options,
            "allowed": {"kind": OptionKind::WORDS},
            "distinct": ["kind"],
            "subjects": OptionKind::ALL.iter().map(|kind| (kind.as_str(), json!({"title": finding.title}))).collect::<BTreeMap<_, _>>(),
        }),
    )
}

pub fn narrative(snapshot: &Snapshot, computed: &Computed) -> Value {
    let findings: Vec<Value> = computed
        .findings
        .iter()
        .map(|f| json!({"id": f.id, "title": f.title, "recommendable": f.recommendable, "hours_week": f.hours_week, "why_not": f.why_not}))
        .collect();
    let recommendations: Vec<Value> = computed.recommendations.iter().map(recommendation).collect();
    let ids: Vec<&str> = computed.recommendations.iter().map(|r| r.id.as_str()).collect();
    let titles: BTreeMap<&str, Value> =
        computed.recommendations.iter().map(|r| (r.id.as_str(), json!({"title": r.title}))).collect();
    question(
        Task::Narrative,
        snapshot,
        json!({
            "verdict": computed.class,
            "readiness": snapshot.readiness,
            "readiness_scale": 100,
            "hours_week": computed.hours,
            "findings": findings,
            "recommendations": recommendations,
            "plan": {"choices": ids.len()},
            "allowed": {"recommendation_id": ids},
            "distinct": ["recommendation_id"],
            "subjects": titles,
        }),
    )
}

fn recommendation(recommendation: &Recommendation) -> Value {
    let options: Vec<Value> = recommendation
        .options
        .iter()
        .map(|o| json!({"kind": o.kind, "name": o.label, "net": o.net, "eligible": o.eligible, "weeks": o.weeks, "fit": o.fit}))
        .collect();
    json!({
        "id": recommendation.id,
        "finding_id": recommendation.finding_id,
        "title": recommendation.title,
        "winner": recommendation.winner,
        "priority": recommendation.priority,
        "options": options,
    })
}

fn question(task: Task, snapshot: &Snapshot, mut facts: Value) -> Value {
    let profile = &snapshot.profile;
    facts["company"] = json!({
        "industry": snapshot.industry.name, "size": profile.size(), "employees": profile.employee_count,
        "hour_costs": euros(profile.hourly_cost_cents),
    });
    facts["own_words"] = json!({
        "company_name": profile.company_name,
        "biggest_challenge": profile.biggest_challenge,
        "past_attempts": profile.past_attempts,
    });
    json!({"task": task, "facts": facts})
}
