//! What runs after what, and what never runs at once: the order of a release, and the group of each environment.

use serde_json::Value;

use crate::document::{Document, list, workflow, workflows};
use crate::holds;
use crate::tree::{Fault, Tree};

/// A job that changes an environment, and the group that only one of them is in at a time.
const CHANGES: [(&str, &str, &str); 3] = [
    ("deploy", "staging", "environment-staging"),
    ("deploy", "production", "environment-production"),
    ("rollback", "rollback", "environment-${{ inputs.environment }}"),
];

/// From a job to the one that has to be through before it.
const ORDER: [(&str, &str); 5] = [
    ("release", "ci"),
    ("staging", "release"),
    ("approval", "staging"),
    ("production", "approval"),
    // It takes the digests from there, and not from anywhere else.
    ("production", "release"),
];

const RUNNER: &str = "ubuntu-24.04";

fn jobs_are_bounded(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in workflows(tree) {
        for job in document.jobs().into_iter().filter(|job| job.value["uses"].is_null()) {
            let mut fault = |what: &str| {
                faults.push(Fault::new(document.path, document.line(job.name), format!("{} {what}", job.name)));
            };
            if job.value["timeout-minutes"].as_u64().is_none_or(|minutes| minutes > 360) {
                fault("has no `timeout-minutes`");
            }
            if job.value["runs-on"] != RUNNER {
                fault("does not name the runner's version");
            }
        }
    }
    faults
}

fn an_environment_changes_once_at_a_time(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, job, group) in CHANGES {
        let document = workflow(tree, name);
        let concurrency = &document.job(job)["concurrency"];
        if concurrency["group"] != group || concurrency["cancel-in-progress"] != false || concurrency["queue"] != "max"
        {
            let what = format!("{job} must wait for its turn in {group}: never cancelled, never left out");
            faults.push(Fault::new(document.path, document.line(job), what));
        }
    }
    for document in workflows(tree) {
        let concurrency = &document.value["concurrency"];
        if concurrency["group"].is_null() {
            faults.push(Fault::new(document.path, 0, "no concurrency group at the top"));
        }
        let is_ci = document.path.ends_with("/ci.yml");
        if concurrency["cancel-in-progress"] != false && !is_ci {
            faults.push(Fault::new(document.path, document.line("cancel-in-progress"), "a run of it may be cut short"));
        }
        // Whoever holds a token that can change an environment is in its group.
        for job in document.jobs() {
            let is_known = CHANGES
                .iter()
                .any(|(name, known, _)| document.path.ends_with(&format!("/{name}.yml")) && *known == job.name);
            if job.value.to_string().contains("RAILWAY_TOKEN") && !is_known {
                faults.push(Fault::new(
                    document.path,
                    document.line(job.name),
                    "changes an environment outside its group",
                ));
            }
        }
    }
    faults
}

fn a_release_goes_through_every_gate(tree: &Tree) -> Vec<Fault> {
    let document = workflow(tree, "deploy");
    let mut faults = Vec::new();
    for (job, before) in ORDER {
        if !needs(document.job(job)).contains(&before) {
            faults.push(Fault::new(document.path, document.line(job), format!("{job} does not wait for {before}")));
        }
    }
    // `if` on a job could let it run after a failure.
    for job in document.jobs().iter().filter(|job| !job.value["if"].is_null()) {
        faults.push(Fault::new(
            document.path,
            document.line(job.name),
            format!("{} has a condition of its own", job.name),
        ));
    }
    let approval = document.job("approval");
    if approval["environment"] != "production-approval" || !approval["concurrency"].is_null() {
        let what = "approval must ask the reviewers of production-approval, and hold no group meanwhile";
        faults.push(Fault::new(document.path, document.line("approval:"), what));
    }
    for (job, wanted) in [
        ("staging", &["verify BACKEND", "verify WEB", "release --environment staging", "loadtest"][..]),
        ("production", &["verify BACKEND", "verify WEB", "--staging-receipt staging/staging.json"][..]),
    ] {
        faults.extend(out_of_order(&document, job, wanted));
    }
    faults
}

