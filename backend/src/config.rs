//! Every environment variable, declared once: the only reader of the environment.
//!
//! One table drives parsing, `crb config`, `.env.example` and the configuration page. All faults are reported
//! together, at start.

mod check;
mod print;
#[cfg(test)]
mod tests;
mod vars;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

pub use print::{example, markdown, redacted, template};
pub use vars::{Setting, VARS, Var};

use crate::domain::ids::{PaymentProvider, words};
use crate::error::{Error, FieldError, Result};

words! {
    Stage { Development = "development", Test = "test", Staging = "staging", Production = "production" }
    LogFormat { Json = "json", Text = "text" }
    /// A fault planted on purpose: a control of the load test's gate.
    PlantedFault {
        Statement = "statement",
        Delay = "delay",
        PdfCpu = "pdf_cpu",
        LostEvent = "lost_event",
        UnfinishedReport = "unfinished_report",
        Error = "error",
    }
}

/// The whole configuration. It has a `Debug`, because no secret in it has one that tells.
#[derive(Debug, Clone)]
pub struct Config {
    pub stage: Stage,
    pub version: String,
    /// The commit this binary was built from, as the deploy says.
    pub revision: String,
    /// `sha256:…` of the image this process runs in, as the deploy says: an image cannot hold its own.
    pub image_digest: Option<String>,
    pub debug: bool,
    pub http: Http,
    pub database: Database,
    /// None: an in-process cache.
    pub redis: Option<Redis>,
    pub claude: Claude,
    pub payment: Payment,
    pub mail: Mail,
    pub blobs: Blobs,
    pub search: Search,
    pub telemetry: Telemetry,
    pub worker: Worker,
    pub limits: Limits,
    pub catalogue: Catalogue,
    /// Signs admin tokens.
    pub secret_key: SecretString,
    /// None wherever customers are.
    pub planted: Option<PlantedFault>,
    /// Overrides the built-in knowledge base.
    pub knowledge_dir: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub struct Http {
    pub bind: SocketAddr,
    /// The API's own public origin.
    pub api_base_url: Url,
    /// The page's public origin: links in mails, return addresses of the checkout.
    pub app_base_url: Url,
    pub cors_origins: Vec<String>,
    /// How many proxies stand before us, each adding one address to `X-Forwarded-For`; 0 trusts none.
    pub trusted_proxies: usize,
    pub max_connections: usize,
    pub header_timeout: Duration,
    /// The page's bundle, where this process serves it beside the API.
    pub web_root: Option<PathBuf>,
    pub shutdown_lag: Duration,
    pub shutdown_grace: Duration,
}

#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite:` or `postgres:`; holds a password, so it is a secret.
    pub url: SecretString,
    pub pool: u32,
    pub acquire_timeout: Duration,
    pub statement_timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct Redis {
    pub url: SecretString,
    pub pool: usize,
    pub timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct Claude {
    /// None: the offline writer.
    pub api_key: Option<SecretString>,
    pub base_url: Url,
    pub connect_timeout: Duration,
    /// Longest silence inside a stream, before the first byte and between two.
    pub idle_timeout: Duration,
    pub call_timeout: Duration,
    pub phase_timeout: Duration,
    pub report_timeout: Duration,
    /// First wait after an overload; doubles, with full jitter.
    pub backoff: Duration,
    pub max_streams: usize,
    pub max_streams_per_report: usize,
    pub report_budget_microusd: i64,
    pub day_budget_microusd: i64,
}

#[derive(Debug, Clone)]
pub struct Payment {
    pub provider: PaymentProvider,
    pub stripe: Option<Stripe>,
}

#[derive(Debug, Clone)]
pub struct Stripe {
    pub secret_key: SecretString,
    /// Newest first; more than one while a secret is rotated.
    pub webhook_secrets: Vec<SecretString>,
    pub publishable_key: Option<String>,
    pub base_url: Url,
}

#[derive(Debug, Clone)]
pub struct Mail {
    /// None: mails are written to files.
    pub sendgrid_key: Option<SecretString>,
    pub base_url: Url,
    pub from: String,
    pub dir: PathBuf,
}

#[derive(Debug, Clone)]
pub struct Blobs {
    pub supabase: Option<Supabase>,
    pub dir: PathBuf,
}

#[derive(Debug, Clone)]
pub struct Supabase {
    pub url: Url,
    pub service_key: SecretString,
    pub bucket: String,
}

#[derive(Debug, Clone)]
pub struct Search {
    pub brave_key: Option<SecretString>,
    pub tavily_key: Option<SecretString>,
    pub brave_url: Url,
    pub tavily_url: Url,
}

#[derive(Debug, Clone)]
pub struct Telemetry {
    /// Directives of the console filter, e.g. `warn,crb_backend=info`.
    pub log_level: String,
    pub log_format: LogFormat,
    pub logfire_token: Option<SecretString>,
    /// Any OTLP/HTTP collector; wins over the token's preset.
    pub otlp_endpoint: Option<Url>,
    pub otlp_headers: Option<SecretString>,
    pub sentry_dsn: Option<SecretString>,
    /// Of reads and saved answers, 0 to 1; everything else is always traced.
    pub trace_sample_rate: f32,
}

#[derive(Debug, Clone)]
pub struct Worker {
    pub concurrency: usize,
    pub lease: Duration,
    pub poll: Duration,
    pub grace: Duration,
    /// Waits before the second and the third attempt.
    pub backoff: Vec<Duration>,
    pub max_attempts: u32,
}

#[derive(Debug, Clone)]
pub struct Limits {
    pub general_per_minute: u32,
    pub sessions_per_hour: u32,
    pub orders_per_hour: u32,
    pub admin_failures_per_minute: u32,
    pub streams_per_address: u32,
    /// Lets a load test past the limits; development, test and staging only.
    pub bypass_key: Option<SecretString>,
}

/// Tiers, prices and models: in one place.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub tier: String,
    pub price_cents: i64,
    pub currency: String,
    pub model_findings: String,
    pub model_options: String,
    pub model_narrative: String,
}

impl Claude {
    /// Whether whoever answers is paid for.
    pub fn peer(&self) -> &'static str {
        match (&self.api_key, self.is_real()) {
            (None, _) => "none",
            (Some(_), true) => "real",
            (Some(_), false) => "stub",
        }
    }

