//! Every environment variable of this server, declared once: the only reader of the environment.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

use crate::faults::Faults;
use crate::settings::{Settings, Stage};

#[derive(Debug, Clone)]
pub struct Config {
    pub bind: SocketAddr,
    pub web_root: PathBuf,
    pub settings: Settings,
    /// The backend's own address, seen from here.
    pub upstream: Option<Url>,
    pub shutdown_lag: Duration,
    pub shutdown_grace: Duration,
    pub log_level: String,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Json,
    Text,
}

struct Var {
    name: &'static str,
    /// On a developer's machine and in tests; empty for none.
    local: &'static str,
    /// In staging and production.
    deployed: &'static str,
    doc: &'static str,
}

const fn var(name: &'static str, local: &'static str, deployed: &'static str, doc: &'static str) -> Var {
    Var { name, local, deployed, doc }
}

const VARS: [Var; 13] = [
    var("APP_ENV", "development", "development", "The stage: development, test, staging or production."),
    var("RELEASE", "unknown", "unknown", "What this build is called; shown by /version and told to the page."),
    var("HOST", "127.0.0.1", "[::]", "Address to listen on."),
    var("PORT", "8080", "8080", "Port to listen on; 0 lets the system choose."),
    var("WEB_ROOT", "frontend/dist", "/srv/web", "Folder of the built page."),
    var(
        "API_BASE_URL",
        "",
        "",
        "The API's public origin, where it is not this one. Empty: /api is passed on from here.",
    ),
    var(
        "CRB_API_UPSTREAM",
        "http://127.0.0.1:8383",
        "",
        "Where /api is passed on to: the backend's address, seen from here.",
    ),
    var("FRONTEND_SENTRY_DSN", "", "", "Where the page reports its errors; public by nature."),
    var(
        "CHECKOUT_ORIGINS",
        Settings::CHECKOUT,
        Settings::CHECKOUT,
        "Origins that a form may lead to, comma-separated.",
    ),
    var(
        "SHUTDOWN_LAG",
        "0s",
        "10s",
        "After SIGTERM: how long everything is still served while readiness is already false.",
    ),
    var("SHUTDOWN_GRACE", "30s", "30s", "After the lag: how long requests in flight may take to end."),
    var("LOG_LEVEL", "info", "info", "A level (debug, info, warning, error) or tracing directives."),
    var("LOG_FORMAT", "text", "json", "json (one object a line) or text."),
];

impl Config {
    /// The process's environment, checked. Every fault is told.
    pub fn from_env() -> Result<Self, Faults> {
        #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
        let values = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self::from_map(&values)
    }

    /// The same from a map, for tests.
    pub fn from_map(values: &BTreeMap<String, String>) -> Result<Self, Faults> {
        let mut reader = Reader { values, stage: Stage::Development, faults: Vec::new() };
        reader.stage = reader.parse("APP_ENV", Stage::Development);
        let config = reader.read();
        Faults::none_or("the configuration", reader.faults)?;
        Ok(config)
    }
}

/// The table for readers of `--help`.
pub fn page() -> String {
    let mut out = String::from("Environment (durations carry their unit: 500ms, 10s, 5m):\n");
    for Var { name, local, deployed, doc } in &VARS {
        let default = match (*local, *deployed) {
            ("", "") => "none".to_owned(),
            (local, deployed) if local == deployed => local.to_owned(),
            (local, "") => format!("{local}; deployed none"),
            (local, deployed) => format!("{local}; deployed {deployed}"),
        };
        _ = writeln!(out, "  {name:<20} {doc} [{default}]");
    }
    out
}

