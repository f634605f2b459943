//! Vendor prices on the web: Brave and Tavily find pages, and a guarded reader fetches one from the vendor's own host.

use crate::error::Result;

#[derive(Debug, Clone)]
pub struct Search {}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    /// Always https.
    pub url: String,
    pub snippet: String,
}

impl Search {
    pub fn new(_config: &crate::config::Search) -> Result<Self> {
        todo!()
    }

    pub fn is_configured(&self) -> bool {
        todo!()
    }

    /// Asks Brave, then Tavily where Brave is absent or away. `Unavailable` when neither is configured.
    pub async fn find(&self, _query: &str, _count: usize) -> Result<Vec<Hit>> {
        todo!()
    }

    /// The text of a page on the vendor's own host (`website_host` or a name below it), untrusted. Anything that
    /// could lead elsewhere is refused as `Invalid`.
    pub async fn fetch_price_page(&self, _url: &str, _website_host: &str) -> Result<String> {
        todo!()
    }
}
