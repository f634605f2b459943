//! The whole house in one process: its own database, the stubs of the services it calls, the worker, and the HTTP door on
//! a port of its own. When it is dropped, nothing may be left over.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Duration, Utc};
use crb_backend::api::Signals;
use crb_backend::app::{self, App};
use crb_backend::config::Config;
use crb_backend::domain::tokens::sign_operator;
use crb_backend::serve;
use crb_backend::store::{self, Connection as _, Db};
use crb_backend::worker::{self, Stop};
use crb_stubs::Scenario;
use sea_orm::Statement;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use super::call::Door;
use super::db::{PATIENCE, TestDb, exposed};
use super::letters::{self, Letter};
use super::outside::{Outside, Services};
use super::wait::until;

pub const SECRET_KEY: &str = "a key for tests, of no worth to anybody";
pub const APP_BASE_URL: &str = "http://app.crb.test";

pub type Clock = fn() -> DateTime<Utc>;

/// The real time, and so many seconds.
pub fn ahead<const SECONDS: i64>() -> DateTime<Utc> {
    serve::clock() + Duration::seconds(SECONDS)
}

/// What a test wants of its house. Without more: the development provider, the offline writer, mails as files.
#[derive(Clone)]
pub struct Plan {
    values: BTreeMap<String, String>,
    services: Services,
    works: bool,
    clock: Clock,
}

impl Plan {
    pub fn new() -> Self {
        Self { values: BTreeMap::new(), services: Services::default(), works: true, clock: serve::clock }
    }

    /// A variable of the configuration.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn claude(mut self, scenario: Scenario) -> Self {
        self.services.claude = Some(scenario);
        self
    }

    pub fn stripe(mut self) -> Self {
        self.services.stripe = Some(Scenario::default());
        self
    }

    pub fn sendgrid(mut self) -> Self {
        self.services.sendgrid = Some(Scenario::default());
        self
    }

    pub fn search(mut self) -> Self {
        self.services.search = Some(Scenario::default());
        self
    }

    /// Nobody works: jobs and mails stay where they are.
    pub fn idle(self) -> Self {
        Self { works: false, ..self }
    }

    pub fn working(self) -> Self {
        Self { works: true, ..self }
    }

    pub fn at(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub async fn start(self) -> TestApp {
        let house = House {
            db: TestDb::new().await,
            folder: tempfile::tempdir().expect("a folder for the test"),
            outside: Outside::open(&self.services).await,
        };
        let test = self.open(Arc::new(house)).await;
        app::schema::seed(&test.app).await.expect("the vendors are written");
        test
    }

    async fn open(self, house: Arc<House>) -> TestApp {
        let app = App::open(self.config(&house), self.clock).await.expect("the App opens");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let door = Door::new(listener.local_addr().expect("an address").to_string());
        let (signals, stop, tasks) = (Signals::default(), Stop::default(), TaskTracker::new());
        let (served, said) = (app.clone(), signals.clone());
        tasks.spawn(async move { serve::http::run(&served, None, listener, &said).await.expect("the door serves") });
        tasks.spawn(worker::relay(app.clone(), stop.claiming.clone()));
        if self.works {
            let owner = uuid::Uuid::new_v4().to_string();
            tasks.spawn(worker::work(app.clone(), owner.clone(), stop.clone(), tasks.clone()));
            tasks.spawn(worker::send_mails(app.clone(), owner, stop.claiming.clone()));
            tasks.spawn(worker::chores(app.clone(), stop.claiming.clone()));
        }
        TestApp { app, door, house, plan: self, signals, stop, leaves_jobs: AtomicBool::new(false) }
    }

    fn config(&self, house: &House) -> Config {
        let folder = |name: &str| house.folder.path().join(name).display().to_string();
        let fixed = [
            ("APP_ENV", "test".to_owned()),
            ("SECRET_KEY", SECRET_KEY.to_owned()),
            ("API_BASE_URL", "http://api.crb.test".to_owned()),
            ("APP_BASE_URL", APP_BASE_URL.to_owned()),
            ("DATABASE_URL", exposed(&house.db.url).to_owned()),
            ("DATABASE_POOL", "8".to_owned()),
            ("REDIS_URL", redis().unwrap_or_default()),
            ("MAIL_DIR", folder("mail")),
            ("BLOB_DIR", folder("blobs")),
            // One trusted proxy, so that every app's callers have an address of their own.
            ("TRUSTED_PROXIES", "1".to_owned()),
            ("LIMIT_GENERAL_PER_MINUTE", "100000".to_owned()),
            ("LIMIT_SESSIONS_PER_HOUR", "100000".to_owned()),
            ("LIMIT_ORDERS_PER_HOUR", "100000".to_owned()),
            ("WORKER_BACKOFF", "10ms,10ms".to_owned()),
            ("CLAUDE_BACKOFF", "5ms".to_owned()),
        ];
        let mut values: BTreeMap<String, String> =
            fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        values.extend(house.outside.variables());
        values.extend(self.values.clone());
        Config::from_map(&values).expect("the test's configuration is good")
    }
}

