//! Debian packages that a habit needs and the machine lacks.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::{environment, process};

/// Installs packages with apt: as root, else through a sudo that asks nothing, else says what to type.
pub fn packages(names: &[&str], otherwise: &str) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let list = names.join(" ");
    if environment::program("apt-get", &[]).is_none() {
        bail!("missing: {list}, and there is no apt-get here to install it with; {otherwise}");
    }
    if !environment::is_root() && !sudo_asks_nothing() {
        bail!(
            "missing: {list}, and this user may not install it; run `sudo apt-get install -y {list}` once; {otherwise}"
        );
    }
    println!("installing {list} (Debian packages)");
    // Fresh containers ship without package lists; a list that is a little old is still good enough when this fails.
    if let Err(error) = process::run("apt-get update", apt().arg("update")) {
        if process::interrupted() {
            return Err(error);
        }
        eprintln!("{error}; going on with the package lists that are here");
    }
    process::run("apt-get install", apt().args(["install", "-y", "--no-install-recommends"]).args(names))
}

fn apt() -> Command {
    let mut command = if environment::is_root() {
        process::command("apt-get")
    } else {
        let mut command = process::command("sudo");
        command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "DPkg::Lock::Timeout=120"]);
    command
}

fn sudo_asks_nothing() -> bool {
    Command::new("sudo")
        .args(["-n", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
