//! Both engines as they answer, and the second one standing in for the first.

use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::clients::http::Backoff;
use crate::error::Kind;

async fn search(brave: bool, tavily: bool) -> (Search, MockServer) {
    let server = MockServer::start().await;
    let url: Url = server.uri().parse().expect("a URL");
    let config = crate::config::Search {
        brave_key: brave.then(|| "BSA-hunter2".into()),
        tavily_key: tavily.then(|| "tvly-hunter2".into()),
        brave_url: url.clone(),
        tavily_url: url,
    };
    let mut search = Search::new(&config).expect("a search");
    for engine in [&mut search.brave, &mut search.tavily].into_iter().flatten() {
        let quick = Backoff { tries: 2, base: std::time::Duration::from_millis(1) };
        engine.peer = engine.peer.clone().with_backoff(quick);
    }
    (search, server)
}

async fn mount_brave(server: &MockServer, reply: ResponseTemplate) {
    Mock::given(method("GET"))
        .and(path("/res/v1/web/search"))
        .and(query_param("q", "Jobber pricing & plans"))
        .and(query_param("count", "2"))
        .and(header("x-subscription-token", "BSA-hunter2"))
        .respond_with(reply)
        .mount(server)
        .await;
}

async fn mount_tavily(server: &MockServer) {
    let results = json!({ "results": [{ "title": "T", "url": "https://t.example/", "content": "C", "score": 0.9 }] });
    Mock::given(method("POST"))
        .and(path("/search"))
        .and(header("authorization", "Bearer tvly-hunter2"))
        .and(body_json(json!({ "query": "Jobber pricing & plans", "max_results": 2 })))
        .respond_with(ResponseTemplate::new(200).set_body_json(results))
        .mount(server)
        .await;
}

#[tokio::test]
async fn brave_finds_pages_behind_https_in_bounded_words() {
    let (search, server) = search(true, true).await;
    let results = json!({ "web": { "results": [
        { "title": "insecure", "url": "http://a.example/", "description": "x" },
        { "title": "no url" },
        { "title": "Pri\u{7}cing", "url": "https://a.example/pricing", "description": "x".repeat(5000) },
        { "title": "second", "url": "https://b.example/" },
        { "title": "third", "url": "https://c.example/" },
    ] } });
    mount_brave(&server, ResponseTemplate::new(200).set_body_json(results)).await;
    let hits = search.find("Jobber pricing & plans", 2).await.expect("hits");
    assert_eq!(hits.len(), 2);
    assert_eq!((hits[0].title.as_str(), hits[0].url.as_str()), ("Pricing", "https://a.example/pricing"));
    assert_eq!((hits[0].snippet.len(), hits[1].snippet.len()), (1000, 0));
}

#[tokio::test]
async fn tavily_stands_in_where_brave_is_absent_or_away() {
    for brave in [false, true] {
        let (search, server) = search(brave, true).await;
        mount_brave(&server, ResponseTemplate::new(500)).await;
        mount_tavily(&server).await;
        let hits = search.find("Jobber pricing & plans", 2).await.expect("hits");
        assert_eq!(hits, [Hit { title: "T".into(), url: "https://t.example/".into(), snippet: "C".into() }]);
    }
}

#[tokio::test]
async fn without_an_engine_that_answers_there_is_an_error_and_no_key_in_it() {
    let (none, _server) = search(false, false).await;
    assert!(!none.is_configured());
    assert_eq!(none.find("x", 1).await.expect_err("none").kind(), Kind::Unavailable);

    for (status, kind) in [(401, Kind::Internal), (422, Kind::Upstream), (429, Kind::Unavailable)] {
        let (search, server) = search(true, false).await;
        mount_brave(&server, ResponseTemplate::new(status)).await;
        assert!(search.is_configured());
        let error = search.find("Jobber pricing & plans", 2).await.expect_err("refused");
        assert_eq!(error.kind(), kind);
        assert!(!format!("{error:?}{search:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_page_elsewhere_is_refused_before_anything_is_asked() {
    let (search, _server) = search(false, false).await;
    for url in ["https://169.254.169.254/latest/meta-data", "https://evil.example/", "http://vendor.example/"] {
        let error = search.fetch_price_page(url, "vendor.example").await.expect_err(url);
        assert_eq!(error.kind(), Kind::Invalid);
    }
}
