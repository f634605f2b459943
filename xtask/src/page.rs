//! The page (`frontend/`): its packages, its bundle, its checks, and its tests in the system's Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::binaries::Binaries;
use crate::{environment, install, process};

/// What the packages ask for; also in `frontend/package.json`.
const NODE: (u32, u32) = (20, 19);
/// Older ones leave platform packages out that Vite needs.
const NPM_MAJOR: u32 = 11;

/// The packages as the lock file names them. Installed once for each lock file.
pub fn install() -> Result<()> {
    install_into(folder())
}

/// The same for another folder with a lock file.
pub fn install_into(folder: &Path) -> Result<()> {
    let node = version("node")?;
    if node < NODE {
        bail!("Node {}.{} or newer is needed, this is {}.{}", NODE.0, NODE.1, node.0, node.1);
    }
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let wanted = hex::encode(Sha256::digest(&lock));
    let stamp = folder.join("node_modules/.installed-for");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing the packages of {}", folder.display());
    let mut npm = npm()?;
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    process::run("npm ci", &mut npm)?;
    fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// The bundle, built from what stands here now.
pub fn build() -> Result<PathBuf> {
    install()?;
    script("the page's build", "build", &[])?;
    Ok(folder().join("dist"))
}

/// Everything that needs no browser; the bundle's budgets are part of its build.
pub fn check() -> Result<()> {
    install()?;
    script("prettier", "format:check", &[])?;
    script("oxlint", "lint", &[])?;
    script("the page's types", "typecheck", &[])?;
    script("the page's unit tests", "test", &[])?;
    script("the page's bundle and its budgets", "build", &["--gate"])
}

/// Playwright: the bundle behind `crb-web`, the real backend, the stand-ins.
pub fn browser(binaries: &Binaries, arguments: &[String]) -> Result<()> {
    let chromium = chromium()?;
    let dist = folder().join("dist");
    if !dist.join("routes.json").exists() {
        build()?;
    }
    install()?;
    let mut tests = npm()?;
    tests.args(["run", "--silent", "e2e", "--"]).args(arguments);
    tests.env("CHROMIUM", &chromium).env("WEB_ROOT", &dist);
    tests.env("CRB", &binaries.crb).env("CRB_STUBS", &binaries.stubs).env("CRB_WEB", &binaries.web);
    process::run("the tests in Chromium", &mut tests)
}

/// Lighthouse's packages stand apart: they are as many as all others together.
pub fn lighthouse(url: &str, pages: &[String]) -> Result<()> {
    let chromium = chromium()?;
    let perf = folder().join("perf");
    if !perf.join("node_modules").exists() {
        process::run("npm ci", npm()?.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&perf))?;
    }
    let mut run = npm()?;
    run.args(["start", "--silent", "--", url]).args(pages).current_dir(perf).env("CHROME_PATH", chromium);
    process::run("Lighthouse", &mut run)
}

/// The typed client that `backend/openapi.json` describes.
pub fn write_client() -> Result<()> {
    install()?;
    script("openapi-typescript", "gen", &[])
}

/// Fails where the committed client is not what the document describes.
pub fn check_client() -> Result<()> {
    install()?;
    script("openapi-typescript", "gen", &["--check"])
        .context("frontend/src/api/schema.d.ts; run `cargo xtask gen` and commit")
}

/// Vite's server with hot reload, in front of an API.
pub fn hot_server(upstream: &str) -> Result<Command> {
    install()?;
    let mut vite = npm()?;
    vite.args(["run", "--silent", "dev"]).env("CRB_API_UPSTREAM", upstream);
    Ok(vite)
}

/// The system's Chromium, installed where it is not there.
pub fn chromium() -> Result<PathBuf> {
    let look = || environment::program("chromium", &[install::unpacked_programs()]);
    if look().is_none() {
        install::packages(&["chromium"], "The page's tests run in it.")?;
    }
    look().context("chromium was installed and is still not found")
}

fn script(what: &str, name: &str, arguments: &[&str]) -> Result<()> {
    process::run(what, npm()?.args(["run", "--silent", name, "--"]).args(arguments))
}

/// npm in the page's folder, unless the caller names another: the machine's own, or a newer one through it.
pub fn npm() -> Result<Command> {
    let mut npm = if version("npm")?.0 >= NPM_MAJOR {
        process::command("npm")
    } else {
        let mut newer = process::command("npx");
        newer.args(["--yes", &format!("npm@{NPM_MAJOR}")]);
        newer
    };
    npm.current_dir(folder());
    Ok(npm)
}

fn folder() -> &'static Path {
    static FOLDER: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    FOLDER.get_or_init(|| environment::root().join("frontend"))
}

fn version(program: &str) -> Result<(u32, u32)> {
    if environment::program(program, &[]).is_none() {
        bail!("{program} is not here; the page is built with Node {}.{} or newer", NODE.0, NODE.1);
    }
    let text = process::output(program, process::command(program).arg("--version"))?;
    parse_version(&text).with_context(|| format!("{program} says a version that is none: {}", text.trim()))
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse_version("v20.20.2\n"), Some((20, 20)));
        assert!(parse_version("20.9.0") < Some(NODE), "20.9 is older than 20.19");
        assert_eq!(parse_version("nonsense"), None);
    }

    #[test]
    fn the_manifest_asks_for_the_same_node() {
        let manifest = fs::read_to_string(folder().join("package.json")).unwrap();
        assert!(manifest.contains(&format!("\"node\": \">={}.{}\"", NODE.0, NODE.1)), "{manifest}");
    }
}
