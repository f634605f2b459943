//! The dials: how fast a stub speaks, what goes wrong and when, and whether it obeys an attacker.

use serde::{Deserialize, Serialize};

/// What one stub is told to do. The default is fast, truthful and faultless.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    pub seed: u64,
    pub pace: Pace,
    /// The first rule that applies to a call wins.
    pub faults: Vec<Rule>,
    /// The model writes the customer's own text into every prose field: for injection tests.
    pub obedient: bool,
    /// Accepts bounds in `output_config.format.schema` that the real API refuses (minimum, maxLength, maxItems …).
    pub lenient_schema: bool,
    /// How long a stalled reply stays silent before the connection breaks.
    pub stall_ms: u64,
    /// Between two pieces of a slow drip.
    pub drip_ms: u64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 1,
            pace: Pace::FAST,
            faults: Vec::new(),
            obedient: false,
            lenient_schema: false,
            stall_ms: 120_000,
            drip_ms: 1_000,
        }
    }
}

impl Scenario {
    /// One fault, at the calls that `when` names.
    #[must_use]
    pub fn fault(mut self, fault: Fault, when: When) -> Self {
        self.faults.push(Rule { fault, when, task: None });
        self
    }

    /// The same for one task only; calls are counted within the task.
    #[must_use]
    pub fn fault_in(mut self, task: &str, fault: Fault, when: When) -> Self {
        self.faults.push(Rule { fault, when, task: Some(task.to_owned()) });
        self
    }

    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    #[must_use]
    pub fn pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    #[must_use]
    pub fn obedient(self) -> Self {
        Self { obedient: true, ..self }
    }

    #[must_use]
    pub fn lenient_schema(self) -> Self {
        Self { lenient_schema: true, ..self }
    }

    #[must_use]
    pub fn stall_ms(self, stall_ms: u64) -> Self {
        Self { stall_ms, ..self }
    }

    #[must_use]
    pub fn drip_ms(self, drip_ms: u64) -> Self {
        Self { drip_ms, ..self }
    }

    /// A fault that a service cannot show would silently do nothing, so it is refused when the dial is set.
    pub fn check(&self, is_model: bool) -> Result<(), String> {
        for rule in &self.faults {
            if rule.fault.is_of_the_model() && !is_model {
                return Err(format!("faults: {} can only happen to the model", rule.fault.word()));
            }
            match (&rule.fault, rule.when) {
                (Fault::Status(status), _) if !(400..=599).contains(status) => {
                    return Err(format!("faults: status {status} is not an error"));
                }
                (_, When::Share(share)) if !(0.0..=1.0).contains(&share) => {
                    return Err(format!("faults: a share of {share} is not between 0 and 1"));
                }
                (_, When::Nth(0)) => return Err("faults: calls are counted from 1".to_owned()),
                _ => {}
            }
        }
        match self.pace {
            Pace { frames: 0, .. } => Err("pace: a reply has at least one frame".to_owned()),
            Pace { min_ms, max_ms, .. } if min_ms > max_ms => Err("pace: min_ms is above max_ms".to_owned()),
            _ => Ok(()),
        }
    }
}

/// The model's speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// From the headers to the first frame.
    pub first_ms: u64,
    /// Between two frames, at least and at most.
    pub min_ms: u64,
    pub max_ms: u64,
    /// Text deltas a reply, about.
    pub frames: usize,
}

impl Pace {
    pub const FAST: Self = Self { first_ms: 0, min_ms: 0, max_ms: 0, frames: 40 };
    /// As a model writes: 40 frames in two to four seconds.
    pub const REAL: Self = Self { first_ms: 600, min_ms: 25, max_ms: 100, frames: 40 };
}

