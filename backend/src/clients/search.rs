//! Vendor prices on the web: Brave and Tavily find pages, and a guarded reader fetches one from the vendor's own host.

mod addresses;
mod page;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::http::{self, Peer, Timeouts};
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub struct Search {
    brave: Option<Engine>,
    tavily: Option<Engine>,
}

#[derive(Debug, Clone)]
struct Engine {
    peer: Peer,
    url: Url,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    /// Always https.
    pub url: String,
    pub snippet: String,
}

impl Search {
    pub fn new(config: &crate::config::Search) -> Result<Self> {
        let brave = |key: &SecretString| {
            let name = HeaderName::from_static("x-subscription-token");
            let path = ["res", "v1", "web", "search"];
            Engine::new("Brave", &config.brave_url, &path, name, http::secret_header("", key)?)
        };
        let tavily = |key: &SecretString| {
            let key = http::secret_header("Bearer ", key)?;
            Engine::new("Tavily", &config.tavily_url, &["search"], AUTHORIZATION, key)
        };
        Ok(Self {
            brave: config.brave_key.as_ref().map(brave).transpose()?,
            tavily: config.tavily_key.as_ref().map(tavily).transpose()?,
        })
    }

    pub fn is_configured(&self) -> bool {
        self.brave.is_some() || self.tavily.is_some()
    }

    /// Asks Brave, then Tavily where Brave is absent or away. `Unavailable` when neither is configured.
    pub async fn find(&self, query: &str, count: usize) -> Result<Vec<Hit>> {
        let count = count.clamp(1, 20);
        let first = match &self.brave {
            Some(brave) => brave.ask_brave(query, count).await,
            None => Err(Error::unavailable("no search engine is configured")),
        };
        match (first, &self.tavily) {
            (Err(_), Some(tavily)) => tavily.ask_tavily(query, count).await,
            (first, _) => first,
        }
    }

    /// The text of a page on the vendor's own host (`website_host` or a name below it), untrusted. Anything that
    /// could lead elsewhere is refused as `Invalid`.
    pub async fn fetch_price_page(&self, url: &str, website_host: &str) -> Result<String> {
        page::fetch(url, website_host).await
    }
}

impl Engine {
    fn new(name: &'static str, base: &Url, path: &[&str], key: HeaderName, value: HeaderValue) -> Result<Self> {
        let mut headers = HeaderMap::new();
        headers.insert(key, value);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(Self { peer: Peer::new(name, Timeouts::SHORT, headers)?, url: http::endpoint(base, path)? })
    }

    async fn ask_brave(&self, query: &str, count: usize) -> Result<Vec<Hit>> {
        let question = [("q", query), ("count", &count.to_string())];
        let reply = self.ask(|client| client.get(self.url.clone()).query(&question)).await?;
        Ok(hits(&reply["web"]["results"], "description", count))
    }

    async fn ask_tavily(&self, query: &str, count: usize) -> Result<Vec<Hit>> {
        let question = json!({ "query": query, "max_results": count });
        let reply = self.ask(|client| client.post(self.url.clone()).json(&question)).await?;
        Ok(hits(&reply["results"], "content", count))
    }

    async fn ask(&self, request: impl Fn(&reqwest::Client) -> RequestBuilder) -> Result<Value> {
        let response: Response = self.peer.send(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() { self.peer.json(response).await } else { Err(self.peer.refused(status, &headers, "")) }
    }
}

/// What can be used of the results: pages behind https, bounded words.
fn hits(results: &Value, snippet: &str, count: usize) -> Vec<Hit> {
    let text = |value: &Value, limit: usize| -> String {
        value.as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).take(limit).collect()
    };
    let hit = |result: &Value| {
        let url = Url::parse(result["url"].as_str()?).ok().filter(|url| url.scheme() == "https")?;
        Some(Hit { title: text(&result["title"], 200), url: url.into(), snippet: text(&result[snippet], 1000) })
    };
    results.as_array().into_iter().flatten().filter_map(hit).take(count).collect()
}

#[cfg(test)]
mod tests;
