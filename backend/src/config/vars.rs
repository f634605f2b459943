//! The table of every environment variable: name, meaning, value per stage, whether it is a secret.

use Setting::{Default, Optional, Required};

use super::Stage;

/// What a stage does about a variable that is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    Default(&'static str),
    Optional,
    Required,
}

#[derive(Debug)]
pub struct Var {
    pub name: &'static str,
    pub group: &'static str,
    pub doc: &'static str,
    pub secret: bool,
    /// By stage: development, test, staging, production.
    settings: [Setting; 4],
}

impl Var {
    pub const fn setting(&self, stage: Stage) -> Setting {
        match stage {
            Stage::Development => self.settings[0],
            Stage::Test => self.settings[1],
            Stage::Staging => self.settings[2],
            Stage::Production => self.settings[3],
        }
    }

    pub fn find(name: &str) -> Option<&'static Self> {
        VARS.iter().find(|var| var.name == name)
    }
}

const fn var(group: &'static str, name: &'static str, settings: [Setting; 4], doc: &'static str) -> Var {
    Var { name, group, doc, secret: false, settings }
}

const fn secret(group: &'static str, name: &'static str, settings: [Setting; 4], doc: &'static str) -> Var {
    Var { name, group, doc, secret: true, settings }
}

const fn same(value: &'static str) -> [Setting; 4] {
    [Default(value); 4]
}

/// A default on a developer's machine, required where customers are.
const fn local(value: &'static str) -> [Setting; 4] {
    [Default(value), Default(value), Required, Required]
}

const fn split(local: &'static str, deployed: &'static str) -> [Setting; 4] {
    [Default(local), Default(local), Default(deployed), Default(deployed)]
}

const OPTIONAL: [Setting; 4] = [Optional; 4];
const DEPLOYED: [Setting; 4] = [Optional, Optional, Required, Required];

const APP: &str = "App";
const HTTP: &str = "HTTP";
const DATABASE: &str = "Database";
const CACHE: &str = "Cache";
const AI: &str = "AI";
const PAYMENTS: &str = "Payments";
const EMAIL: &str = "Email";
const STORAGE: &str = "Storage";
const MONITORING: &str = "Monitoring";
const SEARCH: &str = "Search";
const WORKER: &str = "Worker";
const LIMITS: &str = "Limits";
const CATALOGUE: &str = "Catalogue";

