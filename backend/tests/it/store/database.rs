//! The pool, the transaction and the errors: bounded, and silent about what only we may know.

use std::time::{Duration, Instant};

use crb_backend::domain::ids::{ReportId, SessionId};
use crb_backend::error::Kind;
use crb_backend::store::{self, Channel, Connection, Db, Wake, notify};
use sea_orm::Statement;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

use super::{noon, session};
use crate::support::db::{PATIENCE, TestDb, exposed, server};

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_a_committed_one_stays() {
    let test = TestDb::new().await;
    let new = store::sessions::NewSession {
        id: SessionId::new(),
        token_sha256: "t".to_owned(),
        industry: "dental".to_owned(),
        questionnaire_version: "1".to_owned(),
        expires_at: noon(),
    };
    let tx = test.db.begin().await.unwrap();
    store::sessions::insert(tx.conn(), &new, noon()).await.unwrap();
    drop(tx);
    assert!(store::sessions::find(test.db.conn(), new.id).await.unwrap().is_none());

    let tx = test.db.begin().await.unwrap();
    store::sessions::insert(tx.conn(), &new, noon()).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(store::sessions::find(test.db.conn(), new.id).await.unwrap().is_none());

    let tx = test.db.begin().await.unwrap();
    store::sessions::insert(tx.conn(), &new, noon()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store::sessions::find(test.db.conn(), new.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sqlite_transaction_is_the_only_writer_from_its_start() {
    let test = TestDb::new().await;
    if test.db.is_postgres() {
        return;
    }
    let first = test.db.begin().await.unwrap();
    let mut second = std::pin::pin!(test.db.begin());
    assert!(tokio::time::timeout(SHORT, &mut second).await.is_err(), "it waits before it has read anything");
    store::sessions::find(test.db.conn(), SessionId::new()).await.expect("readers do not wait");
    first.commit().await.unwrap();
    second.await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn broken_constraints_are_conflicts_without_sql() {
    let test = TestDb::new().await;
    let duplicate = store::jobs::enqueue(test.db.conn(), ReportId::new(), 3, None, noon()).await.unwrap_err();
    assert_eq!(duplicate.kind(), Kind::Conflict, "a foreign key: {duplicate:?}");

    let new = super::new_order(session(&test.db).await);
    store::orders::insert(test.db.conn(), &new, noon()).await.unwrap();
    let twice = store::orders::insert(test.db.conn(), &new, noon()).await.unwrap_err();
    assert_eq!(twice.kind(), Kind::Conflict, "a unique key: {twice:?}");

    let broken = Statement::from_string(test.db.conn().get_database_backend(), "SELECT secret FROM nowhere");
    let ours = crb_backend::error::Error::from(test.db.conn().execute_raw(broken).await.unwrap_err());
    assert_eq!(ours.kind(), Kind::Internal);
    for error in [duplicate, twice, ours] {
        let detail = error.detail().to_lowercase();
        assert!(!["select", "insert", "constraint", "nowhere"].iter().any(|word| detail.contains(word)), "{detail}");
        assert!(error.chain().len() > detail.len(), "the cause is kept for the log");
    }
}

#[tokio::test]
async fn an_exhausted_pool_says_unavailable_after_the_acquire_timeout() {
    let test = TestDb::new().await;
    let db = Db::open(&test.url, 1, SHORT, PATIENCE).await.unwrap();
    let held = db.begin().await.unwrap();
    let begun = Instant::now();
    let error = db.begin().await.err().expect("there is no second connection");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.wait().is_some());
    assert!(begun.elapsed() < Duration::from_secs(2));
    held.rollback().await.unwrap();
    db.begin().await.unwrap();
}

#[tokio::test]
async fn the_gauges_count_connections_and_statements() {
    let test = TestDb::new().await;
    let before = test.db.gauges();
    test.db.ping().await.unwrap();
    let tx = test.db.begin().await.unwrap();
    store::sessions::find(tx.conn(), SessionId::new()).await.unwrap();
    let after = test.db.gauges();
    assert_eq!(after.statements - before.statements, 2);
    assert_eq!(after.max, crate::support::db::POOL);
    assert!(after.open >= 1 && after.idle < after.max);
}

#[tokio::test]
async fn the_folder_of_a_sqlite_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("var/deep/crb.db");
    let url = format!("sqlite:{}", file.display()).into();
    let db = Db::open(&url, 2, PATIENCE, PATIENCE).await.unwrap();
    db.ping().await.unwrap();
    assert!(!db.is_postgres() && file.exists());
    assert!(db.listen(&[Channel::Jobs]).await.unwrap().is_none());
    notify(db.conn(), Channel::Jobs, "").await.unwrap();
    db.close().await;
    assert_eq!(db.ping().await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn a_refused_address_names_the_reason_and_no_password() {
    let url = "postgres://u:hunter2@127.0.0.1:6543/postgres".into();
    let error = Db::open(&url, 1, SHORT, SHORT).await.err().expect("the transaction pooler is refused");
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.detail().contains("6543"), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let blackhole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u:hunter2@127.0.0.1:{}/d", blackhole.local_addr().unwrap().port()).into();
    let begun = Instant::now();
    let error = Db::open(&url, 1, SHORT, SHORT).await.err().expect("nobody answers");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_slow_statement_is_cut_by_the_server() {
    let test = TestDb::new().await;
    if !test.db.is_postgres() {
        return;
    }
    let db = Db::open(&test.url, 1, PATIENCE, SHORT).await.unwrap();
    let sleep = Statement::from_string(db.conn().get_database_backend(), "SELECT pg_sleep(30)");
    let error = crb_backend::error::Error::from(db.conn().query_one_raw(sleep).await.unwrap_err());
    assert_eq!(error.kind(), Kind::Unavailable);
    db.ping().await.expect("the connection is good again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_freezes_is_given_up_by_every_call() {
    let test = TestDb::new().await;
    let Some(server) = server() else { return };
    let host = format!("{}:{}", server.host_str().unwrap(), server.port().unwrap_or(5432));
    let (front, freeze) = proxy(host).await;
    let mut url: url::Url = exposed(&test.url).parse().unwrap();
    url.set_port(Some(front)).unwrap();
    let db = Db::open(&url.to_string().into(), 4, SHORT, SHORT).await.unwrap();
    let tx = db.begin().await.unwrap();

    freeze.send(true).unwrap();
    let begun = Instant::now();
    let id = SessionId::new();
    let (ping, read, within, begin) =
        tokio::join!(db.ping(), store::sessions::find(db.conn(), id), store::sessions::find(tx.conn(), id), db.begin());
    for error in [ping.err(), read.err(), within.err(), begin.err()] {
        assert_eq!(error.expect("nothing answers").kind(), Kind::Unavailable);
    }
    assert_eq!(tx.commit().await.unwrap_err().kind(), Kind::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());

    freeze.send(false).unwrap();
    let begun = Instant::now();
    while db.ping().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it serves again");
    }
}

#[tokio::test]
async fn connections_cut_by_the_server_cost_a_try_each_and_no_more() {
    let test = TestDb::new().await;
    if !test.db.is_postgres() {
        return;
    }
    let db = Db::open(&test.url, 3, PATIENCE, PATIENCE).await.unwrap();
    let id = SessionId::new();
    let find = || store::sessions::find(db.conn(), id);
    assert!(tokio::join!(find(), find(), find()).0.unwrap().is_none());
    let tx = db.begin().await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
               AND pid <> pg_backend_pid()";
    super::rows(&test.db, cut).await;
    let lost = store::sessions::find(tx.conn(), id).await.unwrap_err();
    assert_eq!(lost.kind(), Kind::Unavailable, "{lost:?}");
    drop(tx);
    let mut errors = 0;
    while let Err(error) = find().await {
        errors += 1;
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(errors <= 3, "no dead connection is handed out twice");
    }
}

#[tokio::test]
async fn wake_ups_come_with_the_commit_and_survive_a_lost_connection() {
    let test = TestDb::new().await;
    let Some(mut listener) = test.db.listen(&[Channel::Jobs, Channel::Events]).await.unwrap() else { return };

    let tx = test.db.begin().await.unwrap();
    notify(tx.conn(), Channel::Jobs, "").await.unwrap();
    notify(tx.conn(), Channel::Events, "a-report").await.unwrap();
    assert!(tokio::time::timeout(SHORT, listener.next()).await.is_err(), "nothing before the commit");
    tx.commit().await.unwrap();
    let jobs = Wake::Notified { channel: Channel::Jobs, payload: String::new() };
    assert_eq!(listener.next().await.unwrap(), jobs);
    let event = Wake::Notified { channel: Channel::Events, payload: "a-report".to_owned() };
    assert_eq!(listener.next().await.unwrap(), event);

    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
               AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()";
    super::rows(&test.db, cut).await;
    let back = async {
        loop {
            if let Ok(wake) = listener.next().await {
                break wake;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, back).await.expect("it comes back"), Wake::Reconnected);
    notify(test.db.conn(), Channel::Jobs, "").await.unwrap();
    assert_eq!(tokio::time::timeout(PATIENCE, listener.next()).await.expect("and hears").unwrap(), jobs);
}

/// Passes bytes on to `host` until it is told to freeze.
async fn proxy(host: String) -> (u16, tokio::sync::watch::Sender<bool>) {
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = front.local_addr().unwrap().port();
    let (freeze, frozen) = tokio::sync::watch::channel(false);
    #[expect(clippy::disallowed_methods, reason = "the proxy stands outside the program under test")]
    tokio::spawn(async move {
        while let Ok((client, _)) = front.accept().await {
            let server = TcpStream::connect(&host).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, to_server) = server.into_split();
            let mut frozen = frozen.clone();
            tokio::spawn(async move {
                let mut to_server = to_server;
                drop(copy(&mut from_client, &mut to_server).await);
            });
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
                    if frozen.wait_for(|frozen| !frozen).await.is_err() {
                        return;
                    }
                    if to_client.write_all(&bytes[..count]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, freeze)
}
