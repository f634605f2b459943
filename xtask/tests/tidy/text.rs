//! What stands in any file: links that lead somewhere, and no names of places that are not ours to name.

use crate::tree::{Fault, Tree};
use crate::{accepts, holds};

/// Written in two halves, so that this file may stand in the tree that it judges.
const REGISTRIES: [&str; 9] = [
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("registry.", "yarnpkg"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("ruby", "gems.org"),
    concat!("proxy.", "golang.org"),
    concat!("docker", ".io"),
];

const OUTSIDE: &str = concat!("..", "/shared");

fn links_lead_somewhere(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".md") {
        for (line, target) in links(text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let Some(place) = resolve(path, file) else {
                faults.push(Fault::new(path, line, format!("{target} leads out of the repository")));
                continue;
            };
            if !tree.has(&place) {
                faults.push(Fault::new(path, line, format!("{target} leads nowhere")));
            } else if !anchor.is_empty() && tree.text(&place).is_some_and(|text| !has_heading(text, anchor)) {
                faults.push(Fault::new(path, line, format!("{target}: no such heading")));
            }
        }
    }
    faults
}

/// Lines and relative targets of `[text](target)`, outside of code blocks.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let after = line.split("](").skip(1).filter(|_| !is_code);
        let targets = after.filter_map(|rest| rest.split([')', ' ']).next());
        found.extend(targets.filter(|target| !target.contains(':')).map(|target| (index + 1, target)));
    }
    found
}

/// A relative path, seen from a file, as a path of the repository; none where it climbs out.
fn resolve(from: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

fn has_heading(text: &str, anchor: &str) -> bool {
    let slug = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
        kept.map(|sign| if sign == ' ' { '-' } else { sign.to_ascii_lowercase() }).collect()
    };
    text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line.trim_start_matches('#')) == anchor)
}

fn no_registry_is_named(tree: &Tree) -> Vec<Fault> {
    // Cargo writes its index into the lock file by itself.
    names(tree, &REGISTRIES, "names the host of a package registry", |path| path == "Cargo.lock")
}

fn the_project_speaks_of_itself_alone(tree: &Tree) -> Vec<Fault> {
    names(tree, &[OUTSIDE], "speaks of something beside the repository", |_| false)
}

fn names(tree: &Tree, words: &[&str], what: &str, exempt: fn(&str) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.all().filter(|(path, _)| !exempt(path)) {
        for (index, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                faults.push(Fault::new(path, index + 1, format!("{what}: {word}")));
            }
        }
    }
    faults
}

#[test]
fn every_link_leads_somewhere() {
    holds(
        links_lead_somewhere,
        &[
            ("README.md", "See [the style](docs/STYLE.md)."),
            ("docs/STYLE.md", "[up](../../away.md)"),
            ("docs/STYLE.md", "# Style\n[below](#nothing)"),
        ],
    );
    accepts(
        links_lead_somewhere,
        &[
            ("docs/STYLE.md", "# Two Walks!\n[here](STYLE.md#two-walks) [there](https://example.org) [top](../docs)"),
            ("docs/API.md", "```\n[not a link](nowhere.md)\n```"),
        ],
    );
}

#[test]
fn no_file_names_a_package_registry() {
    holds(no_registry_is_named, &[("deny.toml", &format!("allow = [\"https://{}\"]", REGISTRIES[0]))]);
    accepts(no_registry_is_named, &[("Cargo.lock", &format!("source = \"{}\"", REGISTRIES[0]))]);
}

#[test]
fn no_file_speaks_of_its_surroundings() {
    holds(the_project_speaks_of_itself_alone, &[("docs/STYLE.md", &format!("as in {OUTSIDE}/plan.md"))]);
}
