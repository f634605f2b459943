//! The report document, version 1: what page, PDF and mail show. Money is integer cents, ratios are basis points.
//!
//! Words come from the writer, every number from `domain`. Unknown fields are refused, so a document that parses is
//! a document of this version.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{CompanySize, ReportId, words};

pub const SCHEMA_VERSION: u32 = 1;
/// Changes when a formula changes, so that an old document still says how it was computed.
pub const ENGINE_VERSION: &str = "1.0";

words! {
    /// Who wrote the words: the model, or the built-in templates of a machine without a key.
    WriterKind { Claude = "claude", Offline = "offline" }
    Language { English = "en" }
    Currency { Eur = "EUR" }
    Category {
        Efficiency = "efficiency", Growth = "growth", Risk = "risk",
        Compliance = "compliance", CustomerExperience = "customer_experience",
    }
    /// short 0–6 months, mid 6–18, long 18 and more.
    Horizon { Short = "short", Mid = "mid", Long = "long" }
    Confidence { High = "high", Medium = "medium", Low = "low" }
    EvidenceKind { Answer = "answer", Benchmark = "benchmark", Calculation = "calculation" }
    OptionKind { OffTheShelf = "off_the_shelf", BestInClass = "best_in_class", Custom = "custom" }
    Priority { QuickWin = "quick_win", Strategic = "strategic", Consider = "consider", Defer = "defer" }
    VerdictClass {
        Proceed = "proceed", ProceedCautiously = "proceed_cautiously",
        Wait = "wait", NotRecommended = "not_recommended",
    }
    Colour { Green = "green", Yellow = "yellow", Orange = "orange", Gray = "gray" }
    Band { EarlyStage = "early_stage", Developing = "developing", Established = "established", Advanced = "advanced" }
    ComponentKey { Data = "data", Process = "process", Tech = "tech", Team = "team", Strategy = "strategy" }
    RiskBand { Low = "low", Moderate = "moderate", High = "high", Severe = "severe" }
    Freshness { Fresh = "fresh", Aging = "aging", Stale = "stale", Unverified = "unverified" }
    Origin { Answer = "answer", Default = "default", Benchmark = "benchmark" }
    PriceUnit { Flat = "flat", User = "user", Location = "location", Usage = "usage" }
}

/// The document derives: read strictly, written as is, described for the API.
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty),* }
    )*};
}

