//! The same answer in other clothes: compressed, unchanged, or as it is.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::support::app::Plan;
use crate::support::buyer::Quiz;
use crate::support::call::Answer;

async fn plain(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    let read = match answer.header("content-encoding") {
        "" => return answer.body.to_vec(),
        "gzip" => GzipDecoder::new(&answer.body[..]).read_to_end(&mut plain).await,
        "br" => BrotliDecoder::new(&answer.body[..]).read_to_end(&mut plain).await,
        other => panic!("{other} was not asked for"),
    };
    read.expect("what is compressed can be unpacked");
    plain
}

#[tokio::test]
async fn what_is_compressed_says_the_same() {
    let app = Plan::new().idle().start().await;
    for operation in ["report_sample_view", "vendor_list", "description_view"] {
        let bare = app.door.call(operation).send().await.of(200);
        assert_eq!(bare.header("content-encoding"), "");
        for (accepted, coding) in [
            ("gzip", "gzip"),
            ("br, gzip", "br"),
            ("gzip;q=1.0, br;q=0.1", "gzip"),
            ("identity", ""),
            ("zstd", ""),
            ("gzip;q=0", ""),
            ("gzip;q=nonsense", ""),
            ("*", "br"),
        ] {
            let answer = app.door.call(operation).header("accept-encoding", accepted).send().await.of(200);
            assert_eq!(answer.header("content-encoding"), coding, "{operation} {accepted}");
            assert_eq!(plain(&answer).await, bare.body, "{operation} {accepted}");
            assert!(answer.headers.get_all("vary").iter().any(|value| value == "Accept-Encoding"));
            assert!(coding.is_empty() || answer.body.len() < bare.body.len() / 2);
            let tag = answer.header("etag").to_owned();
            assert_eq!(tag.starts_with("W/"), !coding.is_empty(), "{operation} {accepted}: {tag}");
            for held in [&tag, bare.header("etag"), "*", &format!("\"other\", {tag}")] {
                let unchanged = app.door.call(operation).header("if-none-match", held).send().await.of(304);
                assert!(unchanged.body.is_empty() && unchanged.header("content-type").is_empty());
            }
        }
        for held in ["\"other\"", "", "W/", "\"", &"\"x\", ".repeat(500)] {
            app.door.call(operation).header("if-none-match", held).send().await.of(200);
        }
    }
}

#[tokio::test]
async fn what_answers_get_answers_head_with_the_same_headers() {
    let app = Plan::new().idle().start().await;
    for path in ["/api/health", "/api/v1/tiers", "/api/v1/reports/sample", "/api/v1/vendors?limit=5"] {
        let get = app.door.knock("GET", path).send().await.of(200);
        let head = app.door.knock("HEAD", path).send().await.of(200);
        assert!(head.body.is_empty());
        assert_eq!(
            (head.header("etag"), head.header("content-type")),
            (get.header("etag"), get.header("content-type"))
        );
    }
    app.door.knock("HEAD", "/api/v1/nowhere").send().await.of(404);
}

#[tokio::test]
async fn what_belongs_to_somebody_is_kept_by_nobody() {
    let app = Plan::new().idle().start().await;
    let quiz = Quiz::finished(&app.door, &json!({})).await;
    let order = quiz.order(&app.door, "for-me-alone").send().await.of(201);
    let view = app.door.call("order_view").at("id", order.json()["order_id"].as_str().expect("an id"));
    let answers = [
        quiz.call(&app.door, "session_view").send().await,
        quiz.call(&app.door, "teaser_view").send().await,
        view.token(&quiz.token).send().await,
        order,
        app.door.call("admin_stats_view").token(&app.operator()).send().await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.text());
    }
    for operation in ["tier_list", "industry_list", "vendor_list", "report_sample_view"] {
        let public = app.door.call(operation).send().await.of(200);
        assert_eq!(public.header("cache-control"), "public, max-age=300", "{operation}");
    }
}
