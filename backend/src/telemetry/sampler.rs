//! What is traced: everything that somebody asked for, and no idle looking.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{ParentBasedSampler, Sampler, SamplingDecision, SamplingResult, ShouldSample};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

/// The target of the span of a call that the door has not drawn for a trace.
pub(super) const UNTRACED: &str = "crb_backend::untraced";

/// Lets a statement have a span inside of a span that is traced, and nowhere else. For the whole subscriber, so that no
/// such span is made at all: in an untraced call it would be a trace without a head, and for nobody an idle look.
pub(super) struct Statements;

impl<S> Layer<S> for Statements
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn register_callsite(&self, it: &'static Metadata<'static>) -> Interest {
        if is_statement(it) { Interest::sometimes() } else { Interest::always() }
    }

    fn enabled(&self, it: &Metadata<'_>, ctx: layer::Context<'_, S>) -> bool {
        !is_statement(it) || ctx.lookup_current().is_some_and(|around| around.metadata().target() != UNTRACED)
    }
}

fn is_statement(it: &Metadata<'_>) -> bool {
    it.is_span() && it.name().starts_with("sea_orm.")
}

/// A trace is kept whole or not at all. What others say of their own trace is not an order to us: a header could
/// otherwise hide its sender's doings.
pub(super) fn sampler() -> ParentBasedSampler {
    Sampler::parent_based(Roots).with_remote_parent_not_sampled(Sampler::AlwaysOn)
}

/// A statement that nothing asked for is the queue's poll or a probe: dropped, or it would be most of all there is.
#[derive(Debug, Clone)]
struct Roots;

impl ShouldSample for Roots {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        attributes: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let is_idle = name.starts_with("sea_orm.") || attributes.iter().any(|it| it.key.as_str().starts_with("db."));
        SamplingResult {
            decision: if is_idle { SamplingDecision::Drop } else { SamplingDecision::RecordAndSample },
            attributes: Vec::new(),
            trace_state: parent.map_or_else(TraceState::default, |it| it.span().span_context().trace_state().clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Span as _, SpanContext, SpanId, TraceFlags, Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    fn is_sampled(name: &'static str, parent: &Context) -> bool {
        let tracer = SdkTracerProvider::builder().with_sampler(sampler()).build().tracer("test");
        tracer.start_with_context(name, parent).span_context().is_sampled()
    }

    fn parent(flags: TraceFlags, is_remote: bool) -> Context {
        let ids = SpanContext::new(TraceId::from(7), SpanId::from(7), flags, is_remote, TraceState::default());
        Context::new().with_remote_span_context(ids)
    }

    #[test]
    fn idle_statements_are_dropped_and_asked_for_ones_kept() {
        assert!(is_sampled("report_write", &Context::new()));
        assert!(!is_sampled("sea_orm.query_one", &Context::new()));
        assert!(is_sampled("sea_orm.query_one", &parent(TraceFlags::SAMPLED, false)));
    }

    #[test]
    fn nothing_under_a_dropped_span_is_kept_but_a_header_cannot_hide_a_request() {
        assert!(!is_sampled("anything", &parent(TraceFlags::NOT_SAMPLED, false)));
        assert!(is_sampled("report_view", &parent(TraceFlags::NOT_SAMPLED, true)));
        assert!(is_sampled("report_view", &parent(TraceFlags::SAMPLED, true)));
    }
}
