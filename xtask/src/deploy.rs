//! `cargo xtask deploy`: hands over to `crb-deploy`, built first where it has changed.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use rustix::process::Signal;

use crate::process::{self, Child};

#[derive(Args)]
pub struct Options {
    /// What crb-deploy is told: `release`, `rollback`, `smoke`, `status`, `--help`; paths are seen from the repository's root
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// The exit code is crb-deploy's own: each number means something.
pub fn run(options: &Options) -> Result<ExitCode> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--locked", "--package", "crb-deploy", "--"]).args(&options.arguments);
    let status = Child::start("crb-deploy", &mut cargo, Signal::TERM)?.finish()?;
    let code = status.code().context("crb-deploy was killed; what it wrote into its receipt leads back")?;
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}
