//! A customer's complete answers, typed. `quiz` makes it from the stored answers; every formula reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::{CompanySize, words};

words! {
    RevenueBand {
        Under100k = "under_100k", From100kTo500k = "100k_500k", From500kTo1m = "500k_1m", From1mTo5m = "1m_5m",
        From5mTo20m = "5m_20m", Over20m = "over_20m", PreferNotSay = "prefer_not_say",
    }
    /// The nine areas a customer can name; opportunities and vendors are filed under the same words.
    PainPoint {
        CustomerCommunication = "customer_communication", DocumentProcessing = "document_processing",
        Scheduling = "scheduling", Reporting = "reporting", SalesPipeline = "sales_pipeline",
        Onboarding = "onboarding", Operations = "operations", Billing = "billing", Marketing = "marketing",
    }
    DataLocation {
        Paper = "paper", Spreadsheets = "spreadsheets", SeveralDisconnected = "several_disconnected",
        SingleSystem = "single_system", SeveralConnected = "several_connected",
    }
    ProcessMaturity {
        AdHoc = "ad_hoc", Repeatable = "repeatable", Defined = "defined", Managed = "managed", Optimizing = "optimizing",
    }
    AiExperience { None = "none", Experimenting = "experimenting", Using = "using", Scaling = "scaling" }
    Capability {
        NonTechnical = "non_technical", TutorialFollower = "tutorial_follower", AutomationUser = "automation_user",
        AiCoder = "ai_coder", HasDevelopers = "has_developers",
    }
    Preference { Buy = "buy", Connect = "connect", Build = "build", Hire = "hire" }
    Budget { Low = "low", Moderate = "moderate", Comfortable = "comfortable", High = "high" }
    Urgency { ThisWeek = "this_week", ThisMonth = "this_month", ThisQuarter = "this_quarter", NoRush = "no_rush" }
    DecisionMaker { Me = "me", MeInput = "me_input", Team = "team", Other = "other" }
}

/// Everything the 19 core and 4 industry questions say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Industry slug: `dental`, `home-services`, `professional-services`.
    pub industry: String,
    pub company_name: String,
    pub employee_count: u32,
    pub annual_revenue_band: RevenueBand,
    /// Loaded cost of one hour; `DEFAULT_RATE_CENTS` where not answered.
    pub hourly_cost_cents: i64,
    /// False: the rate is the default, and is listed as an assumption.
    pub hourly_cost_given: bool,
    pub admin_hours_week: u32,
    pub pain_points: Vec<PainPoint>,
    pub biggest_challenge: String,
    pub past_attempts: Option<String>,
    /// Vendor slugs, or `other`.
    pub current_tools: Vec<String>,
    pub integration_level: u32,
    pub data_location: DataLocation,
    pub process_maturity: ProcessMaturity,
    pub technology_comfort: u32,
    pub ai_experience: AiExperience,
    pub implementation_capability: Capability,
    pub implementation_preference: Preference,
    pub budget_comfort: Budget,
    pub implementation_urgency: Urgency,
    pub decision_maker: DecisionMaker,
    /// The four industry questions, by id, defaults filled in (money in whole euros, as asked).
    pub industry_answers: BTreeMap<String, i64>,
}

impl Profile {
    pub const fn size(&self) -> CompanySize {
        match self.employee_count {
            0..=10 => CompanySize::Startup,
            11..=50 => CompanySize::Smb,
            51..=200 => CompanySize::MidMarket,
            _ => CompanySize::Enterprise,
        }
    }

    /// Half of the whole team's hours in a week: no report credits more time than this.
    pub fn capacity_hours_week(&self) -> f64 {
        f64::from(self.employee_count) * 40.0 * 0.5
    }
}

impl RevenueBand {
    /// Midpoint of the band in cents a year; none where the customer would not say.
    pub const fn midpoint_cents(self) -> Option<i64> {
        let thousands_of_euros = match self {
            Self::Under100k => 75,
            Self::From100kTo500k => 300,
            Self::From500kTo1m => 750,
            Self::From1mTo5m => 3_000,
            Self::From5mTo20m => 12_500,
            Self::Over20m => 25_000,
            Self::PreferNotSay => return None,
        };
        Some(thousands_of_euros * 100_000)
    }
}

impl Budget {
    /// The most the customer is comfortable with, cents a month. The open band counts as 2 000 euros.
    pub const fn monthly_ceiling_cents(self) -> i64 {
        match self {
            Self::Low => 5_000,
            Self::Moderate => 20_000,
            Self::Comfortable => 50_000,
            Self::High => 200_000,
        }
    }
}
