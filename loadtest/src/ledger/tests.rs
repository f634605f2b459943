//! The book's arithmetic.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{Effort, End, Followed, Ledger, Made, rps_expected};

fn made(name: &str, status: Option<u16>, is_expected: bool) -> Made<'_> {
    Made { name, status, is_expected, body_bytes: 100, took: Duration::from_millis(5) }
}

#[test]
fn calls_are_counted_by_name_and_status() {
    let ledger = Ledger::default();
    ledger.note(made("order_view", Some(200), true));
    ledger.note(made("order_view", Some(500), false));
    ledger.note(made("order_view", None, false));
    ledger.note(made("report_view:unchanged", Some(304), true));
    let requests = ledger.requests();
    let orders = &requests["order_view"];
    assert_eq!((orders.count, orders.unexpected, orders.body_bytes), (3, 2, 300));
    assert_eq!(orders.statuses, BTreeMap::from([(0, 1), (200, 1), (500, 1)]));
    assert_eq!(requests["report_view:unchanged"].unexpected, 0);
}

#[test]
fn the_window_leaves_out_what_came_before_and_streams() {
    let ledger = Ledger::default();
    ledger.note(made("industry_list", Some(200), true));
    assert_eq!(ledger.in_window(), 0);
    ledger.begin_window();
    ledger.note(made("industry_list", Some(200), true));
    ledger.note(made("report_follow:events", Some(200), true));
    assert_eq!(ledger.in_window(), 1);
    assert_eq!(ledger.interval().requests, 2);
    assert_eq!(ledger.interval().requests, 0, "an interval is told once");
    assert_eq!(ledger.requests()["report_follow:events"].count, 1);
}

#[test]
fn the_first_fault_of_a_kind_is_kept_in_words() {
    let ledger = Ledger::default();
    ledger.fault("stream", "the first");
    ledger.fault("stream", "the second");
    let faults = ledger.faults();
    assert_eq!((faults.len(), faults[0].count, faults[0].first.as_str()), (1, 2, "the first"));
}

#[test]
fn a_report_that_was_paid_is_ready_failed_or_lost() {
    let (ledger, now) = (Ledger::default(), Instant::now());
    for order in ["a", "b", "c"] {
        ledger.paid(order, now);
        ledger.named(order, &format!("0000-{order}"));
    }
    ledger.ended("a", End::Ready, Some(now + Duration::from_secs(3)));
    ledger.ended("b", End::Failed, Some(now + Duration::from_secs(9)));
    ledger.ended("nobody", End::Ready, None);
    let reports = ledger.reports(Some(Duration::from_secs(2)), true);
    assert_eq!((reports.paid, reports.ready, reports.failed, reports.lost), (3, 1, 1, 1));
    assert_eq!((reports.duration.max as u64, reports.overhead.expect("a stub").max as u64), (3000, 1000));
    assert_eq!(reports.mails_missing, Some(1));
    assert_eq!(ledger.reports(None, false).overhead, None);
    assert_eq!(ledger.reports(None, false).mails_missing, None);
}

#[test]
fn a_mail_is_found_by_the_report_in_its_link_before_and_after_the_end() {
    let (ledger, now) = (Ledger::default(), Instant::now());
    for order in ["a", "b", "c"] {
        ledger.paid(order, now);
        ledger.named(order, &format!("0000-{order}"));
    }
    ledger.mail_seen("Read it: http://app/reports/0000-a#token=x");
    ledger.ended("a", End::Ready, None);
    ledger.ended("b", End::Ready, None);
    ledger.ended("c", End::Ready, None);
    assert_eq!(ledger.mails_missing(), ["0000-b", "0000-c"]);
    ledger.mail_seen("http://app/reports/0000-c");
    assert_eq!(ledger.reports(None, true).mails_missing, Some(1));
}

#[test]
fn streams_add_up() {
    let ledger = Ledger::default();
    ledger.followed(Followed { has_ended: true, reconnects: 2, sequence_faults: 0 });
    ledger.followed(Followed { has_ended: false, reconnects: 0, sequence_faults: 3 });
    let reports = ledger.reports(None, false);
    let seen = [reports.streams, reports.streams_unended, reports.reconnects, reports.sequence_faults];
    assert_eq!(seen, [2, 1, 2, 3]);
}

#[test]
fn the_expected_rate_follows_from_users_pauses_and_answers() {
    // Ten visitors, each with 4 requests in 8 s of pauses and 2 s of waiting: 4 a second. Buyers did nothing.
    let users = BTreeMap::from([("visitor", 10), ("buyer", 5)]);
    let effort = Effort { requests: 40, thought: Duration::from_secs(80), waited: Duration::from_secs(20) };
    let expected = rps_expected(&users, &BTreeMap::from([("visitor", effort)]));
    assert!((expected - 4.0).abs() < 1e-9, "{expected}");
}
