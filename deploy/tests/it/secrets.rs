//! The token stands in the call's header and nowhere else.

use crb_deploy::Ending;
use serde_json::json;

use crate::support::platform::{Fate, Fault};
use crate::support::{Bench, TOKEN};

#[track_caller]
fn is_kept(bench: &Bench) {
    for (what, text) in [
        ("the output", bench.said().to_owned()),
        ("the receipt", bench.file("receipt.json")),
        ("the summary", bench.file("summary.md")),
        ("the outputs", bench.file("outputs")),
    ] {
        assert!(
            !text.contains(TOKEN) && !text.contains("session-token") && !text.contains("report-token"),
            "{what}: {text}"
        );
    }
}

#[tokio::test]
async fn no_token_is_said_when_all_goes_well_or_nothing_does() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.release("staging", &["--report"]).await, Ending::Done);
    is_kept(&bench);

    let mut bench = Bench::new("staging").await;
    bench.platform.next("crb-web", Fate::Ends("FAILED"));
    bench.platform.on_the_way_back(Fate::Ends("FAILED"));
    assert_eq!(bench.release("staging", &[]).await, Ending::Lost);
    is_kept(&bench);
}

#[tokio::test]
async fn a_platform_that_repeats_the_token_is_not_quoted() {
    let mut bench = Bench::new("staging").await;
    let body = json!({"errors": [{"message": format!("no such token: {TOKEN}"), "path": [TOKEN]}]});
    bench.platform.fail("serviceInstanceUpdate", 1, Fault::Instead(200, body, Vec::new()));
    assert_eq!(bench.release("staging", &[]).await, Ending::Failed);
    bench.says("no such token: ***");
    is_kept(&bench);
}

#[tokio::test]
async fn a_token_is_no_argument() {
    let mut bench = Bench::new("staging").await;
    assert_eq!(bench.run(&["status", "--environment", "staging", "--token", "x"]).await, Ending::Refused);
    bench.says("unexpected argument '--token'");
}
