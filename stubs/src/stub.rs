//! What every stub shares: the order of a visit, the scenario, the counts and the ledger.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;

use crate::call::{Call, End, Piece, Refusal, Reply, Usage};
use crate::dice::{Dice, hash};
use crate::ledger::{Kept, Ledger, Outcome};
use crate::scenario::{Fault, Scenario, When};
use crate::shelf::Shelf;

pub use crate::ledger::{Entry, Room};

/// A stand-in for one service.
pub trait Stub: Send + Sync + 'static {
    fn name(&self) -> &'static str;
    fn serves(&self, path: &str) -> bool;
    fn desk(&self) -> &Desk;
    /// What the call is about, for counting: a model's task or an operation.
    fn task(&self, call: &Call) -> String;
    /// The truthful reply; what the service would refuse is refused.
    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal>;
    /// A refusal in the service's own shape.
    fn refuse(&self, refusal: &Refusal, turn: &Turn) -> Reply;

    /// One visit: counted, answered, bent by the fault of the moment, written down.
    fn answer(&self, call: &Call) -> Reply {
        let turn = self.desk().arrive(call, self.task(call));
        if turn.fault == Some(Fault::Refuse) {
            self.desk().record(call, &turn, 0, turn.fault.as_ref(), None);
            return Reply::refused();
        }
        let (reply, honest) = match self.reply(call, &turn) {
            Ok(reply) => (reply, true),
            Err(refusal) => (self.refuse(&refusal, &turn), refusal.injected),
        };
        // A fault never hides that a request was wrong.
        let fault = turn.fault.as_ref().filter(|_| honest);
        let reply = if let Some(fault) = fault { bend(reply, fault, &turn) } else { reply };
        self.desk().record(call, &turn, reply.status, fault, reply.usage);
        reply
    }

    /// Whether `answer` would close the connection; counts nothing.
    fn will_refuse(&self, call: &Call) -> bool {
        self.desk().foresee(call, &self.task(call)) == Some(Fault::Refuse)
    }

    /// The last calls, oldest first.
    fn calls(&self) -> Vec<Entry> {
        self.desk().kept().iter().map(Kept::entry).collect()
    }

    /// The last calls about one task.
    fn calls_about(&self, task: &str) -> Vec<Entry> {
        self.calls().into_iter().filter(|entry| entry.task == task).collect()
    }

    fn counts(&self) -> Counts {
        self.desk().open().counts.clone()
    }
}

/// One visit, as the stub sees it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The how-manieth call of this stub, from 1.
    pub number: u64,
    /// Seconds of Unix time.
    pub at: i64,
    pub task: String,
    /// From the scenario's seed and the request: the same request gives the same words.
    pub seed: u64,
    pub fault: Option<Fault>,
    pub scenario: Arc<Scenario>,
}

impl Turn {
    /// The status that a dial asks for, as a refusal. Called after the checks and before any effect.
    pub fn spare(&self) -> Result<(), Refusal> {
        let (status, code, message, retry_after) = match self.fault {
            Some(Fault::Status(status)) => (status, "", "the stub was told to fail", None),
            Some(Fault::RateLimit(wait)) => (429, "", "the stub was told to be busy", wait),
            Some(Fault::SpendLimit) => (429, "enforced_spend_limit_reached", "the spend limit is reached", None),
            _ => return Ok(()),
        };
        Err(Refusal { retry_after, injected: true, ..Refusal::new(status, code, message) })
    }

    pub fn stall(&self) -> Duration {
        Duration::from_millis(self.scenario.stall_ms)
    }
}

/// The faults that any reply can suffer on its way.
fn bend(reply: Reply, fault: &Fault, turn: &Turn) -> Reply {
    match fault {
        Fault::HeaderStall => Reply { wait: turn.stall(), end: End::Stalled(Duration::ZERO), ..reply },
        Fault::StreamStall => Reply { pieces: half(reply.pieces), end: End::Stalled(turn.stall()), ..reply },
        Fault::Cut => Reply { pieces: half(reply.pieces), end: End::Cut, ..reply },
        Fault::Garbage => {
            let bytes = Bytes::from_static(b"<html>\xff\xfe\x00 upstream\r\n\r\ndata: {\"type\":\nnot a reply");
            Reply { pieces: vec![Piece { after: Duration::ZERO, bytes }], ..reply }
        }
        Fault::SlowDrip => Reply { pieces: drip(&reply.pieces, turn.scenario.drip_ms), ..reply },
        _ => reply,
    }
}

/// The first half of the pieces; of a single piece its first half.
fn half(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let [only] = pieces.as_mut_slice() {
        only.bytes.truncate(only.bytes.len() / 2);
    } else {
        pieces.truncate(pieces.len() / 2);
    }
    pieces
}

/// Sixteen bytes at a time.
fn drip(pieces: &[Piece], drip_ms: u64) -> Vec<Piece> {
    let after = Duration::from_millis(drip_ms);
    let cut = |piece: &Piece| -> Vec<Piece> {
        piece.bytes.chunks(16).map(|chunk| Piece { after, bytes: Bytes::copy_from_slice(chunk) }).collect()
    };
    pieces.iter().flat_map(cut).collect()
}

