//! A page of a stranger, fetched so that it can lead us nowhere else: vetted name, vetted and pinned address, bounds.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;
use url::{Host, Url};

use super::addresses::is_public;
use crate::clients::http::{self, Timeouts};
use crate::error::{Error, Result};

const SIZE_LIMIT: usize = 512 * 1024;
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The look-up of the name counts: the whole takes no longer than its limit.
pub(super) async fn fetch(url: &str, website_host: &str) -> Result<String> {
    let url = vet(url, website_host)?;
    let fetched = async {
        let client = pinned(&url, &resolve(&url).await?)?;
        read(&client, url.clone()).await
    };
    timeout(TIME_LIMIT, fetched).await.unwrap_or_else(|_| Err(Error::upstream("the vendor's page took too long")))
}

/// A page behind https on the default port, on the vendor's own host. A URL's parser has turned decimal, octal and
/// hexadecimal hosts into addresses by now, and no bare address is a vendor's name.
fn vet(url: &str, website_host: &str) -> Result<Url> {
    let refuse = |message: &str| Error::field("url", message);
    let url = Url::parse(url).map_err(|_| refuse("is not a URL"))?;
    if url.scheme() != "https" || url.port().is_some() {
        return Err(refuse("must be https on its usual port"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not carry a name or password"));
    }
    let Some(Host::Domain(host)) = url.host() else {
        return Err(refuse("must name a host, not an address"));
    };
    let own = website_host.strip_prefix("www.").unwrap_or(website_host).to_ascii_lowercase();
    let is_own = host == own || host.strip_suffix(&own).is_some_and(|rest| rest.ends_with('.'));
    if !own.contains('.') || own.starts_with('.') || !is_own {
        return Err(refuse("must be on the vendor's own host"));
    }
    Ok(url)
}

/// Every address of the name, each of them public: a name that also leads home leads nowhere.
async fn resolve(url: &Url) -> Result<Vec<SocketAddr>> {
    let host = url.host_str().ok_or_else(|| Error::field("url", "must name a host, not an address"))?;
    let unknown = || Error::upstream("the vendor's host has no address");
    let found = tokio::net::lookup_host((host, 443)).await.map_err(|error| unknown().caused_by(error))?;
    vetted(found.collect())
}

fn vetted(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>> {
    if addresses.is_empty() {
        return Err(Error::upstream("the vendor's host has no address"));
    }
    if !addresses.iter().all(|address| is_public(address.ip())) {
        return Err(Error::field("url", "leads to an address that is not public"));
    }
    Ok(addresses)
}

/// A client that knows this one name, and no resolver to ask again.
fn pinned(url: &Url, addresses: &[SocketAddr]) -> Result<Client> {
    let host = url.host_str().unwrap_or_default();
    let timeouts = Timeouts { connect: TIME_LIMIT, read: TIME_LIMIT, total: Some(TIME_LIMIT) };
    http::build(http::builder(timeouts)?.pool_max_idle_per_host(0).resolve_to_addrs(host, addresses))
}

async fn read(client: &Client, url: Url) -> Result<String> {
    let broken =
        |error: reqwest::Error| Error::upstream("the vendor's page could not be read").caused_by(error.without_url());
    let mut response = client.get(url).send().await.map_err(broken)?;
    if response.status().as_u16() != 200 {
        let cause = format!("HTTP {}", response.status().as_u16());
        return Err(Error::upstream("the vendor's page is not there").caused_by(cause));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "text/html" && kind != "text/plain" {
        return Err(Error::upstream("the vendor's page is not text"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > SIZE_LIMIT {
            return Err(Error::upstream("the vendor's page is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::{any, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::error::Kind;

    #[test]
    fn only_https_on_the_vendors_own_host_passes() {
        for url in [
            "https://vendor.example/pricing",
            "https://www.vendor.example/pricing?x=1",
            "HTTPS://PRICING.Vendor.Example",
            "https://vendor.example:443/",
        ] {
            for own in ["vendor.example", "www.vendor.example", "Vendor.Example"] {
                vet(url, own).expect(url);
            }
        }
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused_by_its_field() {
        for url in [
            "http://vendor.example/",
            "ftp://vendor.example/",
            "file:///etc/passwd",
            "https://vendor.example:8443/",
            "https://vendor.example.evil.example/",
            "https://evilvendor.example/",
            "https://evil.example/vendor.example",
            "https://vendor.example@evil.example/",
            "https://user:pass@vendor.example/",
            "https://user@vendor.example/",
            "https://vendor.example./",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://0/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://①②⑦.0.0.1/",
            "https://",
            "//vendor.example/",
            "vendor.example",
            "",
            "https://vendor.example\\@evil.example/x",
            "https://evil.example#vendor.example",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            // A backslash ends the authority as a slash does: that one stays on the vendor's own host.
            if let Ok(url) = vet(url, "vendor.example") {
                assert_eq!(url.host_str(), Some("vendor.example"), "{url}");
                assert!(url.path().starts_with("/@evil.example"), "{url}");
                continue;
            }
            let error = vet(url, "vendor.example").expect_err(url);
            assert_eq!((error.kind(), error.field_errors()[0].field.as_str()), (Kind::Invalid, "url"), "{url}");
        }
        for own in ["", ".", "example", ".example", "www."] {
            assert!(vet("https://vendor.example/", own).is_err(), "{own:?} is nobody's host");
        }
        for (url, own) in [("https://127.0.0.1/", "127.0.0.1"), ("https://2130706433/", "127.0.0.1")] {
            assert!(vet(url, own).is_err(), "{url}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_is_enough_to_refuse() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().expect(text)).collect::<Vec<_>>();
        assert_eq!(vetted(addresses(&["1.1.1.1:443", "[2606:4700::1111]:443"])).expect("public").len(), 2);
        for bad in ["127.0.0.1:443", "10.1.2.3:443", "[::1]:443", "[::ffff:1.1.1.1]:443", "[64:ff9b::101:101]:443"] {
            assert_eq!(vetted(addresses(&["1.1.1.1:443", bad])).expect_err(bad).kind(), Kind::Invalid);
        }
        assert_eq!(vetted(Vec::new()).expect_err("none").kind(), Kind::Upstream);
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_after_the_look_up() {
        let url = Url::parse("https://localhost/").expect("a URL");
        assert_eq!(resolve(&url).await.expect_err("home").kind(), Kind::Invalid);
    }

    /// A page served under a name that only the pinned client knows.
    async fn fetch(reply: ResponseTemplate) -> (Result<String>, usize) {
        let server = MockServer::start().await;
        Mock::given(path("/pricing")).respond_with(reply).mount(&server).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let url = Url::parse(&format!("http://vendor.invalid:{}/pricing", server.address().port())).expect("a URL");
        let client = pinned(&url, &[*server.address()]).expect("a client");
        let result = read(&client, url).await;
        (result, server.received_requests().await.expect("recorded").len())
    }

    fn page(kind: &str, body: &str) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_raw(body, kind)
    }

    #[tokio::test]
    async fn the_pinned_address_is_used_and_text_comes_back() {
        for kind in ["text/html; charset=utf-8", "text/plain", "Text/HTML"] {
            let (result, calls) = fetch(page(kind, "from 49 a month")).await;
            assert_eq!((result.expect("a page").as_str(), calls), ("from 49 a month", 1));
        }
        assert_eq!(fetch(page("text/plain", &"x".repeat(SIZE_LIMIT))).await.0.expect("just fits").len(), SIZE_LIMIT);
    }

    #[tokio::test]
    async fn other_kinds_sizes_statuses_and_redirects_are_refused() {
        for (reply, detail) in [
            (page("application/json", "{}"), "is not text"),
            (page("text/htmlx", ""), "is not text"),
            (page("text/html", &"x".repeat(SIZE_LIMIT + 1)), "too large"),
            (ResponseTemplate::new(404), "is not there"),
            (ResponseTemplate::new(302).insert_header("location", "/elsewhere"), "is not there"),
        ] {
            let (result, calls) = fetch(reply).await;
            let error = result.expect_err(detail);
            assert_eq!((error.kind(), calls), (Kind::Upstream, 1));
            assert!(error.detail().contains(detail), "{}", error.detail());
        }
    }
}
