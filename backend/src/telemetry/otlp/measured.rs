//! Metrics that spans already hold: how long statements and calls to a model take, and the tokens of those calls. Read
//! from a finished batch, so that no request pays for them and no caller can forget them.

use opentelemetry::metrics::{Histogram, Meter};
use opentelemetry::trace::Status;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

#[derive(Debug)]
pub(super) struct Instruments {
    statements: Histogram<f64>,
    chats: Histogram<f64>,
    tokens: Histogram<u64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Self {
        let seconds = |name: &'static str, meaning: &'static str, boundaries: &[f64]| {
            let histogram = meter.f64_histogram(name).with_unit("s").with_description(meaning);
            histogram.with_boundaries(boundaries.to_vec()).build()
        };
        Self {
            statements: seconds(
                "db.client.operation.duration",
                "Duration of statements that somebody asked for",
                &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0],
            ),
            chats: seconds(
                "gen_ai.client.operation.duration",
                "Duration of calls to a model, all tries together",
                &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0],
            ),
            tokens: meter
                .u64_histogram("gen_ai.client.token.usage")
                .with_unit("{token}")
                .with_description("Tokens of calls to a model; input counts the cached ones too")
                .with_boundaries([1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144].map(f64::from).to_vec())
                .build(),
        }
    }

    pub(super) fn measure(&self, span: &SpanData) {
        let seconds = span.end_time.duration_since(span.start_time).unwrap_or_default().as_secs_f64();
        let failed = matches!(span.status, Status::Error { .. });
        if let Some(system) = text(span, "db.system") {
            let mut labels = vec![KeyValue::new("db.system.name", system)];
            labels.extend(text(span, "db.operation").map(|it| KeyValue::new("db.operation.name", it)));
            labels.extend(failed.then(|| KeyValue::new("error.type", "_OTHER")));
            self.statements.record(seconds, &labels);
        }
        let (Some(operation), Some(model)) = (text(span, "gen_ai.operation.name"), text(span, "gen_ai.request.model"))
        else {
            return;
        };
        let mut labels =
            vec![KeyValue::new("gen_ai.operation.name", operation), KeyValue::new("gen_ai.request.model", model)];
        labels.extend(text(span, "gen_ai.provider.name").map(|it| KeyValue::new("gen_ai.provider.name", it)));
        for (kind, name) in [("input", "gen_ai.usage.input_tokens"), ("output", "gen_ai.usage.output_tokens")] {
            if let Some(Value::I64(count)) = value(span, name) {
                let mut labels = labels.clone();
                labels.push(KeyValue::new("gen_ai.token.type", kind));
                self.tokens.record(count.unsigned_abs(), &labels);
            }
        }
        labels.extend(text(span, "error.type").map(|it| KeyValue::new("error.type", it)));
        self.chats.record(seconds, &labels);
    }
}

fn value<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    span.attributes.iter().find(|it| it.key.as_str() == name).map(|it| &it.value)
}

fn text(span: &SpanData, name: &str) -> Option<String> {
    value(span, name).map(|value| value.as_str().into_owned())
}
