//! A good run of a made-up machine, for the tests to spoil.

use std::collections::BTreeMap;

use crate::baselines::Baseline;
use crate::summary::{Generator, Host, Latency, Moment, Operation, Reports, Request, Server, Summary, Target};

pub(crate) fn summary() -> Summary {
    let requests = [
        ("report_download", request(60, 90.0, 400_000)),
        ("report_follow:events", request(60, 900.0, 4_000)),
        ("session_answer", request(1_800, 3.0, 600)),
        ("session_create", request(20, 4.0, 900)),
        ("vendor_list", request(900, 5.0, 18_000)),
    ];
    let operations = [
        ("report_download", operation(60, 2, 1)),
        ("report_write", Operation { claude_calls: 7 * 60, ..operation(60, 31, 0) }),
        ("session_answer", operation(1_800, 3, 1)),
        ("session_create", operation(20, 2, 1)),
        ("vendor_list", operation(900, 0, 1)),
    ];
    Summary {
        profile: "baseline-100".into(),
        started_at: "2026-11-27T12:00:00Z".into(),
        seconds: 60.0,
        users: 100,
        target: Target {
            origin: "http://127.0.0.1:20000".into(),
            version: "0.1.0".into(),
            revision: "abc1234".into(),
            environment: "test".into(),
        },
        host: Host {
            runner_class: "linux-x86_64-2cpu".into(),
            cpu_model: "A processor".into(),
            cpus: 2,
            cpu_pressure: Some(0.1),
            steal: 0.001,
        },
        requests: requests.map(|(name, request)| (name.to_owned(), request)).into(),
        reports: Reports {
            paid: 60,
            ready: 60,
            failed: 0,
            lost: 0,
            streams: 60,
            streams_unended: 0,
            reconnects: 6,
            sequence_faults: 0,
            schema_faults: 0,
            mails_missing: Some(0),
            duration: latency(900.0),
            overhead: Some(latency(300.0)),
        },
        server: Server {
            operations: operations.map(|(name, operation)| (name.to_owned(), operation)).into(),
            statements: 8_000,
            redis_commands: 3_000,
            claude_calls: 7 * 60,
            sent_bytes: 42_000_000,
            reports_ready: 60,
            reports_failed: 0,
            jobs_left: 0,
            cpu_seconds: 9.0,
            peak_resident_bytes: 55 * 1_048_576,
            pdfs: 60,
            pdf_cpu_seconds: 4.2,
        },
        claude_calls: Some(7 * 60),
        generator: Generator { cpu_seconds: 12.0, rps: 47.0, rps_expected: 48.0, late_starts: 0 },
        faults: Vec::new(),
        course: (0..12).map(moment).collect(),
    }
}

/// What the good run is usually like.
pub(crate) fn baseline() -> Baseline {
    Baseline::of(&[summary()], "the good run of the tests").expect("the good run passes")
}

fn request(count: u64, p10: f64, body_bytes: u64) -> Request {
    Request {
        count,
        unexpected: 0,
        statuses: BTreeMap::from([(200, count)]),
        body_bytes: count * body_bytes,
        latency: latency(p10),
    }
}

fn latency(p10: f64) -> Latency {
    Latency {
        min: 0.9 * p10,
        p10,
        p50: 1.2 * p10,
        p75: 1.4 * p10,
        p90: 1.8 * p10,
        p95: 2.0 * p10,
        p99: 3.0 * p10,
        p999: 4.0 * p10,
        max: 5.0 * p10,
        mean: 1.3 * p10,
    }
}

fn operation(requests: u64, statements: u64, redis_commands: u64) -> Operation {
    Operation {
        requests,
        statements: requests * statements,
        redis_commands: requests * redis_commands,
        claude_calls: 0,
    }
}

fn moment(step: u32) -> Moment {
    let swing = f64::from(step % 4);
    Moment {
        second: 5 * step,
        users: (25 * step).min(100),
        requests: u64::from((60 * step).min(235)) + u64::from(step % 3) * 9,
        p50: 4.0 + swing,
        p95: 11.0 + 6.0 * swing,
    }
}
