//! Which bytes an address gives, in which coding, and for how long they may be kept.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
use crb_web::Patience;
use tokio::io::AsyncReadExt as _;

use crate::support::bundle::{Bundle, CODE, CODE_BR, CODE_GZ};
use crate::support::server::{Server, production};

const APP: &str = "/assets/app-1a2b.js";

async fn decoded(bytes: &[u8], coding: &str) -> String {
    let mut text = String::new();
    match coding {
        "br" => BrotliDecoder::new(bytes).read_to_string(&mut text).await.expect("brotli"),
        "gzip" => GzipDecoder::new(bytes).read_to_string(&mut text).await.expect("gzip"),
        _ => {
            text.push_str(std::str::from_utf8(bytes).expect("text"));
            bytes.len()
        }
    };
    text
}

#[tokio::test]
async fn a_document_comes_in_the_best_coding_that_the_caller_reads() {
    let server = Server::new().await;
    let plain = server.get("/").await;
    assert_eq!((plain.status.as_u16(), plain.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(plain.text().contains("What AI is worth to you."));
    for (accept, coding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.1", "gzip"),
        ("br;q=0, gzip;q=0.2", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("br;q=0.5, identity", ""),
        ("deflate", ""),
    ] {
        let answer = server.get_with("/", &[("accept-encoding", accept)]).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(decoded(&answer.body, coding).await, plain.text(), "{accept}");
        assert!(coding.is_empty() || answer.body.len() < plain.body.len() / 2, "{accept}");
    }
}

#[tokio::test]
async fn an_asset_comes_as_the_build_compressed_it() {
    let server = Server::new().await;
    for (path, accept, coding, body) in [
        (APP, "br, gzip", "br", CODE_BR),
        (APP, "gzip", "gzip", CODE_GZ),
        (APP, "", "", CODE),
        ("/assets/old-3d.css", "br, gzip;q=0.5", "gzip", "gzip of the style"),
        ("/assets/old-3d.css", "br", "", "a{}"),
        ("/assets/font-9c.woff2", "br, gzip", "", "a font"),
    ] {
        let answer = server.get_with(path, &[("accept-encoding", accept)]).await;
        assert_eq!((answer.header("content-encoding"), answer.text()), (coding, body), "{path} {accept}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        let varies = if path.ends_with("woff2") { "" } else { "Accept-Encoding" };
        assert_eq!(answer.header("vary"), varies, "{path}");
    }
}

#[tokio::test]
async fn every_file_says_what_it_is_and_how_long_it_holds() {
    let server = Server::new().await;
    for (path, media_type, keep) in [
        (APP, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/font-9c.woff2", "font/woff2", "public, max-age=31536000, immutable"),
        ("/favicon.svg", "image/svg+xml", "public, max-age=3600"),
        ("/robots.txt", "text/plain; charset=utf-8", "public, max-age=3600"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8", "public, max-age=3600"),
        ("/privacy", "text/html; charset=utf-8", "no-cache"),
        ("/quiz/dental/3", "text/html; charset=utf-8", "no-cache"),
    ] {
        let answer = server.get(path).await;
        let said = (answer.status.as_u16(), answer.header("content-type"), answer.header("cache-control"));
        assert_eq!(said, (200, media_type, keep), "{path}");
        assert!(answer.header("etag").starts_with('"'), "{path} has a strong tag");
    }
}

#[tokio::test]
async fn who_holds_these_very_bytes_gets_none() {
    let server = Server::new().await;
    for path in ["/", "/quiz", "/robots.txt", APP] {
        let tag = |accept: &'static str| {
            let server = &server;
            async move { server.get_with(path, &[("accept-encoding", accept)]).await.header("etag").to_owned() }
        };
        let (brotli, plain) = (tag("br").await, tag("identity").await);
        assert_eq!(brotli == plain, path == "/robots.txt", "each coding has a tag of its own: {path}");
        for known in [brotli.clone(), format!("\"other\", W/{brotli}"), "*".to_owned()] {
            let headers = [("accept-encoding", "br"), ("if-none-match", known.as_str())];
            let answer = server.get_with(path, &headers).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{path} {known}");
            assert_eq!(answer.header("etag"), brotli);
            assert!(!answer.header("cache-control").is_empty() && answer.header("content-encoding").is_empty());
        }
        for known in ["\"other\"", brotli.trim_matches('"')] {
            assert_eq!(server.get_with(path, &[("if-none-match", known)]).await.status.as_u16(), 200, "{path} {known}");
        }
    }
    let plain_tag = server.get("/").await.header("etag").to_owned();
    let other_coding = [("accept-encoding", "br"), ("if-none-match", plain_tag.as_str())];
    assert_eq!(server.get_with("/", &other_coding).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_tag_changes_with_what_is_told_to_the_page() {
    let one = Server::new().await.get("/").await;
    let mut settings = production();
    settings.checkout_origins = vec!["https://pay.example.com".to_owned()];
    let other = Server::with(Bundle::new(), settings, None, Patience::default()).await.get("/").await;
    assert_eq!(one.text(), other.text(), "the bytes are the same, the policy is not");
    assert_ne!(one.header("etag"), other.header("etag"));
    assert_eq!(one.header("etag"), Server::new().await.get("/").await.header("etag"), "every replica says the same");
}

#[tokio::test]
async fn head_says_what_get_would() {
    let server = Server::new().await;
    for path in ["/", "/quiz", APP, "/nowhere", "/nothing.js", "/health"] {
        let whole = server.get_with(path, &[("accept-encoding", "br")]).await;
        let head = server.call("HEAD", path, &[("accept-encoding", "br")], "").await;
        assert_eq!((head.status, head.body.len()), (whole.status, 0), "{path}");
        for name in ["content-length", "content-type", "content-encoding", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_missing_file_is_no_page_and_a_missing_page_is_one() {
    let server = Server::new().await;
    for path in ["/assets/app-0000.js", "/assets/", "/assets/nothing", "/quiz/app.js", "/wp-login.php", "/a.b/c"] {
        let answer = server.get(path).await;
        let said = (answer.status.as_u16(), answer.header("content-type"), answer.header("cache-control"));
        assert_eq!(said, (404, "text/plain; charset=utf-8", "no-store"), "{path}");
    }
    for path in ["/nowhere", "/quizzes", "/reports/7/pdf", "//", "/%2F"] {
        let answer = server.get_with(path, &[("accept-encoding", "gzip")]).await;
        let said = (answer.status.as_u16(), answer.header("content-encoding"), answer.header("cache-control"));
        assert_eq!(said, (404, "gzip", "no-store"), "{path}");
        assert!(decoded(&answer.body, "gzip").await.contains("<title>shells/error</title>"), "{path}");
        assert!(answer.header("etag").is_empty() && !answer.header("content-security-policy").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_the_build_keeps_for_itself_has_no_address() {
    let server = Server::new().await;
    for path in [
        "/routes.json",
        "/index.html",
        "/shells/quiz.html",
        "/.vite/manifest.json",
        "/assets/app-1a2b.js.br",
        "/assets/app-1a2b.js.gz",
        "/assets/app-1a2b.js.map",
        "/../Cargo.toml",
        "/assets/../routes.json",
        "/assets/%2e%2e/routes.json",
        "/assets/..%2froutes.json",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cetc/passwd",
        "/assets/app-1a2b.js%00",
        "/%ff%fe",
    ] {
        let mut line = server.line().await;
        line.say(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        let (answer, _) = line.rest().await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("documents") && !answer.contains("root:"), "{path}: {answer}");
    }
    let encoded = server.get("/%66avicon.svg").await;
    assert_eq!((encoded.status.as_u16(), encoded.header("content-type")), (200, "image/svg+xml"));
}

#[tokio::test]
async fn the_page_is_read_and_nothing_else() {
    let server = Server::new().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        for path in ["/", APP, "/nowhere"] {
            let answer = server.call(method, path, &[], "").await;
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD"), "{method} {path}");
            assert!(!answer.header("content-security-policy").is_empty());
        }
    }
}

#[tokio::test]
async fn what_anybody_may_read_is_on_its_way_before_the_scripts_are() {
    let server = Server::new().await;
    let link = |href: &str| format!("<{href}>; rel=preload; as=fetch; crossorigin");
    for (path, expected) in [
        ("/reports/sample", link("/api/v1/reports/sample")),
        ("/quiz", link("/api/v1/industries")),
        ("/reports/0193a7e4-0000-7000-8000-000000000001", String::new()),
        ("/reports/x%3E%0D%0Ax", String::new()),
        ("/", String::new()),
    ] {
        // The cookie of a report never comes with its page; were it there, it would prove nothing.
        let answer = server.get_with(path, &[("cookie", "crb_report=x")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("link")), (200, expected.as_str()), "{path}");
    }
    let mut settings = production();
    settings.api = Some("https://api.crb-analyser.com".parse().expect("an address"));
    let elsewhere = Server::with(Bundle::new(), settings, None, Patience::default()).await;
    assert_eq!(elsewhere.get("/reports/sample").await.header("link"), "");
}

#[tokio::test]
async fn probes_tell_the_state() {
    let server = Server::new().await;
    assert_eq!(server.get("/health").await.json()["status"], "healthy");
    assert_eq!(server.get("/health/ready").await.json()["ready"], true);
    let version = server.get("/version").await;
    assert_eq!(version.json(), serde_json::json!({"release": "1.2.3", "environment": "production"}));
    assert_eq!((version.header("cache-control"), version.header("connection")), ("no-store", ""));
    server.signals.draining.cancel();
    let ready = server.get("/health/ready").await;
    assert_eq!((ready.status.as_u16(), ready.json()["reasons"][0].as_str()), (503, Some("draining")));
    assert_eq!(server.get("/health").await.status.as_u16(), 200);
    let page = server.get("/").await;
    assert_eq!((page.status.as_u16(), page.header("connection")), (200, "close"), "still served");
}
