//! What the page is told about the place it runs in, and whom it may talk to.

use std::fmt::Write as _;
use std::str::FromStr;

use serde::Serialize;
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Development,
    Test,
    Staging,
    Production,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Development, Self::Test, Self::Staging, Self::Production];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Reached over HTTPS, by people.
    pub const fn is_deployed(self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

impl FromStr for Stage {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|stage| stage.as_str() == word);
        known.ok_or_else(|| format!("must be one of {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub stage: Stage,
    pub release: String,
    /// The API's public origin; none where it answers on the page's own, under `/api`.
    pub api: Option<Url>,
    /// Where the page reports its errors.
    pub sentry_dsn: Option<Url>,
    /// Origins that a form of the page may lead to: the hosted checkout.
    pub checkout_origins: Vec<String>,
}

/// The block that every document carries for its scripts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Block<'a> {
    api_base_url: String,
    environment: &'a str,
    release: &'a str,
    sentry_dsn: &'a str,
}

impl Settings {
    pub const CHECKOUT: &str = "https://checkout.stripe.com";

    pub fn new(stage: Stage) -> Self {
        let checkout_origins = vec![Self::CHECKOUT.to_owned()];
        Self { stage, release: "unknown".to_owned(), api: None, sentry_dsn: None, checkout_origins }
    }

    pub(crate) fn api_origin(&self) -> Option<String> {
        self.api.as_ref().map(|url| url.origin().ascii_serialization())
    }

    /// JSON that cannot end the element it stands in, whatever the values hold. Empty words stand for "not set".
    pub(crate) fn block(&self) -> String {
        let block = Block {
            api_base_url: self.api_origin().unwrap_or_default(),
            environment: self.stage.as_str(),
            release: &self.release,
            sentry_dsn: self.sentry_dsn.as_ref().map(Url::as_str).unwrap_or_default(),
        };
        let json = serde_json::to_string(&block).expect("words only");
        json.chars().fold(String::with_capacity(json.len()), |mut out, sign| {
            match sign {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", u32::from(sign)),
                other => out.push(other),
            }
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_element() {
        let mut settings = Settings::new(Stage::Staging);
        settings.release = "</script><script>alert('&')</script>\u{2028}\u{2029}\"\\".to_owned();
        let block = settings.block();
        assert!(!block.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{block}");
        let read: serde_json::Value = serde_json::from_str(&block).expect("JSON");
        assert_eq!(read["release"], settings.release);
        assert_eq!((&read["apiBaseUrl"], &read["sentryDsn"]), (&"".into(), &"".into()));
        assert_eq!(read["environment"], "staging");
    }
}
