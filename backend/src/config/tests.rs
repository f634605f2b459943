//! Tests of the configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn production() -> BTreeMap<String, String> {
    map(&[
        ("APP_ENV", "production"),
        ("SECRET_KEY", "a-real-secret-key-of-good-length-123"),
        ("API_BASE_URL", "https://api.crb-analyser.com"),
        ("APP_BASE_URL", "https://crb-analyser.com"),
        ("DATABASE_URL", "postgres://crb:pw@db.example:5432/crb"),
        ("ANTHROPIC_API_KEY", "sk-ant-api03-xxxxxxxx"),
        ("STRIPE_SECRET_KEY", "sk_live_xxxxxxxx"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_new,whsec_old"),
        ("SENDGRID_API_KEY", "SG.xxxxxxxx"),
    ])
}

fn refused(base: BTreeMap<String, String>, name: &str, value: &str) -> String {
    let mut values = base;
    values.insert(name.into(), value.into());
    let error = Config::from_map(&values).expect_err(&format!("{name}={value} must be refused"));
    error.field_errors().iter().map(|fault| fault.field.clone()).collect::<Vec<_>>().join(" ")
}

#[test]
fn development_needs_nothing() {
    let config = Config::from_map(&BTreeMap::new()).expect("defaults");
    assert_eq!(config.stage, Stage::Development);
    assert!(config.redis.is_none() && config.claude.api_key.is_none());
    assert_eq!(config.payment.provider, crate::domain::ids::PaymentProvider::Dev);
    assert_eq!((config.database.pool, config.catalogue.price_cents), (20, 14_700));
    assert_eq!(config.claude.report_budget_microusd, 1_000_000);
}

#[test]
fn a_complete_production_is_accepted() {
    let config = Config::from_map(&production()).expect("complete");
    assert_eq!(config.payment.stripe.expect("stripe").webhook_secrets.len(), 2);
    assert_eq!(config.http.shutdown_lag, Duration::from_secs(10));
    assert_eq!(config.telemetry.log_level, "warn");
    assert_eq!(config.http.cors_origins, ["https://crb-analyser.com"]);
}

#[test]
fn every_fault_is_reported_at_once() {
    let error = Config::from_map(&map(&[("APP_ENV", "production"), ("PORT", "eighty"), ("DEBUG", "perhaps")]));
    let fields: BTreeSet<String> =
        error.expect_err("faults").field_errors().iter().map(|fault| fault.field.clone()).collect();
    for name in
        ["PORT", "DEBUG", "SECRET_KEY", "DATABASE_URL", "ANTHROPIC_API_KEY", "STRIPE_SECRET_KEY", "API_BASE_URL"]
    {
        assert!(fields.contains(name), "{name} is missing from {fields:?}");
    }
}

