//! Web search for prices: Brave and Tavily, each in its own shape.

use http::Method;
use serde_json::{Value, json};

use crate::call::{Call, Refusal, Reply};
use crate::dice::{Dice, hash};
use crate::keys::{self, Key, REAL_KEY};
use crate::scenario::Scenario;
use crate::stub::{Desk, Stub, Turn};

const BRAVE: &str = "/res/v1/web/search";
const TAVILY: &str = "/search";

#[derive(Debug)]
pub struct Search {
    desk: Desk,
}

impl Search {
    pub fn new(scenario: Scenario) -> Self {
        Self { desk: Desk::new(scenario, false) }
    }
}

struct Hit {
    title: String,
    url: String,
    snippet: String,
}

/// A price page on the host that the query names (`site:host`), or on one that belongs to nobody.
fn hits(query: &str, host: Option<&str>, count: usize) -> Vec<Hit> {
    const PLANS: [&str; 4] = ["Pricing", "Plans and pricing", "Compare plans", "Frequently asked questions"];
    let words: Vec<&str> = query.split_whitespace().filter(|word| !word.starts_with("site:")).collect();
    let named = query.split_whitespace().find_map(|word| word.strip_prefix("site:"));
    let name = words.first().copied().unwrap_or("Vendor");
    let slug: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let host = host.or(named).map_or_else(|| format!("www.{slug}.example"), str::to_owned);
    let mut dice = Dice::new(hash(&[query.to_lowercase().as_bytes()]));
    let price = dice.between(2, 40) * 10 - 1;
    PLANS
        .iter()
        .take(count)
        .enumerate()
        .map(|(index, plan)| Hit {
            title: format!("{plan} | {name}"),
            url: if index == 0 {
                format!("https://{host}/pricing")
            } else {
                format!("https://{host}/pricing?page={index}")
            },
            snippet: format!("{name} plans start at €{price} per month, billed yearly. Cancel at any time."),
        })
        .collect()
}

fn check_key(key: Option<&str>, status: u16, code: &'static str, message: &str) -> Result<(), Refusal> {
    match keys::other(key) {
        Key::Stub => Ok(()),
        Key::Real => Err(Refusal::new(status, code, REAL_KEY)),
        Key::Missing | Key::Unknown => Err(Refusal::new(status, code, message)),
    }
}

fn brave(call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
    let message = "The provided subscription token is invalid.";
    check_key(call.header("x-subscription-token"), 422, "SUBSCRIPTION_TOKEN_INVALID", message)?;
    let wrong = || Refusal::new(422, "VALIDATION", "Unable to validate request parameter(s)");
    let query = call.query("q").filter(|query| !query.is_empty() && query.chars().count() <= 400).ok_or_else(wrong)?;
    let count = match call.query("count") {
        None => 20,
        Some(count) => count.parse::<usize>().ok().filter(|count| (1..=20).contains(count)).ok_or_else(wrong)?,
    };
    turn.spare()?;
    let results: Vec<Value> = hits(query, None, count)
        .into_iter()
        .map(|hit| {
            json!({
                "type": "search_result", "title": hit.title, "url": hit.url, "description": hit.snippet,
                "language": "en",
            })
        })
        .collect();
    let body = json!({
        "type": "search", "query": {"original": query, "more_results_available": false},
        "web": {"type": "search", "results": results},
    });
    Ok(Reply::json(200, &body)
        .with_header("x-ratelimit-limit", "1, 2000")
        .with_header("x-ratelimit-remaining", "0, 1999"))
}

fn tavily(call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
    check_key(call.bearer(), 401, "", "Unauthorized: missing or invalid API key.")?;
    let body = call.json().ok_or_else(|| Refusal::new(400, "", "Invalid JSON."))?;
    let query = body["query"].as_str().filter(|query| !query.is_empty());
    let query = query.ok_or_else(|| Refusal::new(422, "", "query: Field required"))?;
    if query.chars().count() > 400 {
        return Err(Refusal::new(400, "", "Query is too long. Max query length is 400 characters."));
    }
    let count = body["max_results"].as_u64().unwrap_or(5) as usize;
    if count > 20 {
        return Err(Refusal::new(422, "", "max_results: must be between 0 and 20"));
    }
    turn.spare()?;
    let host = body["include_domains"][0].as_str();
    let results: Vec<Value> = hits(query, host, count)
        .into_iter()
        .map(|hit| {
            json!({
                "title": hit.title, "url": hit.url, "content": hit.snippet, "score": 0.9, "raw_content": null,
            })
        })
        .collect();
    let reply = json!({
        "query": query, "follow_up_questions": null, "answer": null, "images": [], "results": results,
        "response_time": 0.1, "request_id": format!("{:016x}", turn.seed),
    });
    Ok(Reply::json(200, &reply))
}

impl Stub for Search {
    fn name(&self) -> &'static str {
        "search"
    }

    fn serves(&self, path: &str) -> bool {
        path == BRAVE || path == TAVILY
    }

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn task(&self, call: &Call) -> String {
        if call.path == BRAVE { "brave" } else { "tavily" }.to_owned()
    }

    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        if call.is_too_large() {
            return Err(Refusal::new(413, "", "The request is too large."));
        }
        match (call.path.as_str(), &call.method) {
            (BRAVE, &Method::GET) => brave(call, turn),
            (TAVILY, &Method::POST) => tavily(call, turn),
            _ => Err(Refusal::new(405, "", "Method Not Allowed")),
        }
    }

    fn refuse(&self, refusal: &Refusal, turn: &Turn) -> Reply {
        let reply = if turn.task == "brave" {
            let code = if refusal.status == 429 { "RATE_LIMITED" } else { refusal.code };
            let error = json!({
                "id": format!("{:016x}", turn.seed), "status": refusal.status, "code": code,
                "detail": refusal.message,
            });
            Reply::json(refusal.status, &json!({"type": "ErrorResponse", "error": error, "time": turn.at}))
        } else {
            Reply::json(refusal.status, &json!({"detail": {"error": refusal.message}}))
        };
        match refusal.retry_after {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}
