//! The product, running on this machine: the stand-ins for paid services and `crb serve` beside them.
//!
//! The page is served by `crb` itself, from the bundle that it is told; or Vite stands in front, and reloads.

use std::fs;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;

use crate::binaries::Binaries;
use crate::process::{self, Child};
use crate::{environment, net};

const READY: &str = "/api/health/ready";
const PATIENCE: Duration = Duration::from_mins(1);
const WEBHOOK_SECRET: &str = "whsec_dev";

/// What a process needs to know of its machine, however little else it is told.
const OF_THE_MACHINE: [&str; 4] = ["PATH", "HOME", "LD_LIBRARY_PATH", "SSL_CERT_FILE"];

/// One client sends thousands of requests there: the limits would hide everything behind them.
const NO_LIMITS: [(&str, &str); 5] = [
    ("LIMIT_GENERAL_PER_MINUTE", "1000000"),
    ("LIMIT_SESSIONS_PER_HOUR", "1000000"),
    ("LIMIT_ORDERS_PER_HOUR", "1000000"),
    ("LIMIT_ADMIN_FAILURES_PER_MINUTE", "1000000"),
    ("LIMIT_STREAMS", "100"),
];

/// How the product is to run.
pub struct Plan {
    pub port: u16,
    pub outside: Outside,
    pub state: State,
    /// The page's bundle, served beside the API.
    pub page: Option<PathBuf>,
    /// The origin in front of this one, where there is one: mails and Stripe send the buyer there.
    pub front: Option<String>,
}

/// Who answers for Claude, Stripe and SendGrid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// The stand-ins, at the pace of the real services or as quick as they can.
    Stubs { pace: &'static str },
    /// Nobody: templates write the report, a development page takes the payment, mails are files.
    Nobody,
}

/// What the product may find and leave on this machine.
pub enum State {
    /// The caller's own variables come first; the database stays under `var/` from one run to the next.
    Kept,
    /// Nothing from the caller; everything in this folder, which is emptied first.
    Fresh(PathBuf),
}

/// A paid service: a caller who sets its key means the real one.
struct Service {
    name: &'static str,
    key: &'static str,
    stub_key: &'static str,
    address: &'static str,
    besides: &'static [(&'static str, &'static str)],
}

