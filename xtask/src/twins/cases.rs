//! What is asked of both, and what the twin is given for it: bytes that the product answered.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::figures::Aim;
use super::load::CONNECTIONS;
use crate::buyer::{Report, Shop};
use crate::call::{Answer, call};
use crate::product::Product;

/// A page of vendors as a visitor sees it.
const VENDORS: &str = "/api/v1/vendors";
const GZIP: (&str, &str) = ("Accept-Encoding", "gzip");

/// One of the two servers.
pub struct Side {
    pub name: &'static str,
    pub id: u32,
    pub port: u16,
    pub load_header: Option<String>,
}

/// One request, at both addresses.
pub struct Case {
    pub name: &'static str,
    pub aim: Aim,
    /// By side: product, twin.
    paths: [String; 2],
    pub headers: Vec<String>,
    /// An answer is saved: the session's id follows the path, and each connection has a session of its own.
    pub has_sessions: bool,
    /// Whether both return the same bytes, or a body that only has the same shape (it holds a time).
    is_exact: bool,
}

pub struct Set {
    pub cases: Vec<Case>,
    /// The list that the twin reads.
    pub copies: PathBuf,
    /// Ids and tokens, for the client.
    pub sessions: PathBuf,
}

impl Case {
    pub fn url(&self, side: &Side) -> String {
        format!("http://127.0.0.1:{}{}", side.port, self.paths[usize::from(side.name == "twin")])
    }
}

/// Makes a paid report and a session a connection through the product, and copies what it answers.
pub fn prepare(product: &Product, folder: &Path) -> Result<Set> {
    let shop = product.shop();
    let report = shop.buy().context("no report could be bought")?;
    let vendors = get(shop, VENDORS, &[GZIP])?;
    let bearer = format!("Bearer {}", report.token);
    let path = format!("/api/v1/reports/{}", report.id);
    let plain = get(shop, &path, &[("Authorization", &bearer)])?;
    let gzip = get(shop, &path, &[("Authorization", &bearer), GZIP])?;
    if let Some(what) = [("vendors", &vendors), ("report", &gzip)]
        .iter()
        .find_map(|(what, answer)| (answer.header("content-encoding") != Some("gzip")).then_some(what))
    {
        bail!("the product did not compress: {what}");
    }
    println!(
        "the report has {} bytes, {} compressed; the vendors' page {} compressed",
        plain.body.len(),
        gzip.body.len(),
        vendors.body.len()
    );
    let sessions = (0..CONNECTIONS).map(|_| session(shop)).collect::<Result<Vec<_>>>()?;
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes);
    write("vendors.json.gz", &vendors.body)?;
    write("report.json.gz", &gzip.body)?;
    write("report.json", &plain.body)?;
    write("sessions.json", serde_json::to_string(&sessions)?.as_bytes())?;
    let etag = plain.header("etag").context("the report has no tag")?.trim_matches('"').to_owned();
    let copied = json!({
        "vendors": "vendors.json.gz",
        "report": {"id": report.id, "token": report.token, "etag": etag, "document": "report.json",
            "gzip": "report.json.gz"},
        "sessions": sessions,
    });
    write("copies.json", copied.to_string().as_bytes())?;
    Ok(Set { cases: cases(&report), copies: folder.join("copies.json"), sessions: folder.join("sessions.json") })
}

/// Both must answer alike, or the figures compare nothing.
pub fn check_same(case: &Case, sides: &[Side; 2]) -> Result<()> {
    if case.has_sessions {
        // The client itself refuses anything but a good answer, and both sides hold the same sessions.
        return Ok(());
    }
    let mut bodies = Vec::new();
    for side in sides {
        let url = case.url(side);
        let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).context("a path")?;
        let lines = case.headers.iter().chain(&side.load_header);
        let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
        bodies.push(call(side.port, "GET", &path, &headers, None)?.of(200)?.body);
    }
    let is_same = if case.is_exact { bodies[0] == bodies[1] } else { bodies[0].len().abs_diff(bodies[1].len()) < 8 };
    if !is_same {
        bail!("{}: the twin does not return the product's bytes ({}, {})", case.name, bodies[0].len(), bodies[1].len());
    }
    Ok(())
}

fn cases(report: &Report) -> Vec<Case> {
    let gzip = format!("{}: {}", GZIP.0, GZIP.1);
    let case = |name, cpu, product: &str, twin: &str, headers: Vec<String>| Case {
        name,
        aim: Aim { cpu_per_thousand: cpu },
        paths: [product.to_owned(), twin.to_owned()],
        headers,
        has_sessions: name == "answer",
        is_exact: name != "health",
    };
    let (id, token) = (&report.id, format!("Authorization: Bearer {}", report.token));
    vec![
        case("health", 0.03, "/api/health", "/health", Vec::new()),
        case("vendors", 0.04, VENDORS, "/vendors", vec![gzip.clone()]),
        case("report", 0.04, &format!("/api/v1/reports/{id}"), &format!("/reports/{id}"), vec![gzip, token]),
        case("answer", 0.15, "/api/v1/quiz/sessions", "/sessions", Vec::new()),
    ]
}

fn session(shop: &Shop) -> Result<Value> {
    let quiz = shop.answered()?;
    let view = shop.call("GET", &format!("/quiz/sessions/{}", quiz.id), Some(&quiz.token), None)?.of(200)?.json()?;
    Ok(json!({"id": quiz.id, "token": quiz.token, "view": view}))
}

fn get(shop: &Shop, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let mut all = vec![("X-Load-Key", shop.load_key.as_str())];
    all.extend(headers);
    call(shop.port, "GET", path, &all, None)?.of(200)
}
