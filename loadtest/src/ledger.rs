//! The run's own book: every call, every report from its payment to its end, and what went wrong.
//!
//! It begins with the first call and ends with the drain, so that it can be held against the server's own counts. Only
//! the rate of requests is taken from the load alone, without ramp-up and drain.

mod reports;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::latency::Samples;
use crate::summary::{Fault, Request};

pub use reports::{End, Followed};

#[derive(Debug, Default)]
pub struct Ledger {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    requests: BTreeMap<String, Row>,
    faults: BTreeMap<&'static str, Fault>,
    reports: reports::Reports,
    efforts: BTreeMap<&'static str, Effort>,
    /// Calls since the last moment of the course.
    interval: (u64, Samples),
    /// Calls made while the load was on.
    window: Option<u64>,
    counted: u64,
    users: u32,
}

#[derive(Debug, Default)]
struct Row {
    count: u64,
    unexpected: u64,
    statuses: BTreeMap<u16, u64>,
    body_bytes: u64,
    took: Samples,
}

/// One call that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// An operation's id, with what is particular about the call behind a colon.
    pub name: &'a str,
    /// None where nobody answered.
    pub status: Option<u16>,
    pub is_expected: bool,
    pub body_bytes: u64,
    pub took: Duration,
}

/// What the users of one kind did while the load was on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effort {
    pub requests: u64,
    pub thought: Duration,
    pub waited: Duration,
}

/// What a few seconds have brought.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    pub users: u32,
    pub requests: u64,
    pub p50: f64,
    pub p95: f64,
}

impl Ledger {
    fn open(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, made: Made<'_>) {
        let mut book = self.open();
        let row = book.requests.entry(made.name.to_owned()).or_default();
        row.count += 1;
        row.unexpected += u64::from(!made.is_expected);
        // 0: nobody answered.
        *row.statuses.entry(made.status.unwrap_or(0)).or_default() += 1;
        row.body_bytes += made.body_bytes;
        row.took.add(made.took);
        if !made.name.ends_with(":events") {
            // A stream is no request a second time: its opening is.
            book.counted += 1;
            book.interval.0 += 1;
            book.interval.1.add(made.took);
        }
    }

    /// Something went wrong; the first of each kind is kept in words.
    pub fn fault(&self, kind: &'static str, words: impl Into<String>) {
        let mut book = self.open();
        let new = || Fault { kind: kind.to_owned(), count: 0, first: words.into() };
        book.faults.entry(kind).or_insert_with(new).count += 1;
    }

    pub fn effort(&self, kind: &'static str, effort: Effort) {
        let mut book = self.open();
        let sum = book.efforts.entry(kind).or_default();
        sum.requests += effort.requests;
        sum.thought += effort.thought;
        sum.waited += effort.waited;
    }

    /// A user comes, or goes again.
    pub fn user_comes(&self) {
        self.open().users += 1;
    }

    pub fn user_goes(&self) {
        let mut book = self.open();
        book.users = book.users.saturating_sub(1);
    }

    /// The load is on from here.
    pub fn begin_window(&self) {
        let mut book = self.open();
        book.window = Some(book.counted);
        book.efforts.clear();
    }

    /// Calls since the window began; none before that.
    pub fn in_window(&self) -> u64 {
        let book = self.open();
        book.window.map_or(0, |before| book.counted - before)
    }

    pub fn efforts(&self) -> BTreeMap<&'static str, Effort> {
        self.open().efforts.clone()
    }

    pub fn interval(&self) -> Interval {
        let mut book = self.open();
        let (requests, samples) = std::mem::take(&mut book.interval);
        let latency = samples.latency();
        Interval { users: book.users, requests, p50: latency.p50, p95: latency.p95 }
    }

    pub fn paid(&self, order: &str, at: Instant) {
        self.open().reports.paid(order, at);
    }

    pub fn named(&self, order: &str, report: &str) {
        self.open().reports.named(order, report);
    }

    pub fn ended(&self, order: &str, end: End, by_stream_at: Option<Instant>) {
        self.open().reports.ended(order, end, by_stream_at);
    }

    pub fn followed(&self, followed: Followed) {
        self.open().reports.followed(followed);
    }

    /// A body that breaks its schema.
    pub fn schema_fault(&self, words: String) {
        self.open().reports.schema_faults += 1;
        self.fault("schema", words);
    }

    /// A mail was delivered whose text names these reports, among others.
    pub fn mail_seen(&self, text: &str) {
        self.open().reports.mail_seen(text);
    }

    pub fn mails_missing(&self) -> Vec<String> {
        self.open().reports.mails_missing()
    }

    /// Paid, ready, failed, so far.
    pub fn tally(&self) -> (u64, u64, u64) {
        self.open().reports.tally()
    }

    pub fn faults_so_far(&self) -> u64 {
        let book = self.open();
        let unexpected: u64 = book.requests.values().map(|row| row.unexpected).sum();
        unexpected
            + book.faults.values().filter(|fault| fault.kind != "unexpected").map(|fault| fault.count).sum::<u64>()
    }

    pub fn requests(&self) -> BTreeMap<String, Request> {
        let request = |row: &Row| Request {
            count: row.count,
            unexpected: row.unexpected,
            statuses: row.statuses.clone(),
            body_bytes: row.body_bytes,
            latency: row.took.latency(),
        };
        self.open().requests.iter().map(|(name, row)| (name.clone(), request(row))).collect()
    }

    pub fn faults(&self) -> Vec<Fault> {
        self.open().faults.values().cloned().collect()
    }

    /// `known` is the time that the stub is known to have taken on the critical path, where there is one. `sees_mails`:
    /// whether mails could be seen at all.
    pub fn reports(&self, known: Option<Duration>, sees_mails: bool) -> crate::summary::Reports {
        self.open().reports.summary(known, sees_mails)
    }
}

/// Requests a second that so many users of each kind make when nothing but the product takes time: each goes through its
/// requests, its pauses and the product's answers, and the generator adds nothing.
pub fn rps_expected(users: &BTreeMap<&'static str, u32>, efforts: &BTreeMap<&'static str, Effort>) -> f64 {
    let of = |(kind, count): (&&'static str, &u32)| {
        let effort = efforts.get(kind).copied().unwrap_or_default();
        let seconds = (effort.thought + effort.waited).as_secs_f64();
        if seconds > 0.0 { f64::from(*count) * effort.requests as f64 / seconds } else { 0.0 }
    };
    users.iter().map(of).sum()
}

#[cfg(test)]
mod tests;