#[test]
fn production_refuses_what_belongs_elsewhere() {
    for (name, value, fault) in [
        ("DEBUG", "true", "DEBUG"),
        ("PAYMENT_PROVIDER", "dev", "PAYMENT_PROVIDER"),
        ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9000", "ANTHROPIC_BASE_URL"),
        ("SENDGRID_BASE_URL", "http://127.0.0.1:9000", "SENDGRID_BASE_URL"),
        ("STRIPE_BASE_URL", "http://127.0.0.1:9000", "STRIPE_BASE_URL"),
        ("STRIPE_SECRET_KEY", "sk_test_x", "STRIPE_SECRET_KEY"),
        ("LIMIT_BYPASS_KEY", "0123456789abcdef", "LIMIT_BYPASS_KEY"),
        ("DATABASE_URL", "sqlite:var/x.sqlite3", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://crb:pw@db.example:6543/crb", "DATABASE_URL"),
        ("API_BASE_URL", "http://api.crb-analyser.com", "API_BASE_URL"),
        ("WEB_ROOT", "frontend/dist", "WEB_ROOT"),
        ("PLANTED_FAULT", "error", "PLANTED_FAULT"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "development-secret-key-of-no-worth", "SECRET_KEY"),
    ] {
        assert!(refused(production(), name, value).contains(fault), "{name}={value}");
    }
}

#[test]
fn a_fault_is_planted_on_a_developers_machine_alone() {
    let mut staging = production();
    staging.insert("APP_ENV".into(), "staging".into());
    assert!(refused(staging, "PLANTED_FAULT", "error").contains("PLANTED_FAULT"));
    assert_eq!(refused(BTreeMap::new(), "PLANTED_FAULT", "earthquake"), "PLANTED_FAULT");
    let config = Config::from_map(&map(&[("PLANTED_FAULT", "pdf_cpu")])).expect("a developer may");
    assert_eq!(config.planted, Some(PlantedFault::PdfCpu));
}

#[test]
fn keys_and_addresses_belong_together() {
    let real_key_elsewhere = map(&[("ANTHROPIC_API_KEY", "sk-ant-api03-x")]);
    assert_eq!(refused(real_key_elsewhere, "ANTHROPIC_BASE_URL", "http://127.0.0.1:1"), "ANTHROPIC_BASE_URL");
    assert_eq!(refused(BTreeMap::new(), "ANTHROPIC_API_KEY", "sk-ant-stub-dev"), "ANTHROPIC_API_KEY");
    assert!(refused(BTreeMap::new(), "STRIPE_SECRET_KEY", "sk_live_x").contains("STRIPE_SECRET_KEY"));
    assert_eq!(refused(BTreeMap::new(), "SUPABASE_URL", "https://x.supabase.co"), "SUPABASE_SERVICE_KEY");
}

#[test]
fn bad_values_name_their_variable() {
    for (name, value) in [
        ("APP_ENV", "prod"),
        ("HEADER_TIMEOUT", "10"),
        ("WORKER_BACKOFF", "30s,soon"),
        ("REPORT_BUDGET_USD", "1,50"),
        ("API_BASE_URL", "localhost"),
        ("WORKER_LEASE", "10s"),
        ("REDIS_URL", "http://x"),
        ("TRACE_SAMPLE_RATE", "2"),
        ("CURRENCY", "USD"),
        ("WORKER_CONCURRENCY", "0"),
        ("CLAUDE_PHASE_TIMEOUT", "10m"),
    ] {
        assert_eq!(refused(BTreeMap::new(), name, value), name);
    }
}

#[test]
fn no_secret_is_printed() {
    let mut values = production();
    values.insert("SENTRY_DSN".into(), "https://canary@sentry.example/1".into());
    let config = Config::from_map(&values).expect("complete");
    let printed = redacted(&values, Stage::Production) + &format!("{config:?}");
    for secret in ["a-real-secret", "pw@db", "sk-ant-api03", "sk_live", "whsec", "SG.x", "canary"] {
        assert!(!printed.contains(secret), "{secret} is printed");
    }
}

#[test]
fn the_table_is_whole() {
    let mut names = BTreeSet::new();
    for var in VARS {
        assert!(names.insert(var.name), "{} stands twice", var.name);
        assert!(var.doc.ends_with('.'), "{}: a sentence", var.name);
    }
    for name in [
        "APP_ENV",
        "APP_VERSION",
        "DEBUG",
        "LOG_LEVEL",
        "SECRET_KEY",
        "SUPABASE_URL",
        "SUPABASE_SERVICE_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "ANTHROPIC_API_KEY",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "STRIPE_PUBLISHABLE_KEY",
        "SENDGRID_API_KEY",
        "SENDGRID_FROM_EMAIL",
        "LOGFIRE_TOKEN",
        "SENTRY_DSN",
        "BRAVE_API_KEY",
        "TAVILY_API_KEY",
    ] {
        assert!(names.contains(name), "{name} is missing");
    }
    let page = markdown() + &example() + &template(Stage::Staging);
    assert!(VARS.iter().all(|var| page.contains(var.name)));
}
