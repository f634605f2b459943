//! OpenTelemetry: traces, metrics and logs to one collector, by OTLP over HTTP, compressed, scrubbed, in batches.

mod measured;
mod scrubbed;

use std::collections::HashMap;
use std::time::Duration;

use measured::Instruments;
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_otlp::{
    Compression, LogExporter, MetricExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::blocking::Client;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::sampler::sampler;
use crate::clients::http::tls;
use crate::config::{self, Config};
use crate::error::{Error, Result};

pub(super) const SERVICE: &str = "crb-backend";

/// For one batch, its second and third try included.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Without a collector there is the tracer alone: lines, jobs and Sentry want ids of traces in any case.
pub(super) struct Providers {
    pub(super) tracer: SdkTracerProvider,
    pub(super) meter: Option<SdkMeterProvider>,
    pub(super) logger: Option<SdkLoggerProvider>,
}

pub(super) fn open(config: &Config) -> Result<Providers> {
    let resource = resource(config);
    let tracer = SdkTracerProvider::builder().with_sampler(sampler()).with_resource(resource.clone());
    let Some(collector) = Collector::of(&config.telemetry)? else {
        return Ok(Providers { tracer: tracer.build(), meter: None, logger: None });
    };
    let client = client()?;
    let spans = collector.reach(SpanExporter::builder().with_http(), "traces", &client).build().map_err(unusable)?;
    let logs = collector.reach(LogExporter::builder().with_http(), "logs", &client).build().map_err(unusable)?;
    let metrics = MetricExporter::builder().with_temporality(collector.temporality).with_http();
    let metrics = collector.reach(metrics, "metrics", &client).build().map_err(unusable)?;
    let meter = SdkMeterProvider::builder().with_resource(resource.clone()).with_periodic_exporter(metrics).build();
    let instruments = Instruments::new(&meter.meter("crb"));
    let logger = SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(scrubbed::Logs::new(logs));
    Ok(Providers {
        tracer: tracer.with_batch_exporter(scrubbed::Spans::new(spans, Some(instruments))).build(),
        meter: Some(meter),
        logger: Some(logger.build()),
    })
}

/// One for all signals. Made on a thread of its own: it blocks, and may not do so where the runtime is.
fn client() -> Result<Client> {
    let tls = tls()?;
    let build = move || Client::builder().tls_backend_preconfigured(tls).timeout(EXPORT_TIMEOUT).build();
    let built = std::thread::spawn(build).join().map_err(|_| Error::internal("no client for telemetry"))?;
    built.map_err(|error| Error::internal("no client for telemetry").caused_by(error))
}

fn unusable(error: opentelemetry_otlp::ExporterBuildError) -> Error {
    Error::field("OTEL_EXPORTER_OTLP_ENDPOINT", "no exporter can be made for it").caused_by(error)
}

fn resource(config: &Config) -> Resource {
    Resource::builder()
        .with_service_name(SERVICE)
        .with_attributes([
            KeyValue::new("service.version", config.version.clone()),
            KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
            KeyValue::new("deployment.environment.name", config.stage.as_str()),
            KeyValue::new("vcs.ref.head.revision", config.revision.clone()),
        ])
        .build()
}

/// Who is told, and how they want to be told.
struct Collector {
    base: String,
    headers: HashMap<String, String>,
    temporality: Temporality,
}

impl Collector {
    /// The collector that is named; else Logfire, when there is a token for it; else none.
    fn of(config: &config::Telemetry) -> Result<Option<Self>> {
        let headers = config.otlp_headers.as_ref().map(headers).transpose()?;
        if let Some(url) = &config.otlp_endpoint {
            // Logfire's token is for Logfire: it does not go to whoever else is named.
            return Ok(Some(Self {
                base: url.as_str().trim_end_matches('/').to_owned(),
                headers: headers.unwrap_or_default(),
                temporality: Temporality::default(),
            }));
        }
        Ok(config.logfire_token.as_ref().map(|token| Self::logfire(token, headers.unwrap_or_default())))
    }

    fn logfire(token: &SecretString, given: HashMap<String, String>) -> Self {
        let token = token.expose_secret();
        let region = if token.starts_with("pylf_v1_eu_") { "eu" } else { "us" };
        let mut headers = HashMap::from([("authorization".to_owned(), format!("Bearer {token}"))]);
        headers.extend(given);
        Self { base: format!("https://logfire-{region}.pydantic.dev"), headers, temporality: Temporality::Delta }
    }

    fn reach<B: WithExportConfig + WithHttpConfig>(&self, exporter: B, signal: &str, client: &Client) -> B {
        exporter
            .with_http_client(client.clone())
            .with_endpoint(format!("{}/v1/{signal}", self.base))
            .with_headers(self.headers.clone())
            .with_protocol(Protocol::HttpBinary)
            .with_compression(Compression::Gzip)
            .with_timeout(EXPORT_TIMEOUT)
    }
}

/// `name=value` pairs, separated by commas, the values percent-encoded.
fn headers(text: &SecretString) -> Result<HashMap<String, String>> {
    let pairs = text.expose_secret().split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let name = name.trim().to_ascii_lowercase();
            (!name.is_empty()).then_some((name, decode(value.trim())?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Error::field("OTEL_EXPORTER_OTLP_HEADERS", "must be name=value pairs, separated by commas"))
}

fn decode(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn collector(values: &[(&str, &str)]) -> Result<Option<Collector>> {
        let values: BTreeMap<_, _> = values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Collector::of(&Config::from_map(&values).expect("a configuration").telemetry)
    }

    fn found(values: &[(&str, &str)]) -> Collector {
        collector(values).expect("a good configuration").expect("a collector")
    }

    #[test]
    fn without_a_collector_nothing_leaves() {
        assert!(collector(&[]).expect("a good configuration").is_none());
    }

    #[test]
    fn a_token_of_logfires_says_where_it_belongs() {
        for (token, base) in [
            ("pylf_v1_eu_abc", "https://logfire-eu.pydantic.dev"),
            ("pylf_v1_us_abc", "https://logfire-us.pydantic.dev"),
            ("anything", "https://logfire-us.pydantic.dev"),
        ] {
            let collector = found(&[("LOGFIRE_TOKEN", token)]);
            assert_eq!(collector.base, base);
            assert_eq!(collector.headers["authorization"], format!("Bearer {token}"));
            assert_eq!(collector.temporality, Temporality::Delta);
        }
    }

    #[test]
    fn a_named_collector_wins_and_never_sees_the_token() {
        let collector = found(&[
            ("LOGFIRE_TOKEN", "pylf_v1_eu_abc"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "X-Scope = one%20two , authorization=Basic%20abc="),
        ]);
        assert_eq!(collector.base, "http://127.0.0.1:4318");
        assert_eq!(collector.temporality, Temporality::Cumulative);
        assert_eq!(collector.headers["x-scope"], "one two");
        assert_eq!(collector.headers["authorization"], "Basic abc=");
        assert!(!format!("{:?}", collector.headers).contains("pylf"));
    }

    #[test]
    fn headers_that_are_none_are_refused_without_being_told() {
        for bad in ["secret", "=secret", "a=%zzsecret", "a=%f"] {
            let error = collector(&[("LOGFIRE_TOKEN", "x"), ("OTEL_EXPORTER_OTLP_HEADERS", bad)]).err();
            let error = error.unwrap_or_else(|| panic!("{bad} is accepted"));
            assert_eq!(error.field_errors()[0].field, "OTEL_EXPORTER_OTLP_HEADERS");
            assert!(!error.chain().contains("secret"));
        }
    }
}
