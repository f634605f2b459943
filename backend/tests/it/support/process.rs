//! The real program as a child process: a world of its own (database, folders, stand-ins for the paid services), in which
//! it is started, told to stop, or killed.

pub mod buyer;
pub mod gate;
pub mod record;
pub mod stream;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crb_backend::clients::http::install_tls;
use crb_stubs::{Claude, Scenario, SendGrid, Stripe, Stub};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use wiremock::MockServer;

use super::db::{TestDb, exposed};

/// Longer than anything takes, also while every core is busy.
const PATIENCE: Duration = Duration::from_mins(1);
const TICK: Duration = Duration::from_millis(10);
pub const WEBHOOK_SECRET: &str = "whsec_stub_of_the_tests";
/// The configuration's own for tests.
pub const SECRET_KEY: &str = "development-secret-key-of-no-worth";

/// Everything that outlives a process.
pub struct World {
    pub test: TestDb,
    pub claude: Arc<Claude>,
    pub stripe: Arc<Stripe>,
    pub sendgrid: Arc<SendGrid>,
    pub folder: TempDir,
    settings: BTreeMap<&'static str, String>,
    servers: AtomicUsize,
    buyers: AtomicUsize,
    _stubs: MockServer,
}

/// A running `crb serve`. Dropped, it is killed; its log is shown when the test failed.
pub struct Server {
    pub url: String,
    child: Child,
    log: PathBuf,
    http: reqwest::Client,
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own, over those that every world has: everything quick, and no limit in the way.
    pub async fn with(settings: &[(&'static str, &str)]) -> Self {
        install_tls();
        let test = TestDb::new().await;
        let stubs = MockServer::start().await;
        let claude = crb_stubs::mount_claude(&stubs, Scenario::default()).await;
        let stripe = crb_stubs::mount_stripe(&stubs, Scenario::default()).await;
        let sendgrid = crb_stubs::mount_sendgrid(&stubs, Scenario::default()).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let place = |name: &str| folder.path().join(name).display().to_string();
        let mut all: BTreeMap<&'static str, String> = BTreeMap::from([
            ("DATABASE_URL", exposed(&test.url).to_owned()),
            ("ANTHROPIC_BASE_URL", stubs.uri()),
            ("STRIPE_BASE_URL", stubs.uri()),
            ("SENDGRID_BASE_URL", stubs.uri()),
            ("MAIL_DIR", place("mail")),
            ("BLOB_DIR", place("blobs")),
        ]);
        let quick = [
            ("APP_ENV", "test"),
            ("PORT", "0"),
            ("LOG_LEVEL", "info"),
            ("LOG_FORMAT", "json"),
            ("DATABASE_POOL", "6"),
            ("ANTHROPIC_API_KEY", "sk-ant-stub-test"),
            ("CLAUDE_BACKOFF", "5ms"),
            ("STRIPE_SECRET_KEY", "sk_test_stub"),
            ("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WORKER_LEASE", "2s"),
            ("WORKER_POLL", "100ms"),
            ("WORKER_BACKOFF", "100ms,100ms"),
            ("LIMIT_GENERAL_PER_MINUTE", "100000"),
            ("LIMIT_SESSIONS_PER_HOUR", "100000"),
            ("LIMIT_ORDERS_PER_HOUR", "100000"),
            ("LIMIT_STREAMS", "100"),
        ];
        all.extend(quick.iter().chain(settings).map(|(name, value)| (*name, (*value).to_owned())));
        let (servers, buyers) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { test, claude, stripe, sendgrid, folder, settings: all, servers, buyers, _stubs: stubs }
    }

    pub async fn start(&self) -> Server {
        self.start_only(None).await
    }

    /// `api` or `worker` alone, or both; returns once it listens.
    pub async fn start_only(&self, role: Option<&str>) -> Server {
        let number = self.servers.fetch_add(1, Ordering::Relaxed) + 1;
        let log = self.folder.path().join(format!("crb-{number}.log"));
        let file = File::create(&log).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_crb"));
        command.arg("serve").args(role.map(|role| format!("--only={role}")));
        command.env_clear().envs(&self.settings).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(file.try_clone().expect("a log")).stderr(file);
        let child = command.spawn().expect("the program starts");
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().expect("a client");
        let mut server = Server { url: String::new(), child, log, http };
        server.url = until("the server to listen", async || {
            let ended = server.child.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "the server ended at once: {ended:?}");
            address(&server.log())
        })
        .await;
        server
    }

    pub fn setting(&self, name: &str) -> &str {
        &self.settings[name]
    }

    /// The same world for the servers to come, with one setting changed.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.insert(name, value.to_owned());
    }

    /// From here on Claude does as told, and its calls are counted anew.
    pub fn claude_does(&self, scenario: Scenario) {
        self.claude.forget();
        self.claude_goes_on(scenario);
    }

    /// From here on Claude does as told; what it was asked before still counts.
    pub fn claude_goes_on(&self, scenario: Scenario) {
        self.claude.desk().set_scenario(scenario).expect("Claude can do that");
    }

    /// How often Claude was asked about a task.
    pub fn asked(&self, task: &str) -> usize {
        self.claude.calls_about(task).len()
    }
}

impl Server {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`: no destructor, no flush, no goodbye.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        let status = self.child.wait().expect("it is gone");
        assert_eq!(status.code(), None, "it ended before it was killed");
    }

    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// It stands still, and believes afterwards that no time has passed.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is there to hear the signal");
    }

    pub async fn ended(&mut self) -> ExitStatus {
        until("the server to end", async || self.child.try_wait().expect("a child can be asked")).await
    }

    pub fn log(&self) -> String {
        // A line that is still being written can end in the middle of a letter.
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until its log says so.
    pub async fn says(&self, words: &str) {
        until(&format!("the log to say {words:?}"), async || self.log().contains(words).then_some(())).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        _ = self.child.kill();
        _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the log of {}\n{}", self.child.id(), self.log());
        }
    }
}

/// Asks again and again, and fails the test when the answer does not come.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        tokio::time::sleep(TICK).await;
    }
}

/// Where the log says that it listens; none while the line is not whole.
fn address(log: &str) -> Option<String> {
    let line = log.split_inclusive('\n').find(|line| line.contains("listening") && line.ends_with('\n'))?;
    let (_, rest) = line.split_once("127.0.0.1:")?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://127.0.0.1:{port}"))
}
