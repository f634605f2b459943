//! The page: its documents are asked for again each time, its assets never, and it finds the API.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use reqwest::header;
use serde_json::Value;
use url::Url;

use super::headers::secure;
use super::visitor::Visitor;

/// The start page, and one that scripts fill in.
const DOCUMENTS: [&str; 2] = ["/", SHELL];
const SHELL: &str = "/quiz";
/// Where the place that a document runs in is written into it.
const BLOCK: &str = "id=\"crb-config\"";

pub(super) async fn documents(visitor: &Visitor) -> Result<String> {
    for path in DOCUMENTS {
        let answer = visitor.page(path).await?.of(200)?;
        answer.must_have(&header::CONTENT_TYPE, "text/html")?;
        answer.must_have(&header::CACHE_CONTROL, "no-cache")?;
        secure(&answer)?;
        if !answer.text()?.contains("</html>") {
            bail!("{path} is cut off");
        }
    }
    Ok(format!("{} are HTML, no-cache, with the page's policy", DOCUMENTS.join(" and ")))
}

/// Everything that the app's document names by a hashed name, and a name that does not exist.
pub(super) async fn assets(visitor: &Visitor) -> Result<String> {
    let document = visitor.page(SHELL).await?.of(200)?;
    let assets = named(document.text()?);
    if !assets.iter().any(|asset| kind(asset) == "javascript") {
        bail!("{SHELL} loads no script");
    }
    let mut bytes = 0;
    for asset in &assets {
        let answer = visitor.page(asset).await?.of(200)?;
        answer.must_have(&header::CONTENT_TYPE, kind(asset))?;
        answer.must_have(&header::CACHE_CONTROL, "immutable")?;
        answer.must_have(&header::CACHE_CONTROL, "max-age=31536000")?;
        secure(&answer)?;
        if answer.bytes().is_empty() {
            bail!("{asset} is empty");
        }
        bytes += answer.bytes().len();
    }
    visitor.page("/assets/there-is-no-such-file.js").await?.of(404)?;
    let (count, size) = (assets.len(), bytes.div_ceil(1024));
    Ok(format!("{SHELL} names {count}, all immutable, {size} KiB; a missing one is a 404"))
}

/// The page calls the address in its block, or its own where that is empty. An answer there is what a browser would get.
pub(super) async fn way_to_the_api(visitor: &Visitor) -> Result<String> {
    let document = visitor.page(SHELL).await?.of(200)?;
    let block = block(document.text()?).context("the document has no block that says where the API is")?;
    let told = block.get("apiBaseUrl").and_then(Value::as_str).unwrap_or_default();
    let origin = match told {
        "" => visitor.app().clone(),
        told => Url::parse(told).with_context(|| format!("{told:?} in the document's block is no address"))?,
    };
    let list = visitor.at(&origin, "/api/v1/industries").await?.of(200)?.json()?;
    let count = list["items"].as_array().map_or(0, Vec::len);
    if count == 0 {
        bail!("the API that the page calls knows no industry");
    }
    Ok(format!("{} answers, {count} industries", origin.origin().ascii_serialization()))
}

/// The assets that a document names, in whatever element or script.
fn named(html: &str) -> BTreeSet<&str> {
    html.split('"').filter(|word| word.starts_with("/assets/")).collect()
}

/// What the type of such a file has to hold.
fn kind(asset: &str) -> &'static str {
    match asset.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "javascript",
        Some("css") => "text/css",
        _ => "",
    }
}

fn block(html: &str) -> Option<Value> {
    let (_, rest) = html.split_once(BLOCK)?;
    let (_, rest) = rest.split_once('>')?;
    let (json, _) = rest.split_once("</script>")?;
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_and_the_block_are_found_in_a_document() {
        let html = "<link rel=\"stylesheet\" href=\"/assets/a.css\"><script type=\"application/json\" id=\"crb-config\">\
                    {\"apiBaseUrl\":\"https://api.example\"}</script><script type=\"module\">for (const href of \
                    [\"/assets/b.js\",\"/assets/c.js\"]) load(href)\nimport(\"/assets/b.js\")</script>";
        assert_eq!(named(html).into_iter().collect::<Vec<_>>(), ["/assets/a.css", "/assets/b.js", "/assets/c.js"]);
        assert_eq!(block(html).expect("a block")["apiBaseUrl"], "https://api.example");
        assert!(named("<p>").is_empty() && block("<p>").is_none());
        assert_eq!(["/assets/a.css", "/assets/a.js", "/assets/a.woff2"].map(kind), ["text/css", "javascript", ""]);
    }
}
