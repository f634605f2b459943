//! Stripe: Checkout sessions, refunds, events, the hosted payment page, and signed webhooks.

pub mod events;
mod form;
mod page;
mod sessions;
mod sign;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use serde_json::{Value, json};
use url::Url;

use crate::call::{Call, Refusal, Reply};
use crate::dice::{hash, id};
use crate::keys::{self, Key, REAL_KEY};
use crate::scenario::Scenario;
use crate::shelf::{Shelf, weight};
use crate::stub::{Desk, Stub, Turn};
use form::Form;
use sessions::{expire, matured, new_session, refund};

pub use sign::{sign, webhook};

/// Sessions, events and idempotent replies that are remembered, and bytes of each.
const ROOM: usize = 1_000;
const MOST_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug)]
pub struct Stripe {
    desk: Desk,
    book: Mutex<Book>,
    /// Where browsers find the payment page.
    origin: Option<String>,
}

#[derive(Debug)]
struct Book {
    sessions: Shelf<String, Value>,
    events: Shelf<String, Value>,
    /// Idempotency key → hash of the request and its reply.
    replies: Shelf<String, (u64, Reply)>,
}

impl Stripe {
    pub fn new(scenario: Scenario) -> Self {
        let values = || Shelf::weighed(ROOM, MOST_BYTES, weight);
        let replies = Shelf::weighed(ROOM, MOST_BYTES, |(_, reply): &(u64, Reply)| reply_weight(reply));
        let book = Book { sessions: values(), events: values(), replies };
        Self { desk: Desk::new(scenario, false), book: Mutex::new(book), origin: None }
    }

    /// Sessions are paid at this origin, and no longer at the host that was asked for them.
    pub fn show_at(&mut self, url: &Url) -> Result<(), String> {
        let origin = url.origin().ascii_serialization();
        if url.as_str() != format!("{origin}/") {
            return Err("the public address is scheme, host and port, and nothing else".to_owned());
        }
        self.origin = Some(origin);
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn session(&self, session: &str) -> Option<Value> {
        self.open().sessions.get(&session.to_owned()).map(events::shown)
    }

    /// Every session that is still remembered, oldest first.
    pub fn sessions(&self) -> Vec<Value> {
        self.open().sessions.iter().map(|(_, session)| events::shown(session)).collect()
    }

    /// The buyer pays: the session becomes complete and paid. Gives the event to deliver; a second time gives the same.
    pub fn pay(&self, session: &str, at: i64) -> Option<Value> {
        self.change(session, at, |session| {
            if session["status"] == "open" {
                sessions::pay(session);
            }
            (session["status"] == "complete").then(|| events::checkout_completed(session, at))
        })
    }

    /// The session runs out. None when it is paid or unknown.
    pub fn expire(&self, session: &str, at: i64) -> Option<Value> {
        self.change(session, at, |session| expire(session).then(|| events::checkout_expired(session, at)))
    }

    /// The operator of the Stripe account pays back, all of it when no amount is given.
    pub fn refund(&self, session: &str, amount: Option<i64>, at: i64) -> Option<Value> {
        self.change(session, at, |session| {
            refund(session, amount).ok()?;
            Some(events::charge_refunded(session, sessions::refunded(session), at))
        })
    }

    /// The buyer's bank disputes the charge.
    pub fn dispute(&self, session: &str, at: i64) -> Option<Value> {
        self.change(session, at, |session| {
            (session["payment_status"] == "paid").then(|| events::dispute_created(session, at))
        })
    }

    fn change(&self, session: &str, at: i64, f: impl FnOnce(&mut Value) -> Option<Value>) -> Option<Value> {
        let mut book = self.open();
        let session = book.sessions.get_mut(&session.to_owned())?;
        matured(session, at);
        let event = f(session)?;
        book.events.put(event["id"].as_str().unwrap_or_default().to_owned(), event.clone());
        Some(event)
    }

    pub fn forget(&self) {
        let mut book = self.open();
        book.sessions.clear();
        book.events.clear();
        book.replies.clear();
        self.desk.reset();
    }

    /// Once for each idempotency key; the same key with other parameters is an error.
    fn once(&self, call: &Call, act: impl FnOnce(&mut Book) -> Result<Reply, Refusal>) -> Result<Reply, Refusal> {
        let mut book = self.open();
        let Some(key) = call.header("idempotency-key").map(str::to_owned) else { return act(&mut book) };
        if key.is_empty() || key.chars().count() > 255 {
            return Err(invalid("Idempotency keys are 1 to 255 characters long."));
        }
        let print = hash(&[call.path.as_bytes(), call.body()]);
        match book.replies.get(&key) {
            Some((first, reply)) if *first == print => {
                return Ok(reply.clone().with_header("idempotent-replayed", "true"));
            }
            Some(_) => {
                let message = format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                     Try using a key other than '{key}' if you meant to execute a different request."
                );
                return Err(Refusal::new(400, "idempotency_error", message));
            }
            None => {}
        }
        let reply = act(&mut book)?.with_header("idempotency-key", key.clone());
        // A repetition brings no event, so none is kept.
        book.replies.put(key, (print, Reply { events: Vec::new(), ..reply.clone() }));
        Ok(reply)
    }