/// Where a run has a Redis to try, it is named here; without one the cache is this process's own.
#[expect(clippy::disallowed_methods, reason = "the one variable by which a test run chooses its Redis")]
fn redis() -> Option<String> {
    std::env::var("TEST_REDIS_URL").ok().filter(|url| !url.is_empty())
}

/// What the replicas of a house share.
struct House {
    db: TestDb,
    folder: TempDir,
    outside: Outside,
}

pub struct TestApp {
    pub app: App,
    pub door: Door,
    house: Arc<House>,
    plan: Plan,
    signals: Signals,
    stop: Stop,
    leaves_jobs: AtomicBool,
}

impl TestApp {
    pub async fn new() -> Self {
        Plan::new().start().await
    }

    /// Another process on the same database and services: a replica, a restart, or the same house at another time.
    pub async fn again(&self, change: impl FnOnce(Plan) -> Plan) -> Self {
        change(self.plan.clone()).open(Arc::clone(&self.house)).await
    }

    pub fn db(&self) -> &Db {
        &self.house.db.db
    }

    pub fn outside(&self) -> &Outside {
        &self.house.outside
    }

    /// A token for an operator.
    pub fn operator(&self) -> String {
        sign_operator(SECRET_KEY, "night shift", Duration::hours(8), self.app.now()).expect("a token")
    }

    pub fn blobs(&self) -> PathBuf {
        self.house.folder.path().join("blobs")
    }

    /// Every mail so far, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        match &self.house.outside.sendgrid {
            Some(sendgrid) => sendgrid.mails().into_iter().map(Letter::from).collect(),
            None => letters::in_folder(&self.house.folder.path().join("mail")),
        }
    }

    /// The first mail whose subject holds these words, once it has come.
    pub async fn letter(&self, about: &str) -> Letter {
        until(about, || async { self.letters().into_iter().find(|letter| letter.subject.contains(about)) }).await
    }

    /// How many rows a query counts.
    pub async fn count(&self, from: &str) -> i64 {
        let conn = self.db().conn();
        let sql = format!("SELECT COUNT(*) AS n FROM {from}");
        let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.expect(from);
        row.expect("a count").try_get("", "n").expect("a number")
    }

    /// This test ends with work still in the queue, and means it.
    pub fn leaves_jobs(&self) {
        self.leaves_jobs.store(true, Ordering::Relaxed);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A second panic while the first unwinds would hide it.
        if !std::thread::panicking() {
            let unexpected = self.house.outside.unexpected();
            assert!(unexpected.is_empty(), "the services were asked for what they do not do: {unexpected:#?}");
            if self.plan.works && !self.leaves_jobs.load(Ordering::Relaxed) {
                assert_eq!(unfinished(&self.house.db), 0, "jobs are left in the queue");
            }
        }
        self.stop.claiming.cancel();
        self.stop.working.cancel();
        self.signals.closing.cancel();
    }
}

/// Inside a runtime nothing can wait for another future; a thread of its own can.
fn unfinished(db: &TestDb) -> u64 {
    let url = db.url.clone();
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let db = Db::open(&url, 1, PATIENCE, PATIENCE).await.expect("the test's database opens");
            let depth = store::jobs::depth(db.conn(), serve::clock()).await.expect("the queue is counted");
            db.close().await;
            depth.queued + depth.leased
        })
    });
    asked.join().expect("the queue is counted")
}
