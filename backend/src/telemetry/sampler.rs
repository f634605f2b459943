//! What is traced: whole traces, whatever a caller wishes.

use opentelemetry_sdk::trace::{ParentBasedSampler, Sampler};

/// A trace is kept whole or not at all; which calls get one is drawn at the door. What others say of their own trace is
/// not an order to us: a header could otherwise hide its sender's doings.
pub(super) fn sampler() -> ParentBasedSampler {
    Sampler::parent_based(Sampler::AlwaysOn).with_remote_parent_not_sampled(Sampler::AlwaysOn)
}

#[cfg(test)]
mod tests {
    use opentelemetry::Context;
    use opentelemetry::trace::{
        Span as _, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _,
        TracerProvider as _,
    };
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::sampler;

    fn is_sampled(name: &'static str, parent: &Context) -> bool {
        let tracer = SdkTracerProvider::builder().with_sampler(sampler()).build().tracer("test");
        tracer.start_with_context(name, parent).span_context().is_sampled()
    }

    fn parent(flags: TraceFlags, is_remote: bool) -> Context {
        let ids = SpanContext::new(TraceId::from(7), SpanId::from(7), flags, is_remote, TraceState::default());
        Context::new().with_remote_span_context(ids)
    }

    #[test]
    fn nothing_under_a_dropped_span_is_kept_but_a_header_cannot_hide_a_request() {
        assert!(is_sampled("report_write", &Context::new()));
        assert!(!is_sampled("anything", &parent(TraceFlags::NOT_SAMPLED, false)));
        assert!(is_sampled("report_view", &parent(TraceFlags::NOT_SAMPLED, true)));
        assert!(is_sampled("report_view", &parent(TraceFlags::SAMPLED, true)));
    }
}