impl Default for Pace {
    fn default() -> Self {
        Self::FAST
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub fault: Fault,
    #[serde(default)]
    pub when: When,
    /// A model's task (`findings`) or another service's operation (`checkout.create`); none means every call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
}

/// At which calls a fault happens, counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    #[default]
    Always,
    Nth(u64),
    /// The calls up to this one.
    First(u64),
    /// By the seed, the request's hash and how often that request came: a retry throws again.
    Share(f64),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// An error status in the service's own shape: 400, 401, 402, 403, 404, 409, 413, 500, 504, 529 …
    Status(u16),
    /// 429, with `retry-after` in seconds or without.
    RateLimit(Option<u32>),
    /// 429 that no waiting cures: the organisation's spend limit, no `retry-after`.
    SpendLimit,
    /// The connection closes without an answer.
    Refuse,
    /// No headers for `stall_ms`.
    HeaderStall,
    /// Half the reply, then silence.
    StreamStall,
    /// Half the reply, then the connection breaks.
    Cut,
    /// Bytes that are no reply at all, under status 200.
    Garbage,
    /// Many small pieces, `drip_ms` apart.
    SlowDrip,
    /// An `error` event in the middle of a good stream.
    ErrorEvent,
    /// A clean end without `message_stop`.
    MissingStop,
    /// A whole message whose text is no JSON.
    InvalidJson,
    /// JSON that breaks the schema: an unknown field and a missing one.
    WrongSchema,
    /// As little as the schema allows.
    EmptyReport,
    MaxTokens,
    Refusal,
    /// Events and deltas of types that nobody knows, between all others.
    UnknownEvents,
}

impl Fault {
    pub const fn is_of_the_model(&self) -> bool {
        matches!(
            self,
            Self::SpendLimit
                | Self::ErrorEvent
                | Self::MissingStop
                | Self::InvalidJson
                | Self::WrongSchema
                | Self::EmptyReport
                | Self::MaxTokens
                | Self::Refusal
                | Self::UnknownEvents
        )
    }

    /// The ledger's word.
    pub fn word(&self) -> String {
        match self {
            Self::Status(status) => format!("status_{status}"),
            Self::RateLimit(_) => "rate_limit".to_owned(),
            other => match serde_json::to_value(other) {
                Ok(serde_json::Value::String(word)) => word,
                _ => "fault".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Pace, Scenario, When};

    #[test]
    fn a_scenario_reads_back_what_it_writes() {
        let scenario = Scenario::default()
            .fault(Fault::RateLimit(Some(2)), When::Nth(1))
            .fault_in("options", Fault::Status(529), When::Share(0.25))
            .fault(Fault::Cut, When::Always)
            .pace(Pace::REAL);
        let text = serde_json::to_string(&scenario).expect("serialises");
        assert_eq!(serde_json::from_str::<Scenario>(&text).expect("parses"), scenario);
        let short = r#"{"seed": 7, "faults": [{"fault": "cut"}, {"fault": {"status": 500}, "when": {"first": 2}}]}"#;
        let parsed: Scenario = serde_json::from_str(short).expect("parses");
        assert_eq!(parsed.faults[1].when, When::First(2));
        assert!(serde_json::from_str::<Scenario>(r#"{"sead": 7}"#).is_err());
    }

    #[test]
    fn a_dial_that_would_do_nothing_is_refused() {
        let stop = Scenario::default().fault(Fault::MissingStop, When::Always);
        assert_eq!(stop.check(true), Ok(()));
        assert_eq!(stop.check(false), Err("faults: missing_stop can only happen to the model".to_owned()));
        for wrong in [
            Scenario::default().fault(Fault::Status(200), When::Always),
            Scenario::default().fault(Fault::Cut, When::Nth(0)),
            Scenario::default().fault(Fault::Cut, When::Share(1.5)),
            Scenario::default().pace(Pace { frames: 0, ..Pace::FAST }),
            Scenario::default().pace(Pace { min_ms: 2, max_ms: 1, ..Pace::FAST }),
        ] {
            assert!(wrong.check(true).is_err(), "{wrong:?}");
        }
    }
}
