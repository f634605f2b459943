//! Whom the workflows trust, and with what: pinned actions, least permissions, secrets, and nothing of a caller's in a shell.

use crate::document::{Document, actions, workflows};
use crate::holds;
use crate::tree::{Fault, Tree};

/// Whose code runs in the pipeline: an action, its commit, and the version that people read. docs/runbooks/pipeline.md
/// says how one gets here.
const ALLOWED: [(&str, &str, &str); 7] = [
    ("actions/checkout", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    ("actions/upload-artifact", "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1"),
    ("actions/download-artifact", "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    ("actions/attest", "1e69f48acb82d1966a394da916b4c1698aa569d6", "v4.2.2"),
    ("cachix/install-nix-action", "630ae543ea3a38a9a4166f03376c02c50f408342", "v31.11.0"),
    ("docker/login-action", "dbcb813823bdd20940b903addbd779551569679f", "v4.6.0"),
    ("slackapi/slack-github-action", "dcb1066f776dd043e64d0e8ba94ca15cc7e1875d", "v4.0.0"),
];

/// The only job that may write, and what.
const WRITES: (&str, &str, [&str; 3]) =
    (".github/workflows/deploy.yml", "release", ["packages", "id-token", "attestations"]);

/// Triggers by which a stranger's text or code meets our secrets.
const DANGEROUS: [&str; 4] = ["pull_request_target", "workflow_run", "issue_comment", "issues"];

fn actions_are_pinned_and_known(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in all(tree) {
        for used in document.uses() {
            let line = document.line(used);
            let mut fault = |what: String| faults.push(Fault::new(document.path, line, what));
            if let Some(path) = used.strip_prefix("$/") {
                if !tree.has(path) {
                    fault(format!("there is no {path}"));
                }
                continue;
            }
            let (name, pin) = used.split_once('@').unwrap_or((used, ""));
            match ALLOWED.iter().find(|(known, ..)| *known == name) {
                None => fault(format!("{name} is not in the list of xtask/tests/pipeline/trust.rs")),
                Some((_, commit, _)) if *commit != pin => {
                    fault(format!("{name} is pinned to {commit}, not to {pin:?}"));
                }
                Some((_, commit, version)) => {
                    let says = |line: &str| !line.contains(commit) || line.ends_with(&format!("# {version}"));
                    if !document.text.lines().all(says) {
                        fault(format!("the comment behind the commit says {version}"));
                    }
                }
            }
        }
    }
    let unused = ALLOWED.iter().filter(|(name, ..)| !all(tree).iter().any(|document| document.text.contains(name)));
    faults.extend(unused.map(|(name, ..)| Fault::new(".github", 0, format!("{name} is allowed and not used"))));
    faults
}

fn permissions_are_the_least(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in workflows(tree) {
        if document.value["permissions"].as_object().is_none_or(|all| !all.is_empty()) {
            faults.push(Fault::new(document.path, 0, "no `permissions: {}` at the top"));
        }
        for job in document.jobs() {
            let Some(permissions) = job.value["permissions"].as_object() else {
                let what = format!("the job {} does not say its permissions one by one", job.name);
                faults.push(Fault::new(document.path, document.line(job.name), what));
                continue;
            };
            let (path, writer, written) = WRITES;
            for (name, _) in permissions.iter().filter(|(_, access)| *access != "read") {
                if document.path != path || job.name != writer || !written.contains(&name.as_str()) {
                    let what = format!("the job {} may write {name}", job.name);
                    faults.push(Fault::new(document.path, document.line(name), what));
                }
            }
        }
    }
    faults
}

fn no_stranger_meets_a_secret(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in workflows(tree) {
        let triggers = document.value["on"].as_object().cloned().unwrap_or_default();
        for trigger in DANGEROUS.iter().filter(|trigger| triggers.contains_key(**trigger)) {
            faults.push(Fault::new(document.path, document.line(trigger), format!("{trigger} is never a trigger")));
        }
        if triggers.contains_key("pull_request") && document.text.contains("secrets") {
            faults.push(Fault::new(document.path, document.line("secrets"), "a pull request gets no secret"));
        }
        for job in document.jobs() {
            let needs_secret = job.value.to_string().contains("secrets.");
            if needs_secret && job.value["environment"].is_null() {
                let what = format!("{} takes a secret and is in no environment that guards it", job.name);
                faults.push(Fault::new(document.path, document.line(job.name), what));
            }
        }
        if document.text.contains("secrets: inherit") {
            let what = "secrets are handed on one by one, to whom needs them";
            faults.push(Fault::new(document.path, document.line("secrets: inherit"), what));
        }
    }
    faults
}

/// An expression is put into the script before the shell reads it, whatever it holds. Values come in by `env`.
fn no_expression_in_a_shell(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in all(tree) {
        for run in document.runs().into_iter().filter(|run| run.contains("${{")) {
            faults.push(Fault::new(
                document.path,
                document.line(run),
                "an expression in a script; hand it in by `env`",
            ));
        }
    }
    faults
}

fn checkouts_leave_no_token(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in all(tree) {
        let checkouts = document
            .steps()
            .into_iter()
            .filter(|step| step["uses"].as_str().is_some_and(|used| used.starts_with("actions/checkout@")));
        for step in checkouts.filter(|step| step["with"]["persist-credentials"] != false) {
            let line = document.line(step["uses"].as_str().unwrap_or_default());
            faults.push(Fault::new(document.path, line, "a checkout without `persist-credentials: false`"));
        }
    }
    faults
}

/// A token reaches a step only by that step's own `env` or `with`: what a job's `env` holds, every program of it sees.
fn secrets_reach_one_step(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in workflows(tree) {
        let envs = document.jobs().iter().map(|job| job.value["env"].to_string()).collect::<Vec<_>>();
        for env in envs.into_iter().chain([document.value["env"].to_string()]) {
            if env.contains("secrets.") || env.contains("github.token") {
                faults.push(Fault::new(document.path, document.line("env:"), "a secret in the `env` of a whole job"));
            }
        }
    }
    faults
}

fn all(tree: &Tree) -> Vec<Document<'_>> {
    workflows(tree).into_iter().chain(actions(tree)).collect()
}

const CI: &str = ".github/workflows/ci.yml";
const DEPLOY: &str = ".github/workflows/deploy.yml";
const CHECKOUT: &str = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

#[test]
fn every_action_is_pinned_to_a_commit_that_we_know() {
    holds(
        actions_are_pinned_and_known,
        &[
            (CI, CHECKOUT, "actions/checkout@v7"),
            (CI, CHECKOUT, "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b2 # v7.0.1"),
            (CI, CHECKOUT, "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v6.0.0"),
            (CI, CHECKOUT, "somebody/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"),
            (CI, "$/.github/actions/setup", "$/.github/actions/set-up"),
            (
                ".github/actions/setup/action.yml",
                "cachix/install-nix-action@630ae543",
                "cachix/install-nix-action@730ae543",
            ),
        ],
    );
}

#[test]
fn nothing_may_write_but_the_release() {
    holds(
        permissions_are_the_least,
        &[
            (CI, "permissions: {}\n", ""),
            (CI, "permissions: {}\n", "permissions: read-all\n"),
            (CI, "contents: read # to check out", "contents: write"),
            (DEPLOY, "      packages: read # to read signatures\n", "      packages: write\n"),
            (
                DEPLOY,
                "    environment: production-approval\n    permissions: {}\n",
                "    environment: production-approval\n",
            ),
        ],
    );
}

#[test]
fn secrets_are_kept_from_strangers() {
    holds(
        no_stranger_meets_a_secret,
        &[
            (CI, "  pull_request:\n", "  pull_request_target:\n"),
            (CI, "toJSON(needs)", "secrets.RAILWAY_TOKEN"),
            (DEPLOY, "    environment:\n      name: staging\n      url: ${{ vars.APP_BASE_URL }}\n", ""),
            (
                DEPLOY,
                "    uses: $/.github/workflows/ci.yml\n",
                "    uses: $/.github/workflows/ci.yml\n    secrets: inherit\n",
            ),
        ],
    );
    holds(
        secrets_reach_one_step,
        &[(DEPLOY, "      API_BASE_URL: ${{ vars.API_BASE_URL }}\n", "      TOKEN: ${{ secrets.RAILWAY_TOKEN }}\n")],
    );
    holds(checkouts_leave_no_token, &[(CI, "persist-credentials: false", "persist-credentials: true")]);
}

#[test]
fn what_comes_from_outside_never_becomes_a_script() {
    holds(
        no_expression_in_a_shell,
        &[
            (DEPLOY, "--revision \"$GITHUB_SHA\"", "--revision ${{ github.event.head_commit.message }}"),
            (
                ".github/workflows/rollback.yml",
                "--environment \"$ENVIRONMENT\"",
                "--environment ${{ inputs.environment }}",
            ),
            (".github/actions/publish/action.yml", "\"$IMAGE\"", "${{ inputs.image }}"),
        ],
    );
}
