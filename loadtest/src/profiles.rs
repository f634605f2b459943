//! The profiles, as data: who comes, how many, for how long, and how the model behaves.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::journeys::Kind;

#[derive(Debug, Clone)]
pub struct Profile {
    pub name: &'static str,
    pub arrival: Arrival,
    /// The load itself, behind the ramp-up.
    pub seconds: u32,
    pub mix: Mix,
    /// Every pause is stretched by this.
    pub pauses: f64,
    pub pace: Pace,
    pub misbehaviour: Misbehaviour,
    /// Share of the streams that are broken on purpose, once.
    pub forced_reconnects: f64,
    /// A stream that tells nothing for so long may have lost its end: then the report itself is asked.
    pub silence: Duration,
    /// A report that is not at its end after this is lost. It bounds the drain, too.
    pub patience: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrival {
    /// So many users, each beginning anew when a journey ends.
    Closed { users: u32, ramp_seconds: u32 },
    /// Journeys begin at this rate: points of (second, starts a second).
    Open { rate: &'static [(f64, f64)] },
}

/// Users of each kind among a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    pub visitors: u32,
    pub buyers: u32,
    pub readers: u32,
    pub abusers: u32,
}

/// The model's pace. There is no chance in it, so that its time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    pub first_ms: u32,
    pub gap_ms: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    None,
    /// What a service does on a bad day, by the seed.
    BadDay,
}

const FAST: Pace = Pace { first_ms: 0, gap_ms: 0 };
/// 52 frames in a little less than four seconds, as a model writes.
const REALISTIC: Pace = Pace { first_ms: 600, gap_ms: 62 };

const USUAL: Mix = Mix { visitors: 45, buyers: 20, readers: 34, abusers: 1 };
/// In a short run a few more buyers, so that there is something to judge.
const SHORT: Mix = Mix { visitors: 3, buyers: 4, readers: 2, abusers: 1 };

const CLIMB_AND_FALL: &[(f64, f64)] = &[(0.0, 1.0), (20.0, 1.0), (30.0, 10.0), (40.0, 10.0), (50.0, 1.0), (60.0, 1.0)];

/// A ladder for `knee`.
pub const RUNGS: [u32; 7] = [25, 50, 100, 200, 400, 800, 1600];

