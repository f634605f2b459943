//! The house rules, as tests over the tracked files. A rule is a function of a tree; each proves itself on a bad tree
//! before it is believed on ours.

#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/graph.rs"]
mod graph;
#[path = "tidy/manifests.rs"]
mod manifests;
#[path = "tidy/rust.rs"]
mod rust;
#[path = "tidy/script.rs"]
mod script;
#[path = "tidy/text.rs"]
mod text;
#[path = "tidy/tokens.rs"]
mod tokens;
#[path = "tidy/tree.rs"]
mod tree;

use tree::{Fault, Tree};

/// The rule flags every bad example and nothing of ours.
fn holds(rule: fn(&Tree) -> Vec<Fault>, bad: &[(&str, &str)]) {
    for (path, text) in bad {
        let found = rule(&Tree::of(&[(path, text)]));
        assert!(!found.is_empty(), "the rule is blind: it accepts {path}:\n{text}");
    }
    let faults: Vec<String> = rule(&Tree::tracked()).iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
}

/// The rule has nothing against these: what looks alike and is allowed.
fn accepts(rule: fn(&Tree) -> Vec<Fault>, good: &[(&str, &str)]) {
    for (path, text) in good {
        let found: Vec<String> = rule(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "the rule sees ghosts in {path}: {}", found.join("\n"));
    }
}

#[test]
fn the_tree_is_the_repository() {
    let tree = Tree::tracked();
    assert!(tree.text("Cargo.toml").is_some() && tree.text("backend/src/lib.rs").is_some());
}