    fn create_session(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        let form = Form::read(call)?;
        let beside = || format!("http://{}", call.header("host").unwrap_or("localhost"));
        let origin = self.origin.clone().unwrap_or_else(beside);
        let session = new_session(&form, call, &id("cs_test_", turn.seed ^ turn.number, 40), &origin)?;
        turn.spare()?;
        self.once(call, |book| {
            book.sessions.put(session["id"].as_str().unwrap_or_default().to_owned(), session.clone());
            Ok(Reply::json(200, &events::shown(&session)))
        })
    }

    fn get_session(&self, call: &Call, session: &str) -> Result<Reply, Refusal> {
        let mut book = self.open();
        let found = book.sessions.get_mut(&session.to_owned()).ok_or_else(|| missing("checkout.session", session))?;
        matured(found, call.at);
        Ok(Reply::json(200, &events::shown(found)))
    }

    fn expire_session(&self, call: &Call, session: &str) -> Result<Reply, Refusal> {
        self.once(call, |book| {
            let found =
                book.sessions.get_mut(&session.to_owned()).ok_or_else(|| missing("checkout.session", session))?;
            matured(found, call.at);
            if !expire(found) {
                let status = found["status"].as_str().unwrap_or_default();
                let message = format!(
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a \
                     status of `{status}`."
                );
                return Err(invalid(message));
            }
            let event = events::checkout_expired(found, call.at);
            let reply = Reply { events: vec![event.clone()], ..Reply::json(200, &events::shown(found)) };
            book.events.put(event["id"].as_str().unwrap_or_default().to_owned(), event);
            Ok(reply)
        })
    }

    fn create_refund(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        let form = Form::read(call)?;
        form.only(&["payment_intent", "charge", "amount", "reason", "metadata"])?;
        let amount = form.integer("amount")?;
        let (field, wanted) = match (form.get("payment_intent"), form.get("charge")) {
            (Some(intent), None) => ("payment_intent", intent.to_owned()),
            (None, Some(charge)) => ("charge", charge.to_owned()),
            _ => {
                return Err(invalid(
                    "One of the following params should be provided for this request: payment_intent or charge.",
                ));
            }
        };
        turn.spare()?;
        self.once(call, |book| {
            let ids: Vec<String> = book.sessions.iter().map(|(id, _)| id.clone()).collect();
            let owner = ids.into_iter().find(|id| {
                book.sessions.get(id).is_some_and(|session| match field {
                    "charge" => events::charge_id(session) == wanted,
                    _ => session["payment_intent"] == wanted.as_str(),
                })
            });
            let session =
                owner.and_then(|owner| book.sessions.get_mut(&owner)).ok_or_else(|| missing(field, &wanted))?;
            let amount = refund(session, amount)?;
            let event = events::charge_refunded(session, sessions::refunded(session), call.at);
            let body = json!({
                "id": id("re_", turn.seed ^ turn.number, 24), "object": "refund", "amount": amount,
                "charge": events::charge_id(session), "created": call.at, "currency": session["currency"],
                "metadata": form.metadata("metadata")?, "payment_intent": session["payment_intent"],
                "reason": form.get("reason"), "status": "succeeded",
            });
            book.events.put(event["id"].as_str().unwrap_or_default().to_owned(), event.clone());
            Ok(Reply { events: vec![event], ..Reply::json(200, &body) })
        })
    }

    fn list_events(&self, call: &Call) -> Reply {
        let limit = call.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(10).clamp(1, 100);
        let book = self.open();
        let wanted = |event: &Value| call.query("type").is_none_or(|kind| event["type"] == kind);
        let found: Vec<Value> =
            book.events.iter().rev().map(|(_, event)| event.clone()).filter(wanted).take(limit + 1).collect();
        let data = &found[..found.len().min(limit)];
        Reply::json(200, &json!({"object": "list", "url": "/v1/events", "has_more": found.len() > limit, "data": data}))
    }

    fn get_event(&self, event: &str) -> Result<Reply, Refusal> {
        let book = self.open();
        let found = book.events.get(&event.to_owned()).ok_or_else(|| missing("event", event))?;
        Ok(Reply::json(200, found))
    }

    /// The hosted page: what a buyer sees and presses.
    fn visit(&self, call: &Call, session: &str) -> Reply {
        let Some(shown) = self.session(session) else {
            return Reply::whole(404, "text/html; charset=utf-8", page::gone());
        };
        if call.method != Method::POST {
            return Reply::whole(200, "text/html; charset=utf-8", page::show(&shown));
        }
        let wants_to_pay = !String::from_utf8_lossy(call.body()).contains("action=cancel");
        let event = if wants_to_pay { self.pay(session, call.at) } else { None };
        let target = match (&event, wants_to_pay) {
            (Some(_), _) => page::return_url(&shown, "success_url"),
            (None, false) => page::return_url(&shown, "cancel_url"),
            // An expired session cannot be paid any more.
            (None, true) => return Reply::whole(410, "text/html; charset=utf-8", page::gone()),
        };
        Reply { events: event.into_iter().collect(), ..Reply::empty(303) }.with_header("location", target)
    }
}

