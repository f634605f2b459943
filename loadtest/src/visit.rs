//! One journey of one user: its calls, its pauses, its dice.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use goose::goose::GooseUser;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::caller::{Answer, Call, Row};
use crate::ledger::Effort;
use crate::world::World;

/// Why a journey ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The load is over.
    Over,
    /// Something came that should not have come; the book has it.
    Wrong,
}

pub type Step<T = ()> = Result<T, Stop>;

pub struct Visit<'a> {
    pub world: &'a World,
    /// Draws the same from one run to the next under the same seed.
    pub dice: StdRng,
    pub number: u64,
    goose: Option<&'a mut GooseUser>,
    /// Without pauses: for the reports that are there before anybody reads.
    in_haste: bool,
    kind: Option<&'static str>,
    effort: Effort,
    /// What of it stands in the book already.
    booked: Effort,
}

impl<'a> Visit<'a> {
    pub fn new(world: &'a World, goose: Option<&'a mut GooseUser>) -> Self {
        let number = world.number();
        let dice = StdRng::seed_from_u64(world.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number);
        Self {
            world,
            dice,
            number,
            goose,
            in_haste: false,
            kind: None,
            effort: Effort::default(),
            booked: Effort::default(),
        }
    }

    #[must_use]
    pub fn in_haste(self) -> Self {
        Self { in_haste: true, ..self }
    }

    /// Its effort is booked as that of this kind of user.
    #[must_use]
    pub fn of(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    pub const fn effort(&self) -> Effort {
        self.effort
    }

    /// The answer, which is as expected.
    pub async fn call(&mut self, call: Call<'_>) -> Step<Answer> {
        let (answer, row) = self.world.caller.send(call).await;
        self.made(&row).await;
        answer.filter(|answer| answer.is_expected).ok_or(Stop::Wrong)
    }

    /// The stream, which is open.
    pub async fn open(&mut self, call: Call<'_>) -> Step<reqwest::Response> {
        let (response, row) = self.world.caller.open(call).await;
        self.made(&row).await;
        response.ok_or(Stop::Wrong)
    }

    /// All the time since then was spent waiting for the product, within calls and between them: a stream was read.
    pub fn waited_since(&mut self, before: Effort, time: Duration) {
        self.effort.waited = before.waited.saturating_add(time).max(self.effort.waited);
        self.book();
    }

    /// A pause as the profile stretches it. Ends with the load.
    pub async fn think(&mut self, seconds: RangeInclusive<f64>) -> Step {
        if self.in_haste {
            return Ok(());
        }
        let pause = Duration::from_secs_f64(self.dice.random_range(seconds) * self.world.profile.pauses);
        let left = self.world.left().unwrap_or(pause);
        let begun = Instant::now();
        tokio::time::sleep(pause.min(left)).await;
        // What the generator adds to a pause is its own fault and no pause.
        self.effort.thought += pause.min(left).min(begun.elapsed());
        self.book();
        if self.world.is_over() { Err(Stop::Over) } else { Ok(()) }
    }

    /// A row in goose's own book, for its report.
    pub async fn made(&mut self, row: &Row) {
        self.effort.requests += 1;
        self.effort.waited += row.took;
        self.book();
        self.tell_goose(row).await;
    }

    /// At once and not at the journey's end, so that a window cuts it where it cuts the calls.
    fn book(&mut self) {
        let Some(kind) = self.kind else { return };
        let (now, before) = (self.effort, std::mem::replace(&mut self.booked, self.effort));
        let more = Effort {
            requests: now.requests - before.requests,
            thought: now.thought.saturating_sub(before.thought),
            waited: now.waited.saturating_sub(before.waited),
        };
        self.world.ledger.effort(kind, more);
    }

    pub async fn tell_goose(&mut self, row: &Row) {
        let Some(goose) = &mut self.goose else { return };
        let error = (!row.is_expected).then_some("unexpected");
        let method = row.method.as_str();
        // It can only fail when goose has stopped listening, and then nobody reads its report.
        let _ =
            goose.record_custom_request_duration(method, &row.name, row.took, row.is_expected, row.status, error).await;
    }
}
