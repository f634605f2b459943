//! The workspace, compiled: which packages are chosen together, and where the programs then stand.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use clap::Args;
use rustix::process::Signal;

use crate::environment;
use crate::process::{self, Child};

/// The programs that the other habits start.
#[derive(Clone)]
pub struct Binaries {
    pub crb: PathBuf,
    pub stubs: PathBuf,
    pub web: PathBuf,
}

/// Which programs are measured; by default they are built first.
#[derive(Default, Args)]
pub struct Choice {
    /// Measure the programs that the last release build left
    #[arg(long)]
    no_build: bool,
    /// Measure the programs of this folder: of an older commit, or of a build that nobody may replace meanwhile
    #[arg(long, conflicts_with = "no_build")]
    programs: Option<PathBuf>,
}

/// The optimised programs of a measurement.
pub struct Measured {
    pub crb: PathBuf,
    pub stubs: PathBuf,
    pub twins: PathBuf,
}

/// What cargo is asked to choose. Cargo unites the features of what is chosen together, so that two choices compile
/// two sets of dependencies: one choice for running, one for everything that tests do.
#[derive(Clone, Copy)]
pub enum Selection {
    /// Just the programs.
    Run,
    /// The programs and every test. xtask stays outside: it runs already, and it would be built again. So does the load
    /// test: it brings a cryptography that the product does without, and is tested with the load itself. So do the
    /// instruction budgets, which have no test of their own and are built by `cargo xtask budgets`.
    Tests,
}

impl Selection {
    pub const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Run => &["--package", "crb-backend", "--package", "crb-stubs", "--package", "crb-web", "--bins"],
            Self::Tests => &[
                "--workspace",
                "--exclude",
                "xtask",
                "--exclude",
                "crb-loadtest",
                "--exclude",
                "crb-budgets",
                "--lib",
                "--bins",
                "--tests",
            ],
        }
    }
}

/// Builds with the compiler's progress and warnings shown.
pub fn build(selection: Selection) -> Result<Binaries> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--message-format=json-render-diagnostics"]).args(selection.arguments());
    let messages = watch(&mut cargo)?;
    let program = |name| executable(&messages, name);
    Ok(Binaries { crb: program("crb")?, stubs: program("crb-stubs")?, web: program("crb-web")? })
}

/// One program, optimised. Images hold the same but for its last step: they link it as one (`deploy` in Cargo.toml).
pub fn release(name: &str) -> Result<PathBuf> {
    executable(&build_release(&[name])?, name)
}

impl Choice {
    /// Where the programs lie already; none where they are built first.
    pub fn folder(&self) -> Result<Option<PathBuf>> {
        let left = self.no_build.then(|| environment::target().join("release"));
        Ok(self.programs.clone().or(left).map(std::path::absolute).transpose()?)
    }
}

/// The programs that are measured, optimised. Those of another build, such as one for images, are taken as they lie.
pub fn measured(choice: &Choice) -> Result<Measured> {
    if let Some(folder) = choice.folder()? {
        let place = |name: &str| folder.join(name);
        return Ok(Measured { crb: place("crb"), stubs: place("crb-stubs"), twins: place("crb-twins") });
    }
    let messages = build_release(&["crb-backend", "crb-stubs", "crb-twins"])?;
    let program = |name| executable(&messages, name);
    Ok(Measured { crb: program("crb")?, stubs: program("crb-stubs")?, twins: program("crb-twins")? })
}

/// Builds these together, optimised, and returns cargo's messages.
pub fn build_release(packages: &[&str]) -> Result<String> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--release", "--message-format=json-render-diagnostics", "--bins"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    watch(&mut cargo)
}

fn watch(cargo: &mut Command) -> Result<String> {
    let mut child = Child::start("cargo build", cargo.stdout(Stdio::piped()), Signal::TERM)?;
    let mut pipe = child.inner().stdout.take().context("cargo has no output")?;
    // Read beside the wait, so that Ctrl-C is heard and cargo never waits for a full pipe.
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    child.succeed()?;
    reader.join().expect("the reading thread does not panic").context("cargo's messages cannot be read")
}

/// Where cargo says it put a program.
fn executable(messages: &str, name: &str) -> Result<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name && message["target"]["kind"][0] == "bin")
        .filter(|message| message["profile"]["test"] == false)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("the build did not make the program {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_from_its_test_and_from_the_library() {
        let messages = r#"
            {"reason":"compiler-artifact","target":{"name":"crb","kind":["lib"]},"profile":{"test":false},"executable":null}
            {"reason":"compiler-artifact","target":{"name":"crb","kind":["bin"]},"profile":{"test":true},"executable":"/t/deps/crb-1"}
            {"reason":"compiler-artifact","target":{"name":"crb","kind":["bin"]},"profile":{"test":false},"executable":"/t/crb"}
            {"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "crb").unwrap(), PathBuf::from("/t/crb"));
        assert!(executable(messages, "crb-stubs").unwrap_err().to_string().contains("crb-stubs"));
    }
}
