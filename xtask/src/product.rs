//! The product as production runs it, for a measurement: optimised, with telemetry on, its paid services stood in for.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::process::Signal;

use crate::binaries::Measured;
use crate::buyer::Shop;
use crate::process::{self, Child};
use crate::{environment, net};

const PATIENCE: Duration = Duration::from_mins(1);
const WEBHOOK_SECRET: &str = "whsec_measured";
const LOAD_KEY: &str = "load-key-of-no-worth-at-all";

/// Where it keeps what, and how it differs from its defaults.
pub struct Plan<'a> {
    /// For logs, mails and PDFs.
    pub folder: &'a Path,
    pub database_url: &'a str,
    pub redis_url: Option<&'a str>,
    pub variables: &'a [(&'a str, &'a str)],
}

/// Stand-ins and product. Both end with the value, the product first.
pub struct Product {
    crb: Child,
    _stubs: Child,
    shop: Shop,
}

impl Product {
    /// Brings the schema up, starts everything and waits until it is ready.
    pub fn start(programs: &Measured, plan: &Plan) -> Result<Self> {
        let (stubs, shop) = start_stubs(programs, plan.folder)?;
        bring_up(programs, plan, &shop)?;
        let log = plan.folder.join("crb.log");
        let mut serve = crb(programs, plan, &shop);
        let mut crb = Child::start("crb", into_file(serve.arg("serve"), &log)?, Signal::TERM)?;
        await_answer(&mut crb, shop.port, "/api/health/ready", &log)?;
        Ok(Self { crb, _stubs: stubs, shop })
    }

    pub fn shop(&self) -> &Shop {
        &self.shop
    }

    pub fn id(&self) -> u32 {
        self.crb.id()
    }

    /// The limits' key, as a header's line.
    pub fn load_header(&self) -> String {
        format!("X-Load-Key: {}", self.shop.load_key)
    }
}

/// The schema alone.
pub fn migrate(programs: &Measured, plan: &Plan) -> Result<()> {
    fs::create_dir_all(plan.folder)?;
    bring_up(programs, plan, &Shop { port: 0, stubs_port: 0, load_key: LOAD_KEY.to_owned() })
}

fn bring_up(programs: &Measured, plan: &Plan, shop: &Shop) -> Result<()> {
    let mut migrate = crb(programs, plan, shop);
    process::output("crb migrate", migrate.arg("migrate")).map(drop)
}

/// The stand-ins, in front of a product that does not run yet: where it will listen is settled here.
pub fn start_stubs(programs: &Measured, folder: &Path) -> Result<(Child, Shop)> {
    fs::create_dir_all(folder)?;
    let port = net::free_port()?;
    let stubs_port = net::free_port_besides(&[port])?;
    let webhook = format!("http://127.0.0.1:{port}/api/v1/webhooks/stripe");
    let mut command = process::command(&programs.stubs);
    command.args(["--listen", &format!("127.0.0.1:{stubs_port}"), "--pace", "fast"]);
    command.args(["--webhook-url", &webhook, "--webhook-secret", WEBHOOK_SECRET]);
    let log = folder.join("stubs.log");
    let mut stubs = Child::start("crb-stubs", into_file(&mut command, &log)?, Signal::TERM)?;
    await_answer(&mut stubs, stubs_port, "/__stub/health", &log)?;
    Ok((stubs, Shop { port, stubs_port, load_key: LOAD_KEY.to_owned() }))
}

/// A `crb` command that is told what production would be told, with the stand-ins' addresses.
pub fn crb(programs: &Measured, plan: &Plan, shop: &Shop) -> Command {
    let mut command = process::command(&programs.crb);
    let stubs = format!("http://127.0.0.1:{}", shop.stubs_port);
    let place = |name: &str| plan.folder.join(name).display().to_string();
    command.env_clear().env("PATH", environment::variable("PATH").unwrap_or_default());
    command.envs([
        ("APP_ENV", "test".to_owned()),
        ("LOG_LEVEL", "warn".to_owned()),
        ("LOG_FORMAT", "json".to_owned()),
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", shop.port.to_string()),
        ("DATABASE_URL", plan.database_url.to_owned()),
        ("ANTHROPIC_API_KEY", "sk-ant-stub-measured".to_owned()),
        ("ANTHROPIC_BASE_URL", stubs.clone()),
        ("PAYMENT_PROVIDER", "stripe".to_owned()),
        ("STRIPE_SECRET_KEY", "sk_test_stub".to_owned()),
        ("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ("STRIPE_BASE_URL", stubs.clone()),
        ("SENDGRID_API_KEY", "SG.stub".to_owned()),
        ("SENDGRID_BASE_URL", stubs.clone()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", stubs.clone()),
        ("SENTRY_DSN", stubs.replacen("http://", "http://public@", 1) + "/1"),
        // Production's share of traces; what is a default there is not one in a test.
        ("TRACE_SAMPLE_RATE", "0.1".to_owned()),
        ("LIMIT_BYPASS_KEY", shop.load_key.clone()),
        ("MAIL_DIR", place("mail")),
        ("BLOB_DIR", place("blobs")),
    ]);
    command.envs(plan.redis_url.map(|url| ("REDIS_URL", url)));
    command.envs(plan.variables.iter().copied());
    command
}

/// A child's output goes to a file: a terminal would be work for it.
pub fn into_file<'a>(command: &'a mut Command, log: &Path) -> Result<&'a mut Command> {
    let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
    Ok(command.stdout(file.try_clone()?).stderr(file))
}

/// Waits until a path answers 200; the end of the log says why it never does.
pub fn await_answer(child: &mut Child, port: u16, path: &str, log: &Path) -> Result<()> {
    process::wait_until(path, PATIENCE, || {
        child.check().with_context(|| tail(log))?;
        Ok(net::get(port, path).is_ok_and(|(status, _)| status == 200).then_some(()))
    })
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    format!("{} ends:\n{}", log.display(), lines[lines.len().saturating_sub(12)..].join("\n"))
}
