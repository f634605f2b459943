//! `cargo xtask fuzz-api`: schemathesis against the running API and the document that it serves.
//!
//! schemathesis lives in a folder of its own under `target/`, at the versions of `xtask/schemathesis.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::binaries::Binaries;
use crate::stack::{Outside, Plan, Stack, State};
use crate::{environment, install, net, process};

const VERSIONS: &str = "xtask/schemathesis.txt";
const SETTINGS: &str = "xtask/schemathesis.toml";

#[derive(Args)]
pub struct Options {
    /// Test cases an operation and phase
    #[arg(long, default_value_t = 15)]
    examples: u32,
    /// Where the generation starts; the same number tries the same things
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only operations whose path matches this expression
    #[arg(long)]
    path: Option<String>,
}

impl Options {
    /// What the gate uses: bounded and repeatable.
    pub const GATE: Self = Self { examples: 15, seed: 1, path: None };
}

pub fn run(binaries: &Binaries, options: &Options) -> Result<()> {
    let schemathesis = installed()?;
    let plan = Plan {
        port: net::free_port()?,
        outside: Outside::Stubs { pace: "fast" },
        state: State::Fresh(environment::target().join("fuzz-api")),
        page: None,
        front: None,
    };
    let stack = Stack::start(binaries, plan)?;
    let admin_token = stack.admin_token()?;
    // It remembers failures in its working directory and tries them again first: each run begins with none.
    let folder = environment::target().join("fuzz-api-run");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let settings = fs::canonicalize(SETTINGS).with_context(|| format!("{SETTINGS} cannot be found"))?;
    let mut command = process::command(std::path::absolute(&schemathesis)?);
    command
        .current_dir(&folder)
        .arg("--config-file")
        .arg(settings)
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", stack.url()));
    command.args(["--max-examples", &options.examples.to_string(), "--seed", &options.seed.to_string()]);
    command.args(["--generation-database", "none"]);
    if let Some(path) = &options.path {
        command.args(["--include-path-regex", path]);
    }
    // The settings name this variable; it never stands on a command line.
    command.env("CRB_ADMIN_TOKEN", admin_token);
    process::run("schemathesis", &mut command)
}

/// The program, installed where it is missing or where the committed versions have changed.
fn installed() -> Result<PathBuf> {
    let home = environment::target().join("schemathesis");
    let program = home.join("bin/schemathesis");
    let receipt = home.join("installed.txt");
    let versions = fs::read_to_string(VERSIONS).with_context(|| format!("{VERSIONS} cannot be read"))?;
    if program.exists() && fs::read_to_string(&receipt).is_ok_and(|installed| installed == versions) {
        return Ok(program);
    }
    println!("installing schemathesis into {}", home.display());
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    let python = python()?;
    process::run("python3 -m venv", process::command(python).args(["-m", "venv"]).arg(&home))?;
    let mut pip = process::command(home.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", VERSIONS]);
    process::run("pip install", &mut pip)?;
    if !program.exists() {
        bail!("pip installed no {}", program.display());
    }
    fs::write(receipt, versions)?;
    Ok(program)
}

/// A Python that can make virtual environments.
fn python() -> Result<PathBuf> {
    if let Some(python) = environment::program("python3", &[]).filter(|python| can_make_environments(python)) {
        return Ok(python);
    }
    if !install::is_allowed() {
        bail!("schemathesis needs a Python with venv: run `sudo apt-get install -y python3-venv` once");
    }
    install::packages(&["python3", "python3-venv"], "schemathesis needs a Python with venv.")?;
    let debian = PathBuf::from("/usr/bin/python3");
    if !can_make_environments(&debian) {
        bail!("python3-venv was installed, and Python still cannot make a virtual environment");
    }
    Ok(debian)
}

fn can_make_environments(python: &Path) -> bool {
    Command::new(python)
        .args(["-c", "import venv, ensurepip"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
