//! Whether a JSON value is an answer to a question: exact types, no guessing.

use serde_json::Value;

use super::{Question, QuestionKind, shown};

/// Everything that is wrong with the value, in words. `null` clears an answer and is never wrong.
pub(super) fn faults(question: &Question, value: &Value) -> Vec<String> {
    if value.is_null() {
        return Vec::new();
    }
    match question.kind {
        QuestionKind::Text => text(question, value),
        QuestionKind::Integer | QuestionKind::Scale => integer(question, value).into_iter().collect(),
        QuestionKind::Select => select(question, value).into_iter().collect(),
        QuestionKind::Multi => multi(question, value),
    }
}

fn text(question: &Question, value: &Value) -> Vec<String> {
    let Value::String(text) = value else {
        return vec![format!("must be text, not {}", kind(value))];
    };
    let multiline = question.multiline.unwrap_or(false);
    let max = question.max_length.unwrap_or(u32::MAX) as usize;
    let mut faults = Vec::new();
    if question.required && text.trim().is_empty() {
        faults.push("must not be empty".to_owned());
    }
    if text.chars().count() > max {
        faults.push(format!("must be at most {max} characters long"));
    }
    if text.chars().any(|letter| letter.is_control() && !(multiline && letter == '\n')) {
        let allowed = if multiline { "control characters other than line breaks" } else { "control characters" };
        faults.push(format!("must not contain {allowed}"));
    }
    faults
}

fn integer(question: &Question, value: &Value) -> Option<String> {
    let Value::Number(number) = value else {
        return Some(format!("must be a whole number, not {}", kind(value)));
    };
    if number.is_f64() {
        return Some("must be a whole number, without a fraction".to_owned());
    }
    let (min, max) = (question.min.unwrap_or(i64::MIN), question.max.unwrap_or(i64::MAX));
    // A number above the range of `i64` is above every maximum.
    let inside = number.as_i64().is_some_and(|number| (min..=max).contains(&number));
    (!inside).then(|| format!("must be between {min} and {max}"))
}

fn select(question: &Question, value: &Value) -> Option<String> {
    match value {
        Value::String(word) => unknown(question, word),
        other => Some(format!("must be one of the choices, as text, not {}", kind(other))),
    }
}

fn multi(question: &Question, value: &Value) -> Vec<String> {
    let Value::Array(items) = value else {
        return vec![format!("must be a list of choices, not {}", kind(value))];
    };
    let (min, max) = (question.min_items.unwrap_or(0) as usize, question.max_items.unwrap_or(u32::MAX) as usize);
    let mut faults = Vec::new();
    if items.len() < min || items.len() > max {
        faults.push(format!("must name {min} to {max} choices"));
        // A list that is far too long is not read any further.
        if items.len() > max.saturating_add(question.options.len()) {
            return faults;
        }
    }
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::String(word) => {
                faults.extend(unknown(question, word));
                if items[..index].contains(item) && !items[index + 1..].contains(item) {
                    faults.push(format!("names {} more than once", shown(word)));
                }
            }
            other => faults.push(format!("must name choices as text, not {}", kind(other))),
        }
    }
    faults
}

fn unknown(question: &Question, word: &str) -> Option<String> {
    question.label(word).is_none().then(|| format!("{} is not one of the choices", shown(word)))
}

/// What a JSON value is, in the words of a message.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
