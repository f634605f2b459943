//! How every file of the page's code looks, and what does not stand in it.

use crate::tree::{Fault, Tree};
use crate::{accepts, holds};

const LONGEST: usize = 400;
const ENDINGS: [&str; 4] = [".ts", ".tsx", ".mjs", ".css"];
/// Written by a program, for programs.
const GENERATED: [&str; 1] = ["frontend/src/api/schema.d.ts"];

const NO_ROOMS: [&str; 7] = ["utils", "common", "helpers", "service", "manager", "base", "misc"];

/// A word, where it is wrong (a part of the path; empty: everywhere), and why.
const WRONG: [(&str, &str, &str); 13] = [
    ("dangerouslySetInnerHTML", "", "text from elsewhere is shown as text"),
    (".innerHTML", "", "text from elsewhere is shown as text"),
    ("insertAdjacentHTML", "", "text from elsewhere is shown as text"),
    ("document.write", "", "text from elsewhere is shown as text"),
    ("eval(", "", "the policy forbids it, and so do we"),
    ("@ts-ignore", "", "say what is wrong with @ts-expect-error and a reason, or mend it"),
    (" as any", "", "a type guard, or the right type"),
    (".only(", "", "the other tests would not run"),
    (".skip(", "", "a test that is not run"),
    (".fixme(", "", "a test that is not run"),
    (".todo(", "", "a test that is not run"),
    ("waitForTimeout", "frontend/e2e/", "wait for what you wait for"),
    ("setTimeout(", ".spec.ts", "wait for what you wait for"),
];

fn scripts(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.all().filter(|(path, _)| {
        path.starts_with("frontend/") && ENDINGS.iter().any(|end| path.ends_with(end)) && !GENERATED.contains(path)
    })
}

fn opens_with_a_comment(tree: &Tree) -> Vec<Fault> {
    let opens = |text: &str| {
        let first = text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
        (first.starts_with("// ") || first.starts_with("/* ")) && first.len() > 12
    };
    let closed = scripts(tree).filter(|(_, text)| !opens(text));
    closed.map(|(path, _)| Fault::new(path, 1, "opens without a comment that says what the room is")).collect()
}

fn is_short(tree: &Tree) -> Vec<Fault> {
    let long = scripts(tree).map(|(path, text)| (path, text.lines().count())).filter(|(_, lines)| *lines > LONGEST);
    long.map(|(path, lines)| Fault::new(path, 0, format!("{lines} lines, more than {LONGEST}"))).collect()
}

fn has_a_name(tree: &Tree) -> Vec<Fault> {
    let stem = |part: &str| part.split('.').next().unwrap_or_default().to_owned();
    let nameless =
        scripts(tree).filter(|(path, _)| path.split('/').any(|part| NO_ROOMS.contains(&stem(part).as_str())));
    nameless.map(|(path, _)| Fault::new(path, 0, "its name says nothing; say what stands in it")).collect()
}

fn is_clean(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in scripts(tree) {
        for (word, _, why) in WRONG.iter().filter(|(_, place, _)| path.contains(place)) {
            let hits = text.lines().enumerate().filter(|(_, line)| line.contains(word));
            faults.extend(hits.map(|(index, _)| Fault::new(path, index + 1, format!("`{word}`: {why}"))));
        }
    }
    faults
}

#[test]
fn every_script_opens_with_a_comment() {
    holds(opens_with_a_comment, &[("frontend/src/a.ts", "import x from 'y'\n"), ("frontend/src/a.css", "/**/\n")]);
    accepts(
        opens_with_a_comment,
        &[
            ("frontend/src/a.ts", "// What this room is for.\n"),
            ("frontend/perf/run.mjs", "#!/usr/bin/env node\n// What this room is for.\n"),
            ("frontend/src/api/schema.d.ts", "export type Long = string\n"),
        ],
    );
}

#[test]
fn no_script_is_long() {
    holds(is_short, &[("frontend/src/a.tsx", &"line\n".repeat(LONGEST + 1))]);
    accepts(is_short, &[("frontend/src/a.tsx", &"line\n".repeat(LONGEST))]);
}

#[test]
fn every_script_has_a_name() {
    holds(has_a_name, &[("frontend/src/utils/x.ts", ""), ("frontend/src/lib/common.test.ts", "")]);
}

#[test]
fn no_script_does_what_it_must_not() {
    holds(
        is_clean,
        &[
            ("frontend/src/a.tsx", "<p dangerouslySetInnerHTML={{ __html: text }} />"),
            ("frontend/src/a.test.ts", "test.skip('later', () => {})"),
            ("frontend/e2e/a.spec.ts", "await page.waitForTimeout(500)"),
            ("frontend/e2e/a.spec.ts", "await new Promise((wake) => setTimeout(wake, 500))"),
        ],
    );
    accepts(is_clean, &[("frontend/src/lib/telemetry.ts", "else setTimeout(() => void start(), 2000)")]);
}
