//! What is published is what is served, and all of it is used.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::app::Plan;
use crate::support::contract::{document, operations};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[tokio::test]
async fn the_served_description_is_the_same() {
    let app = Plan::new().idle().start().await;
    let served = app.door.call("description_view").send().await.of(200).json();
    assert!(served == *document());
    let page = app.door.call("docs_view").send().await.of(200);
    for asset in ["page-js", "page-css"] {
        assert!(page.text().contains(&format!("/api/v1/docs/{asset}")), "{asset}");
        app.door.call("docs_asset_view").at("file", asset).send().await.of(200);
    }
    // Every code of a problem has its page, at the address that the problem names.
    let codes = document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array();
    let codes = codes.expect("a closed set of codes");
    assert!(codes.len() > 15);
    for code in codes {
        let code = code.as_str().expect("a word");
        let page = app.door.call("problem_view").at("code", code).send().await.of(200);
        assert!(page.text().contains(code));
    }
}

#[test]
fn every_operation_is_called_by_a_test() {
    let mut sources = String::new();
    read(&Path::new(HERE).join("tests/it"), &mut sources);
    let called: BTreeSet<&str> = operations()
        .keys()
        .map(String::as_str)
        // A name in quotes is only ever the name of an operation to call: the door knows no other way in.
        .filter(|id| sources.contains(&format!("\"{id}\"")))
        .collect();
    let left: Vec<&String> = operations().keys().filter(|id| !called.contains(id.as_str())).collect();
    assert!(left.is_empty(), "nobody calls {left:?}");
    // The control: an operation that nobody calls is not found.
    assert!(!sources.contains(&["\"operation", "unheard", "of\""].join("_")));
}

fn read(folder: &Path, sources: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the tests' folder") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            read(&path, sources);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            sources.push_str(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
}
