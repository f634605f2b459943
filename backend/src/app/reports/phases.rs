//! The phases of a report: each asks, checks, and keeps its result before the next begins.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::super::App;
use super::super::writer::{Question, Writer};
use super::ledger::Ledger;
use super::steps::Steps;
use crate::domain::check::{self, Checked, MIN_FINDINGS, MIN_NOT_RECOMMENDED, MIN_RECOMMENDATIONS, Narrative};
use crate::domain::compute::{self, Computed};
use crate::domain::facts::{self, Snapshot};
use crate::domain::ids::{EventKind, Phase};
use crate::domain::offline;
use crate::domain::replies::{OptionsReply, Task};
use crate::domain::report::{Finding, Warning};
use crate::error::{Error, Result};

/// Room for the answer and for the thinking before it.
const FINDINGS_TOKENS: u32 = 6_000 + 8_000;
const OPTIONS_TOKENS: u32 = 2_500 + 4_000;
const NARRATIVE_TOKENS: u32 = 3_000 + 4_000;

/// Where each phase begins and ends, in percent.
pub(super) const ASSEMBLED: u32 = 5;
const FINDINGS_DONE: u32 = 35;
const OPTIONS_DONE: u32 = 70;
const COMPUTED: u32 = 75;
const NARRATIVE_DONE: u32 = 92;

/// A phase's result with what was dropped on the way to it.
#[derive(Serialize, serde::Deserialize)]
pub(super) struct Kept<T> {
    pub value: T,
    pub warnings: Vec<Warning>,
}

/// What the phases share.
pub(super) struct Work<'a> {
    pub app: &'a App,
    pub steps: &'a Steps<'a>,
    pub ledger: &'a Ledger<'a>,
    pub snapshot: &'a Snapshot,
    pub places: Arc<Semaphore>,
    /// The end of this attempt.
    pub deadline: Instant,
}

