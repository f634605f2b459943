//! Reports: their states, their document, their figures; and the calls they cost.

use chrono::{Duration, NaiveDate};
use crb_backend::domain::ids::{CallId, CallOutcome, ReportId, ReportStatus};
use crb_backend::domain::report::Language;
use crb_backend::error::Kind;
use crb_backend::store::calls::{self, Call};
use crb_backend::store::events;
use crb_backend::store::reports::{self, DayCost, NewReport, Packed, Pdf};

use super::{finished, minutes, noon, report, report_at};
use crate::support::db::TestDb;

fn call(report_id: ReportId, cost_microusd: i64) -> Call {
    Call {
        id: CallId::new(),
        report_id,
        task: "findings".to_owned(),
        model: "claude-sonnet-5-5".to_owned(),
        attempt: 1,
        input_tokens: 4_000,
        output_tokens: 2_000,
        cache_read_tokens: 3_000,
        cache_write_tokens: 0,
        cost_microusd,
        latency_ms: 12_000,
        ttft_ms: Some(800),
        stop_reason: Some("end_turn".to_owned()),
        outcome: CallOutcome::Ok,
        provider_request_id: Some("req_1".to_owned()),
        at: noon(),
    }
}

#[tokio::test]
async fn a_report_is_queued_then_running_then_ready_with_its_document() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = report(&test.db).await;
    let queued = reports::find(conn, id).await.unwrap().unwrap();
    assert_eq!((queued.status, queued.readiness_score, queued.cost_microusd), (ReportStatus::Queued, 44, 0));
    assert_eq!(queued.language, Language::English);
    assert!(!reports::finish_ready(conn, id, finished(), noon()).await.unwrap(), "not before it runs");

    assert!(reports::start(conn, id, noon() + minutes(1)).await.unwrap());
    assert!(reports::start(conn, id, noon() + minutes(2)).await.unwrap(), "again, after a lost lease");
    assert_eq!(reports::document(conn, id).await.unwrap(), None);
    assert!(reports::finish_ready(conn, id, finished(), noon() + minutes(3)).await.unwrap());
    assert!(!reports::finish_ready(conn, id, finished(), noon() + minutes(4)).await.unwrap());
    assert!(!reports::start(conn, id, noon()).await.unwrap());
    assert!(!reports::fail(conn, id, "late", true, noon()).await.unwrap());
    assert!(!reports::requeue(conn, id, noon()).await.unwrap());

    let ready = reports::find(conn, id).await.unwrap().unwrap();
    assert_eq!((ready.status, ready.started_at), (ReportStatus::Ready, Some(noon() + minutes(1))));
    assert_eq!(ready.ready_at, Some(noon() + minutes(3)));
    assert_eq!(ready.document_etag.as_deref(), Some("0123abcd"));
    let document = serde_json::from_str(&finished().document).unwrap();
    assert_eq!(reports::document(conn, id).await.unwrap(), Some(document));
    let packed = Packed { etag: "0123abcd".to_owned(), gzip: finished().document_gzip };
    assert_eq!(reports::packed(conn, id).await.unwrap(), Some(packed));
    assert_eq!(reports::find_by_order(conn, ready.order_id).await.unwrap(), Some(ready));
    assert_eq!(reports::packed(conn, ReportId::new()).await.unwrap(), None);
}

#[tokio::test]
async fn an_order_has_one_report() {
    let test = TestDb::new().await;
    let first = reports::find(test.db.conn(), report(&test.db).await).await.unwrap().unwrap();
    let second = NewReport {
        id: ReportId::new(),
        order_id: first.order_id,
        session_id: first.session_id,
        tier: "report".to_owned(),
        access_token_sha256: "another".to_owned(),
        language: Language::English,
        readiness_score: 1,
    };
    assert_eq!(reports::insert(test.db.conn(), &second, noon()).await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test]
async fn a_failed_report_is_due_a_refund_until_an_operator_tries_again() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = report(&test.db).await;
    reports::start(conn, id, noon()).await.unwrap();
    assert!(reports::fail(conn, id, "three attempts failed", true, noon() + minutes(5)).await.unwrap());
    let failed = reports::find(conn, id).await.unwrap().unwrap();
    assert_eq!((failed.status, failed.refund_due), (ReportStatus::Failed, true));
    assert_eq!(failed.failed_reason.as_deref(), Some("three attempts failed"));
    assert_eq!(failed.failed_at, Some(noon() + minutes(5)));

    assert!(reports::requeue(conn, id, noon() + minutes(6)).await.unwrap());
    let again = reports::find(conn, id).await.unwrap().unwrap();
    assert_eq!((again.status, again.refund_due, again.failed_reason), (ReportStatus::Queued, false, None));
    assert!(!reports::requeue(conn, id, noon()).await.unwrap(), "it is queued");
}

