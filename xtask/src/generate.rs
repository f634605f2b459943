//! `cargo xtask gen`: what the program says of itself, as committed files; `--check` tells where one is not current.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{environment, process};

/// A committed file and the `crb` command that prints it.
struct Output {
    path: &'static str,
    command: &'static [&'static str],
}

const OUTPUTS: [Output; 6] = [
    Output { path: "backend/openapi.json", command: &["openapi"] },
    Output { path: ".env.example", command: &["config", "--example"] },
    Output { path: "docs/CONFIG.md", command: &["config", "--markdown"] },
    Output { path: "docs/PROBLEMS.md", command: &["problems", "--markdown"] },
    Output { path: "deploy/env/staging.env", command: &["config", "--template", "staging"] },
    Output { path: "deploy/env/production.env", command: &["config", "--template", "production"] },
];

/// Writes every file that is not current.
pub fn write(crb: &Path) -> Result<()> {
    for output in &OUTPUTS {
        let text = output.print(crb)?;
        if fs::read_to_string(output.path).is_ok_and(|committed| committed == text) {
            println!("current  {}", output.path);
            continue;
        }
        if let Some(folder) = Path::new(output.path).parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(output.path, text).with_context(|| format!("{} cannot be written", output.path))?;
        println!("written  {}", output.path);
    }
    Ok(())
}

/// Fails with the difference where a committed file is not what `crb` prints today.
pub fn check(crb: &Path) -> Result<()> {
    let mut stale = Vec::new();
    for output in &OUTPUTS {
        let text = output.print(crb)?;
        if fs::read_to_string(output.path).is_ok_and(|committed| committed == text) {
            println!("current  {}", output.path);
        } else {
            println!("stale    {}", output.path);
            show_difference(output.path, &text)?;
            stale.push(output.path);
        }
    }
    if !stale.is_empty() {
        bail!("not current: {}; run `cargo xtask gen` and commit", stale.join(", "));
    }
    Ok(())
}

impl Output {
    /// Printed without the caller's variables: describing the program needs no machine, network or secret.
    fn print(&self, crb: &Path) -> Result<String> {
        let what = format!("crb {}", self.command.join(" "));
        let text = process::output(&what, process::command(crb).env_clear().args(self.command))?;
        if text.trim().is_empty() {
            bail!("{what} printed nothing");
        }
        Ok(text)
    }
}

fn show_difference(path: &str, text: &str) -> Result<()> {
    let folder = environment::target().join("gen");
    let fresh = folder.join(path.replace('/', "_"));
    fs::create_dir_all(&folder)?;
    fs::write(&fresh, text)?;
    let committed = if Path::new(path).exists() { path } else { "/dev/null" };
    let mut git = Command::new("git");
    git.args(["--no-pager", "diff", "--no-index", "--", committed]).arg(&fresh).stdin(Stdio::null());
    // A difference is exit status 1 there, so the status says nothing new.
    git.status().context("git does not start")?;
    Ok(())
}
