//! Where load may go. A wrong address is refused before the first request, a wrong place before the second.
//!
//! The rules are functions of what is known; `preflight` asks and applies them in order.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use url::{Host, Url};

mod preflight;
#[cfg(test)]
mod tests;

pub use preflight::{Questions, preflight};

/// Calls to Claude that one report makes.
const CALLS_A_REPORT: u64 = 7;

/// Why nothing was sent, or nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    BareOrigin,
    Production,
    Listed,
    Redirect,
    Answer,
    Environment,
    Token,
    Claude,
    Payment,
    Cost,
}

/// A rule, and what broke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub rule: Rule,
    pub about: String,
}

/// A place that may be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// This machine.
    Loopback,
    Staging,
}

/// What the product says about its surroundings, to an operator alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// `stub`, or who else writes.
    #[serde(default)]
    pub claude: Option<String>,
    /// `test` or `dev`, or what takes real money.
    #[serde(default)]
    pub payment: Option<String>,
}

/// One report, made to see who is asked and who charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    pub reports: u64,
    /// Calls to Claude as the product counts them, and as the stub does.
    pub claude_calls: u64,
    pub stub_calls: u64,
    /// The stand-in took the payment, and the product believed its signed word.
    pub is_paid_by_stub: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Targets {
    production: Vec<Url>,
    staging: Vec<Url>,
}

static TARGETS: LazyLock<Targets> =
    LazyLock::new(|| toml::from_str(include_str!("../targets.toml")).expect("the committed list is read by a test"));

impl Rule {
    pub const fn words(self) -> &'static str {
        match self {
            Self::BareOrigin => "a target is an origin: scheme, host and port, and nothing else",
            Self::Production => "production is never loaded, and no flag changes that",
            Self::Listed => "only this machine and the origins in loadtest/targets.toml are loaded",
            Self::Redirect => "a redirect is never followed: name the origin that answers",
            Self::Answer => "a target says how it is before it is loaded",
            Self::Environment => "a target says that it is staging; on this machine development or test will do",
            Self::Token => "who writes and who charges is told to an operator: an admin token is needed",
            Self::Claude => "the reports must be written by the stub",
            Self::Payment => "payment must be in test mode",
            Self::Cost => "nobody may be charged: every call to Claude must reach the stub",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {} ({})", self.rule.words(), self.about)
    }
}

impl std::error::Error for Refused {}

/// The place behind an address, where it may be loaded at all.
pub fn allow(url: &Url) -> Result<Place, Refused> {
    allow_among(&TARGETS, url)
}

fn allow_among(targets: &Targets, url: &Url) -> Result<Place, Refused> {
    // First, so that nothing below can let it through.
    if is_production(targets, url) {
        return Err(refused(Rule::Production, url.host_str().unwrap_or_default()));
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !has_user;
    if !is_bare || !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        // Without its password, which may be a real one.
        return Err(refused(Rule::BareOrigin, &url.origin().ascii_serialization()));
    }
    if is_loopback(url) {
        return Ok(Place::Loopback);
    }
    if targets.staging.iter().any(|staging| staging.origin() == url.origin()) {
        return Ok(Place::Staging);
    }
    Err(refused(Rule::Listed, &url.origin().ascii_serialization()))
}

/// Whatever the scheme, the port, the user or the dot behind the name. The parser has made letters small and has put
/// escaped, full-width and international names into the form that the resolver gets.
fn is_production(targets: &Targets, url: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_ascii_lowercase());
    host(url).is_some_and(|wanted| targets.production.iter().any(|known| host(known).as_deref() == Some(&wanted)))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An answer that sends elsewhere is refused wherever it leads; where it leads to production, that is said.
pub fn answered(status: u16, location: Option<&str>, asked: &Url) -> Result<(), Refused> {
    if (300..400).contains(&status) {
        let to = location.and_then(|location| asked.join(location).ok());
        if let Some(to) = to.as_ref().filter(|to| is_production(&TARGETS, to)) {
            return Err(refused(
                Rule::Production,
                &format!("a redirect leads to {}", to.host_str().unwrap_or_default()),
            ));
        }
        let to = to.map_or_else(|| "nowhere".to_owned(), |to| to.origin().ascii_serialization());
        return Err(refused(Rule::Redirect, &format!("{status} to {to}")));
    }
    if status != 200 {
        return Err(refused(Rule::Answer, &format!("it answers {status}")));
    }
    Ok(())
}

pub fn environment(place: Place, told: &str) -> Result<(), Refused> {
    let is_right = match place {
        Place::Staging => told == "staging",
        Place::Loopback => matches!(told, "staging" | "development" | "test"),
    };
    if is_right { Ok(()) } else { Err(refused(Rule::Environment, &format!("it says {told:?}"))) }
}

/// What is told must be right, and what was tried must be right; one of the two has to be there.
pub fn claude(told: &Told, trial: Option<&Trial>) -> Result<(), Refused> {
    match (told.claude.as_deref(), trial) {
        (Some("stub"), None) => Ok(()),
        (None | Some("stub"), Some(trial)) => tried(trial),
        (Some(other), _) => Err(refused(Rule::Claude, &format!("the product says {other:?}"))),
        (None, None) => Err(refused(Rule::Claude, "the product does not say, and there is no stub to try it with")),
    }
}

fn tried(trial: &Trial) -> Result<(), Refused> {
    if trial.claude_calls != trial.stub_calls {
        let about = format!("the product called {} times, the stub heard {}", trial.claude_calls, trial.stub_calls);
        return Err(refused(Rule::Cost, &about));
    }
    let wanted = trial.reports * CALLS_A_REPORT;
    if trial.reports == 0 || trial.stub_calls != wanted {
        let about = format!("the stub heard {} calls for {} reports, not {wanted}", trial.stub_calls, trial.reports);
        return Err(refused(Rule::Claude, &about));
    }
    Ok(())
}

pub fn payment(told: &Told, trial: Option<&Trial>) -> Result<(), Refused> {
    match (told.payment.as_deref(), trial) {
        (Some("test" | "dev"), _) => Ok(()),
        (Some(other), _) => Err(refused(Rule::Payment, &format!("the product says {other:?}"))),
        (None, Some(trial)) if trial.is_paid_by_stub => Ok(()),
        (None, Some(_)) => Err(refused(Rule::Payment, "the stub's payment was not believed")),
        (None, None) => Err(refused(Rule::Payment, "the product does not say, and there is no stub to try it with")),
    }
}

fn refused(rule: Rule, about: &str) -> Refused {
    Refused { rule, about: about.to_owned() }
}
