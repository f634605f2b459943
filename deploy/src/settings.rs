//! Every environment variable that a command knows: the only reader of the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use secrecy::SecretString;
use url::{Host, Url};

/// Railway's public API.
const RAILWAY: &str = "https://backboard.railway.com/graphql/v2";

/// What `--help` says about the environment.
pub const HELP: &str = "\
Environment:
  RAILWAY_TOKEN        A project token of Railway, made for exactly one environment. Secret; never an argument.
  API_BASE_URL         The API's public origin in that environment.
  APP_BASE_URL         The page's public origin in that environment.
  RAILWAY_API_URL      Where Railway's API answers [https://backboard.railway.com/graphql/v2]
  GITHUB_STEP_SUMMARY  A file to which the summary is appended.
  GITHUB_OUTPUT        A file to which outputs are appended: outcome, seconds, receipt.";

pub struct Settings {
    token: Option<SecretString>,
    api: Option<String>,
    app: Option<String>,
    railway: String,
    pub summary: Option<PathBuf>,
    pub outputs: Option<PathBuf>,
}

/// Where the product answers.
#[derive(Clone)]
pub struct Addresses {
    pub api: Url,
    pub app: Url,
}

impl Settings {
    pub fn from_env() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
        let values = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self::from_map(&values)
    }

    /// The same from a map, for tests. A blank value counts as not set.
    pub fn from_map(values: &BTreeMap<String, String>) -> Self {
        let text = |name: &str| {
            values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        Self {
            token: text("RAILWAY_TOKEN").map(SecretString::from),
            api: text("API_BASE_URL"),
            app: text("APP_BASE_URL"),
            railway: text("RAILWAY_API_URL").unwrap_or_else(|| RAILWAY.to_owned()),
            summary: text("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            outputs: text("GITHUB_OUTPUT").map(PathBuf::from),
        }
    }

    pub fn token(&self) -> Result<SecretString> {
        let missing = "RAILWAY_TOKEN is not set: make a project token for this environment (project settings, Tokens)";
        self.token.clone().context(missing)
    }

    pub fn railway(&self) -> Result<Url> {
        // The token goes there.
        address("RAILWAY_API_URL", &self.railway)
    }

    pub fn addresses(&self) -> Result<Addresses> {
        Ok(Addresses {
            api: origin("API_BASE_URL", self.api.as_deref())?,
            app: origin("APP_BASE_URL", self.app.as_deref())?,
        })
    }
}

fn origin(name: &str, text: Option<&str>) -> Result<Url> {
    let Some(text) = text else { bail!("{name} is not set: the public origin to look at after a deployment") };
    let url = address(name, text)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        bail!("{name} must be an origin, without a path");
    }
    Ok(url)
}

/// Only https, but for this machine.
fn address(name: &str, text: &str) -> Result<Url> {
    // The text may hold a password, so it is not shown.
    let url = Url::parse(text).ok().with_context(|| format!("{name} is no address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        bail!("{name} must not hold a user or a password");
    }
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && is_here) {
        return Ok(url);
    }
    bail!("{name} must be an https address");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        Settings::from_map(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_is_missing_is_named() {
        let empty = settings(&[("RAILWAY_TOKEN", "  ")]);
        assert!(empty.token().is_err_and(|error| error.to_string().starts_with("RAILWAY_TOKEN is not set")));
        assert!(empty.addresses().is_err_and(|error| error.to_string().starts_with("API_BASE_URL is not set")));
        assert_eq!(empty.railway().expect("built in").as_str(), RAILWAY);
    }

    #[test]
    fn nothing_goes_over_http_but_on_this_machine() {
        for good in ["https://api.example", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost"] {
            assert!(settings(&[("API_BASE_URL", good), ("APP_BASE_URL", good)]).addresses().is_ok(), "{good}");
        }
        for bad in ["http://api.example", "api.example", "https://a:secret@api.example", "https://api.example/v1", "x"]
        {
            let refused = settings(&[("API_BASE_URL", bad), ("APP_BASE_URL", bad)]).addresses().err().expect(bad);
            assert!(!refused.to_string().contains("secret"), "{refused}");
        }
        assert!(settings(&[("RAILWAY_API_URL", "http://backboard.example/graphql")]).railway().is_err());
    }

    #[test]
    fn every_variable_stands_in_the_help() {
        let read = include_str!("settings.rs");
        let start = read.find("pub fn from_map").expect("the reader");
        let names = read[start..].split("text(\"").skip(1).take(6).filter_map(|rest| rest.split('"').next());
        assert_eq!(names.map(|name| assert!(HELP.contains(name), "{name}")).count(), 6);
    }
}