fn reply_weight(reply: &Reply) -> usize {
    let headers: usize = reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    headers + reply.pieces.iter().map(|piece| piece.bytes.len()).sum::<usize>()
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "", message)
}

fn missing(kind: &str, name: &str) -> Refusal {
    Refusal::new(404, "resource_missing", format!("No such {kind}: '{name}'")).on("id")
}

/// `2026-08-27` or `2026-08-27.name`.
fn is_version(version: &str) -> bool {
    let (date, name) = version.split_once('.').unwrap_or((version, "x"));
    let is_date = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok() && date.len() == 10;
    is_date && !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn check_key(call: &Call) -> Result<(), Refusal> {
    let basic = call.header("authorization").and_then(|value| value.strip_prefix("Basic ")).and_then(form::basic_user);
    match keys::stripe(call.bearer().map(str::to_owned).or(basic).as_deref()) {
        Key::Stub => Ok(()),
        Key::Missing => Err(Refusal::new(401, "", "You did not provide an API key.")),
        Key::Real => Err(Refusal::new(401, "", REAL_KEY)),
        Key::Unknown => Err(Refusal::new(401, "", "Invalid API Key provided.")),
    }
}

impl Stub for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn serves(&self, path: &str) -> bool {
        path.starts_with("/v1/checkout/")
            || path == "/v1/refunds"
            || path == "/v1/events"
            || path.starts_with("/v1/events/")
            || path.starts_with("/pay/")
    }

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn task(&self, call: &Call) -> String {
        let post = call.method == Method::POST;
        match call.path.as_str() {
            "/v1/checkout/sessions" => "checkout.create",
            "/v1/refunds" => "refund.create",
            path if path.starts_with("/pay/") => "page",
            path if path.starts_with("/v1/events") => "events",
            path if path.ends_with("/expire") => "checkout.expire",
            _ if post => "unknown",
            _ => "checkout.get",
        }
        .to_owned()
    }

    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        if call.is_too_large() {
            return Err(Refusal::new(413, "", "Request body is too large."));
        }
        if let Some(session) = call.path.strip_prefix("/pay/") {
            turn.spare()?;
            return Ok(self.visit(call, session));
        }
        check_key(call)?;
        if let Some(version) = call.header("stripe-version").filter(|version| !is_version(version)) {
            return Err(invalid(format!("Invalid Stripe API version: {version}")));
        }
        let parts: Vec<&str> = call.path.trim_matches('/').split('/').collect();
        let post = call.method == Method::POST;
        let get = call.method == Method::GET;
        let reply = match parts.as_slice() {
            ["v1", "checkout", "sessions"] if post => self.create_session(call, turn),
            ["v1", "checkout", "sessions", session] if get => {
                turn.spare()?;
                self.get_session(call, session)
            }
            ["v1", "checkout", "sessions", session, "expire"] if post => {
                turn.spare()?;
                self.expire_session(call, session)
            }
            ["v1", "refunds"] if post => self.create_refund(call, turn),
            ["v1", "events"] if get => {
                turn.spare()?;
                Ok(self.list_events(call))
            }
            ["v1", "events", event] if get => self.get_event(event),
            _ => {
                let message = format!("Unrecognized request URL ({}: {}).", call.method, call.path);
                Err(Refusal::new(404, "", message))
            }
        }?;
        let reply = reply.with_header("request-id", request_id(turn));
        Ok(match call.header("stripe-version") {
            Some(version) => reply.with_header("stripe-version", version),
            None => reply,
        })
    }

    fn refuse(&self, refusal: &Refusal, turn: &Turn) -> Reply {
        let kind = match (refusal.code, refusal.status) {
            ("idempotency_error", _) => "idempotency_error",
            ("card_error", _) => "card_error",
            (_, 500..) => "api_error",
            _ => "invalid_request_error",
        };
        let code = match (refusal.code, refusal.status) {
            (_, 429) => "rate_limit",
            ("idempotency_error", _) => "",
            (code, _) => code,
        };
        let mut error = json!({"type": kind, "message": refusal.message});
        if !code.is_empty() {
            error["code"] = json!(code);
        }
        if let Some(param) = &refusal.param {
            error["param"] = json!(param);
        }
        let reply = Reply::json(refusal.status, &json!({"error": error})).with_header("request-id", request_id(turn));
        match refusal.retry_after {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

fn request_id(turn: &Turn) -> String {
    id("req_", turn.seed.rotate_left(17) ^ turn.number, 14)
}
