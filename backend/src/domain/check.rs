//! What is accepted of an answer: item by item, each fault in words that a repair call can use.

mod findings;
mod narrative;
mod options;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::prose::Allowed;
use super::report::Warning;

pub use findings::findings;
pub use narrative::{Choice, Narrative, narrative};
pub use options::options;

/// What is left of an answer, what was wrong with it, and what was dropped on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<T> {
    pub accepted: T,
    /// For the repair call.
    pub errors: Vec<String>,
    /// For the report.
    pub warnings: Vec<Warning>,
}

/// Fewer than these and the phase has failed.
pub const MIN_FINDINGS: usize = 5;
pub const MIN_RECOMMENDATIONS: usize = 3;
pub const MIN_NOT_RECOMMENDED: usize = 2;
/// No report shows more.
pub const MAX_FINDINGS: usize = 12;

/// Reads strictly, and names the path of the first fault.
fn read<T: DeserializeOwned>(at: &str, value: &Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string().as_str() {
        "." => format!("{at}: {}", error.inner()),
        path => format!("{at}.{path}: {}", error.inner()),
    })
}

/// One word at least. A filler such as `x` or `-` fits every schema and would make an empty report.
fn says_something(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= 3)
}

/// Collects the faults of one item while its fields are taken.
struct Reader<'a> {
    at: String,
    allowed: &'a Allowed,
    errors: Vec<String>,
    warnings: Vec<Warning>,
}

impl<'a> Reader<'a> {
    fn new(at: String, allowed: &'a Allowed) -> Self {
        Self { at, allowed, errors: Vec::new(), warnings: Vec::new() }
    }

    fn fault(&mut self, field: &str, message: impl std::fmt::Display) {
        self.errors.push(format!("{}.{field}: {message}", self.at));
    }

    /// A text that must say something.
    fn text(&mut self, field: &str, text: &str, max: usize) -> String {
        let cleaned = self.optional(field, text, max);
        if !says_something(&cleaned) {
            self.fault(field, "nothing is left of it: it has no word, or every sentence names a figure, an amount, an address or a product that is not in the facts");
        }
        cleaned
    }

    /// A text that may be empty.
    fn optional(&mut self, field: &str, text: &str, max: usize) -> String {
        let cleaned = self.allowed.clean(text);
        for objection in &cleaned.objections {
            self.warnings.push(Warning { code: objection.code().into(), r#where: format!("{}.{field}", self.at) });
        }
        let length = cleaned.text.chars().count();
        if length > max {
            self.fault(field, format_args!("{length} characters, at most {max}"));
        }
        cleaned.text
    }

    /// A list of texts; what is left of each must say something, or it is left out.
    fn texts(&mut self, field: &str, texts: &[String], min: usize, max: usize, max_length: usize) -> Vec<String> {
        let mut kept = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let cleaned = self.optional(&format!("{field}[{at}]"), text, max_length);
            if says_something(&cleaned) {
                kept.push(cleaned);
            }
        }
        if kept.len() < min || kept.len() > max {
            self.fault(field, format_args!("{} usable entries, {min} to {max} are needed", kept.len()));
        }
        kept
    }

    fn range(&mut self, field: &str, value: u32, min: u32, max: u32) {
        if !(min..=max).contains(&value) {
            self.fault(field, format_args!("{value} is not between {min} and {max}"));
        }
    }
}
