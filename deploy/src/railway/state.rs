//! A deployment's state: Railway's word, and what it means for us.

use std::fmt;

use serde::Deserialize;

/// Railway's own word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Status(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    UnderWay,
    /// Its health check has passed.
    Serves,
    /// It will not serve, or not any more.
    Ended,
    /// A word that was not there when this was written: never taken for success.
    Unknown,
}

impl Status {
    pub fn stage(&self) -> Stage {
        match self.0.as_str() {
            "QUEUED" | "WAITING" | "NEEDS_APPROVAL" | "INITIALIZING" | "BUILDING" | "DEPLOYING" => Stage::UnderWay,
            "SUCCESS" => Stage::Serves,
            // A service that may sleep would be woken by its first visitor; ours may not.
            "FAILED" | "CRASHED" | "SKIPPED" | "SLEEPING" | "REMOVING" | "REMOVED" => Stage::Ended,
            _ => Stage::Unknown,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_meaning_and_a_new_one_is_no_success() {
        let stage = |word: &str| Status(word.to_owned()).stage();
        let all = [
            "BUILDING",
            "CRASHED",
            "DEPLOYING",
            "FAILED",
            "INITIALIZING",
            "NEEDS_APPROVAL",
            "QUEUED",
            "REMOVED",
            "REMOVING",
            "SKIPPED",
            "SLEEPING",
            "SUCCESS",
            "WAITING",
        ];
        assert!(all.iter().all(|word| stage(word) != Stage::Unknown));
        assert_eq!(all.iter().filter(|word| stage(word) == Stage::Serves).collect::<Vec<_>>(), [&"SUCCESS"]);
        for word in ["success", "SUCCEEDED", "", "SUCCESS "] {
            assert_eq!(stage(word), Stage::Unknown, "{word}");
        }
    }
}
