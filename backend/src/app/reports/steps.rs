//! What a report leaves behind on its way: checkpoints and events, each written under the lease's fence.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::App;
use super::phases::read_kept;
use crate::clients::claude::Progress;
use crate::domain::ids::{EventKind, Phase, ReportId};
use crate::error::{Error, Result};
use crate::store::events::NewEvent;
use crate::store::jobs::Job;
use crate::store::{self, Tx};

/// How often a running phase says how far it is.
const TICK: Duration = Duration::from_secs(1);

pub(super) struct Steps<'a> {
    app: &'a App,
    job: &'a Job,
    checkpoints: BTreeMap<Phase, Value>,
    /// Progress never falls, not even when a phase is done again.
    progress: AtomicU32,
}

impl<'a> Steps<'a> {
    pub async fn open(app: &'a App, job: &'a Job) -> Result<Self> {
        let checkpoints = store::checkpoints::all(app.db.conn(), job.report_id).await?;
        let last = store::events::last(app.db.conn(), job.report_id).await?;
        let progress = AtomicU32::new(last.map_or(0, |event| event.progress));
        Ok(Self { app, job, checkpoints, progress })
    }

    /// The result of a phase that was finished before.
    pub fn kept<T: DeserializeOwned>(&self, phase: Phase) -> Result<Option<T>> {
        self.checkpoints.get(&phase).map(|value| read_kept(phase, value)).transpose()
    }

    /// Keeps a phase's result and tells of it, in one transaction that fails when the lease is lost.
    pub async fn keep<T: Serialize + Sync>(
        &self,
        phase: Phase,
        result: &T,
        progress: u32,
        events: Vec<(EventKind, Value)>,
    ) -> Result<()> {
        let payload = serde_json::to_string(result)
            .map_err(|error| Error::internal("a phase cannot be kept").caused_by(error))?;
        let progress = self.reach(progress);
        let done = (EventKind::Progress, json!({"done": true}));
        let tx = self.begin(phase, progress, events.into_iter().chain([done])).await?;
        store::checkpoints::put(tx.conn(), self.report(), phase, payload, self.app.now()).await?;
        self.commit(tx).await
    }

    /// A transaction that only the holder of the lease can open; it begins with what it tells.
    pub async fn begin(
        &self,
        phase: Phase,
        progress: u32,
        events: impl IntoIterator<Item = (EventKind, Value)>,
    ) -> Result<Tx> {
        let told = events.into_iter();
        let told = told.map(|(kind, payload)| NewEvent { kind, phase: Some(phase), progress, payload }).collect();
        let tx = self.app.db.begin().await?;
        store::events::append_under_lease(&tx, self.job, told, self.app.now()).await?;
        Ok(tx)
    }

    pub async fn commit(&self, tx: Tx) -> Result<()> {
        tx.commit().await?;
        self.app.wakes.events(self.report());
        Ok(())
    }

    pub fn report(&self) -> ReportId {
        self.job.report_id
    }

    /// Raises the progress; what it is now.
    fn reach(&self, progress: u32) -> u32 {
        self.progress.fetch_max(progress, Ordering::Relaxed).max(progress)
    }

    pub fn watch(&'a self, phase: Phase, from: u32, to: u32, expected_characters: usize) -> Watch<'a> {
        Watch { steps: self, phase, from, to, expected_characters, written: AtomicU32::new(0) }
    }
}

/// Turns what Claude streams into progress between two bounds: measured by what was written, never by time.
pub(super) struct Watch<'a> {
    steps: &'a Steps<'a>,
    phase: Phase,
    from: u32,
    to: u32,
    expected_characters: usize,
    /// Characters of the calls of this phase, together.
    written: AtomicU32,
}

impl Watch<'_> {
    /// Counts what one call writes.
    pub fn listener(&self) -> impl FnMut(Progress) + Send + '_ {
        let mut before = 0_u32;
        move |progress| {
            let now = match progress {
                Progress::Writing { characters } => u32::try_from(characters).unwrap_or(u32::MAX),
                // An attempt that broke wrote nothing that counts.
                Progress::Began { .. } | Progress::Waiting { .. } | Progress::Thinking => before,
            };
            self.written.fetch_add(now.saturating_sub(before), Ordering::Relaxed);
            before = before.max(now);
        }
    }

    /// Runs a call, and appends a progress event a second while it has something new to say.
    pub async fn during<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = std::pin::pin!(call);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        tick.tick().await;
        loop {
            tokio::select! {
                done = &mut call => return done,
                _ = tick.tick() => {
                    // Telling is a courtesy: a lost lease shows at the next checkpoint.
                    if let Err(error) = self.tell().await {
                        tracing::debug!(error = %error.chain(), "progress is not told");
                    }
                }
            }
        }
    }

    async fn tell(&self) -> Result<()> {
        let written = self.written.load(Ordering::Relaxed) as usize;
        // The last tenth belongs to the check of the answer.
        let span = (self.to - self.from) as usize * 9 / 10;
        let share = (span * written.min(self.expected_characters) / self.expected_characters.max(1)) as u32;
        let before = self.steps.progress.load(Ordering::Relaxed);
        let progress = self.steps.reach(self.from + share);
        if progress == before {
            return Ok(());
        }
        let tx = self.steps.begin(self.phase, progress, [(EventKind::Progress, json!({}))]).await?;
        self.steps.commit(tx).await
    }
}
