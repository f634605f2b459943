//! What a property's name says about its value, where the schema says nothing.

use serde_json::Value;

use crate::dice::Dice;

/// Fields that are only there when the advice is no.
pub(super) fn explains_a_no(name: &str) -> bool {
    name.starts_with("why_not") || name.starts_with("what_instead") || name.starts_with("instead")
}

pub(super) fn is_id(name: &str) -> bool {
    matches!(name, "id" | "ref" | "refs" | "slug" | "slugs" | "evidence")
        || ["_id", "_ids", "_slug", "_slugs", "_ref", "_refs"].iter().any(|end| name.ends_with(end))
}

pub(super) fn made_up_id(dice: &mut Dice) -> String {
    const WORDS: [&str; 6] = ["amber", "birch", "cedar", "delta", "ember", "fjord"];
    let word = |dice: &mut Dice| WORDS[dice.below(WORDS.len())];
    format!("{}-{}", word(dice), word(dice))
}

/// `benchmark:no-show`, `benchmark.no-show` and `benchmark/no-show` begin with the word benchmark.
pub(super) fn begins_with(id: &str, word: &str) -> bool {
    id.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '.', '/']))
}

/// How many items at the end of an array advise against; none where the array is not about advice.
pub(super) fn declined_items(name: &str, length: usize, plan: &Value) -> Option<usize> {
    if ["not_recommended", "declined", "avoid"].iter().any(|word| name.contains(word)) {
        return Some(length);
    }
    if name != "findings" {
        return None;
    }
    let planned = plan["not_recommended"].as_u64().map(|count| count as usize);
    let usual = if length >= 4 { (length / 5).max(2) } else { 0 };
    Some(planned.unwrap_or(usual).min(length))
}

/// At least and at most, for an array without bounds.
pub(super) fn usual_length(name: &str) -> (usize, usize) {
    match name {
        "findings" => (8, 10),
        "options" => (3, 3),
        "recommendations" => (4, 5),
        "evidence" | "refs" | "evidence_refs" => (1, 3),
        _ => (2, 3),
    }
}

/// The longest text of a field without a bound: the shortest such field of a report, to be on the safe side.
pub(super) fn usual_letters(name: &str) -> usize {
    match name {
        "title" | "headline" | "label" | "name" => 60,
        "description" => 300,
        _ => 110,
    }
}

/// Values that look right: benefits high, costs and risks low, scores good except where the advice is no.
pub(super) fn usual_range(name: &str, above: &[String], declined: Option<bool>, dice: &mut Dice) -> (i64, i64) {
    let stands_in = |word: &str| name.contains(word) || above.iter().any(|parent| parent.contains(word));
    match name {
        "customer_value" | "business_health" => return score(name, declined, dice),
        "minutes" => return (10, 30),
        _ if name.ends_with("_from") => return (0, 4),
        _ if name.ends_with("_to") => return (6, 12),
        _ if name.contains("week") && !name.contains("hour") => return (1, 6),
        _ if name.contains("hour") => return (1, 6),
        _ if name.contains("percent") || name.ends_with("pct") => return (5, 40),
        _ => {}
    }
    if stands_in("benefit") {
        (6, 9)
    } else if ["cost", "complexity", "reversib", "brand_trust", "opportunity"].iter().any(|word| stands_in(word)) {
        (1, 4)
    } else if stands_in("risk")
        || matches!(name, "p" | "i" | "v" | "d" | "probability" | "impact" | "visibility" | "difficulty")
    {
        (1, 2)
    } else if ["strategic", "quality", "score", "value", "health"].iter().any(|word| stands_in(word)) {
        (6, 9)
    } else {
        (1, 5)
    }
}

/// A no has at least one score below 6; where nothing is said, one in six falls below.
fn score(name: &str, declined: Option<bool>, dice: &mut Dice) -> (i64, i64) {
    match declined {
        Some(true) if name == "customer_value" => (3, 5),
        Some(true) => (4, 7),
        None if dice.chance(0.17) => (3, 5),
        Some(false) | None => (6, 9),
    }
}

/// A value for the formats a schema may name.
pub(super) fn formatted(format: &str) -> Option<&'static str> {
    match format {
        "date" => Some("2026-11-02"),
        "time" => Some("09:00:00Z"),
        "date-time" => Some("2026-11-02T09:00:00Z"),
        "duration" => Some("P1W"),
        "email" => Some("desk@business.example"),
        "hostname" => Some("business.example"),
        "uri" => Some("https://business.example/"),
        "uuid" => Some("00000000-0000-4000-8000-000000000000"),
        "ipv4" => Some("192.0.2.1"),
        "ipv6" => Some("2001:db8::1"),
        _ => None,
    }
}
