//! What the crates' manifests say: one place for versions, the same lints for all, and who depends on whom.

use crate::tree::{Fault, Tree};
use crate::{accepts, holds};

fn versions_stand_in_one_place(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, line, name, wants) in dependencies(tree) {
        if !wants.contains("workspace = true") && !wants.contains("workspace=true") && !name.ends_with(".workspace") {
            let what = format!("{name} is not inherited: its version belongs in the root's [workspace.dependencies]");
            faults.push(Fault::new(path, line, what));
        }
    }
    faults
}

fn lints_are_inherited(tree: &Tree) -> Vec<Fault> {
    member_manifests(tree)
        .filter(|(_, text)| !text.replace(' ', "").contains("[lints]\nworkspace=true"))
        .map(|(path, _)| Fault::new(path, 0, "no `[lints] workspace = true`"))
        .collect()
}

/// A renamed column must not rewrite history; the stand-ins and the PDF must build without the house.
fn only_doors_depend_on_the_backend(tree: &Tree) -> Vec<Fault> {
    let beside = ["deploy/", "door/", "frontend/server/", "loadtest/twins/", "migrations/", "stubs/", "pdf/", "xtask/"];
    let alone = |path: &str| beside.iter().any(|start| path.starts_with(start));
    let manifests = dependencies(tree)
        .into_iter()
        .filter(|(path, _, name, _)| alone(path) && name.trim_end_matches(".workspace") == "crb-backend")
        .map(|(path, line, ..)| Fault::new(path, line, "this crate may not see the backend"));
    let sources = tree
        .ending(".rs")
        .filter(|(path, text)| alone(path) && crate::tokens::tokens(text).iter().any(|word| word.text == "crb_backend"))
        .map(|(path, _)| Fault::new(path, 0, "this crate may not see the backend"));
    manifests.chain(sources).collect()
}

fn member_manifests(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.ending("/Cargo.toml")
}

/// Path, line, name and value of every dependency line of the members.
fn dependencies(tree: &Tree) -> Vec<(&str, usize, &str, &str)> {
    let mut found = Vec::new();
    for (path, text) in member_manifests(tree) {
        let mut is_inside = false;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                is_inside = line.trim_matches(['[', ']']).ends_with("dependencies");
                // `[dependencies.name]` would hide its version below.
                if let Some((_, name)) = line.trim_matches(['[', ']']).split_once("dependencies.") {
                    found.push((path, index + 1, name, ""));
                }
            } else if let Some((name, wants)) = line.split_once('=').filter(|_| is_inside && !line.starts_with('#')) {
                found.push((path, index + 1, name.trim(), wants.trim()));
            }
        }
    }
    found
}

#[test]
fn every_dependency_is_inherited() {
    holds(
        versions_stand_in_one_place,
        &[
            ("a/Cargo.toml", "[dependencies]\nserde = \"1\"\n"),
            ("a/Cargo.toml", "[target.'cfg(unix)'.dev-dependencies]\nserde = { version = \"1\" }\n"),
            ("a/Cargo.toml", "[dependencies.serde]\nversion = \"1\"\n"),
        ],
    );
    accepts(
        versions_stand_in_one_place,
        &[(
            "a/Cargo.toml",
            "[package]\nversion = \"1\"\n[dependencies]\nserde.workspace = true\nsentry = { workspace = true, features = [] }\n",
        )],
    );
}

#[test]
fn every_crate_has_the_house_lints() {
    holds(lints_are_inherited, &[("a/Cargo.toml", "[package]\nname = \"a\"\n")]);
    accepts(lints_are_inherited, &[("a/Cargo.toml", "[lints]\nworkspace = true\n")]);
}

#[test]
fn the_crates_beside_the_backend_cannot_see_it() {
    holds(
        only_doors_depend_on_the_backend,
        &[
            ("migrations/Cargo.toml", "[dependencies]\ncrb-backend.workspace = true\n"),
            ("stubs/src/lib.rs", "use crb_backend::domain;"),
            ("frontend/server/src/site.rs", "use crb_backend::api;"),
        ],
    );
    accepts(
        only_doors_depend_on_the_backend,
        &[("loadtest/Cargo.toml", "[dependencies]\ncrb-backend.workspace = true\n")],
    );
}
