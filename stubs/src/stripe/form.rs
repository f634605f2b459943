//! Stripe's form encoding: flat names with brackets, `line_items[0][price_data][currency]`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::invalid;
use crate::call::{Call, Refusal};

pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub fn read(call: &Call) -> Result<Self, Refusal> {
        let kind = call.header("content-type").unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(invalid("The content type must be application/x-www-form-urlencoded."));
        }
        Ok(Self(url::form_urlencoded::parse(call.body()).into_owned().collect()))
    }

    /// A parameter; an empty one counts as none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn wanted(&self, name: &str) -> Result<&str, Refusal> {
        let missing = || Refusal::new(400, "parameter_missing", format!("Missing required param: {name}.")).on(name);
        self.get(name).ok_or_else(missing)
    }

    pub fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let wrong = || Refusal::new(400, "parameter_invalid_integer", format!("Invalid integer: {text}")).on(name);
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// Refuses every parameter whose first name is not in the list.
    pub fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        let first = |name: &str| name.split('[').next().unwrap_or_default().to_owned();
        match self.0.keys().map(|name| first(name)).find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let message = format!("Received unknown parameter: {name}");
                Err(Refusal::new(400, "parameter_unknown", message).on(name))
            }
        }
    }

    /// At most 50 names of at most 40 characters with values of at most 500.
    pub fn metadata(&self, name: &str) -> Result<Value, Refusal> {
        let start = format!("{name}[");
        let mut found = Map::new();
        for (key, value) in &self.0 {
            let Some(key) = key.strip_prefix(&start).and_then(|key| key.strip_suffix(']')) else { continue };
            if key.is_empty() || key.chars().count() > 40 {
                return Err(invalid("Metadata keys can be up to 40 characters long.").on(name));
            }
            if value.chars().count() > 500 {
                return Err(invalid("Metadata values can be up to 500 characters.").on(format!("{name}[{key}]")));
            }
            found.insert(key.to_owned(), json!(value));
        }
        if found.len() > 50 {
            return Err(invalid("Metadata can have at most 50 keys.").on(name));
        }
        Ok(Value::Object(found))
    }
}

/// The user of HTTP basic authentication, which is where Stripe's libraries may put the key.
pub(super) fn basic_user(encoded: &str) -> Option<String> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for letter in encoded.trim().trim_end_matches('=').bytes() {
        held = (held << 6) | LETTERS.iter().position(|known| *known == letter)? as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    text.split(':').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::basic_user;

    #[test]
    fn the_user_of_basic_authentication_is_read() {
        assert_eq!(basic_user("c2tfdGVzdF9zdHViOg=="), Some("sk_test_stub".to_owned()));
        assert_eq!(basic_user("***"), None);
    }
}