impl Work<'_> {
    pub async fn findings(&self) -> Result<Kept<Vec<(String, Finding)>>> {
        if let Some(kept) = self.steps.kept(Phase::Findings)? {
            return Ok(kept);
        }
        let snapshot = self.snapshot;
        let question = self.question(Task::Findings, &self.app.config.catalogue.model_findings, FINDINGS_TOKENS);
        let watch = self.steps.watch(Phase::Findings, ASSEMBLED, FINDINGS_DONE, 6_000);
        let checked = self
            .ask(
                question,
                facts::findings(snapshot),
                || offline::findings(snapshot),
                &watch,
                |reply| {
                    let mut checked = check::findings(reply, snapshot);
                    let enough = enough(&checked.accepted);
                    if !enough {
                        checked.errors.push(too_few());
                    }
                    (checked, enough)
                },
            )
            .await?;
        if !enough(&checked.accepted) {
            return Err(Error::upstream("too few findings are usable").caused_by(checked.errors.join("; ")));
        }
        let kept = Kept { value: checked.accepted, warnings: checked.warnings };
        let events = kept.value.iter().map(|(_, finding)| {
            let payload = json!({"id": finding.id, "title": finding.title, "recommendable": finding.recommendable});
            (EventKind::Finding, payload)
        });
        self.steps.keep(Phase::Findings, &kept, FINDINGS_DONE, events.collect()).await?;
        Ok(kept)
    }

    pub async fn options(&self, findings: &[(String, Finding)]) -> Result<Kept<BTreeMap<String, OptionsReply>>> {
        if let Some(kept) = self.steps.kept(Phase::Options)? {
            return Ok(kept);
        }
        let snapshot = self.snapshot;
        let watch = self.steps.watch(Phase::Options, FINDINGS_DONE, OPTIONS_DONE, 5 * 4_000);
        let asked = compute::candidates(findings).map(|(subject, finding)| {
            let watch = &watch;
            async move {
                let question = self.question(Task::Options, &self.app.config.catalogue.model_options, OPTIONS_TOKENS);
                let facts = facts::options(snapshot, finding, subject);
                let checked = self
                    .ask(
                        question,
                        facts,
                        || offline::options(snapshot, subject, finding),
                        watch,
                        |reply| {
                            let checked = check::options(reply, snapshot, subject, finding);
                            let enough = checked.accepted.is_some();
                            (checked, enough)
                        },
                    )
                    .await;
                (finding, checked)
            }
        });
        let mut kept = Kept { value: BTreeMap::new(), warnings: Vec::new() };
        let mut failures = Vec::new();
        for (finding, checked) in join_all(asked).await {
            match checked {
                Ok(Checked { accepted: Some(comparison), warnings, .. }) => {
                    kept.value.insert(finding.id.clone(), comparison);
                    kept.warnings.extend(warnings);
                }
                Ok(Checked { errors, .. }) => {
                    failures.push(Error::upstream("a comparison is unusable").caused_by(errors.join("; ")))
                }
                Err(error) => failures.push(error),
            }
        }
        // A missing comparison costs its recommendation; too few of them cost the phase.
        if kept.value.len() < MIN_RECOMMENDATIONS {
            return Err(failures.pop().unwrap_or_else(|| Error::upstream("too few findings can be recommended")));
        }
        for failure in failures {
            tracing::warn!(error = %failure.chain(), "a comparison is left out");
            kept.warnings.push(Warning { code: "comparison_left_out".into(), r#where: "options".into() });
        }
        self.steps.keep(Phase::Options, &kept, OPTIONS_DONE, Vec::new()).await?;
        Ok(kept)
    }

    pub async fn compute(
        &self,
        findings: Kept<Vec<(String, Finding)>>,
        options: Kept<BTreeMap<String, OptionsReply>>,
    ) -> Result<Computed> {
        if let Some(kept) = self.steps.kept(Phase::Compute)? {
            return Ok(kept);
        }
        let mut warnings = findings.warnings;
        warnings.extend(options.warnings);
        let computed = compute::compute(self.snapshot, findings.value, &options.value, warnings)?;
        let events = computed
            .recommendations
            .iter()
            .map(|one| (EventKind::Recommendation, json!({"id": one.id, "title": one.title})))
            .chain(
                computed
                    .warnings
                    .iter()
                    .map(|one| (EventKind::Warning, json!({"code": one.code, "where": one.r#where}))),
            );
        self.steps.keep(Phase::Compute, &computed, COMPUTED, events.collect()).await?;
        Ok(computed)
    }

    pub async fn narrative(&self, computed: &Computed) -> Result<Kept<Narrative>> {
        if let Some(kept) = self.steps.kept(Phase::Narrative)? {
            return Ok(kept);
        }
        let snapshot = self.snapshot;
        let question = self.question(Task::Narrative, &self.app.config.catalogue.model_narrative, NARRATIVE_TOKENS);
        let watch = self.steps.watch(Phase::Narrative, COMPUTED, NARRATIVE_DONE, 4_000);
        let checked = self
            .ask(
                question,
                facts::narrative(snapshot, computed),
                || offline::narrative(snapshot, computed),
                &watch,
                |reply| {
                    let checked = check::narrative(reply, snapshot, computed);
                    let enough = checked.accepted.is_some();
                    (checked, enough)
                },
            )
            .await?;
        let Some(narrative) = checked.accepted else {
            return Err(Error::upstream("the narrative is unusable").caused_by(checked.errors.join("; ")));
        };
        let kept = Kept { value: narrative, warnings: checked.warnings };
        self.steps.keep(Phase::Narrative, &kept, NARRATIVE_DONE, Vec::new()).await?;
        Ok(kept)
    }

    fn question<'q>(&'q self, task: Task, model: &'q str, max_tokens: u32) -> Question<'q> {
        let deadline = self.app.writer.phase_deadline().min(self.deadline);
        Question { task, model, user: Value::Null, max_tokens, places: &self.places, deadline }
    }

    /// Asks, checks, and asks once more with the list of faults; `check` says whether its result would do as it is.
    async fn ask<T>(
        &self,
        question: Question<'_>,
        facts: Value,
        offline: impl Fn() -> Value,
        watch: &super::steps::Watch<'_>,
        check: impl Fn(&Value) -> (Checked<T>, bool),
    ) -> Result<Checked<T>> {
        let reply = self.call(&question, facts.clone(), &offline, watch).await;
        let (mut user, errors, first) = match reply {
            Ok(reply) => {
                let (checked, enough) = check(&reply);
                if checked.errors.is_empty() {
                    return Ok(checked);
                }
                let mut user = facts;
                user["previous"] = reply;
                (user, checked.errors.clone(), enough.then_some(checked))
            }
            // There is nothing to read in it; the same question may still be answered.
            Err((error, true)) => (facts, vec![error.detail().to_owned()], None),
            Err((error, false)) => return Err(error),
        };
        tracing::info!(task = %question.task, errors = errors.len(), "an answer is sent back for repair");
        user["errors"] = json!(errors.iter().take(40).collect::<Vec<_>>());
        match self.call(&question, user, &offline, watch).await {
            Ok(reply) => {
                let (checked, enough) = check(&reply);
                // A repair that made it worse is not taken.
                match first {
                    Some(first) if !enough => Ok(first),
                    _ => Ok(checked),
                }
            }
            Err((error, _)) => first.ok_or(error),
        }
    }

    /// The answer as it came; an error says whether an unusable answer came.
    async fn call(
        &self,
        question: &Question<'_>,
        user: Value,
        offline: impl FnOnce() -> Value,
        watch: &super::steps::Watch<'_>,
    ) -> Result<Value, (Error, bool)> {
        self.ledger.admit().await.map_err(|error| (error, false))?;
        let question = Question { user, ..*question };
        let (task, model) = (question.task, question.model.to_owned());
        let reply = watch.during(self.app.writer.ask(question, offline, watch.listener())).await;
        self.ledger.enter(task, &model, &reply.attempts).await.map_err(|error| (error, false))?;
        reply.value.map_err(|error| (error, reply.unusable))
    }
}

fn enough(findings: &[(String, Finding)]) -> bool {
    let declined = findings.iter().filter(|(_, finding)| !finding.recommendable).count();
    findings.len() >= MIN_FINDINGS
        && declined >= MIN_NOT_RECOMMENDED
        && findings.len() - declined >= MIN_RECOMMENDATIONS
}

/// For the repair call: each finding can be fine, and all of them together too few.
fn too_few() -> String {
    format!(
        "findings: at least {MIN_FINDINGS} usable ones are needed, of them {MIN_RECOMMENDATIONS} with both scores high \
         enough to be recommended and {MIN_NOT_RECOMMENDED} that are not recommended"
    )
}

/// What a checkpoint holds, read back.
pub(super) fn read_kept<T: DeserializeOwned>(phase: Phase, value: &Value) -> Result<T> {
    T::deserialize(value)
        .map_err(|error| Error::internal(format!("the checkpoint of {phase} cannot be read")).caused_by(error))
}

/// The models that a report's questions go to; none where nobody was asked.
pub(super) fn models(app: &App) -> Vec<crate::domain::report::ModelUse> {
    let catalogue = &app.config.catalogue;
    match app.writer {
        Writer::Offline => Vec::new(),
        Writer::Claude { .. } => [
            (Task::Findings, &catalogue.model_findings),
            (Task::Options, &catalogue.model_options),
            (Task::Narrative, &catalogue.model_narrative),
        ]
        .into_iter()
        .map(|(task, model)| crate::domain::report::ModelUse { task: task.to_string(), model: model.clone() })
        .collect(),
    }
}
