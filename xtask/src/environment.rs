//! What this machine offers: the repository's folder, variables, programs.

use std::path::{Path, PathBuf};

/// The repository, wherever the command was typed.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands inside the repository")
}

/// A variable that is set to something.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the product reads its environment in config.rs; xtask here")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The path of a program, looked for as a shell does and then in `also`.
pub fn program(name: &str, also: &[PathBuf]) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(also.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Where scratch files go: the build folder, which git ignores and `cargo clean` empties.
pub fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
