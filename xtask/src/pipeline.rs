//! The pipeline, checked by its own tools: zizmor over workflows and actions, their schemas, and Railway's graph.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{environment, page, process, python};

const VERSIONS: &str = "xtask/pipeline.txt";

/// A vendored schema, and the files that it describes.
const SCHEMAS: [(&str, &str, &str); 4] = [
    ("github-workflows", ".github/workflows", ".yml"),
    ("github-actions", ".github/actions", "action.yml"),
    ("dependabot", ".github", "dependabot.yml"),
    ("compose-spec", "deploy", "compose.yaml"),
];

/// None of it asks the network, but for the tools themselves, once.
pub fn check() -> Result<()> {
    let programs = python::programs("pipeline-tools", VERSIONS, &["zizmor", "check-jsonschema"])?;
    for (schema, folder, end) in SCHEMAS {
        let mut files = Vec::new();
        find(Path::new(folder), end, &mut files)?;
        let mut validate = process::command(programs.join("check-jsonschema"));
        validate.args(["--builtin-schema", &format!("vendor.{schema}")]).args(files);
        process::run(&format!("the schema of {schema}"), &mut validate)?;
    }
    let mut zizmor = process::command(programs.join("zizmor"));
    // Its strictest persona, and nothing that it would look up.
    zizmor.args(["--offline", "--no-config", "--persona", "auditor", "--quiet", ".github"]);
    process::run("zizmor", &mut zizmor)?;
    railway()
}

/// The graph of each environment: formatted, typed, held to its rules, and the rules to their controls. What comes out is
/// left to be read.
fn railway() -> Result<()> {
    let folder = environment::root().join(".railway");
    page::install_into(&folder)?;
    let script = |arguments: &[&str]| -> Result<Command> {
        let mut npm = page::npm()?;
        npm.args(["run", "--silent"]).args(arguments).current_dir(&folder);
        Ok(npm)
    };
    for name in ["format:check", "typecheck", "test"] {
        process::run(&format!(".railway: {name}"), &mut script(&[name])?)?;
    }
    let out = environment::target().join("railway");
    fs::create_dir_all(&out)?;
    for name in ["staging", "production"] {
        let mut graph = script(&["graph", "--", name])?;
        // Any digest will do: nothing is looked up.
        for (variable, image) in [("BACKEND", "crb"), ("WEB", "crb-web"), ("STUBS", "crb-stubs")] {
            graph.env(format!("RELEASE_{variable}"), format!("registry.example/{image}@sha256:{}", "0".repeat(64)));
        }
        let file = out.join(format!("{name}.json"));
        fs::write(&file, process::output(&format!("the graph of {name}"), &mut graph)?)?;
        println!("written: {}", file.display());
    }
    Ok(())
}

fn find(folder: &Path, end: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() && folder.starts_with(".github") {
            find(&path, end, found)?;
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    Ok(())
}
