//! What the template is shown: the document with texts that are safe to set and figures that are ready to read.
//!
//! Texts reach the page as strings and never as markup, so nothing in them can run. What is mended here is what would
//! look wrong or break a page: invisible and direction-changing characters, signs the font lacks, endless words.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::figures;

/// Stands for whatever the font lacks: one for a run of them.
const MISSING: char = '□';
/// A place where a line may break, without a hyphen.
const BREAK: char = '\u{200b}';
/// Wider words than so many common letters get places to break, at the latest after so many characters.
const LONGEST_WORD: usize = 20;
const LONGEST_PIECE: usize = 10;

/// The document as the template reads it. Beside each `…_cents` and `…_bp` stands the same in words, without the suffix.
pub(crate) fn of(document: &Value, covers: impl Fn(char) -> bool) -> Value {
    value("", document, &covers)
}

fn value(key: &str, value: &Value, covers: &impl Fn(char) -> bool) -> Value {
    match value {
        Value::String(text) if is_day(key) => Value::String(figures::day(text).unwrap_or_else(|| shown(text, covers))),
        Value::String(text) => Value::String(shown(text, covers)),
        Value::Array(items) => Value::Array(items.iter().map(|item| self::value(key, item, covers)).collect()),
        Value::Object(fields) => Value::Object(object(fields, covers)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn object(fields: &Map<String, Value>, covers: &impl Fn(char) -> bool) -> Map<String, Value> {
    let mut shown = Map::new();
    for (key, field) in fields {
        if let (Some(name), Some(cents)) = (key.strip_suffix("_cents"), field.as_i64()) {
            shown.insert(name.to_owned(), Value::String(figures::euros(cents)));
        }
        if let (Some(name), Some(bp)) = (key.strip_suffix("_bp"), field.as_i64()) {
            let words = if name.starts_with("roi") { figures::percent(bp) } else { figures::share(bp) };
            shown.insert(name.to_owned(), Value::String(words));
        }
        shown.insert(key.clone(), value(key, field, covers));
    }
    shown
}

/// One line of visible text, for other places than a PDF: without line breaks, controls and marks of direction.
pub fn one_line(text: &str) -> String {
    clean(text, &|_| true)
}

fn is_day(key: &str) -> bool {
    matches!(key, "generated_at" | "next_review" | "verified_on" | "observed_on")
}

/// Nothing stands empty: a heading without words would be no heading, and the PDF would be refused.
fn shown(text: &str, covers: &impl Fn(char) -> bool) -> String {
    let line = clean(text, covers);
    if line.is_empty() { "–".to_owned() } else { breakable(&line) }
}

/// One line of visible text: white space is one space, what cannot be seen is gone, what the font lacks is one □.
fn clean(text: &str, covers: &impl Fn(char) -> bool) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{a0}' | '\u{202f}' => line.push(character),
            _ if character.is_whitespace() => {
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            _ if is_invisible(character) => {}
            _ if covers(character) => line.push(character),
            _ if line.ends_with(MISSING) => {}
            _ => line.push(MISSING),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Controls, joiners, marks and overrides of direction, variation selectors, tags: they act on text and show nothing.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Long words get places to break: behind punctuation, as an address would like it, or else every few characters.
fn breakable(line: &str) -> String {
    let words = line.split(' ').map(|word| if is_long(word) { broken(word).into() } else { word.into() });
    words.collect::<Vec<Cow<'_, str>>>().join(" ")
}

/// Whether a word could be wider than a narrow column, counted in half letters.
fn is_long(word: &str) -> bool {
    let halves = |character: char| match character {
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 4,
        _ if character.is_uppercase() => 3,
        _ => 2,
    };
    word.chars().map(halves).sum::<usize>() > 2 * LONGEST_WORD
}

fn broken(word: &str) -> String {
    let mut text = String::with_capacity(word.len() * 2);
    let mut piece = 0;
    for character in word.chars() {
        if piece >= LONGEST_PIECE {
            text.push(BREAK);
            piece = 0;
        }
        text.push(character);
        piece = if character.is_ascii_punctuation() && piece > 2 { LONGEST_PIECE } else { piece + 1 };
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn latin(character: char) -> bool {
        character.is_ascii_graphic() || character == '€' || character == 'é'
    }

    fn shown(text: &str) -> String {
        super::shown(text, &latin)
    }

    #[test]
    fn what_cannot_be_seen_is_gone_and_white_space_is_one_space() {
        assert_eq!(shown(" a\tb\r\n\n c "), "a b c");
        assert_eq!(shown("abc\u{202e}fed\u{0}\u{7}\u{1b}[31m\u{feff}"), "abcfed[31m");
        assert_eq!(shown("caf\u{e9}\u{200b}\u{200d}s"), "cafés");
    }

    #[test]
    fn what_the_font_lacks_is_one_neutral_sign() {
        assert_eq!(shown("ok 👩‍👩‍👧‍👦 漢字 x"), "ok □ □ x");
        assert_eq!(shown("שלום"), "□");
    }

    #[test]
    fn an_empty_text_is_a_dash() {
        for empty in ["", " \n", "\u{0}", "\u{202e}\u{200b}"] {
            assert_eq!(shown(empty), "–");
        }
    }

    #[test]
    fn markup_stays_as_it_is() {
        for text in ["#panic()", "$x$", "<b>bold</b>", "*a* _b_ `c`", "\\u{41}", "@ref <label>"] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn long_words_can_break_and_short_ones_are_left_alone() {
        assert_eq!(shown("a word of twentyletterslongxxxx"), "a word of twentylett\u{200b}erslongxxx\u{200b}x");
        assert_eq!(shown("telecommunications MWMWMWMWMWM"), "telecommunications MWMWMWMWMW\u{200b}M");
        let address = shown("https://example.org/a/long-path");
        assert_eq!(address.replace(BREAK, ""), "https://example.org/a/long-path");
        let endless = shown(&"x".repeat(10_000));
        assert!(endless.split(BREAK).all(|piece| piece.chars().count() <= LONGEST_PIECE));
    }

    #[test]
    fn figures_stand_beside_their_numbers() {
        let document = json!({
            "net_cents": 399_840, "roi_bp": 26_350, "weight_bp": 2_500, "next_review": "2026-11-22",
            "list": [{"monthly_cents": -100}], "monthly_cents": null, "text": "a\u{0}b",
        });
        let view = of(&document, latin);
        assert_eq!(view["net"], "€3,998.40");
        assert_eq!(view["net_cents"], 399_840);
        assert_eq!(view["roi"], "+263.5%");
        assert_eq!(view["weight"], "25%");
        assert_eq!(view["next_review"], "22\u{a0}November\u{a0}2026");
        assert_eq!(view["list"][0]["monthly"], "−€1");
        assert_eq!(view["text"], "ab");
        assert!(view.get("monthly").is_none());
    }
}
