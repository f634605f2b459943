//! The pipeline's own rules: what its workflows, its actions and its compose file must be. Nothing here needs a network.
//!
//! A rule is a function of the tree. Each proves itself on our files with one thing spoiled before it is believed.

#[path = "pipeline/commands.rs"]
mod commands;
#[path = "pipeline/compose.rs"]
mod compose;
#[path = "pipeline/document.rs"]
mod document;
#[path = "pipeline/order.rs"]
mod order;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "pipeline/trust.rs"]
mod trust;

use tree::{Fault, Tree};

/// The rule has nothing against our files, and sees each of them spoiled: in a path, a text is replaced by another.
fn holds(rule: fn(&Tree) -> Vec<Fault>, spoiled: &[(&str, &str, &str)]) {
    let tree = Tree::tracked();
    let faults: Vec<String> = rule(&tree).iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
    for (path, from, to) in spoiled {
        let text = tree.text(path).unwrap_or_else(|| panic!("there is no {path}"));
        assert!(text.contains(from), "{path} no longer contains {from:?}, which a control replaces");
        let spoiled = text.replacen(from, to, 1);
        let with = Tree::of(
            &tree.all().map(|(known, text)| (known, if known == *path { &*spoiled } else { text })).collect::<Vec<_>>(),
        );
        assert!(!rule(&with).is_empty(), "the rule is blind: it accepts {path} with {to:?} for {from:?}");
    }
}
