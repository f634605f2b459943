//! Debian packages that a habit needs and the machine lacks: installed where that is allowed, else unpacked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{environment, process};

/// Gets packages with apt: as root, else through a sudo that asks nothing, else unpacked for this repository alone.
/// `otherwise` is the sentence that ends the error where none of these works.
pub fn packages(names: &[&str], otherwise: &str) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let list = names.join(" ");
    if environment::program("apt-get", &[]).is_none() {
        bail!("missing: {list}, and there is no apt-get here to get it with. {otherwise}");
    }
    if is_allowed() {
        println!("installing {list} (Debian packages)");
        return install(names);
    }
    println!("unpacking {list} (Debian packages) into {}: this user may not install", folder().display());
    unpack(names).with_context(|| format!("missing: {list}; run `sudo apt-get install -y {list}` once. {otherwise}"))
}

/// Whether packages may be installed here without a question.
pub fn is_allowed() -> bool {
    environment::is_root() || sudo_asks_nothing()
}

/// Where the programs of unpacked packages are started from; empty where everything is installed.
pub fn unpacked_programs() -> PathBuf {
    folder().join("programs")
}

fn folder() -> PathBuf {
    environment::target().join("debian")
}

fn install(names: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = if environment::is_root() {
            process::command("apt-get")
        } else {
            let mut sudo = process::command("sudo");
            sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        };
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "DPkg::Lock::Timeout=120"]);
        apt
    };
    // Fresh containers ship without package lists; a list that is a little old is still good enough when this fails.
    if let Err(error) = process::run("apt-get update", apt().arg("update")) {
        if process::interrupted() {
            return Err(error);
        }
        eprintln!("{error}; going on with the package lists that are here");
    }
    process::run("apt-get install", apt().args(["install", "-y", "--no-install-recommends"]).args(names))
}

fn sudo_asks_nothing() -> bool {
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|status| status.success())
}

/// Downloads the packages with all that they lack, by apt with lists and cache of its own, and unpacks them. No script
/// of a package runs. Each program gets a starter that tells it where its libraries are.
fn unpack(names: &[&str]) -> Result<()> {
    let folder = folder();
    let (lists, cache, tree) = (folder.join("lists"), folder.join("cache"), folder.join("tree"));
    for needed in [lists.join("partial"), cache.join("archives/partial"), tree.clone(), unpacked_programs()] {
        fs::create_dir_all(&needed)?;
    }
    let apt = || {
        let mut apt = process::command("apt-get");
        apt.args(["-q", "-o", &format!("Dir::State::lists={}", lists.display())]);
        apt.args(["-o", &format!("Dir::Cache={}", cache.display()), "-o", "Debug::NoLocking=1"]);
        apt
    };
    process::run("apt-get update", apt().arg("update"))?;
    let mut trial = apt();
    let plan = process::output("apt-get", trial.args(["-s", "--no-install-recommends", "install"]).args(names))?;
    let lacking: Vec<&str> =
        plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split_whitespace().next()).collect();
    let archives = cache.join("archives");
    process::run("apt-get download", apt().arg("download").args(&lacking).current_dir(&archives))?;
    for archive in files(&archives)?.iter().filter(|path| path.extension().is_some_and(|end| end == "deb")) {
        process::run("dpkg-deb", process::command("dpkg-deb").arg("--extract").args([archive, &tree]))?;
    }
    make_starters(&tree)
}

fn make_starters(tree: &Path) -> Result<()> {
    let mut rooms = vec![tree.join("usr/bin")];
    rooms.extend(files(&tree.join("usr/lib/postgresql"))?.into_iter().map(|version| version.join("bin")));
    let libraries: Vec<String> = ["usr/lib", "lib"]
        .iter()
        .flat_map(|place| files(&tree.join(place)).unwrap_or_default())
        .filter(|place| place.to_string_lossy().ends_with("-linux-gnu"))
        .map(|place| place.display().to_string())
        .collect();
    for program in rooms.iter().flat_map(|room| files(room).unwrap_or_default()) {
        let name = program.file_name().context("a program has a name")?;
        let starter = unpacked_programs().join(name);
        let text =
            format!("#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n", libraries.join(":"), program.display());
        fs::write(&starter, text)?;
        fs::set_permissions(&starter, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// What a folder holds; nothing where there is no folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
