//! Who comes, and what each of them does: a journey a kind, by operation ids alone.

pub mod abuser;
pub mod buyer;
pub mod reader;
pub mod visitor;

use rand::Rng as _;
use serde_json::Value;

use crate::visit::{Step, Stop, Visit};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Visitor,
    Buyer,
    Reader,
    Abuser,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Buyer => "buyer",
            Self::Reader => "reader",
            Self::Abuser => "abuser",
        }
    }

    pub async fn travel(self, visit: &mut Visit<'_>) -> Step {
        match self {
            Self::Visitor => visitor::travel(visit).await,
            Self::Buyer => buyer::travel(visit).await,
            Self::Reader => reader::travel(visit).await,
            Self::Abuser => abuser::travel(visit).await,
        }
    }
}

/// A text of an answer that a journey cannot go on without. That it is missing is a fault of the answer.
fn text(visit: &Visit<'_>, answer: &Value, name: &str) -> Step<String> {
    let text = answer[name].as_str().map(str::to_owned);
    text.ok_or_else(|| {
        visit.world.ledger.schema_fault(format!("an answer has no {name}"));
        Stop::Wrong
    })
}

fn chosen<'a, T>(visit: &mut Visit<'_>, among: &'a [T]) -> Option<&'a T> {
    if among.is_empty() { None } else { among.get(visit.dice.random_range(0..among.len())) }
}
