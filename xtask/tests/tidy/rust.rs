//! How every Rust file looks: opening, length, name, and what does not stand in it.

use crate::tokens::{runs, tests_start, tokens};
use crate::tree::{Fault, Tree};
use crate::{accepts, holds};

const LONGEST: usize = 450;

/// Names of rooms that could hold anything, and so hold everything after a year.
const NO_ROOMS: [&str; 7] = ["utils", "common", "helpers", "service", "manager", "base", "misc"];

fn opens_with_a_sentence(tree: &Tree) -> Vec<Fault> {
    let opens = |text: &str| text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 10);
    tree.ending(".rs")
        .filter(|(_, text)| !opens(text))
        .map(|(path, _)| Fault::new(path, 1, "opens without a `//!` sentence that says what the room is"))
        .collect()
}

fn is_short(tree: &Tree) -> Vec<Fault> {
    tree.ending(".rs")
        .filter(|(_, text)| text.lines().count() > LONGEST)
        .map(|(path, text)| Fault::new(path, 0, format!("{} lines, more than {LONGEST}", text.lines().count())))
        .collect()
}

fn has_a_name(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, _) in tree.ending(".rs") {
        for part in path.trim_end_matches(".rs").split('/') {
            if NO_ROOMS.contains(&part) {
                faults.push(Fault::new(path, 0, format!("`{part}` names no room; say what stands in it")));
            }
        }
        if path.ends_with("/mod.rs") {
            faults.push(Fault::new(path, 0, "foo.rs beside foo/, not foo/mod.rs"));
        }
    }
    faults
}

/// What a finished house does not have, and what silences without a reason.
fn is_finished(tree: &Tree) -> Vec<Fault> {
    let wrong: [(&[&str], &str); 6] = [
        (&["#", "[", "ignore"], "a test that is not run"),
        (&["todo", "!"], "not done"),
        (&["unimplemented", "!"], "not done"),
        (&["dbg", "!"], "left behind"),
        (&["#", "[", "allow", "("], "use #[expect(lint, reason = \"..\")]"),
        (&["#", "!", "[", "allow", "("], "use #[expect(lint, reason = \"..\")]"),
    ];
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let code = tokens(text);
        for (words, what) in wrong {
            faults.extend(runs(&code, words).map(|index| Fault::new(path, code[index].line, what)));
        }
        for index in runs(&code, &["[", "expect", "("]) {
            let end = runs(&code[index..], &["]"]).next().map_or(code.len(), |length| index + length);
            if code[index..end].iter().all(|token| token.text != "reason") {
                faults.push(Fault::new(path, code[index].line, "#[expect] without a reason"));
            }
        }
    }
    faults
}

/// A test waits for what it wants to see; how long something takes is nobody's promise. The one room that may let time
/// pass is the support of a test crate, where a bounded question is asked again and again.
fn tests_do_not_sleep(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !path.contains("/support/")) {
        let code = tokens(text);
        let from = tests_start(path, &code);
        for nap in ["sleep", "sleep_until", "sleep_ms"] {
            let naps = runs(&code, &[nap, "("]).filter(|&index| index >= from).collect::<Vec<_>>();
            faults.extend(
                naps.iter().map(|&index| Fault::new(path, code[index].line, "a test sleeps instead of waiting")),
            );
        }
    }
    faults
}

#[test]
fn every_file_says_what_room_it_is() {
    holds(opens_with_a_sentence, &[("a.rs", "use std::fs;\n"), ("b.rs", "//!\nfn a() {}"), ("c.rs", "")]);
    accepts(opens_with_a_sentence, &[("a.rs", "//! The orders' table.\n")]);
}

#[test]
fn every_file_is_short_enough_to_read() {
    holds(is_short, &[("a.rs", &"//\n".repeat(LONGEST + 1))]);
    accepts(is_short, &[("a.rs", &"//\n".repeat(LONGEST))]);
}

#[test]
fn every_room_has_a_name() {
    holds(
        has_a_name,
        &[("backend/src/app/helpers.rs", ""), ("backend/src/utils/text.rs", ""), ("backend/src/app/mod.rs", "")],
    );
    accepts(has_a_name, &[("backend/src/database.rs", "")]);
}

#[test]
fn everything_is_finished_and_every_silence_has_a_reason() {
    holds(
        is_finished,
        &[
            ("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}"),
            ("a.rs", "fn a() { todo!() }"),
            ("a.rs", "fn a() { unimplemented!(\"later\") }"),
            ("a.rs", "#[allow(dead_code)]\nfn a() {}"),
            ("a.rs", "#![allow(clippy::all)]"),
            ("a.rs", "#[expect(dead_code)]\nfn a() {}"),
        ],
    );
    accepts(
        is_finished,
        &[
            (
                "a.rs",
                "// todo!()\n#[expect(dead_code, reason = \"the derive reads it\")]\nfn a() -> &'static str { \"#[ignore]\" }",
            ),
            ("a.rs", "fn a(b: Option<u8>) -> [u8; 1] { [b.expect(\"set\")] }"),
        ],
    );
}

#[test]
fn no_test_sleeps() {
    holds(
        tests_do_not_sleep,
        &[
            ("backend/tests/it/worker.rs", "tokio::time::sleep(SECOND).await;"),
            ("backend/src/worker.rs", "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { std::thread::sleep(SECOND); } }"),
        ],
    );
    accepts(
        tests_do_not_sleep,
        &[
            ("backend/src/worker.rs", "async fn a() { tokio::time::sleep(POLL).await }\n#[cfg(test)]\nmod tests {}"),
            ("backend/tests/it/support/wait.rs", "tokio::time::sleep(TICK).await;"),
        ],
    );
}