/// The steps of a job in one line each, and which of the wanted are missing or come too late.
fn out_of_order(document: &Document<'_>, job: &str, wanted: &[&str]) -> Option<Fault> {
    let steps: Vec<String> = list(&document.job(job)["steps"]).map(in_short).collect();
    let mut from = 0;
    for part in wanted {
        let Some(at) = steps[from..].iter().position(|step| step.contains(part)) else {
            let what = format!("{job} does not do {part:?} where it should");
            return Some(Fault::new(document.path, document.line(&format!("  {job}:")), what));
        };
        from += at + 1;
    }
    None
}

fn in_short(step: &Value) -> String {
    let reference = step["with"]["reference"].as_str().unwrap_or_default();
    match step["uses"].as_str() {
        Some("$/.github/actions/verify") if step["if"].is_null() => {
            format!("verify {}", reference.trim_start_matches("${{ env.").trim_end_matches(" }}"))
        }
        _ => step["run"].as_str().unwrap_or_default().to_owned(),
    }
}

fn one_check_stands_for_all(tree: &Tree) -> Vec<Fault> {
    let document = workflow(tree, "ci");
    let others: Vec<_> = document.jobs().iter().map(|job| job.name.to_owned()).filter(|name| name != "ok").collect();
    let ok = document.job("ok");
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(Fault::new(document.path, document.line("  ok:"), what));
    for missing in others.iter().filter(|name| !needs(ok).contains(&name.as_str())) {
        fault(format!("ok does not wait for {missing}"));
    }
    if ok["if"] != "${{ always() }}" {
        fault("ok is skipped, and so passes, when another job fails".to_owned());
    }
    let asks = format!("length == {} and all(.[]; .result == \"success\")", others.len());
    if !ok["steps"].to_string().replace("\\\"", "\"").contains(&asks) {
        fault(format!("ok does not ask for {asks}"));
    }
    faults
}

fn needs(job: &Value) -> Vec<&str> {
    let many = list(&job["needs"]).filter_map(Value::as_str);
    many.chain(job["needs"].as_str()).collect()
}

const CI: &str = ".github/workflows/ci.yml";
const DEPLOY: &str = ".github/workflows/deploy.yml";
const ROLLBACK: &str = ".github/workflows/rollback.yml";

#[test]
fn every_job_ends_and_names_its_runner() {
    holds(
        jobs_are_bounded,
        &[(CI, "    timeout-minutes: 5\n", ""), (DEPLOY, "runs-on: ubuntu-24.04", "runs-on: ubuntu-latest")],
    );
}

#[test]
fn a_release_and_a_rollback_wait_for_each_other() {
    holds(
        an_environment_changes_once_at_a_time,
        &[
            (DEPLOY, "group: environment-staging", "group: staging"),
            (DEPLOY, "      cancel-in-progress: false\n      queue: max\n", "      cancel-in-progress: true\n"),
            (DEPLOY, "      queue: max\n", ""),
            (ROLLBACK, "group: environment-${{ inputs.environment }}", "group: rollback"),
            (ROLLBACK, "  cancel-in-progress: false\n\njobs", "  cancel-in-progress: true\n\njobs"),
            (DEPLOY, "run: echo \"approved for production\"", "run: env\n        env: { RAILWAY_TOKEN: x }"),
        ],
    );
}

#[test]
fn production_comes_after_staging_its_gate_and_a_reviewer() {
    holds(
        a_release_goes_through_every_gate,
        &[
            (DEPLOY, "    needs: ci\n", ""),
            (DEPLOY, "needs: [release, approval]", "needs: [release, staging]"),
            (DEPLOY, "    needs: staging\n", "    needs: release\n"),
            (DEPLOY, "    environment: production-approval\n", "    environment: staging\n"),
            (DEPLOY, "    needs: [release, approval]\n", "    needs: [release, approval]\n    if: ${{ always() }}\n"),
            (DEPLOY, "          reference: ${{ env.WEB }}\n", "          reference: ${{ env.BACKEND }}\n"),
            (DEPLOY, " --staging-receipt staging/staging.json", ""),
            (DEPLOY, "nix run .#loadtest -- run", "echo"),
        ],
    );
}

#[test]
fn the_required_check_waits_for_every_job() {
    holds(
        one_check_stands_for_all,
        &[
            (CI, "needs: [flake, images, desk]", "needs: [flake, images]"),
            (CI, "    if: ${{ always() }}\n", ""),
            (CI, "length == 3", "length == 2"),
        ],
    );
}
