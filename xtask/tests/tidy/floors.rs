//! Who may import whom between the backend's floors, and which floor alone knows which crate.

use crate::tokens::{Token, runs, tests_start, tokens};
use crate::tree::{Fault, Tree};
use crate::{accepts, holds};

/// A floor and the floors below that it may name. `main` only hands over; `lib` is the map.
const FLOORS: [(&str, &[&str]); 13] = [
    ("error", &[]),
    ("counters", &[]),
    ("config", &["error", "domain"]),
    ("domain", &["error"]),
    ("render", &["domain", "error"]),
    ("store", &["domain", "counters", "error"]),
    ("clients", &["domain", "counters", "error", "config"]),
    ("app", &["domain", "store", "clients", "render", "config", "counters", "error"]),
    ("api", &["app", "domain", "counters", "error"]),
    ("worker", &["app", "domain", "error"]),
    ("telemetry", &["clients", "config", "counters", "error"]),
    ("serve", EVERYTHING),
    ("cli", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "error",
    "config",
    "domain",
    "render",
    "store",
    "clients",
    "app",
    "api",
    "worker",
    "telemetry",
    "serve",
    "cli",
    "counters",
];

/// What of a floor another floor may name where the table gives it only a part.
const ONLY: [(&str, &str, &str); 2] = [
    // The configuration speaks of payment providers in the domain's word.
    ("config", "domain", "ids"),
    // The exporters' own clients need the cryptography that is chosen there.
    ("telemetry", "clients", "http"),
];

/// A crate and the floors that know it.
const KNOWN_BY: [(&str, &[&str]); 9] = [
    ("poem", &["api", "serve"]),
    // What the API's door and the page's do alike; of it the configuration takes how a duration is written.
    ("crb_door", &["api", "serve", "config"]),
    ("crb_web", &["serve"]),
    ("poem_openapi", &["api"]),
    ("sea_orm", &["store"]),
    ("sqlx", &["store"]),
    // The exporters of traces and errors bring their own client.
    ("reqwest", &["clients", "telemetry"]),
    ("redis", &["clients"]),
    ("deadpool_redis", &["clients"]),
];

fn imports_go_down(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, floor, text) in floor_files(tree) {
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
            faults.push(Fault::new(path, 0, format!("{floor} is no floor of the table in xtask/tests/tidy/floors.rs")));
            continue;
        };
        for import in imports(path, &tokens(text)) {
            let is_floor = EVERYTHING.contains(&import.floor.as_str());
            let is_allowed = import.floor == floor || allowed.contains(&import.floor.as_str());
            if is_floor && !is_allowed {
                let what = format!("{floor} may not import {}: doors → app → store | clients → domain", import.floor);
                faults.push(Fault::new(path, import.line, what));
            }
            let part = ONLY.iter().find(|(from, to, _)| *from == floor && *to == import.floor);
            if let Some((_, _, part)) = part.filter(|(_, _, part)| import.part.as_deref() != Some(*part)) {
                let what = format!("{floor} may import {}::{part} only", import.floor);
                faults.push(Fault::new(path, import.line, what));
            }
        }
    }
    faults
}

fn crates_stay_on_their_floor(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, floor, text) in floor_files(tree) {
        for root in roots(&tokens(text)) {
            if let Some((name, floors)) = KNOWN_BY.iter().find(|(name, _)| *name == root.text)
                && !floors.contains(&floor)
            {
                let what = format!("{floor} may not know {name}; {} does", floors.join(" and "));
                faults.push(Fault::new(path, root.line, what));
            }
        }
    }
    faults
}

/// Rules decide without waiting: no async, no file, no socket, no clock.
fn the_domain_waits_for_nothing(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, _, text) in floor_files(tree).filter(|(_, floor, _)| *floor == "domain") {
        let mut code = tokens(text);
        code.truncate(tests_start(path, &code));
        let waits = code.iter().filter(|token| matches!(token.text.as_str(), "async" | "await" | "tokio"));
        faults.extend(waits.map(|token| Fault::new(path, token.line, format!("{} in a rule", token.text))));
        for world in ["fs", "net", "env", "process", "thread"] {
            for index in runs(&code, &["std", "::", world]) {
                faults.push(Fault::new(path, code[index].line, format!("std::{world} in a rule")));
            }
        }
    }
    faults
}

/// Path, floor and text of the backend's files that stand on a floor.
fn floor_files(tree: &Tree) -> impl Iterator<Item = (&str, &str, &str)> {
    tree.ending(".rs").filter_map(|(path, text)| {
        let inside = path.strip_prefix("backend/src/")?;
        let floor = inside.split('/').next()?.trim_end_matches(".rs");
        (!matches!(floor, "main" | "lib")).then_some((path, floor, text))
    })
}

struct Import {
    line: usize,
    floor: String,
    /// The name after the floor's, where it stands there alone.
    part: Option<String>,
}