/// The scenario, the counts and the last calls of one stub.
#[derive(Debug)]
pub struct Desk {
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    scenario: Arc<Scenario>,
    is_model: bool,
    counts: Counts,
    /// How often a request came, by its hash.
    repeats: Shelf<u64, u64>,
    ledger: Ledger,
}

/// Sums that never forget, unlike the last calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub calls: u64,
    pub by_task: BTreeMap<String, u64>,
    pub by_status: BTreeMap<u16, u64>,
    pub by_fault: BTreeMap<String, u64>,
    /// Answers with a 2xx and no fault, by task.
    pub good: BTreeMap<String, u64>,
    pub usage: Usage,
}

/// Tasks come from the request, so their names are bounded too.
const MOST_TASKS: usize = 64;
const LONGEST_TASK: usize = 64;
const MOST_REPEATS: usize = 20_000;

impl Desk {
    /// Panics when a dial cannot work: a test that sets it would prove nothing.
    pub fn new(scenario: Scenario, is_model: bool) -> Self {
        scenario.check(is_model).expect("a scenario this stub can play");
        Self {
            book: Mutex::new(Book {
                scenario: Arc::new(scenario),
                is_model,
                counts: Counts::default(),
                repeats: Shelf::new(MOST_REPEATS),
                ledger: Ledger::default(),
            }),
        }
    }

    fn open(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.open().scenario)
    }

    /// Counting goes on, so a rule `nth` still means the call since the last reset.
    pub fn set_scenario(&self, scenario: Scenario) -> Result<(), String> {
        let mut book = self.open();
        scenario.check(book.is_model)?;
        book.scenario = Arc::new(scenario);
        Ok(())
    }

    /// How much the ledger keeps.
    pub fn set_room(&self, room: Room) {
        self.open().ledger.set_room(room);
    }

    /// The last calls, oldest first.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        self.open().ledger.calls()
    }

    /// Forgets the counts and the calls; the scenario stays.
    pub fn reset(&self) {
        let mut book = self.open();
        book.counts = Counts::default();
        book.repeats.clear();
        book.ledger.clear();
    }

    fn arrive(&self, call: &Call, task: String) -> Turn {
        // Before the lock: it reads the whole body.
        let digest = call.digest();
        let mut book = self.open();
        let task = book.known_task(task);
        let fault = book.fault(call, &task);
        book.counts.calls += 1;
        *book.counts.by_task.entry(task.clone()).or_default() += 1;
        let seen = book.repeats.get(&digest).copied().unwrap_or(0);
        book.repeats.put(digest, seen + 1);
        let seed = hash(&[&book.scenario.seed.to_le_bytes(), &digest.to_le_bytes()]);
        Turn { number: book.counts.calls, at: call.at, task, seed, fault, scenario: Arc::clone(&book.scenario) }
    }

    fn foresee(&self, call: &Call, task: &str) -> Option<Fault> {
        let book = self.open();
        let task = book.known_task(task.to_owned());
        book.fault(call, &task)
    }

    fn record(&self, call: &Call, turn: &Turn, status: u16, fault: Option<&Fault>, usage: Option<Usage>) {
        let fault = fault.map(Fault::word);
        let outcome = Outcome { number: turn.number, task: turn.task.clone(), status, fault, usage };
        let kept = Kept::new(call, outcome.clone());
        let mut book = self.open();
        *book.counts.by_status.entry(status).or_default() += 1;
        if let Some(word) = outcome.fault {
            *book.counts.by_fault.entry(word).or_default() += 1;
        } else if (200..400).contains(&status) {
            *book.counts.good.entry(outcome.task).or_default() += 1;
        }
        if let Some(usage) = usage {
            book.counts.usage.add(usage);
        }
        book.ledger.push(kept);
    }
}

impl Book {
    fn known_task(&self, mut task: String) -> String {
        task.truncate(task.floor_char_boundary(LONGEST_TASK));
        let full = self.counts.by_task.len() >= MOST_TASKS && !self.counts.by_task.contains_key(&task);
        if full { "other".to_owned() } else { task }
    }

    /// The fault for a call that is not yet counted.
    fn fault(&self, call: &Call, task: &str) -> Option<Fault> {
        let digest = call.digest();
        let repeat = self.repeats.get(&digest).copied().unwrap_or(0);
        let strikes = |(index, rule): &(usize, &crate::scenario::Rule)| {
            let count = match rule.task.as_deref() {
                None => self.counts.calls + 1,
                Some(wanted) if wanted == task => self.counts.by_task.get(task).copied().unwrap_or(0) + 1,
                Some(_) => return false,
            };
            match rule.when {
                When::Always => true,
                When::Nth(n) => count == n,
                When::First(n) => count <= n,
                When::Share(share) => {
                    let parts = [self.scenario.seed, digest, repeat, *index as u64].map(u64::to_le_bytes);
                    Dice::new(hash(&[&parts[0], &parts[1], &parts[2], &parts[3]])).chance(share)
                }
            }
        };
        self.scenario.faults.iter().enumerate().find(strikes).map(|(_, rule)| rule.fault.clone())
    }
}