/// Durations are written with their unit: `500ms`, `10s`, `5m`, `2h`.
pub const VARS: &[Var] = &[
    var(APP, "APP_ENV", same("development"), "The stage: development, test, staging or production."),
    var(APP, "APP_VERSION", same(env!("CARGO_PKG_VERSION")), "Version shown by health, telemetry and errors."),
    var(APP, "APP_REVISION", same("unknown"), "Commit this build was made from; the deploy sets it."),
    var(
        APP,
        "IMAGE_DIGEST",
        OPTIONAL,
        "Digest of the image that runs, `sha256:…`, shown by health; the deploy sets it.",
    ),
    var(APP, "DEBUG", same("false"), "More words in errors; refused in production."),
    var(
        APP,
        "LOG_LEVEL",
        [Default("info"), Default("warn"), Default("info"), Default("warning")],
        "Console filter: a level (debug, info, warning, error) or tracing directives. Telemetry has its own.",
    ),
    var(APP, "LOG_FORMAT", split("text", "json"), "json (one object a line) or text."),
    secret(
        APP,
        "SECRET_KEY",
        local("development-secret-key-of-no-worth"),
        "Signs admin tokens and report links; 32 characters at least.",
    ),
    var(APP, "KNOWLEDGE_DIR", OPTIONAL, "Directory that replaces the built-in knowledge base."),
    var(HTTP, "HOST", split("127.0.0.1", "[::]"), "Address to listen on."),
    var(HTTP, "PORT", same("8383"), "Port to listen on; 0 lets the system choose."),
    var(HTTP, "API_BASE_URL", local("http://localhost:8383"), "Public origin of the API; locally it follows PORT."),
    var(
        HTTP,
        "APP_BASE_URL",
        local("http://localhost:8383"),
        "Public origin of the page: links in mails, return from the checkout; locally it follows PORT.",
    ),
    var(
        HTTP,
        "CORS_ORIGINS",
        [Default("http://localhost:5174"), Default("http://localhost:5174"), Optional, Optional],
        "Origins that may call the API from a browser, comma-separated; the page's own is always among them.",
    ),
    var(
        HTTP,
        "TRUSTED_PROXIES",
        split("0", "1"),
        "How many proxies stand before the API and append to X-Forwarded-For.",
    ),
    var(HTTP, "MAX_CONNECTIONS", same("2048"), "Connections served at once; more wait."),
    var(HTTP, "HEADER_TIMEOUT", same("10s"), "How long a client may take to send a request's header."),
    var(
        HTTP,
        "WEB_ROOT",
        OPTIONAL,
        "Folder of the built page, to serve it beside the API from one origin; refused in staging and production.",
    ),
    var(
        HTTP,
        "SHUTDOWN_LAG",
        [Default("0s"), Default("0s"), Default("10s"), Default("10s")],
        "After SIGTERM: how long everything is still served while readiness is already false.",
    ),
    var(HTTP, "SHUTDOWN_GRACE", same("30s"), "After the lag: how long requests in flight may take to end."),
    secret(
        DATABASE,
        "DATABASE_URL",
        [Default("sqlite:var/crb.sqlite3"), Default("sqlite:var/test.sqlite3"), Required, Required],
        "sqlite:FILE or postgres://… (session pooler or direct, never a transaction pooler).",
    ),
    var(DATABASE, "DATABASE_POOL", same("20"), "Connections to the database."),
    var(DATABASE, "DATABASE_ACQUIRE_TIMEOUT", same("5s"), "How long a request waits for a connection."),
    var(DATABASE, "DATABASE_STATEMENT_TIMEOUT", same("10s"), "Longest statement."),
    secret(CACHE, "REDIS_URL", OPTIONAL, "redis:// or rediss://; without it caches and limits are per process."),
    var(CACHE, "REDIS_POOL", same("50"), "Connections to Redis."),
    var(CACHE, "REDIS_TIMEOUT", same("500ms"), "Longest wait for Redis before it counts as a miss."),
    secret(
        AI,
        "ANTHROPIC_API_KEY",
        DEPLOYED,
        "Without it the built-in offline writer writes the report, and the report says so.",
    ),
    var(
        AI,
        "ANTHROPIC_BASE_URL",
        same("https://api.anthropic.com"),
        "Where Claude answers; the stub's address in development and load tests.",
    ),
    var(AI, "CLAUDE_CONNECT_TIMEOUT", same("5s"), "Longest connection set-up."),
    var(AI, "CLAUDE_IDLE_TIMEOUT", same("30s"), "Longest silence in an answer's stream."),
    var(AI, "CLAUDE_CALL_TIMEOUT", same("70s"), "Longest single call."),
    var(AI, "CLAUDE_PHASE_TIMEOUT", same("75s"), "Longest phase of a report, retries included."),
    var(AI, "CLAUDE_REPORT_TIMEOUT", same("300s"), "Longest attempt at a report."),
    var(AI, "CLAUDE_BACKOFF", same("1s"), "First back-off after an overload; doubles, with full jitter."),
    var(
        AI,
        "CLAUDE_MAX_STREAMS",
        same("128"),
        "Calls to Claude at once, in this process; fewer where its limits are low.",
    ),
    var(AI, "CLAUDE_MAX_STREAMS_PER_REPORT", same("5"), "Calls to Claude at once for one report."),
    var(AI, "REPORT_BUDGET_USD", same("1.00"), "A report that costs more is stopped."),
    var(AI, "DAY_BUDGET_USD", split("50.00", "500.00"), "When a day has cost this much, reports wait for the next."),
    var(
        PAYMENTS,
        "PAYMENT_PROVIDER",
        split("dev", "stripe"),
        "stripe, or dev: a page with a Pay button; dev is refused in production.",
    ),
    secret(PAYMENTS, "STRIPE_SECRET_KEY", DEPLOYED, "Stripe's API key."),
    secret(
        PAYMENTS,
        "STRIPE_WEBHOOK_SECRET",
        DEPLOYED,
        "Webhook signing secret; several, comma-separated, while one is rotated.",
    ),
    var(PAYMENTS, "STRIPE_PUBLISHABLE_KEY", OPTIONAL, "Stripe's public key; not used by the hosted checkout."),
    var(
        PAYMENTS,
        "STRIPE_BASE_URL",
        same("https://api.stripe.com"),
        "Where Stripe's API answers; the stub's address in development.",
    ),
    secret(EMAIL, "SENDGRID_API_KEY", DEPLOYED, "Without it mails are written as files."),
    var(EMAIL, "SENDGRID_FROM_EMAIL", same("reports@crb-analyser.com"), "Sender of every mail."),
    var(
        EMAIL,
        "SENDGRID_BASE_URL",
        same("https://api.sendgrid.com"),
        "Where SendGrid answers; the stub's address in development.",
    ),
    var(EMAIL, "MAIL_DIR", same("var/mail"), "Where mails go without SendGrid."),
    var(STORAGE, "SUPABASE_URL", OPTIONAL, "Supabase project; with the service key PDFs are kept in its storage."),
    secret(STORAGE, "SUPABASE_SERVICE_KEY", OPTIONAL, "Service key of that project."),
    var(STORAGE, "SUPABASE_BUCKET", same("reports"), "Bucket for PDFs."),
    var(STORAGE, "BLOB_DIR", same("var/blobs"), "Where PDFs are kept without Supabase."),
    secret(
        MONITORING,
        "LOGFIRE_TOKEN",
        OPTIONAL,
        "Sends traces, metrics and logs to Logfire; the region follows from the token.",
    ),
    var(MONITORING, "OTEL_EXPORTER_OTLP_ENDPOINT", OPTIONAL, "Any other OTLP/HTTP collector; wins over Logfire."),
    secret(
        MONITORING,
        "OTEL_EXPORTER_OTLP_HEADERS",
        OPTIONAL,
        "Headers for that collector: name=value, comma-separated.",
    ),
    secret(MONITORING, "SENTRY_DSN", OPTIONAL, "Reports errors to Sentry."),
    var(
        MONITORING,
        "TRACE_SAMPLE_RATE",
        [Default("1.0"), Default("1.0"), Default("1.0"), Default("0.1")],
        "Share of reads and of saved answers that are traced, 0 to 1; whatever else is done always is, and every error is reported.",
    ),
    secret(SEARCH, "BRAVE_API_KEY", OPTIONAL, "Looks vendor prices up by Brave; proposals only."),
    secret(SEARCH, "TAVILY_API_KEY", OPTIONAL, "Looks vendor prices up by Tavily; proposals only."),
    var(SEARCH, "BRAVE_BASE_URL", same("https://api.search.brave.com"), "Where Brave answers."),
    var(SEARCH, "TAVILY_BASE_URL", same("https://api.tavily.com"), "Where Tavily answers."),
    var(
        WORKER,
        "WORKER_CONCURRENCY",
        same("32"),
        "Reports written at once by this process; each mostly waits for Claude.",
    ),
    var(
        WORKER,
        "WORKER_LEASE",
        same("90s"),
        "How long a job stays ours without a heartbeat; longer than a call to Claude.",
    ),
    var(WORKER, "WORKER_POLL", same("2s"), "Longest wait for a job when nobody wakes us."),
    var(
        WORKER,
        "WORKER_GRACE",
        [Default("5s"), Default("5s"), Default("120s"), Default("120s")],
        "After SIGTERM: how long reports in work may take before they are given back.",
    ),
    var(WORKER, "WORKER_BACKOFF", same("30s,120s"), "Waits before the second and the third attempt."),
    var(LIMITS, "LIMIT_GENERAL_PER_MINUTE", same("120"), "Requests a minute from one address."),
    var(LIMITS, "LIMIT_SESSIONS_PER_HOUR", same("10"), "Quizzes started an hour from one address."),
    var(LIMITS, "LIMIT_ORDERS_PER_HOUR", same("20"), "Orders an hour from one address."),
    var(LIMITS, "LIMIT_ADMIN_FAILURES_PER_MINUTE", same("10"), "Refused operator tokens a minute from one address."),
    var(LIMITS, "LIMIT_STREAMS", same("5"), "Event streams at once from one address."),
    secret(LIMITS, "LIMIT_BYPASS_KEY", OPTIONAL, "Lets a load test past the limits; refused in production."),
    var(
        LIMITS,
        "PLANTED_FAULT",
        OPTIONAL,
        "A fault planted to see the load test's gate fail: statement, delay, pdf_cpu, lost_event, unfinished_report or \
         error; refused in staging and production.",
    ),
    var(CATALOGUE, "TIER", same("report"), "Name of the one tier."),
    var(CATALOGUE, "PRICE_CENTS", same("14700"), "Its price in cents."),
    var(CATALOGUE, "CURRENCY", same("EUR"), "Its currency."),
    var(CATALOGUE, "MODEL_FINDINGS", same("claude-sonnet-5-5"), "Model that writes the findings."),
    var(CATALOGUE, "MODEL_OPTIONS", same("claude-sonnet-5-5"), "Model that writes the options."),
    var(CATALOGUE, "MODEL_NARRATIVE", same("claude-sonnet-5-5"), "Model that writes the narrative."),
];