impl Profile {
    pub const NAMES: [&'static str; 8] =
        ["smoke", "baseline-100", "realistic", "soak", "spike", "knee", "faults", "staging"];

    pub fn named(name: &str) -> Option<Self> {
        let usual = Self {
            name: "baseline-100",
            arrival: Arrival::Closed { users: 100, ramp_seconds: 10 },
            seconds: 60,
            mix: USUAL,
            pauses: 1.0,
            pace: FAST,
            misbehaviour: Misbehaviour::None,
            forced_reconnects: 0.1,
            silence: Duration::from_secs(8),
            patience: Duration::from_mins(1),
        };
        let profile = match name {
            "baseline-100" => usual,
            "smoke" => Self {
                name: "smoke",
                arrival: Arrival::Closed { users: 10, ramp_seconds: 2 },
                seconds: 20,
                mix: SHORT,
                pauses: 0.5,
                // One in ten of a handful would often be none.
                forced_reconnects: 0.5,
                ..usual
            },
            "realistic" => Self { name: "realistic", pace: REALISTIC, patience: Duration::from_secs(150), ..usual },
            "soak" => Self { name: "soak", seconds: 1_800, ..usual },
            "spike" => Self { name: "spike", arrival: Arrival::Open { rate: CLIMB_AND_FALL }, ..usual },
            // One rung; the ladder sets the users.
            "knee" => Self { name: "knee", seconds: 30, ..usual },
            "faults" => Self {
                name: "faults",
                misbehaviour: Misbehaviour::BadDay,
                // Two tries again of the job, 30 s and 120 s later, may lie in between.
                patience: Duration::from_mins(5),
                ..usual
            },
            "staging" => Self {
                name: "staging",
                arrival: Arrival::Closed { users: 5, ramp_seconds: 5 },
                seconds: 60,
                mix: SHORT,
                pauses: 2.0,
                patience: Duration::from_secs(150),
                ..usual
            },
            _ => return None,
        };
        Some(profile)
    }

    pub const fn users(&self) -> u32 {
        match self.arrival {
            Arrival::Closed { users, .. } => users,
            Arrival::Open { .. } => 0,
        }
    }

    /// What `PUT /__stub/scenario` takes as Claude's faults.
    pub fn stub_faults(&self) -> Value {
        match self.misbehaviour {
            Misbehaviour::None => json!([]),
            Misbehaviour::BadDay => json!([
                {"fault": {"rate_limit": 1}, "when": {"share": 0.04}},
                {"fault": {"rate_limit": null}, "when": {"share": 0.02}},
                {"fault": {"status": 529}, "when": {"share": 0.04}},
                {"fault": {"status": 500}, "when": {"share": 0.02}},
                {"fault": "cut", "when": {"share": 0.04}},
                {"fault": "error_event", "when": {"share": 0.02}},
                {"fault": "missing_stop", "when": {"share": 0.02}},
                {"fault": "refuse", "when": {"share": 0.02}},
                {"fault": "wrong_schema", "when": {"share": 0.02}},
                {"fault": "unknown_events", "when": {"share": 0.05}}
            ]),
        }
    }
}

impl Mix {
    /// So many users, dealt to the kinds in proportion; a kind that is wanted gets one where there is room.
    pub fn deal(self, users: u32) -> BTreeMap<Kind, u32> {
        let shares = [
            (Kind::Buyer, self.buyers),
            (Kind::Visitor, self.visitors),
            (Kind::Reader, self.readers),
            (Kind::Abuser, self.abusers),
        ];
        let wanted: Vec<(Kind, u32)> = shares.into_iter().filter(|(_, share)| *share > 0).collect();
        let sum: u32 = wanted.iter().map(|(_, share)| share).sum();
        let mut dealt: BTreeMap<Kind, u32> = BTreeMap::new();
        // First one each, as far as they go; then whoever is furthest below his share.
        for (kind, _) in wanted.iter().take(users as usize) {
            dealt.insert(*kind, 1);
        }
        let given: u32 = dealt.values().sum();
        for _ in given..users {
            let below = |(kind, share): &(Kind, u32)| {
                f64::from(*share) / f64::from(sum) * f64::from(users) - f64::from(dealt.get(kind).copied().unwrap_or(0))
            };
            let next = wanted.iter().max_by(|one, other| below(one).total_cmp(&below(other))).map(|(kind, _)| *kind);
            if let Some(kind) = next {
                *dealt.entry(kind).or_default() += 1;
            }
        }
        dealt
    }

    /// Without stand-ins nobody can pay, and nothing is there to be read.
    #[must_use]
    pub fn without_payment(self) -> Self {
        Self { visitors: self.visitors + self.buyers + self.readers, buyers: 0, readers: 0, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mix, Profile, USUAL};
    use crate::journeys::Kind;

    #[test]
    fn every_profile_is_found_by_its_name() {
        for name in Profile::NAMES {
            assert_eq!(Profile::named(name).expect("a profile").name, name);
        }
        assert!(Profile::named("everything").is_none());
    }

    #[test]
    fn users_are_dealt_in_proportion_and_each_kind_comes() {
        let hundred = USUAL.deal(100);
        let counts = [Kind::Visitor, Kind::Buyer, Kind::Reader, Kind::Abuser].map(|kind| hundred[&kind]);
        assert_eq!(counts, [45, 20, 34, 1]);
        for users in [1, 4, 10, 25, 50, 333] {
            let dealt = USUAL.deal(users);
            assert_eq!(dealt.values().sum::<u32>(), users);
            assert!(users < 4 || dealt.len() == 4, "{users}: {dealt:?}");
        }
    }

    #[test]
    fn without_payment_nobody_buys_or_reads() {
        let Mix { visitors, buyers, readers, abusers } = USUAL.without_payment();
        assert_eq!((visitors, buyers, readers, abusers), (99, 0, 0, 1));
    }

    #[test]
    fn a_bad_day_brings_every_share_below_a_third() {
        let faults = Profile::named("faults").expect("a profile").stub_faults();
        let shares =
            faults.as_array().expect("a list").iter().map(|rule| rule["when"]["share"].as_f64().expect("a share"));
        let sum: f64 = shares.sum();
        assert!(sum > 0.2 && sum < 0.33, "{sum}");
    }
}