/// What follows `crate::`, one by one where it is a group, and what a long enough `super::super::` reaches.
fn imports(path: &str, code: &[Token]) -> Vec<Import> {
    let text = |index: usize| code.get(index).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    for start in runs(code, &["crate", "::"]) {
        if text(start + 2) == "{" {
            found.extend(group(code, start + 3));
        } else {
            found.push(import_at(code, start + 2));
        }
    }
    // `app/orders/pay.rs` is crate::app::orders::pay: three steps up stand beside the floors. A step more may be
    // taken by a module inside the file, so only the name of a floor counts.
    let depth = path.trim_start_matches("backend/src/").split('/').count();
    for start in runs(code, &["super", "::"]).filter(|start| *start == 0 || text(start - 1) != "::") {
        let steps = code[start..].iter().step_by(2).take_while(|token| token.text == "super").count();
        let target = start + 2 * steps;
        if steps >= depth && EVERYTHING.contains(&text(target)) {
            found.push(import_at(code, target));
        }
    }
    found
}

/// The first names of a group's members: of `{a::b, c}` they are `a` and `c`.
fn group(code: &[Token], start: usize) -> Vec<Import> {
    let mut found = Vec::new();
    let (mut depth, mut expects_name) = (1, true);
    for (index, token) in code.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => expects_name = true,
            _ if depth == 1 && expects_name => {
                found.push(import_at(code, index));
                expects_name = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

fn import_at(code: &[Token], index: usize) -> Import {
    let text = |at: usize| code.get(at).map_or("", |token| token.text.as_str());
    let is_path = text(index + 1) == "::" && text(index + 2) != "{";
    let part = is_path.then(|| text(index + 2).to_owned());
    Import { line: code.get(index).map_or(0, |token| token.line), floor: text(index).to_owned(), part }
}

/// First names of paths and of `use`: where a crate would be named.
fn roots(code: &[Token]) -> impl Iterator<Item = &Token> {
    code.iter().enumerate().filter_map(|(index, token)| {
        let before = index.checked_sub(1).map_or("", |at| code[at].text.as_str());
        let after = code.get(index + 1).map_or("", |token| token.text.as_str());
        ((after == "::" && before != "::") || before == "use").then_some(token)
    })
}

#[test]
fn floors_import_downwards_only() {
    holds(
        imports_go_down,
        &[
            ("backend/src/store/orders.rs", "use crate::clients::mail;"),
            ("backend/src/clients/mail.rs", "fn a() { crate::store::orders::find(); }"),
            ("backend/src/domain/roi.rs", "use crate::{error::{Error, Result}, app::App};"),
            ("backend/src/api/orders.rs", "use crate::domain::roi;\nuse crate::worker::wake;"),
            ("backend/src/domain/roi.rs", "use super::super::store::Db;"),
            ("backend/src/config.rs", "use crate::domain::roi::compute;"),
            ("backend/src/shop.rs", "//! A floor that the table does not know."),
        ],
    );
    accepts(
        imports_go_down,
        &[
            ("backend/src/api/orders.rs", "use crate::{app::{orders, App}, error::Result};\n// use crate::store::Db;"),
            ("backend/src/config.rs", "use crate::domain::ids::words;\nmod tests { use super::*; }"),
            (
                "backend/src/domain/roi.rs",
                "use super::ids::ReportId; mod tests { use super::super::profile::Profile; }",
            ),
            ("backend/src/serve.rs", "use crate::{api, worker, store::Db};"),
        ],
    );
}

#[test]
fn a_crate_is_known_on_its_floor_only() {
    holds(
        crates_stay_on_their_floor,
        &[
            ("backend/src/app/orders.rs", "use sea_orm::ConnectionTrait;"),
            ("backend/src/worker.rs", "async fn a(c: &deadpool_redis::Pool) {}"),
            ("backend/src/domain/report.rs", "use poem_openapi;"),
            ("backend/src/store.rs", "fn a() -> reqwest::Error {}"),
            ("backend/src/api/orders.rs", "use crb_web::Site;"),
        ],
    );
    accepts(
        crates_stay_on_their_floor,
        &[
            ("backend/src/store/orders.rs", "use sea_orm::ConnectionTrait;"),
            ("backend/src/config.rs", "let redis = config.redis; let a = Self::redis::<u8>();"),
            ("backend/src/app.rs", "//! Knows neither poem:: nor sea_orm::.\nconst A: &str = \"sqlx::query\";"),
        ],
    );
}

#[test]
fn rules_decide_without_waiting() {
    holds(
        the_domain_waits_for_nothing,
        &[
            ("backend/src/domain/roi.rs", "pub async fn compute() {}"),
            ("backend/src/domain/knowledge/load.rs", "let text = std::fs::read_to_string(path);"),
        ],
    );
    accepts(
        the_domain_waits_for_nothing,
        &[
            ("backend/src/domain/roi.rs", "/// Not async.\nfn compute() {}\n#[cfg(test)]\nmod tests { use std::fs; }"),
            ("backend/src/domain/knowledge/load/tests.rs", "let text = std::fs::read_to_string(path);"),
        ],
    );
}
