//! Takes out of a text what must not leave: addresses, tokens, keys, passwords, and values that an error quotes.
//!
//! The last line of defence, not the first: answers, prompts and secrets are never given to a log in the first place.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

/// What is looked for and what stands in its place, in this order: an earlier rule may take a whole that a later one
/// would take a part of.
const RULES: [(&str, &str); 8] = [
    // serde quotes the value that it refuses, and the value may be somebody's answer.
    (r#"(invalid (?:type|value): (?:string|character) )(?:"(?:[^"\\]|\\.)*"|`[^`]*`)"#, "${1}[quoted]"),
    (r"(unknown (?:variant|field) )`[^`]*`", "${1}[quoted]"),
    // The password of a connection string; a DSN's key too.
    (r#"([A-Za-z][A-Za-z0-9+.-]*://)[^\s"'<>]*@"#, "${1}[credentials]@"),
    (r#"(?i)\b(password|passwd|pwd|secret|token|api[_-]?key|access_token)=[^\s"'&,;)}\]]+"#, "${1}=[secret]"),
    (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{16,}", "${1} [token]"),
    (
        concat!(
            r"\bsk-[A-Za-z0-9_-]{8,}|\b[sr]k_(?:live|test)_[A-Za-z0-9_]+|\bwhsec_[A-Za-z0-9+/=_-]+",
            r"|\bSG\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}|\bpylf_v[0-9]+_[A-Za-z0-9_]+|\btvly-[A-Za-z0-9-]{8,}",
            r"|\bBSA[A-Za-z0-9_-]{20,}|\bsb_secret_[A-Za-z0-9_-]+|\bcrb1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
            r"|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
        ),
        "[key]",
    ),
    (
        r#"[^\s"'`<>(),;:\\/=\[\]{}|@%]+(?:@|%40)[^\s"'`<>(),;:\\/=\[\]{}|@%]+\.(?:\p{L}{2,}|xn--[A-Za-z0-9-]+)"#,
        "[email]",
    ),
    // A capability token: 43 characters of base64url. What is as long and written in one case is a hash or a name.
    (r"[A-Za-z0-9_-]{43,}", TOKEN),
];

const TOKEN: &str = "[token]";

struct Rules {
    /// All of them in one: nearly every text holds nothing, and that is found out in one pass.
    any: Regex,
    each: Vec<(Regex, &'static str)>,
}

static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let compile = |pattern: &str| Regex::new(pattern).expect("the rules are constant, and a test compiles them");
    let all: Vec<String> = RULES.iter().map(|(pattern, _)| format!("(?:{pattern})")).collect();
    Rules {
        any: compile(&all.join("|")),
        each: RULES.iter().map(|(pattern, with)| (compile(pattern), *with)).collect(),
    }
});

/// The text without what must not leave; the same text where there is nothing of the kind.
pub(super) fn scrub(text: &str) -> Cow<'_, str> {
    if !COMPILED.any.is_match(text) {
        return Cow::Borrowed(text);
    }
    let mut clean = text.to_owned();
    for (pattern, with) in &COMPILED.each {
        let replaced = if *with == TOKEN {
            pattern.replace_all(&clean, |found: &Captures<'_>| token(&found[0]))
        } else {
            pattern.replace_all(&clean, *with)
        };
        if let Cow::Owned(replaced) = replaced {
            clean = replaced;
        }
    }
    Cow::Owned(clean)
}

fn token(run: &str) -> String {
    let is_token = run.contains(|c: char| c.is_ascii_lowercase()) && run.contains(|c: char| c.is_ascii_uppercase());
    if is_token { TOKEN.to_owned() } else { run.to_owned() }
}

/// Every text inside, however deep.
pub(super) fn scrub_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = scrub(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(scrub_json),
        Value::Object(fields) => fields.values_mut().for_each(scrub_json),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_must_not_leave_is_taken_out() {
        for (text, expected) in [
            ("mail to jo.o'neil+crb@praxis-müller.example failed", "mail to jo.o'[email] failed"),
            ("to=<a@b.de>, cc=\"c@d.co.uk\"", "to=<[email]>, cc=\"[email]\""),
            ("GET /x?email=a%40b.de&n=1", "GET /x?email=[email]&n=1"),
            (
                "postgres://crb:hunter2@db.example:5432/crb is away",
                "postgres://[credentials]@db.example:5432/crb is away",
            ),
            ("redis://:p@ss@cache:6379", "redis://[credentials]@cache:6379"),
            ("https://0123abc@o1.ingest.sentry.example/1", "https://[credentials]@o1.ingest.sentry.example/1"),
            ("Authorization: Bearer abcdefgh.ijklmnop-123", "Authorization: Bearer [token]"),
            ("x-api-key sk-ant-api03-AbCd_efgh refused", "x-api-key [key] refused"),
            ("key sk_live_51Habc", "key [key]"),
            ("whsec_dGVzdA==", "[key]"),
            ("SG.abcdefgh.ijklmnop", "[key]"),
            ("pylf_v1_eu_abcDEF123", "[key]"),
            ("crb1.eyJhIjoxfQ.c2ln", "[key]"),
            ("eyJhbGciOi.eyJyb2xl.c2lnbmF0dXJl", "[key]"),
            ("/r#token=abc&x=1", "/r#token=[secret]&x=1"),
            (
                r#"invalid type: string "we lose \"12\" hours", expected u32 at line 1"#,
                "invalid type: string [quoted], expected u32 at line 1",
            ),
            ("unknown variant `my secret`, expected `a`", "unknown variant [quoted], expected `a`"),
        ] {
            assert_eq!(scrub(text), expected);
        }
    }

    #[test]
    fn what_tells_nothing_stays() {
        for text in [
            "the report could not be stored: database is locked",
            "crb-backend@0.1.0+0123456789abcdef0123456789abcdef01234567",
            "01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "a_rather_long_name_of_a_function_that_somebody_wrote_down",
            "SELECT \"report\".\"id\" FROM \"report\" WHERE \"report\".\"id\" = $1",
            "http://127.0.0.1:4318/v1/traces",
            "risk-assessment and desk-research, a basic plan",
            "max_tokens=6000",
            "",
        ] {
            assert!(matches!(scrub(text), Cow::Borrowed(_)) || scrub(text) == text, "{text} became {}", scrub(text));
        }
    }

    #[test]
    fn every_text_in_a_document_is_reached() {
        let mut value = serde_json::json!({"a": ["x@y.example", {"b": "z@y.example"}], "n": 1});
        scrub_json(&mut value);
        assert_eq!(value, serde_json::json!({"a": ["[email]", {"b": "[email]"}], "n": 1}));
    }

    proptest! {
        #[test]
        fn no_capability_token_is_left(bytes in prop::array::uniform32(any::<u8>()), before in "[ /#:\"(a-z]{0,9}", after in "[ &,)]?") {
            let token = URL_SAFE_NO_PAD.encode(bytes);
            let clean = scrub(&format!("{before}{token}{after}")).into_owned();
            prop_assert!(!clean.contains(&token[6..30]), "{clean}");
        }

        #[test]
        fn scrubbing_twice_changes_nothing(text in "\\PC{0,80}") {
            let once = scrub(&text).into_owned();
            prop_assert_eq!(scrub(&once).into_owned(), once);
        }
    }
}
