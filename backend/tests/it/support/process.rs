//! The real binary, serving: for what only a process of its own can show.

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Process {
    child: Child,
    dir: TempDir,
    base: String,
    client: Client,
}

impl Process {
    /// Serves on SQLite, in a directory of its own, with nothing of our environment; returns when it is ready.
    pub async fn serve(settings: &[(&str, &str)]) -> Self {
        crb_backend::clients::http::install_tls();
        let dir = TempDir::new().expect("a directory");
        let port = free_port();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let child = Command::new(env!("CARGO_BIN_EXE_crb"))
            .arg("serve")
            .current_dir(dir.path())
            .env_clear()
            .envs([
                ("APP_ENV", "test"),
                ("PORT", &port.to_string()),
                ("DATABASE_URL", &format!("sqlite:{}", at("crb.sqlite3"))),
                ("MAIL_DIR", &at("mail")),
                ("BLOB_DIR", &at("blobs")),
                ("LOG_FORMAT", "json"),
                ("LOG_LEVEL", "debug"),
            ])
            .envs(settings.iter().copied())
            .stdout(File::create(dir.path().join("stdout")).expect("a file"))
            .stderr(File::create(dir.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("the binary starts");
        let client = Client::builder().no_proxy().build().expect("a client");
        let mut process = Self { child, dir, base: format!("http://127.0.0.1:{port}"), client };
        process.until_ready().await;
        process
    }

    async fn until_ready(&mut self) {
        let started = Instant::now();
        loop {
            let answer = self.client.get(format!("{}/api/health/ready", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self.child.try_wait().expect("a child");
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "{ended:?}: it is not ready\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A call below `/api/v1`, or to a whole address.
    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}/api/v1{path}", self.base) };
        self.client.request(method, url)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Everything on the console so far.
    pub fn said(&self) -> String {
        ["stdout", "stderr"].map(|name| std::fs::read_to_string(self.file(name)).unwrap_or_default()).concat()
    }

    /// SIGTERM, and the end of it: how it ended and how long that took.
    pub async fn stop(&mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (status, started.elapsed());
            }
            assert!(started.elapsed() < PATIENCE, "it does not end\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, unless the test failed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// The answer as JSON, which it has to be.
pub async fn answer(request: RequestBuilder, status: u16) -> Value {
    let response = request.send().await.expect("an answer");
    let (got, url) = (response.status().as_u16(), response.url().to_string());
    let body = response.text().await.expect("a body");
    assert_eq!(got, status, "{url}: {body}");
    serde_json::from_str(&body).unwrap_or_else(|_| json!(body))
}