parts! {
    ReportDocument {
        schema_version: u32,
        report_id: ReportId,
        generated_at: DateTime<Utc>,
        tier: String,
        language: Language,
        currency: Currency,
        /// True for the public sample, whose company does not exist.
        sample: bool,
        writer: WriterKind,
        kb_version: String,
        prompt_version: String,
        engine_version: String,
        models: Vec<ModelUse>,
        company: Company,
        readiness: Readiness,
        verdict: Verdict,
        summary: Summary,
        /// 7 to 12.
        findings: Vec<Finding>,
        /// 3 to 5.
        recommendations: Vec<Recommendation>,
        roadmap: Roadmap,
        /// At most 3.
        quick_wins: Vec<QuickWin>,
        methodology: Methodology,
        warnings: Vec<Warning>,
    }
    ModelUse { task: String, model: String }
    Company { name: String, industry: String, industry_name: String, size: CompanySize, employees: u32 }
    Readiness {
        /// 0 to 100.
        score: u32,
        band: Band,
        /// Always five.
        components: Vec<Component>,
    }
    Component {
        key: ComponentKey,
        /// 0 to 100, two decimals.
        score: f64,
        weight_bp: u32,
    }
    Verdict {
        class: VerdictClass,
        colour: Colour,
        /// At most 60 characters.
        headline: String,
        /// At most 120 characters.
        subheadline: String,
        /// 2 to 4, at most 200 characters each.
        reasons: Vec<String>,
        /// When to look again.
        next_review: NaiveDate,
        /// At most 4, at most 160 characters each.
        do_instead: Vec<String>,
    }
    Summary {
        /// At most 240 characters.
        key_insight: String,
        /// At most 3 finding ids.
        top: Vec<String>,
        /// At least 1 finding id.
        avoid: Vec<String>,
        investment_year1: Range,
        total_value_3y: Scenarios,
        hours_week: Hours,
    }
    Range { min_cents: i64, max_cents: i64 }
    Scenarios { conservative_cents: i64, expected_cents: i64, optimistic_cents: i64 }
    /// `credited` is clipped to half of the team's capacity; the totals use it.
    Hours { raw: f64, credited: f64 }
    Finding {
        /// `f-01`, `f-02`, …
        id: String,
        title: String,
        description: String,
        category: Category,
        current_state: String,
        horizon: Horizon,
        /// 1 to 10.
        customer_value: u32,
        /// 1 to 10.
        business_health: u32,
        recommendable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why_not: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        what_instead: Option<String>,
        /// 0 to 60, steps of 0.5.
        hours_week: f64,
        revenue_year_cents: i64,
        confidence: Confidence,
        /// 1 to 4.
        evidence: Vec<Evidence>,
    }
    Evidence {
        kind: EvidenceKind,
        /// A question id, a benchmark id or an assumption id.
        r#ref: String,
        text: String,
    }
    Recommendation {
        /// `r-01`, `r-02`, …
        id: String,
        finding_id: String,
        title: String,
        why: Why,
        priority: Priority,
        /// Always three, in the order off_the_shelf, best_in_class, custom.
        options: Vec<ReportOption>,
        winner: OptionKind,
        why_winner: String,
        /// Always two.
        choose_instead_if: Vec<String>,
        /// Ids of `methodology.assumptions`.
        assumptions: Vec<String>,
        /// Hours a week that the totals count for this recommendation.
        credited_hours_week: f64,
        /// Present where the payback is under three months or the ROI above 300 %: the same with half the benefit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sensitivity: Option<Sensitivity>,
    }
    Why { customers: String, business: String }
    ReportOption {
        kind: OptionKind,
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vendor_slug: Option<String>,
        /// Present for a product that is bought.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<Price>,
        /// Present for a solution that is built.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        custom: Option<CustomCost>,
        weeks: u32,
        pros: Vec<String>,
        cons: Vec<String>,
        cost_dims: CostDims,
        benefit_dims: BenefitDims,
        risk: Risk,
        /// B − C − R/10, two decimals.
        net: f64,
        eligible: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ineligible_reason: Option<String>,
        /// 0 to 100.
        fit: u32,
        roi: Roi,
    }
    Price {
        /// None: the vendor quotes on request; `estimated_monthly_cents` is then what the figures use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        monthly_cents: Option<i64>,
        /// What the figures use: the price times the users or locations that need it.
        estimated_monthly_cents: i64,
        implementation_cents: i64,
        per: PriceUnit,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified_on: Option<NaiveDate>,
        observed_on: NaiveDate,
        freshness: Freshness,
    }
    CustomCost { min_cents: i64, max_cents: i64, running_monthly_cents: i64 }
    /// Six costs, 0 to 10 each.
    CostDims { financial: u32, time: u32, opportunity: u32, complexity: u32, risk_reversibility: u32, brand_trust: u32 }
    /// Four benefits, 0 to 10 each.
    BenefitDims { financial: u32, time: u32, strategic: u32, quality: u32 }
    Risk {
        /// Probability, impact, visibility and difficulty of detection, 1 to 5 each.
        p: u32, i: u32, v: u32, d: u32,
        /// P·I·(V+D)/2, 1 to 125.
        score: f64,
        band: RiskBand,
        note: String,
    }
    Roi {
        conservative: RoiScenario,
        expected: RoiScenario,
        optimistic: RoiScenario,
        /// What the three are computed from, so that a reader can recompute them.
        inputs: RoiInputs,
    }
    RoiScenario {
        benefit_year_cents: i64,
        /// Shown; at most 50 000 (500 %).
        roi_bp: i64,
        /// As computed.
        roi_raw_bp: i64,
        capped: bool,
        /// None: never paid back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payback_months: Option<f64>,
        net_3y_cents: i64,
    }
    RoiInputs {
        hours_week: f64,
        rate_cents: i64,
        revenue_year_cents: i64,
        confidence: Confidence,
        implementation_cents: i64,
        monthly_cents: i64,
    }
    Sensitivity { roi_bp: i64, #[serde(default, skip_serializing_if = "Option::is_none")] payback_months: Option<f64>, net_3y_cents: i64 }
    Roadmap { short: Vec<Step>, mid: Vec<Step>, long: Vec<Step> }
    Step { title: String, detail: String, weeks_from: u32, weeks_to: u32, recommendation_id: String }
    QuickWin { recommendation_id: String, first_step: String, minutes: u32 }
    Methodology {
        sources: Vec<Source>,
        assumptions: Vec<Assumption>,
        limitations: Vec<String>,
        confidence_mix: ConfidenceMix,
        constants: Constants,
    }
    Source {
        /// A benchmark id.
        id: String,
        title: String,
        publisher: String,
        year: u32,
        /// verified, estimate or unverified.
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    }
    Assumption {
        /// `a-01`, …
        id: String,
        statement: String,
        /// With its unit, ready to show.
        value: String,
        origin: Origin,
        sensitivity: String,
    }
    ConfidenceMix { high: u32, medium: u32, low: u32 }
    Constants { weeks: u32, efficiency_bp: u32, adoption_bp: u32 }
    Warning { code: String, r#where: String }
}