const SERVICES: [Service; 3] = [
    Service {
        name: "Claude",
        key: "ANTHROPIC_API_KEY",
        stub_key: "sk-ant-stub-dev",
        address: "ANTHROPIC_BASE_URL",
        besides: &[],
    },
    Service {
        name: "Stripe",
        key: "STRIPE_SECRET_KEY",
        stub_key: "sk_test_stub",
        address: "STRIPE_BASE_URL",
        besides: &[("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET), ("PAYMENT_PROVIDER", "stripe")],
    },
    Service {
        name: "SendGrid",
        key: "SENDGRID_API_KEY",
        stub_key: "SG.stub",
        address: "SENDGRID_BASE_URL",
        besides: &[],
    },
];

/// Everything that runs. It stops with the value, the last started first, and every line of its output is shown.
pub struct Stack {
    children: Vec<Child>,
    readers: Vec<JoinHandle<()>>,
    variables: Vec<(String, String)>,
    binaries: Binaries,
    plan: Plan,
    stubs: Option<String>,
}

impl Stack {
    /// Starts everything and waits until the product says that it is ready.
    pub fn start(binaries: &Binaries, plan: Plan) -> Result<Self> {
        if !net::is_free(plan.port) {
            bail!("port {} is taken; choose another with --port", plan.port);
        }
        if let State::Fresh(folder) = &plan.state {
            if folder.exists() {
                fs::remove_dir_all(folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
            }
            fs::create_dir_all(folder)?;
        }
        let mut stack = Self {
            children: Vec::new(),
            readers: Vec::new(),
            variables: Vec::new(),
            binaries: binaries.clone(),
            plan,
            stubs: None,
        };
        if let Outside::Stubs { pace } = stack.plan.outside {
            stack.stubs = Some(stack.start_stubs(pace)?);
        }
        stack.variables = stack.settle_variables();
        let mut serve = stack.crb();
        serve.arg("serve");
        stack.spawn("crb", &mut serve)?;
        stack.await_readiness()?;
        Ok(stack)
    }

    /// A `crb` command that sees what the running one sees.
    pub fn crb(&self) -> Command {
        let mut command = process::command(&self.binaries.crb);
        if let State::Fresh(folder) = &self.plan.state {
            command.env_clear().current_dir(folder);
            command.envs(OF_THE_MACHINE.iter().filter_map(|name| Some((name, environment::variable(name)?))));
        }
        if self.plan.outside == Outside::Nobody {
            for service in SERVICES {
                command.env_remove(service.key);
            }
        }
        command.envs(self.variables.iter().cloned());
        command
    }

    /// The product's own origin.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.plan.port)
    }

    /// The origin that a buyer sees.
    pub fn front(&self) -> String {
        self.plan.front.clone().unwrap_or_else(|| self.url())
    }

    /// The stand-ins' origin, where they run.
    pub fn stubs_url(&self) -> Option<&str> {
        self.stubs.as_deref()
    }

    /// A token for the operator's doors.
    pub fn admin_token(&self) -> Result<String> {
        let printed = process::output("crb admin-token", self.crb().args(["admin-token", "--actor", "developer"]))?;
        let token = printed.lines().rev().map(str::trim).find(|line| !line.is_empty());
        Ok(token.context("crb admin-token printed nothing")?.to_owned())
    }

    /// Returns at Ctrl-C; fails as soon as one child ends by itself.
    pub fn watch(&mut self) -> Result<()> {
        while !process::interrupted() {
            self.check()?;
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Fails where a child has ended.
    pub fn check(&mut self) -> Result<()> {
        self.children.iter_mut().try_for_each(Child::check)
    }

    /// Starts one more program that belongs to the running product.
    pub fn join(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        self.spawn(name, command).map(drop)
    }

    fn start_stubs(&mut self, pace: &str) -> Result<String> {
        let webhook = format!("{}/api/v1/webhooks/stripe", self.url());
        let mut stubs = process::command(&self.binaries.stubs);
        stubs.args(["--listen", "127.0.0.1:0", "--pace", pace]);
        stubs.args(["--webhook-url", &webhook, "--webhook-secret", WEBHOOK_SECRET]);
        let lines = self.spawn("stubs", &mut stubs)?;
        let stubs = self.children.last_mut().context("the stubs were just started")?;
        process::wait_until("the stubs' start", PATIENCE, || {
            stubs.check()?;
            Ok(lines.try_iter().find_map(|line| address_in(&line)))
        })
    }

    fn await_readiness(&mut self) -> Result<()> {
        process::wait_until("the start of crb", PATIENCE, || {
            for child in &mut self.children {
                child.check()?;
            }
            Ok(net::get(self.plan.port, READY).is_ok_and(|(status, _)| status == 200).then_some(()))
        })
    }

    /// What `crb` is told, beyond what the caller told it.
    fn settle_variables(&self) -> Vec<(String, String)> {
        let url = self.url();
        let port = self.plan.port.to_string();
        let mut settled: Vec<(String, String)> = Vec::new();
        let mut set = |name: &str, value: &str| settled.push((name.to_owned(), value.to_owned()));
        set("HOST", "127.0.0.1");
        set("PORT", &port);
        let app = self.plan.front.as_ref().unwrap_or(&url);
        let defaults =
            [("APP_ENV", "development"), ("API_BASE_URL", &url), ("APP_BASE_URL", app), ("LOG_FORMAT", "text")];
        for (name, value) in defaults.into_iter().filter(|(name, _)| !self.is_given(name)) {
            set(name, value);
        }
        if let Some(page) = &self.plan.page {
            set("WEB_ROOT", &page.display().to_string());
        }
        if let State::Fresh(folder) = &self.plan.state {
            set("DATABASE_URL", &format!("sqlite:{}", folder.join("crb.sqlite3").display()));
            // Refused requests are the point there; only what is wrong is worth a line.
            set("LOG_LEVEL", "warn");
            for (name, value) in NO_LIMITS {
                set(name, value);
            }
        }
        match &self.stubs {
            None => set("PAYMENT_PROVIDER", "dev"),
            Some(stubs) => {
                for service in SERVICES.iter().filter(|service| !self.is_given(service.key)) {
                    set(service.key, service.stub_key);
                    set(service.address, stubs);
                    for (name, value) in service.besides {
                        set(name, value);
                    }
                }
            }
        }
        settled
    }

    /// The services that the caller's own key makes real.
    pub fn real_services(&self) -> Vec<&'static str> {
        let is_real = |service: &&Service| self.stubs.is_some() && self.is_given(service.key);
        SERVICES.iter().filter(is_real).map(|service| service.name).collect()
    }

    fn is_given(&self, name: &str) -> bool {
        matches!(self.plan.state, State::Kept) && environment::variable(name).is_some()
    }

    /// Starts a child whose lines are shown under its name and also handed to the caller.
    fn spawn(&mut self, name: &'static str, command: &mut Command) -> Result<Receiver<String>> {
        let mut child = Child::start(name, command.stdout(Stdio::piped()).stderr(Stdio::piped()), Signal::TERM)?;
        let (sender, lines) = mpsc::channel();
        let (out, err) = (child.inner().stdout.take(), child.inner().stderr.take());
        let pipes: [Option<Box<dyn Read + Send>>; 2] =
            [out.map(|pipe| Box::new(pipe) as _), err.map(|pipe| Box::new(pipe) as _)];
        for pipe in pipes.into_iter().flatten() {
            let sender = sender.clone();
            self.readers.push(std::thread::spawn(move || show_lines(name, pipe, |line| drop(sender.send(line)))));
        }
        self.children.push(child);
        Ok(lines)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        while let Some(mut child) = self.children.pop() {
            child.stop();
        }
        for reader in self.readers.drain(..) {
            // A reader that panicked has already said so.
            let _ = reader.join();
        }
    }
}

fn show_lines(name: &str, pipe: impl Read, mut hand_on: impl FnMut(String)) {
    let prefix = if std::io::stdout().is_terminal() {
        format!("\x1b[{}m{name:>5} |\x1b[0m", if name == "crb" { 36 } else { 35 })
    } else {
        format!("{name:>5} |")
    };
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        println!("{prefix} {line}");
        hand_on(line);
    }
}

/// The address in the line by which the stubs say where they listen.
fn address_in(line: &str) -> Option<String> {
    let rest = line.split_once("listening on ")?.1;
    rest.split_whitespace().next().filter(|word| word.starts_with("http://")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stubs_address_is_read_from_their_own_line() {
        assert_eq!(address_in("listening on http://127.0.0.1:4711").as_deref(), Some("http://127.0.0.1:4711"));
        assert_eq!(address_in("INFO listening on http://127.0.0.1:1 pace=real").as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(address_in("listening on nothing"), None);
    }
}
