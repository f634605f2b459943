//! Children: each in a group of its own, stopped by its own id, never left behind.
//!
//! Only this process hears Ctrl-C; it sets a flag, every wait below sees the flag, and `Drop` stops what runs. Where
//! the kernel offers it, a child is also told when this process dies without a chance to say so.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal};

use crate::environment;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

const TICK: Duration = Duration::from_millis(40);
/// How long a child may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(20);

/// From here on SIGINT, SIGTERM and SIGHUP end the current wait instead of the process.
pub fn watch_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("signals cannot be watched")
}

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A command whose process gets SIGTERM when this one dies.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    leashed(program, "TERM")
}

/// A command whose process gets `signal` when this one dies, even by SIGKILL.
pub fn leashed(program: impl AsRef<OsStr>, signal: &str) -> Command {
    static LEASH: OnceLock<Option<PathBuf>> = OnceLock::new();
    let Some(leash) = LEASH.get_or_init(find_leash) else {
        return Command::new(program);
    };
    let mut command = Command::new(leash);
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    command
}

/// util-linux's setpriv, where it is there and knows this option.
fn find_leash() -> Option<PathBuf> {
    let setpriv = environment::program("setpriv", &[])?;
    let mut trial = Command::new(&setpriv);
    trial.args(["--pdeathsig", "TERM", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    trial.status().is_ok_and(|status| status.success()).then_some(setpriv)
}

/// Cargo, without the variables that `cargo run` gave to this process: build scripts that watch them would run again.
pub fn cargo() -> Command {
    let mut command = command(environment::variable("CARGO").unwrap_or_else(|| "cargo".into()));
    #[expect(clippy::disallowed_methods, reason = "the product reads its environment in config.rs; xtask here")]
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_str().is_some_and(is_of_the_run)) {
        command.env_remove(name);
    }
    command
}

fn is_of_the_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || matches!(
            name,
            "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_CRATE_NAME" | "CARGO_BIN_NAME" | "OUT_DIR"
        )
}

/// Runs a command to its end; anything but success is an error, and an interruption stops it.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    Child::start(what, command, Signal::TERM)?.succeed()
}

/// What a short command printed; its failure is an error that carries what it said.
pub fn output(what: &str, command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{what} does not start"))?;
    if !output.status.success() {
        bail!("{what} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{what} printed something that is not text"))
}

/// Asks again and again until there is an answer, an error, an interruption or the end of the patience.
pub fn wait_until<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if interrupted() {
            bail!("interrupted while waiting for {what}");
        }
        if Instant::now() > end {
            bail!("{what} took more than {} s", patience.as_secs());
        }
        std::thread::sleep(TICK);
    }
}

/// A running process that ends with the value.
pub struct Child {
    name: String,
    inner: std::process::Child,
    /// The signal that asks it to end.
    end: Signal,
}

impl Child {
    pub fn start(name: &str, command: &mut Command, end: Signal) -> Result<Self> {
        let inner = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} does not start ({})", command.get_program().display()))?;
        Ok(Self { name: name.into(), inner, end })
    }

    pub fn id(&self) -> u32 {
        self.inner.id()
    }

    pub fn inner(&mut self) -> &mut std::process::Child {
        &mut self.inner
    }

    /// Some, once it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.inner.try_wait().with_context(|| format!("{} cannot be waited for", self.name))
    }

    /// Fails when it has ended though it should run.
    pub fn check(&mut self) -> Result<()> {
        match self.ended()? {
            None => Ok(()),
            Some(status) => bail!("{} ended by itself ({status}); its last lines stand above", self.name),
        }
    }

    /// Waits for its end, which has to be a success.
    pub fn succeed(self) -> Result<()> {
        let name = self.name.clone();
        let status = self.finish()?;
        if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
    }

    /// Waits for its end, whatever that is.
    pub fn finish(mut self) -> Result<ExitStatus> {
        loop {
            match self.ended()? {
                Some(status) => return Ok(status),
                None if interrupted() => bail!("{} was interrupted", self.name),
                None => std::thread::sleep(TICK),
            }
        }
    }

    /// Asks it to end, waits, then insists. Harmless when it has ended already.
    pub fn stop(&mut self) {
        if !matches!(self.inner.try_wait(), Ok(None)) {
            return;
        }
        let group = Pid::from_child(&self.inner);
        // The group may be gone between the look and the signal: nothing to do then.
        let _ = rustix::process::kill_process_group(group, self.end);
        let end = Instant::now() + GRACE;
        while Instant::now() < end {
            if !matches!(self.inner.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(TICK);
        }
        eprintln!("{} does not end by itself after {} s: killed", self.name, GRACE.as_secs());
        let _ = rustix::process::kill_process_group(group, Signal::KILL);
        let _ = self.inner.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_named() {
        let error = run("the false program", &mut command("false")).unwrap_err();
        assert!(error.to_string().contains("the false program failed"), "{error}");
    }

    #[test]
    fn a_dropped_child_is_gone() {
        let child = Child::start("sleeper", command("sleep").arg("600"), Signal::TERM).unwrap();
        let pid = Pid::from_child(&child.inner);
        assert!(rustix::process::test_kill_process(pid).is_ok());
        drop(child);
        assert!(rustix::process::test_kill_process(pid).is_err(), "the child outlived its owner");
    }

    #[test]
    fn a_child_that_ends_too_early_is_told_with_its_status() {
        let mut child = Child::start("brief", &mut command("false"), Signal::TERM).unwrap();
        wait_until("the end", Duration::from_secs(5), || child.ended()).unwrap();
        assert!(child.check().unwrap_err().to_string().contains("brief ended by itself"));
    }

    #[test]
    fn patience_ends() {
        let error = wait_until::<()>("godot", Duration::ZERO, || Ok(None)).unwrap_err();
        assert!(error.to_string().contains("godot took more than"));
    }
}
