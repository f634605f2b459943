//! The reports' part of the book: each one that was paid for must come to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::latency::Samples;
use crate::summary;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Ready,
    Failed,
}

/// A report that was paid for.
#[derive(Debug, Clone)]
struct Paid {
    at: Instant,
    report: Option<String>,
    end: Option<End>,
    /// From the payment to the terminal event; none where the stream did not tell the end.
    took: Option<Duration>,
}

/// One stream, over all its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    pub has_ended: bool,
    pub reconnects: u64,
    pub sequence_faults: u64,
}

#[derive(Debug, Default)]
pub(super) struct Reports {
    /// By order: the report's id is known later.
    paid: BTreeMap<String, Paid>,
    streams: u64,
    streams_unended: u64,
    reconnects: u64,
    sequence_faults: u64,
    pub(super) schema_faults: u64,
    /// Ready reports whose mail has not been seen, and reports whose mail came before we knew that they are ready.
    awaited: BTreeSet<String>,
    mailed: BTreeSet<String>,
}

impl Reports {
    pub(super) fn paid(&mut self, order: &str, at: Instant) {
        self.paid.insert(order.to_owned(), Paid { at, report: None, end: None, took: None });
    }

    pub(super) fn named(&mut self, order: &str, report: &str) {
        if let Some(paid) = self.paid.get_mut(order) {
            paid.report = Some(report.to_owned());
        }
    }

    pub(super) fn ended(&mut self, order: &str, end: End, by_stream_at: Option<Instant>) {
        let Some(paid) = self.paid.get_mut(order) else { return };
        paid.end = Some(end);
        paid.took = by_stream_at.map(|at| at.saturating_duration_since(paid.at));
        if let (End::Ready, Some(report)) = (end, &paid.report)
            && !self.mailed.contains(report)
        {
            self.awaited.insert(report.clone());
        }
    }

    pub(super) fn followed(&mut self, followed: Followed) {
        self.streams += 1;
        self.streams_unended += u64::from(!followed.has_ended);
        self.reconnects += followed.reconnects;
        self.sequence_faults += followed.sequence_faults;
    }

    /// A mail belongs to the report whose id stands in its link.
    pub(super) fn mail_seen(&mut self, text: &str) {
        for part in text.split("/reports/").skip(1) {
            let id: String = part.chars().take_while(|sign| sign.is_ascii_hexdigit() || *sign == '-').collect();
            self.awaited.remove(&id);
            self.mailed.insert(id);
        }
    }

    pub(super) fn mails_missing(&self) -> Vec<String> {
        self.awaited.iter().cloned().collect()
    }

    pub(super) fn tally(&self) -> (u64, u64, u64) {
        let ended = |end| self.paid.values().filter(|paid| paid.end == Some(end)).count() as u64;
        (self.paid.len() as u64, ended(End::Ready), ended(End::Failed))
    }

    pub(super) fn summary(&self, known: Option<Duration>, sees_mails: bool) -> summary::Reports {
        let (paid, ready, failed) = self.tally();
        let (mut durations, mut overheads) = (Samples::default(), Samples::default());
        for report in self.paid.values().filter(|report| report.end == Some(End::Ready)) {
            let Some(took) = report.took else { continue };
            durations.add(took);
            overheads.add(took.saturating_sub(known.unwrap_or_default()));
        }
        summary::Reports {
            paid,
            ready,
            failed,
            lost: paid - ready - failed,
            streams: self.streams,
            streams_unended: self.streams_unended,
            reconnects: self.reconnects,
            sequence_faults: self.sequence_faults,
            schema_faults: self.schema_faults,
            mails_missing: sees_mails.then_some(self.awaited.len() as u64),
            duration: durations.latency(),
            overhead: known.map(|_| overheads.latency()),
        }
    }
}
