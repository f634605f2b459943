//! Words from the model, before anybody sees them: no figure that was not supplied, no money, no address, no markup.

use std::collections::BTreeSet;

use serde_json::Value;

/// What prose may name.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    /// Figures, normalised: no separators, no trailing zeros.
    numbers: BTreeSet<String>,
    /// Product names that may stand in it, in lower case.
    names: BTreeSet<String>,
    /// Product names that may not, in lower case.
    foreign: BTreeSet<String>,
}

/// Why a sentence went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objection {
    Money,
    Address,
    Number,
    Vendor,
}

impl Objection {
    /// The code of the report's warning.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Money => "money_dropped",
            Self::Address => "address_dropped",
            Self::Number => "number_dropped",
            Self::Vendor => "vendor_dropped",
        }
    }
}

/// What is left of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    pub text: String,
    pub objections: BTreeSet<Objection>,
}

impl Allowed {
    /// Every figure in the facts that were sent. Leave the customer's own words out of them: a figure that a stranger
    /// typed is not a figure of ours.
    pub fn from_facts(facts: &Value) -> Self {
        let mut allowed = Self::default();
        allowed.add(facts);
        allowed
    }

    #[must_use]
    pub fn naming(mut self, own: impl IntoIterator<Item = String>, all: impl IntoIterator<Item = String>) -> Self {
        self.names = own.into_iter().map(|name| name.to_lowercase()).collect();
        // Short names are ordinary words ("Make", "Close"): they cannot be told from the word.
        self.foreign = all
            .into_iter()
            .map(|name| name.to_lowercase())
            .filter(|name| name.chars().count() >= 6 && !self.names.contains(name))
            .collect();
        self
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Number(number) => self.numbers.extend(number.as_f64().map(|number| normalise(&number.to_string()))),
            Value::String(text) => self.numbers.extend(figures(text)),
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.add(field)),
            Value::Bool(_) | Value::Null => {}
        }
    }

    /// Drops every sentence that says what it may not; an empty text is for the caller to refuse.
    pub fn clean(&self, text: &str) -> Cleaned {
        let plain = plain(text);
        let mut objections = BTreeSet::new();
        let kept: Vec<&str> = sentences(&plain)
            .into_iter()
            .filter(|sentence| match self.object(sentence) {
                Some(objection) => {
                    objections.insert(objection);
                    false
                }
                None => true,
            })
            .collect();
        Cleaned { text: kept.concat().trim().to_owned(), objections }
    }

    fn object(&self, sentence: &str) -> Option<Objection> {
        // A supplied name may look like an address or hold a figure ("Smith.ai"): it is not what is looked for here.
        let lower = self.names.iter().fold(sentence.to_lowercase(), |text, name| text.replace(name.as_str(), "it"));
        let has_word = |word: &str| {
            lower.match_indices(word).any(|(at, _)| {
                let before = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
                let after = lower[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
                before && after
            })
        };
        let money = lower.contains(['€', '$', '£'])
            || ["eur", "euro", "euros", "usd", "dollar", "dollars"].into_iter().any(has_word);
        let address = ["http:", "https:", "www.", "mailto:", "javascript:"].iter().any(|mark| lower.contains(mark))
            || lower.contains('@')
            || lower.split(|c: char| c.is_whitespace() || "()[],;\"'".contains(c)).any(is_host);
        if money {
            Some(Objection::Money)
        } else if address {
            Some(Objection::Address)
        } else if figures(&lower).iter().any(|figure| !self.numbers.contains(figure)) {
            Some(Objection::Number)
        } else if self.foreign.iter().any(|name| has_word(name)) {
            Some(Objection::Vendor)
        } else {
            None
        }
    }
}

/// One line without control, direction and other invisible characters.
pub fn plain(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_invisible(*c));
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Soft hyphens, joiners, marks and overrides of direction, annotations, tags: what could hide a word from its reader.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name with a dot and a top-level domain that leads somewhere.
fn is_host(word: &str) -> bool {
    const ENDINGS: [&str; 12] = ["com", "net", "org", "io", "ai", "app", "dev", "eu", "de", "co", "example", "info"];
    let host = word.trim_end_matches(['.', ':', '!', '?']).split('/').next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, ending)| !name.is_empty() && ENDINGS.contains(&ending))
}

