//! The content security policy of a document: what it may load, run and reach, and nothing else.
//!
//! Inline scripts and styles are named by their hashes and not by a nonce: a nonce would have to change with every answer,
//! and the documents could be neither compressed beforehand nor kept by a browser.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::markup::{Element, elements};
use crate::settings::Settings;

/// For whatever is no document: opened by itself it can do nothing.
pub(crate) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The policy of this document, as it stands.
pub(crate) fn of(html: &str, settings: &Settings) -> String {
    let found = elements(html);
    let inline = |name: &'static str| {
        let inline = found.iter().filter(move |one| one.name == name && one.attribute("src").is_none());
        inline.filter(|one| one.name == "style" || is_judged(one)).map(|one| hash(&html[one.content.clone()]))
    };
    let reached = settings.api_origin().into_iter().chain(settings.sentry_dsn.as_ref().map(origin));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src 'self' data:; font-src 'self'; connect-src {}; \
         manifest-src 'self'; form-action {}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
        own_and(inline("script")),
        own_and(inline("style")),
        own_and(reached),
        own_and(settings.checkout_origins.iter().cloned())
    )
}

/// The page's own origin, and each of these once.
fn own_and(sources: impl Iterator<Item = String>) -> String {
    let mut list = vec!["'self'".to_owned()];
    for source in sources {
        if !list.contains(&source) {
            list.push(source);
        }
    }
    list.join(" ")
}

/// Without the key that a DSN carries.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Whether a policy judges this script: code, the map of modules, and the rules of what to load ahead. Rules have a keyword
/// of their own, `'inline-speculation-rules'`; Chromium does not honour it beside hashes, other browsers complain about it,
/// and a hash allows these rules alone. Any other type is data, which nobody runs.
fn is_judged(script: &Element<'_>) -> bool {
    let kind = script.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "" | "module" | "importmap" | "speculationrules" | "text/javascript" | "application/javascript"
    )
}

/// As the browser hashes it: it has replaced every line's end by a line feed before.
fn hash(content: &str) -> String {
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Stage;

    fn directive(html: &str, settings: &Settings, name: &str) -> String {
        let policy = of(html, settings);
        let found = policy.split("; ").find_map(|one| one.strip_prefix(name)?.strip_prefix(' '));
        found.expect("the directive").to_owned()
    }

    #[test]
    fn what_runs_is_hashed_and_data_is_not() {
        let settings = Settings::new(Stage::Production);
        // The hash of `alert(1)`, made elsewhere.
        let known = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        for (html, expected) in [
            ("<script src=\"/assets/a.js\"></script>", "'self'".to_owned()),
            ("<script type=\"application/json\">{}</script>", "'self'".to_owned()),
            ("<script type=\"application/ld+json\">{}</script>", "'self'".to_owned()),
            ("<script>alert(1)</script>", format!("'self' {known}")),
            ("<script type=module>alert(1)</script><script>alert(1)</script>", format!("'self' {known}")),
            ("<script type=\"speculationrules\">alert(1)</script>", format!("'self' {known}")),
        ] {
            assert_eq!(directive(html, &settings, "script-src"), expected, "{html}");
        }
        let (unix, windows) = ("<style>\na{}\n</style>", "<style>\r\na{}\r\n</style>");
        assert_eq!(directive(unix, &settings, "style-src"), directive(windows, &settings, "style-src"));
    }

    #[test]
    fn only_origins_are_named_and_no_key() {
        let mut settings = Settings::new(Stage::Production);
        settings.api = Some("https://api.crb-analyser.com".parse().expect("an address"));
        settings.sentry_dsn = Some("https://publickey@o1.ingest.example.io/42".parse().expect("an address"));
        let reached = "'self' https://api.crb-analyser.com https://o1.ingest.example.io";
        assert_eq!(directive("", &settings, "connect-src"), reached);
        assert_eq!(directive("", &settings, "form-action"), "'self' https://checkout.stripe.com");
    }
}
