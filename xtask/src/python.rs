//! Programs that come as Python packages, each set in a folder of its own under `target/`, at committed versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{environment, install, process};

/// The folder with the programs of `versions`, a list as `pip freeze` writes it: installed where one of them is missing or
/// where the list has changed.
pub fn programs(name: &str, versions: &str, wanted: &[&str]) -> Result<PathBuf> {
    let home = environment::target().join(name);
    let programs = std::path::absolute(home.join("bin"))?;
    let receipt = home.join("installed.txt");
    let list = fs::read_to_string(versions).with_context(|| format!("{versions} cannot be read"))?;
    let is_there = || wanted.iter().all(|program| programs.join(program).exists());
    if is_there() && fs::read_to_string(&receipt).is_ok_and(|installed| installed == list) {
        return Ok(programs);
    }
    println!("installing {} into {}", wanted.join(", "), home.display());
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    let python = python(name)?;
    process::run("python3 -m venv", process::command(python).args(["-m", "venv"]).arg(&home))?;
    let mut pip = process::command(home.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", versions]);
    process::run("pip install", &mut pip)?;
    if !is_there() {
        bail!("pip installed no {} into {}", wanted.join(" or no "), programs.display());
    }
    fs::write(receipt, list)?;
    Ok(programs)
}

/// A Python that can make virtual environments.
fn python(name: &str) -> Result<PathBuf> {
    if let Some(python) = environment::program("python3", &[]).filter(|python| can_make_environments(python)) {
        return Ok(python);
    }
    if !install::is_allowed() {
        bail!("{name} needs a Python with venv: run `sudo apt-get install -y python3-venv` once");
    }
    install::packages(&["python3", "python3-venv"], &format!("{name} needs a Python with venv."))?;
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
