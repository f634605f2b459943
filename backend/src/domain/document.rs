//! Puts the report document together, and checks what must hold of every one.

mod faults;
mod method;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::check::{Choice, Narrative};
use super::compute::{Computed, winning};
use super::facts::Snapshot;
use super::ids::ReportId;
use super::report::{
    Company, Currency, ENGINE_VERSION, Horizon, Language, ModelUse, OptionKind, Priority, QuickWin, Recommendation,
    ReportDocument, Roadmap, SCHEMA_VERSION, Step, Summary, Verdict, VerdictClass, Warning, WriterKind,
};
use super::verdict;

pub use faults::faults;

#[cfg(test)]
mod tests;

const TOP: usize = 3;
const QUICK_WINS: usize = 3;
/// First week of the roadmap's middle and long parts.
const MID_FROM: u32 = 27;
const LONG_FROM: u32 = 79;

/// What the document says about its making.
#[derive(Debug, Clone)]
pub struct Imprint {
    pub report_id: ReportId,
    pub generated_at: DateTime<Utc>,
    pub tier: String,
    pub writer: WriterKind,
    pub models: Vec<ModelUse>,
    pub sample: bool,
}

pub fn build(snapshot: &Snapshot, computed: Computed, narrative: &Narrative, imprint: Imprint) -> ReportDocument {
    let Computed {
        findings,
        mut recommendations,
        subjects,
        class,
        hours,
        total_value_3y,
        investment_year1,
        mut warnings,
    } = computed;
    let mut steps = Vec::new();
    let mut first_steps = Vec::new();
    for recommendation in &mut recommendations {
        let subject = subjects.get(&recommendation.finding_id);
        let opportunity = subject.and_then(|id| snapshot.opportunity(id));
        let own_words = narrative.choices.get(&recommendation.id);
        if own_words.is_none() {
            warnings.push(Warning { code: "words_by_rule".into(), r#where: recommendation.id.clone() });
        }
        let first_step = opportunity.map_or("Write down how it is done today.", |opportunity| &opportunity.first_step);
        let choice = own_words.cloned().unwrap_or_else(|| by_rule(recommendation, first_step));
        recommendation.why_winner = choice.why_winner;
        recommendation.choose_instead_if = choice.choose_instead_if;
        steps.push((choice.roadmap_title, choice.roadmap_detail));
        let minutes = opportunity.map_or(30, |opportunity| opportunity.first_step_minutes.clamp(1, 30));
        first_steps.push(QuickWin {
            recommendation_id: recommendation.id.clone(),
            first_step: choice.first_step,
            minutes,
        });
    }
    let horizon = |recommendation: &Recommendation| {
        findings.iter().find(|finding| finding.id == recommendation.finding_id).map_or(Horizon::Short, |f| f.horizon)
    };
    let roadmap = roadmap(&recommendations, &steps, horizon);
    warnings.sort_by(|one, other| (&one.code, &one.r#where).cmp(&(&other.code, &other.r#where)));
    warnings.dedup();
    ReportDocument {
        schema_version: SCHEMA_VERSION,
        report_id: imprint.report_id,
        generated_at: imprint.generated_at,
        tier: imprint.tier,
        language: Language::English,
        currency: Currency::Eur,
        sample: imprint.sample,
        writer: imprint.writer,
        kb_version: snapshot.kb_version.clone(),
        prompt_version: snapshot.prompt_version.clone(),
        engine_version: ENGINE_VERSION.into(),
        models: imprint.models,
        company: Company {
            name: super::prose::plain(&snapshot.profile.company_name),
            industry: snapshot.industry.slug.clone(),
            industry_name: snapshot.industry.name.clone(),
            size: snapshot.profile.size(),
            employees: snapshot.profile.employee_count,
        },
        readiness: snapshot.readiness.clone(),
        verdict: Verdict {
            class,
            colour: verdict::colour(class),
            headline: narrative.headline.clone(),
            subheadline: narrative.subheadline.clone(),
            reasons: narrative.reasons.clone(),
            next_review: next_review(class, imprint.generated_at.date_naive()),
            do_instead: narrative.do_instead.clone(),
        },
        summary: Summary {
            key_insight: narrative.key_insight.clone(),
            top: recommendations.iter().take(TOP).map(|r| r.finding_id.clone()).collect(),
            avoid: findings.iter().filter(|f| !f.recommendable).map(|f| f.id.clone()).collect(),
            investment_year1,
            total_value_3y,
            hours_week: hours,
        },
        methodology: method::methodology(snapshot, &findings, &recommendations),
        quick_wins: quick_wins(&recommendations, first_steps),
        roadmap,
        findings,
        recommendations,
        warnings,
    }
}

/// The words where the writer's were unusable: plain, and true of every such choice.
fn by_rule(recommendation: &Recommendation, first_step: &str) -> Choice {
    let won = winning(recommendation);
    let (one, other) = match recommendation.winner {
        OptionKind::OffTheShelf => (
            "you outgrow a ready product and can spend more",
            "nothing on the market does the task the way you need it",
        ),
        OptionKind::BestInClass => {
            ("a simpler product at a lower price is enough", "nothing on the market does the task the way you need it")
        }
        OptionKind::Custom => (
            "you want to start at once with a ready product",
            "you would rather pay for a leading product than look after your own",
        ),
    };
    Choice {
        why_winner: format!(
            "{} has the best balance of benefit, cost and risk of the options that are open to you.",
            won.label
        ),
        choose_instead_if: vec![one.into(), other.into()],
        roadmap_title: format!("Introduce {}", won.label).chars().take(80).collect(),
        roadmap_detail:
            "Begin with one person and one task, measure the hours for a month, then decide whether to go on.".into(),
        first_step: first_step.chars().take(160).collect(),
    }
}

fn roadmap(
    recommendations: &[Recommendation],
    words: &[(String, String)],
    horizon: impl Fn(&Recommendation) -> Horizon,
) -> Roadmap {
    let mut roadmap = Roadmap { short: Vec::new(), mid: Vec::new(), long: Vec::new() };
    let (mut short_from, mut mid_from, mut long_from) = (1, MID_FROM, LONG_FROM);
    let mut order: Vec<usize> = (0..recommendations.len()).collect();
    order.sort_by_key(|at| (recommendations[*at].priority, *at));
    for at in order {
        let recommendation = &recommendations[at];
        let (from, part) = match horizon(recommendation) {
            Horizon::Short => (&mut short_from, &mut roadmap.short),
            Horizon::Mid => (&mut mid_from, &mut roadmap.mid),
            Horizon::Long => (&mut long_from, &mut roadmap.long),
        };
        let weeks = winning(recommendation).weeks;
        let (title, detail) = words[at].clone();
        part.push(Step {
            title,
            detail,
            weeks_from: *from,
            weeks_to: *from + weeks - 1,
            recommendation_id: recommendation.id.clone(),
        });
        *from += weeks;
    }
    roadmap
}

fn quick_wins(recommendations: &[Recommendation], first_steps: Vec<QuickWin>) -> Vec<QuickWin> {
    let mut steps: Vec<(Priority, u32, QuickWin)> = recommendations
        .iter()
        .zip(first_steps)
        .map(|(recommendation, step)| (recommendation.priority, winning(recommendation).weeks, step))
        .collect();
    steps.sort_by_key(|(priority, weeks, _)| (*priority, *weeks));
    steps.into_iter().take(QUICK_WINS).map(|(.., step)| step).collect()
}

/// The weaker the case, the later a second look; a cautious start is looked at soon.
fn next_review(class: VerdictClass, today: NaiveDate) -> NaiveDate {
    let months = match class {
        VerdictClass::ProceedCautiously => 3,
        VerdictClass::Proceed | VerdictClass::Wait => 6,
        VerdictClass::NotRecommended => 12,
    };
    today.checked_add_months(Months::new(months)).unwrap_or(today + Days::new(30))
}