struct Reader<'a> {
    values: &'a BTreeMap<String, String>,
    stage: Stage,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self) -> Config {
        let mut settings = Settings::new(self.stage);
        settings.release = self.text("RELEASE");
        settings.api = self.address("API_BASE_URL", Kind::Origin);
        settings.sentry_dsn = self.address("FRONTEND_SENTRY_DSN", Kind::Any);
        settings.checkout_origins = self.origins("CHECKOUT_ORIGINS");
        if self.stage == Stage::Production && settings.api.as_ref().is_some_and(|url| url.scheme() != "https") {
            self.fault("API_BASE_URL", "must be https in production");
        }
        let log_format = match self.text("LOG_FORMAT").as_str() {
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            _ => {
                self.fault("LOG_FORMAT", "must be one of json, text");
                LogFormat::Text
            }
        };
        Config {
            bind: self.bind(),
            web_root: PathBuf::from(self.text("WEB_ROOT")),
            settings,
            upstream: self.address("CRB_API_UPSTREAM", Kind::Origin),
            shutdown_lag: self.duration("SHUTDOWN_LAG"),
            shutdown_grace: self.duration("SHUTDOWN_GRACE"),
            log_level: self.text("LOG_LEVEL"),
            log_format,
        }
    }

    fn fault(&mut self, name: &str, message: impl std::fmt::Display) {
        self.faults.push(format!("{name}: {message}"));
    }

    /// The value set, or the stage's default. A blank value counts as not set.
    fn text(&self, name: &str) -> String {
        let set = self.values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let default = |var: &Var| if self.stage.is_deployed() { var.deployed } else { var.local };
        set.or_else(|| VARS.iter().find(|var| var.name == name).map(default)).unwrap_or_default().to_owned()
    }

    fn parse<T: FromStr<Err: std::fmt::Display>>(&mut self, name: &str, otherwise: T) -> T {
        self.text(name).parse().unwrap_or_else(|error| {
            self.fault(name, error);
            otherwise
        })
    }

    fn duration(&mut self, name: &str) -> Duration {
        crb_door::duration(&self.text(name)).unwrap_or_else(|| {
            self.fault(name, "must be a number with its unit: 500ms, 10s, 5m or 2h");
            Duration::ZERO
        })
    }

    fn bind(&mut self) -> SocketAddr {
        let port: u16 = self.parse("PORT", 0);
        let host = self.text("HOST");
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let found = (host, port).to_socket_addrs().ok().and_then(|mut found| found.next());
        found.unwrap_or_else(|| {
            self.fault("HOST", "is not an address of this machine");
            SocketAddr::from(([127, 0, 0, 1], port))
        })
    }

    fn address(&mut self, name: &str, kind: Kind) -> Option<Url> {
        let text = Some(self.text(name)).filter(|text| !text.is_empty())?;
        let read = read_address(&text, kind);
        if read.is_none() {
            self.fault(name, kind.wish());
        }
        read
    }

    fn origins(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name);
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let read: Vec<Option<Url>> = items.map(|item| read_address(item, Kind::Origin)).collect();
        if read.iter().any(Option::is_none) {
            self.fault(name, Kind::Origin.wish());
        }
        read.into_iter().flatten().map(|url| url.origin().ascii_serialization()).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    /// Scheme, host and port alone: a path would be silently lost.
    Origin,
}

impl Kind {
    const fn wish(self) -> &'static str {
        match self {
            Self::Any => "must be an http or https address",
            Self::Origin => "must be an http or https origin, without a path",
        }
    }
}

fn read_address(text: &str, kind: Kind) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let fits = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    (fits && (kind == Kind::Any || is_bare)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let values = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_map(&values).map_err(|faults| faults.to_string())
    }

    #[test]
    fn nothing_has_to_be_set() {
        let local = read(&[]).expect("defaults");
        assert_eq!((local.bind.to_string().as_str(), local.settings.stage), ("127.0.0.1:8080", Stage::Development));
        assert_eq!(local.upstream.expect("the backend next door").as_str(), "http://127.0.0.1:8383/");
        assert!(local.settings.api.is_none());
        let deployed = read(&[("APP_ENV", "production"), ("CRB_API_UPSTREAM", "  ")]).expect("defaults");
        assert_eq!(deployed.bind.to_string(), "[::]:8080");
        assert_eq!((deployed.upstream, deployed.log_format), (None, LogFormat::Json));
        assert_eq!((deployed.shutdown_lag, local.shutdown_lag), (Duration::from_secs(10), Duration::ZERO));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = read(&[
            ("APP_ENV", "prod"),
            ("PORT", "eighty"),
            ("HOST", "not a host"),
            ("API_BASE_URL", "localhost"),
            ("CRB_API_UPSTREAM", "http://api/v1"),
            ("FRONTEND_SENTRY_DSN", "key"),
            ("CHECKOUT_ORIGINS", "https://checkout.stripe.com, 'unsafe-inline'"),
            ("SHUTDOWN_LAG", "10"),
            ("LOG_FORMAT", "xml"),
        ])
        .expect_err("all of it is wrong");
        for name in [
            "APP_ENV",
            "PORT",
            "HOST",
            "API_BASE_URL",
            "CRB_API_UPSTREAM",
            "FRONTEND_SENTRY_DSN",
            "CHECKOUT_ORIGINS",
            "SHUTDOWN_LAG",
            "LOG_FORMAT",
        ] {
            assert!(faults.contains(&format!("\n  {name}: ")), "{name} is missing from {faults}");
        }
        assert!(faults.contains("9 fault(s)"), "{faults}");
    }

    #[test]
    fn production_speaks_https() {
        assert!(read(&[("APP_ENV", "production"), ("API_BASE_URL", "http://api.crb-analyser.com")]).is_err());
        let config =
            read(&[("APP_ENV", "production"), ("API_BASE_URL", "https://api.crb-analyser.com")]).expect("fine");
        assert_eq!(config.settings.api.expect("an address").as_str(), "https://api.crb-analyser.com/");
    }

    #[test]
    fn the_page_has_every_variable() {
        let page = page();
        assert!(VARS.iter().all(|var| page.contains(var.name) && var.doc.ends_with('.')));
    }
}