/// Splits behind `.`, `!` and `?` that end a sentence; every piece keeps its end and the blank after it.
fn sentences(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if ended && c != ' ' {
            pieces.push(&text[start..at]);
            start = at;
        }
        ended = match c {
            '.' | '!' | '?' => text[at + 1..].starts_with(' '),
            ' ' => ended,
            _ => false,
        };
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// The figures of a text, normalised. Digits inside a word (`B2B`) are no figure.
fn figures(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_numeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len()
            && (chars[at].is_numeric()
                || (matches!(chars[at], '.' | ',') && chars.get(at + 1).is_some_and(|c| c.is_numeric())))
        {
            at += 1;
        }
        // Longer than that it is a figure that hides behind a letter.
        let is_part_of_word = start > 0 && chars[start - 1].is_alphabetic() && at - start <= 2;
        if !is_part_of_word {
            found.push(normalise(&chars[start..at].iter().collect::<String>()));
        }
    }
    found
}

/// `1,200.50` → `1200.5`.
fn normalise(figure: &str) -> String {
    let plain = figure.replace(',', "");
    match plain.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed() -> Allowed {
        let facts = serde_json::json!({ "hours": 12.5, "statement": "no-shows fall from 18 % to 1,200" });
        Allowed::from_facts(&facts).naming(["Weave".into()], ["Weave".into(), "Dentrix".into(), "Make".into()])
    }

    #[test]
    fn supplied_figures_stay_and_others_go_with_their_sentence() {
        let cleaned = allowed().clean("You lose 12.5 hours. That is 99 a month! From 18 % to 1200, as others did.");
        assert_eq!(cleaned.text, "You lose 12.5 hours. From 18 % to 1200, as others did.");
        assert_eq!(cleaned.objections, BTreeSet::from([Objection::Number]));
    }

    #[test]
    fn money_addresses_and_foreign_products_go() {
        for (text, objection) in [
            ("It saves €12.5.", Objection::Money),
            ("It saves 12.5 euros.", Objection::Money),
            ("See https://evil.example/x.", Objection::Address),
            ("See evil.com for more.", Objection::Address),
            ("Mail me@here.", Objection::Address),
            ("Buy Dentrix instead.", Objection::Vendor),
        ] {
            let cleaned = allowed().clean(text);
            assert_eq!((cleaned.text.as_str(), cleaned.objections), ("", BTreeSet::from([objection])), "{text}");
        }
        assert_eq!(allowed().clean("Make time for Weave, e.g. in B2B.").text, "Make time for Weave, e.g. in B2B.");
    }

    #[test]
    fn a_figure_does_not_hide_behind_a_letter() {
        for text in ["It saves x98765 a year.", "Gain\u{202e}98765\u{202c} now.", "Gain\u{200b}777."] {
            assert_eq!(allowed().clean(text).text, "", "{text:?}");
        }
        assert_eq!(allowed().clean("B2B and Q4 are words.").text, "B2B and Q4 are words.");
    }

    #[test]
    fn a_supplied_name_is_no_address_and_no_figure() {
        let allowed = Allowed::default().naming(["Smith.ai".into(), "Desk 360".into()], []);
        assert_eq!(allowed.clean("Smith.ai answers. Desk 360 reminds.").text, "Smith.ai answers. Desk 360 reminds.");
        assert_eq!(allowed.clean("Jones.ai answers. Desk 720 reminds.").text, "");
    }

    #[test]
    fn invisible_characters_are_gone() {
        assert_eq!(plain("a\u{202e}b\u{0}c\n\n d\u{200b}"), "abc d");
        assert_eq!(plain("so\u{ad}ft \u{61c}mark tag\u{e0041}\u{e007f} note\u{fff9}"), "soft mark tag note");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_never_panics_and_is_stable(text in "\\PC{0,200}") {
            let once = allowed().clean(&text);
            let twice = allowed().clean(&once.text);
            proptest::prop_assert_eq!(&twice.text, &once.text);
        }
    }
}
