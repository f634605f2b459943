//! The real program as a child process.

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::line::PATIENCE;

const TICK: Duration = Duration::from_millis(10);

/// A running `crb-web`. Dropped, it is killed; its log is shown when the test failed.
pub struct Program {
    child: Child,
    log: PathBuf,
    _folder: TempDir,
}

pub fn command(values: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crb-web"));
    command.env_clear().env("APP_ENV", "test").env("PORT", "0").env("LOG_FORMAT", "json");
    command.envs(values.iter().copied()).stdin(Stdio::null());
    command
}

impl Program {
    pub fn start(values: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let file = File::create(&log).expect("a log");
        let output = file.try_clone().expect("a log");
        let child = command(values).stdout(output).stderr(file).spawn().expect("the program starts");
        Self { child, log, _folder: folder }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    pub async fn address(&mut self) -> SocketAddr {
        until("the program to listen", async || {
            let ended = self.child.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "it ended at once: {}", self.log());
            let log = self.log();
            let line =
                log.lines().find(|line| line.contains("\"message\":\"listening\"") && line.contains("crb_web"))?;
            let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            line["address"].as_str().expect("an address").parse().ok()
        })
        .await
    }

    pub fn terminate(&self) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(id, Signal::TERM).expect("it is told");
    }

    pub async fn ended(&mut self) -> ExitStatus {
        until("the program to end", async || self.child.try_wait().expect("a child can be asked")).await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        _ = self.child.kill();
        _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

/// Asks until there is an answer.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        tokio::time::sleep(TICK).await;
    }
}
