//! `cargo xtask fuzz-api`: schemathesis against the running API and the document that it serves.
//!
//! schemathesis lives in a folder of its own under `target/`, at the versions of `xtask/schemathesis.txt`.

use std::fs;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::binaries::Binaries;
use crate::stack::{Outside, Plan, Stack, State};
use crate::{environment, net, process, python};

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
    let schemathesis = python::programs("schemathesis", VERSIONS, &["schemathesis"])?.join("schemathesis");
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
    let mut command = process::command(schemathesis);
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