    fn is_real(&self) -> bool {
        self.base_url.host_str() == Some("api.anthropic.com")
    }
}

impl Payment {
    /// Whether what is paid is money.
    pub fn mode(&self) -> &'static str {
        match (&self.provider, &self.stripe) {
            (PaymentProvider::Stripe, Some(stripe)) if stripe.is_live() => "live",
            (PaymentProvider::Stripe, _) => "test",
            (PaymentProvider::Dev, _) => "dev",
        }
    }
}

impl Stripe {
    fn is_live(&self) -> bool {
        self.secret_key.expose_secret().contains("_live_")
    }
}

impl Config {
    /// The process's environment, checked. Every fault is in the error's fields.
    pub fn from_env() -> Result<Self> {
        Self::from_map(&environment())
    }

    /// The same from a map, for tests.
    pub fn from_map(values: &BTreeMap<String, String>) -> Result<Self> {
        check::parse(values)
    }

    pub const fn is_production(&self) -> bool {
        matches!(self.stage, Stage::Production)
    }
}

/// The process's environment, as far as it is text.
pub fn environment() -> BTreeMap<String, String> {
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The stage that the values name, or development.
pub fn stage_of(values: &BTreeMap<String, String>) -> Stage {
    values.get("APP_ENV").and_then(|word| word.trim().parse().ok()).unwrap_or(Stage::Development)
}

/// `500ms`, `10s`, `5m`, `2h`.
pub fn duration(text: &str) -> Result<Duration, String> {
    crb_door::duration(text).ok_or_else(|| "must be a number with its unit: 500ms, 10s, 5m or 2h".to_owned())
}

fn faults(faults: Vec<FieldError>) -> Error {
    let lines: Vec<String> = faults.iter().map(|fault| format!("  {}: {}", fault.field, fault.message)).collect();
    Error::invalid(format!("the configuration has {} fault(s):\n{}", faults.len(), lines.join("\n")))
        .with_fields(faults)
}
