//! What the workflows call is there: outputs of the flake, options of our programs, scripts; and what they need is written down.

use crate::document::{Document, actions, parse, words_after, workflows};
use crate::holds;
use crate::tree::{Fault, Tree};

/// One of our programs as a workflow calls it, and the files that declare its options.
const PROGRAMS: [(&str, &[&str]); 4] = [
    ("nix run .#deploy -- ", &["deploy/src/cli.rs"]),
    ("nix run .#loadtest -- ", &["loadtest/src/cli.rs"]),
    ("nix run .#load-gate -- ", &["xtask/src/load.rs"]),
    ("nix run . -- ", &["backend/src/cli.rs"]),
];

const RUNBOOK: &str = "docs/runbooks/pipeline.md";

fn what_is_called_is_there(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let outputs: String = tree.ending(".nix").map(|(_, text)| text).collect::<Vec<_>>().join("\n");
    let declares = |name: &str| {
        let mut words = outputs.split(|sign: char| !sign.is_ascii_alphanumeric() && !matches!(sign, '-' | '_'));
        words.any(|word| word == name)
    };
    for document in all(tree) {
        for run in document.runs() {
            let mut fault = |what: String| faults.push(Fault::new(document.path, document.line(run), what));
            for output in after(run, " .#").filter(|output| !declares(output)) {
                fault(format!("the flake has no {output}"));
            }
            for script in run.split_whitespace().filter(|word| word.starts_with("deploy/") || word.starts_with(".ci/"))
            {
                if tree.text(script).is_none() {
                    fault(format!("there is no {script}"));
                }
            }
            for (call, sources) in PROGRAMS {
                let text: String = sources.iter().filter_map(|path| tree.text(path)).collect();
                for command in run.replace("\\\n", " ").split(call).skip(1) {
                    let command = command.lines().next().unwrap_or_default();
                    for option in unknown_options(command, &text) {
                        fault(format!("{} does not know {option}", call.trim_end_matches(" -- ")));
                    }
                }
            }
        }
    }
    faults
}

/// Long options of a command line that no field of the source is named after, and a first word that is no subcommand.
fn unknown_options(command: &str, source: &str) -> Vec<String> {
    let words = command.split([' ', ')', '"', '}']);
    let mut unknown: Vec<String> = words
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .filter(|word| {
            let field = word.trim_start_matches('-').replace('-', "_");
            !source.contains(&format!("{field}:"))
        })
        .map(str::to_owned)
        .collect();
    let first = command.split(' ').next().unwrap_or_default();
    let is_word = !first.is_empty() && first.chars().all(|sign| sign.is_ascii_lowercase() || sign == '-');
    if is_word && !first.starts_with('-') {
        let variant: String = first.split('-').map(capitalised).collect();
        if ![" {", "(", ","].iter().any(|end| source.contains(&format!("    {variant}{end}"))) {
            unknown.push(first.to_owned());
        }
    }
    unknown
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn what_is_needed_is_written_down(tree: &Tree) -> Vec<Fault> {
    let runbook = tree.text(RUNBOOK).unwrap_or_default();
    let mut faults = Vec::new();
    for document in workflows(tree) {
        let kinds = ["secrets.", "vars."].into_iter();
        for name in kinds.flat_map(|kind| words_after(document.text, kind)).filter(|name| !name.is_empty()) {
            if !runbook.contains(&format!("`{name}`")) {
                faults.push(Fault::new(document.path, document.line(name), format!("{RUNBOOK} does not name {name}")));
            }
        }
        for job in document.jobs() {
            let name = job.value["name"].as_str().unwrap_or_default();
            if name.is_empty() || (!name.contains("${{") && !runbook.contains(&format!("`{name}`"))) {
                let what = format!("{RUNBOOK} does not say what it means when {:?} is red", job.name);
                faults.push(Fault::new(document.path, document.line(job.name), what));
            }
        }
    }
    faults
}

/// Where versions are locked, somebody looks for newer ones.
fn every_lock_is_kept_current(tree: &Tree) -> Vec<Fault> {
    const PATH: &str = ".github/dependabot.yml";
    let value = parse(PATH, tree.text(PATH).unwrap_or_default());
    let updates = value["updates"].as_array().cloned().unwrap_or_default();
    let covers = |ecosystem: &str, folder: &str| {
        updates.iter().filter(|update| update["package-ecosystem"] == ecosystem).any(|update| {
            update["directory"] == folder
                || update["directories"].as_array().is_some_and(|all| all.iter().any(|one| one == folder))
        })
    };
    let locks = [("package-lock.json", "npm"), ("Cargo.lock", "cargo")];
    let mut faults = Vec::new();
    for (path, _) in tree.all() {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        for (_, ecosystem) in locks.iter().filter(|(lock, _)| *lock == file) {
            if !covers(ecosystem, &format!("/{folder}")) {
                faults.push(Fault::new(PATH, 0, format!("nobody looks after {path}")));
            }
        }
    }
    for update in
        updates.iter().filter(|update| update["cooldown"]["default-days"].as_u64().is_none_or(|days| days < 7))
    {
        faults.push(Fault::new(PATH, 0, format!("{} takes versions that are a day old", update["package-ecosystem"])));
    }
    faults
}

fn all(tree: &Tree) -> Vec<Document<'_>> {
    workflows(tree).into_iter().chain(actions(tree)).collect()
}

/// Names of outputs: like words, with `-` inside.
fn after<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(|rest| {
        let end = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-').unwrap_or(rest.len());
        &rest[..end]
    })
}

const CI: &str = ".github/workflows/ci.yml";
const DEPLOY: &str = ".github/workflows/deploy.yml";

#[test]
fn every_command_of_a_workflow_is_there() {
    holds(
        what_is_called_is_there,
        &[
            (CI, ".#image-frontend", ".#image-page"),
            (CI, "deploy/try-images.sh", "deploy/try.sh"),
            (CI, ".ci/run", ".ci/ran"),
            (DEPLOY, "--staging-receipt", "--receipt-of-staging"),
            (DEPLOY, "nix run .#deploy -- release", "nix run .#deploy -- promote"),
            (DEPLOY, "--users 100", "--buyers 100"),
            (DEPLOY, "admin-token --actor", "admin-token --name"),
            ("loadtest/src/cli.rs", "load_key_env: Option", "key: Option"),
        ],
    );
}

#[test]
fn every_secret_and_every_red_job_is_explained() {
    holds(
        what_is_needed_is_written_down,
        &[
            (RUNBOOK, "`LOAD_KEY`", "a key"),
            (RUNBOOK, "`STUBS_BASE_URL`", "an address"),
            (RUNBOOK, "`reproducible images`", "the weekly one"),
            (DEPLOY, "vars.API_BASE_URL", "vars.API_URL"),
        ],
    );
}

#[test]
fn no_lock_file_grows_old() {
    holds(
        every_lock_is_kept_current,
        &[
            (".github/dependabot.yml", ", \"/.railway\"", ""),
            (".github/dependabot.yml", "package-ecosystem: cargo", "package-ecosystem: gomod"),
            (".github/dependabot.yml", "cooldown: { default-days: 7 }", "cooldown: { default-days: 1 }"),
        ],
    );
}
