//! What a report has left in the database and on the disk, and what has to be true of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use crb_backend::domain::ids::{EventKind, JobState, MailKind, Phase, ReportId, ReportStatus};
use crb_backend::store::calls::Call;
use crb_backend::store::events::Event;
use crb_backend::store::jobs::Entry;
use crb_backend::store::reports::Report;
use crb_backend::store::{self, Connection};
use sea_orm::Statement;
use uuid::Uuid;

use super::{World, until};

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Mail {
    pub id: Uuid,
    pub attempts: i32,
    pub sent_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

impl World {
    pub async fn report(&self, id: ReportId) -> Report {
        store::reports::find(self.test.db.conn(), id).await.expect("readable").expect("the report is there")
    }

    pub async fn job(&self, id: ReportId) -> Entry {
        store::jobs::find(self.test.db.conn(), id).await.expect("readable").expect("the job is there")
    }

    pub async fn events(&self, id: ReportId) -> Vec<Event> {
        store::events::after(self.test.db.conn(), id, 0, 10_000).await.expect("readable")
    }

    pub async fn phases(&self, id: ReportId) -> BTreeSet<Phase> {
        store::checkpoints::all(self.test.db.conn(), id).await.expect("readable").into_keys().collect()
    }

    /// The ledger of the report's calls.
    pub async fn calls(&self, id: ReportId) -> Vec<Call> {
        store::calls::by_report(self.test.db.conn(), id).await.expect("readable")
    }

    /// How many calls the ledger holds, by task.
    pub async fn paid(&self, id: ReportId) -> BTreeMap<String, usize> {
        self.calls(id).await.into_iter().fold(BTreeMap::new(), |mut sums, call| {
            *sums.entry(call.task).or_default() += 1;
            sums
        })
    }

    pub async fn mails(&self, id: ReportId, kind: MailKind) -> Vec<Mail> {
        let conn = self.test.db.conn();
        let sql = "SELECT id, attempts, sent_at, last_error FROM outbox WHERE report_id = $1 AND kind = $2";
        let values = [id.0.into(), kind.as_str().into()];
        let query = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        let rows = conn.query_all_raw(query).await.expect("readable");
        let read = |row: &sea_orm::QueryResult| -> Result<Mail, sea_orm::DbErr> {
            Ok(Mail {
                id: row.try_get("", "id")?,
                attempts: row.try_get("", "attempts")?,
                sent_at: row.try_get("", "sent_at")?,
                last_error: row.try_get("", "last_error")?,
            })
        };
        rows.iter().map(|row| read(row).expect("a row of the outbox")).collect()
    }

    /// The one mail of a kind, once it is sent.
    pub async fn sent(&self, id: ReportId, kind: MailKind) -> Mail {
        until(&format!("the mail {kind} to be sent"), async || {
            let mails = self.mails(id, kind).await;
            assert!(mails.len() <= 1, "{mails:?}");
            mails.into_iter().find(|mail| mail.sent_at.is_some())
        })
        .await
    }

    pub async fn status(&self, id: ReportId, wanted: ReportStatus) -> Report {
        until(&format!("the report to be {wanted}"), async || {
            let report = self.report(id).await;
            let over = matches!(report.status, ReportStatus::Ready | ReportStatus::Failed);
            assert!(!over || report.status == wanted, "{report:?}");
            (report.status == wanted).then_some(report)
        })
        .await
    }

    /// Waits until a phase is kept.
    pub async fn kept(&self, id: ReportId, phase: Phase) {
        until(&format!("{phase} to be kept"), async || self.phases(id).await.contains(&phase).then_some(())).await;
    }

    pub fn mail_file(&self, mail: &Mail) -> PathBuf {
        self.folder.path().join(format!("mail/{}.eml", mail.id))
    }

    /// All mails on the disk.
    pub fn mail_files(&self) -> usize {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("mail")) else { return 0 };
        files
            .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|ext| ext == "eml")))
            .count()
    }

    /// One ready report: whole, told of without a gap, with one mail, its books in order.
    pub async fn is_whole(&self, id: ReportId) {
        self.status(id, ReportStatus::Ready).await;
        // Whoever finishes a report sets its PDF right after.
        let set = async || {
            let report = self.report(id).await;
            let file = self.folder.path().join("blobs").join(&report.pdf.as_ref()?.key);
            file.exists().then_some(report)
        };
        let report = until("the PDF to be set", set).await;
        let document = store::reports::document(self.test.db.conn(), id).await.expect("readable").expect("a document");
        let findings = document["findings"].as_array().expect("findings");
        let declined = findings.iter().filter(|finding| finding["recommendable"] == false).count();
        let recommended = document["recommendations"].as_array().expect("recommendations").len();
        assert!(findings.len() >= 5 && declined >= 2 && recommended >= 3, "{document}");
        let pdf = report.pdf.as_ref().expect("a PDF");
        let file = std::fs::read(self.folder.path().join("blobs").join(&pdf.key)).expect("the file is kept");
        assert!(file.starts_with(b"%PDF") && i64::try_from(file.len()) == Ok(pdf.bytes));
        assert_eq!((report.refund_due, report.failed_reason), (false, None));

        let events = self.events(id).await;
        assert_gapless(&events);
        let count = |kind: EventKind| events.iter().filter(|event| event.kind == kind).count();
        assert_eq!((count(EventKind::Ready), events.last().map(|event| event.kind)), (1, Some(EventKind::Ready)));
        assert_eq!(count(EventKind::Recommendation), recommended);
        for phase in Phase::ALL.iter().filter(|phase| **phase != Phase::Render) {
            let done = |event: &&Event| event.phase == Some(*phase) && event.payload["done"] == true;
            assert_eq!(events.iter().filter(done).count(), 1, "{phase} is told of once");
        }

        let job = self.job(id).await;
        assert_eq!((job.state, job.lease_owner, job.last_error), (JobState::Done, None, None));
        let calls = self.calls(id).await;
        assert_eq!(report.cost_microusd, calls.iter().map(|call| call.cost_microusd).sum::<i64>());
        self.sent(id, MailKind::ReportReady).await;
        assert_eq!(self.mails(id, MailKind::ReportFailed).await.len(), 0);
    }
}

/// Numbered from 1 without a gap, and progress that never falls.
pub fn assert_gapless(events: &[Event]) {
    let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..).take(events.len()).collect::<Vec<_>>());
    assert!(events.is_sorted_by_key(|event| event.progress), "{events:?}");
}
