//! A collector and a Sentry in one: takes what leaves a process by OTLP and in envelopes, and reads it as they would.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use async_compression::tokio::bufread::GzipDecoder;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub struct Collector {
    server: MockServer,
}

/// Everything that came, read.
#[derive(Default)]
pub struct Received {
    pub spans: Vec<Span>,
    pub logs: Vec<LogRecord>,
    /// By name; how often it was recorded, where it is a histogram.
    pub metrics: HashMap<String, u64>,
    /// Events of Sentry; its sums and sessions are not among them.
    pub events: Vec<Value>,
    pub resource: Option<Resource>,
    /// All bodies, decompressed, as text where they are text: what a search for personal data goes through.
    pub raw: String,
}

impl Collector {
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        Self { server }
    }

    pub fn url(&self) -> String {
        self.server.uri()
    }

    pub fn dsn(&self) -> String {
        self.server.uri().replace("http://", "http://public@") + "/1"
    }

    pub async fn received(&self) -> Received {
        let mut received = Received::default();
        for request in self.server.received_requests().await.expect("requests are recorded") {
            let body = match request.headers.get("content-encoding").map(|value| value.to_str().expect("text")) {
                Some("gzip") => gunzip(&request.body).await,
                None => request.body.clone(),
                Some(other) => panic!("{} came in {other}", request.url.path()),
            };
            received.raw.push_str(&String::from_utf8_lossy(&body));
            received.read(request.url.path(), &body);
        }
        received
    }
}

impl Received {
    fn read(&mut self, path: &str, body: &[u8]) {
        match path {
            "/v1/traces" => {
                for group in ExportTraceServiceRequest::decode(body).expect("traces").resource_spans {
                    self.resource = group.resource;
                    self.spans.extend(group.scope_spans.into_iter().flat_map(|scope| scope.spans));
                }
            }
            "/v1/logs" => {
                let groups = ExportLogsServiceRequest::decode(body).expect("logs").resource_logs;
                let scopes = groups.into_iter().flat_map(|group| group.scope_logs);
                self.logs.extend(scopes.flat_map(|scope| scope.log_records));
            }
            "/v1/metrics" => {
                let groups = ExportMetricsServiceRequest::decode(body).expect("metrics").resource_metrics;
                let scopes = groups.into_iter().flat_map(|group| group.scope_metrics);
                for metric in scopes.flat_map(|scope| scope.metrics) {
                    let count = match metric.data {
                        Some(Data::Histogram(histogram)) => histogram.data_points.iter().map(|point| point.count).sum(),
                        _ => 0,
                    };
                    self.metrics.insert(metric.name, count);
                }
            }
            "/api/1/envelope/" => self.events.extend(events(&String::from_utf8_lossy(body))),
            other => panic!("nobody exports to {other}"),
        }
    }

    /// The spans as an indented forest: names, kinds and nesting, sorted; equal ones side by side are one line, as how
    /// often something is asked is another test's concern.
    pub fn tree(&self) -> String {
        let known: HashSet<&[u8]> = self.spans.iter().map(|span| span.span_id.as_slice()).collect();
        let mut children: HashMap<&[u8], Vec<&Span>> = HashMap::new();
        let mut roots = Vec::new();
        for span in &self.spans {
            if known.contains(span.parent_span_id.as_slice()) {
                children.entry(&span.parent_span_id).or_default().push(span);
            } else {
                roots.push(span);
            }
        }
        forest(&roots, &children, 0)
    }

    pub fn resource_words(&self) -> BTreeMap<String, String> {
        use opentelemetry_proto::tonic::common::v1::any_value::Value::StringValue;
        let attributes = self.resource.iter().flat_map(|resource| &resource.attributes);
        attributes
            .filter_map(|it| match it.value.as_ref()?.value.as_ref()? {
                StringValue(text) => Some((it.key.clone(), text.clone())),
                _ => None,
            })
            .collect()
    }
}

fn forest(spans: &[&Span], children: &HashMap<&[u8], Vec<&Span>>, depth: usize) -> String {
    let mut trees: Vec<String> = spans
        .iter()
        .map(|span| {
            let kind = span.kind().as_str_name().trim_start_matches("SPAN_KIND_").to_ascii_lowercase();
            let failed = span.status.as_ref().is_some_and(|status| status.code == 2);
            let mut tree = String::new();
            let mark = if failed { " failed" } else { "" };
            writeln!(tree, "{}{} ({kind}){mark}", "  ".repeat(depth), span.name).expect("a string takes it");
            tree + &forest(children.get(span.span_id.as_slice()).map_or(&[], Vec::as_slice), children, depth + 1)
        })
        .collect();
    trees.sort();
    trees.dedup();
    trees.concat()
}

/// An envelope is lines of JSON: its header, then a header and a payload for each item.
fn events(envelope: &str) -> Vec<Value> {
    let lines: Vec<Value> = envelope.lines().skip(1).filter_map(|line| serde_json::from_str(line).ok()).collect();
    lines.chunks(2).filter(|item| item[0]["type"] == "event").map(|item| item[1].clone()).collect()
}

async fn gunzip(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzipDecoder::new(body).read_to_end(&mut plain).await.expect("a whole gzip stream");
    plain
}
