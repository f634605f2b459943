//! What all users of a run share: the caller, the stand-ins, the clock, the reports that may be read.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rand::Rng as _;
use rand::rngs::StdRng;

use crate::caller::Caller;
use crate::ledger::Ledger;
use crate::profiles::Profile;
use crate::stub::Stub;

/// Ready reports that readers choose from.
const SHELF: usize = 200;

#[derive(Debug)]
pub struct World {
    pub caller: Caller,
    pub ledger: Arc<Ledger>,
    pub stub: Option<Stub>,
    pub profile: Profile,
    pub seed: u64,
    /// Told apart from other runs on the same product: part of the buyers' addresses.
    pub run: String,
    /// When no new journey begins any more; unknown until the load is on.
    over_at: OnceLock<Instant>,
    shelf: Mutex<VecDeque<Bought>>,
    numbers: AtomicU64,
}

/// A ready report and the token that opens it.
#[derive(Debug, Clone)]
pub struct Bought {
    pub report: String,
    pub token: String,
}

impl World {
    pub fn new(
        caller: Caller,
        ledger: Arc<Ledger>,
        stub: Option<Stub>,
        profile: Profile,
        seed: u64,
        run: String,
    ) -> Self {
        Self {
            caller,
            ledger,
            stub,
            profile,
            seed,
            run,
            over_at: OnceLock::new(),
            shelf: Mutex::default(),
            numbers: AtomicU64::new(0),
        }
    }

    /// The load ends then. Said once.
    pub fn end_at(&self, at: Instant) {
        let _ = self.over_at.set(at);
    }

    pub fn is_over(&self) -> bool {
        self.left() == Some(Duration::ZERO)
    }

    /// Until the load ends; none where nobody has said so yet.
    pub fn left(&self) -> Option<Duration> {
        self.over_at.get().map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// A number that nobody else has.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub fn put_on_shelf(&self, bought: Bought) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.push_back(bought);
        if shelf.len() > SHELF {
            shelf.pop_front();
        }
    }

    /// One of the ready reports; none before the first.
    pub fn from_shelf(&self, dice: &mut StdRng) -> Option<Bought> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.is_empty() { None } else { shelf.get(dice.random_range(0..shelf.len())).cloned() }
    }
}
