//! Which release answers: it lives, it is ready, and it is this one, on every answer in a row.

use anyhow::{Result, bail};
use serde_json::Value;

use super::visitor::{Visitor, text};
use crate::image::short;
use crate::place::Environment;
use crate::receipt::Said;
use crate::settings::Addresses;

/// So many answers in a row, each by a connection of its own: with two replicas of which one is old, all of them would be
/// new once in a thousand times.
const IN_A_ROW: usize = 10;

/// What the release has to say of itself. None where nobody knows; what is None is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    pub digest: Option<String>,
    pub revision: Option<String>,
    pub release: Option<String>,
}

/// What the backend and the page say of themselves now; None where they do not answer.
pub async fn said(addresses: &Addresses) -> Result<(Option<Said>, Option<Said>)> {
    let visitor = Visitor::new(addresses)?;
    let backend = backend(&visitor).await.ok().map(|(_, said)| said);
    let page = page(&visitor).await.ok().map(|(_, release)| Said { digest: None, revision: release });
    Ok((backend, page))
}

pub(super) async fn live(visitor: &Visitor) -> Result<String> {
    let body = visitor.api("/api/health").await?.of(200)?.json()?;
    let status = text(&body, "status")?;
    if status != "healthy" {
        bail!("the API says {status:?} of itself");
    }
    let page = text(&visitor.page("/health").await?.of(200)?.json()?, "status")?;
    if page != "healthy" {
        bail!("the page's server says {page:?} of itself");
    }
    Ok("the API and the page live".to_owned())
}

pub(super) async fn ready(visitor: &Visitor) -> Result<String> {
    let answer = visitor.api("/api/health/ready").await?;
    let body = answer.json()?;
    if answer.status != 200 || body["ready"] != true {
        bail!("the API is not ready: {}", reasons(&body));
    }
    let answer = visitor.page("/health/ready").await?;
    let body = answer.json()?;
    if answer.status != 200 || body["ready"] != true {
        bail!("the page is not ready: {}", reasons(&body));
    }
    Ok("the API and the page take traffic".to_owned())
}

pub(super) async fn of_the_api(visitor: &Visitor, expected: &Expected, environment: Environment) -> Result<String> {
    let (mut digest, mut revision) = (String::new(), String::new());
    for answer in 1..=IN_A_ROW {
        let (place, said) = backend(visitor).await?;
        is_here("the API", &place, environment)?;
        digest = said.digest.unwrap_or_else(|| "none".to_owned());
        if let Some(wanted) = expected.digest.as_ref().filter(|wanted| **wanted != digest) {
            bail!("answer {answer} is of image {} and not of {}", short(&digest), short(wanted));
        }
        revision = said.revision;
        if let Some(wanted) = expected.revision.as_ref().filter(|wanted| **wanted != revision) {
            bail!("answer {answer} is of revision {revision} and not of {wanted}");
        }
    }
    Ok(format!("{IN_A_ROW} answers in a row of image {}, revision {revision}", short(&digest)))
}

pub(super) async fn of_the_page(visitor: &Visitor, expected: &Expected, environment: Environment) -> Result<String> {
    let mut release = String::new();
    for answer in 1..=IN_A_ROW {
        let (place, said) = page(visitor).await?;
        is_here("the page", &place, environment)?;
        release = said;
        if let Some(wanted) = expected.release.as_ref().filter(|wanted| **wanted != release) {
            bail!("answer {answer} is of release {} and not of {}", short(&release), short(wanted));
        }
    }
    Ok(format!("{IN_A_ROW} answers in a row of release {}", short(&release)))
}

/// The environment, and what the backend says of itself.
async fn backend(visitor: &Visitor) -> Result<(String, Said)> {
    let body = visitor.api("/api/health/detailed").await?.of(200)?.json()?;
    let digest = body.get("image_digest").and_then(Value::as_str).map(plain);
    Ok((text(&body, "environment")?, Said { digest, revision: plain(&text(&body, "revision")?) }))
}

/// The environment, and the release that the page's server names.
async fn page(visitor: &Visitor) -> Result<(String, String)> {
    let body = visitor.page("/version").await?.of(200)?.json()?;
    Ok((text(&body, "environment")?, plain(&text(&body, "release")?)))
}

fn is_here(who: &str, place: &str, environment: Environment) -> Result<()> {
    if place == environment.to_string() {
        return Ok(());
    }
    bail!("{who} says that it is {:?} and not {environment}: are the addresses those of {environment}?", plain(place))
}

fn reasons(body: &Value) -> String {
    let list = body["reasons"].as_array().map(Vec::as_slice).unwrap_or_default();
    let list: Vec<String> = list.iter().filter_map(Value::as_str).map(plain).collect();
    if list.is_empty() { "it does not say why".to_owned() } else { list.join(", ") }
}

/// A word that goes into logs, files and tables: short, and without anything that could mean more there.
fn plain(text: &str) -> String {
    text.chars().filter(|sign| sign.is_ascii_alphanumeric() || ":._+-/".contains(*sign)).take(128).collect()
}