#[tokio::test]
async fn the_pdf_and_the_resends_are_kept() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let id = report(&test.db).await;
    let pdf = Pdf { key: "reports/1.pdf".to_owned(), etag: "e".to_owned(), bytes: 269_000 };
    reports::set_pdf(conn, id, &pdf, noon()).await.unwrap();
    assert_eq!(reports::find(conn, id).await.unwrap().unwrap().pdf, Some(pdf.clone()));

    let (today, tomorrow) = (noon().date_naive(), noon().date_naive().succ_opt().unwrap());
    for nth in 1..=4 {
        assert_eq!(reports::count_resend(conn, id, today).await.unwrap(), nth);
    }
    assert_eq!(reports::count_resend(conn, id, tomorrow).await.unwrap(), 1);

    let nobody = ReportId::new();
    let errors = [
        reports::set_pdf(conn, nobody, &pdf, noon()).await.unwrap_err(),
        reports::count_resend(conn, nobody, today).await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.kind() == Kind::NotFound));
}

#[tokio::test]
async fn the_list_pages_newest_first_and_by_status() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(report(&test.db).await);
    }
    ids.reverse();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = reports::list(conn, None, cursor.as_deref(), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|report| report.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ids);

    reports::start(conn, ids[3], noon()).await.unwrap();
    let running = reports::list(conn, Some(ReportStatus::Running), None, 10).await.unwrap();
    assert_eq!(running.items.iter().map(|report| report.id).collect::<Vec<_>>(), [ids[3]]);
    let error = reports::list(conn, None, Some("nonsense"), 10).await.unwrap_err();
    assert_eq!((error.kind(), error.field_errors()[0].field.as_str()), (Kind::Invalid, "cursor"));
}

#[tokio::test]
async fn the_figures_count_what_happened_lately() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let now = noon() + Duration::days(1);
    report(&test.db).await;
    for (started, seconds) in [(now - minutes(60), 40), (now - minutes(50), 60), (now - Duration::days(5), 90)] {
        let id = report_at(&test.db, noon() - Duration::days(10)).await;
        reports::start(conn, id, started).await.unwrap();
        reports::finish_ready(conn, id, finished(), started + Duration::seconds(seconds)).await.unwrap();
    }
    let failed = report(&test.db).await;
    reports::fail(conn, failed, "no", false, now - minutes(1)).await.unwrap();
    for (day, cost) in [(0, 100), (0, 20), (-2, 7), (-40, 1_000)] {
        calls::insert(conn, &Call { at: now + Duration::days(day), ..call(failed, cost) }).await.unwrap();
    }

    let stats = reports::stats(conn, now).await.unwrap();
    assert_eq!((stats.queued, stats.running, stats.ready_24h, stats.failed_24h), (1, 0, 2, 1));
    assert_eq!((stats.generation_p50_seconds, stats.generation_p95_seconds), (Some(60.0), Some(90.0)));
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let expected = [(21, 7), (23, 120)].map(|(n, cost_microusd)| DayCost { day: day(n), cost_microusd });
    assert_eq!(stats.cost_per_day, expected);
}

#[tokio::test]
async fn calls_are_listed_in_order_and_summed() {
    let test = TestDb::new().await;
    let conn = test.db.conn();
    let (mine, other) = (report(&test.db).await, report(&test.db).await);
    let second = Call { at: noon() + minutes(2), outcome: CallOutcome::Invalid, ttft_ms: None, ..call(mine, 30) };
    let first = call(mine, 12);
    for call in [&second, &first, &call(other, 500)] {
        calls::insert(conn, call).await.unwrap();
    }
    assert_eq!(calls::by_report(conn, mine).await.unwrap(), [first, second]);
    let spent = calls::spent(conn, mine, noon() + minutes(1)).await.unwrap();
    assert_eq!((spent.report_microusd, spent.day_microusd), (42, 30));
    assert_eq!(calls::spent(conn, ReportId::new(), noon()).await.unwrap().report_microusd, 0);
    assert_eq!(calls::cost_since(conn, noon()).await.unwrap(), 542);
    assert_eq!(calls::cost_since(conn, noon() + minutes(1)).await.unwrap(), 30);

    // A report's row says what its last event found.
    let tx = test.db.begin().await.unwrap();
    events::append(&tx, mine, super::events::progress(5), noon()).await.unwrap();
    tx.commit().await.unwrap();
    let cost = |report: Option<reports::Report>| report.unwrap().cost_microusd;
    assert_eq!(cost(reports::find(conn, mine).await.unwrap()), 42);
    assert_eq!(cost(reports::find(conn, other).await.unwrap()), 0);
    // And after an attempt that failed, what came behind it.
    calls::insert(conn, &call(other, 7)).await.unwrap();
    reports::count_cost(conn, other).await.unwrap();
    assert_eq!(cost(reports::find(conn, other).await.unwrap()), 507);
}
