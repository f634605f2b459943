//! The server's own rooms: what was heard, what goes wrong next, and a clean slate.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::Stubs;
use crate::call::{Call, Reply, now};
use crate::scenario::Scenario;

pub(super) fn answer(stubs: &Stubs, call: &Call) -> Reply {
    let parts: Vec<&str> = call.path.trim_matches('/').split('/').skip(1).collect();
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", ["health"]) => Reply::json(200, &json!({"status": "ok"})),
        ("GET", ["ledger"]) => Reply::json(200, &ledger(stubs, call.query("full") == Some("true"))),
        ("GET", ["scenario"]) => Reply::json(200, &scenarios(stubs)),
        ("PUT", ["scenario"]) => match set_scenarios(stubs, call) {
            Ok(()) => Reply::json(200, &scenarios(stubs)),
            Err(message) => Reply::json(400, &json!({"error": message})),
        },
        ("POST", ["reset"]) => {
            stubs.forget();
            Reply::empty(204)
        }
        ("GET", ["mails"]) => Reply::json(200, &json!(stubs.sendgrid.mails())),
        ("GET", ["mails", number]) => match number.parse().ok().and_then(|number| stubs.sendgrid.mail(number)) {
            Some(mail) => Reply::whole(200, "text/html; charset=utf-8", mail.html)
                // The mail is shown, not run.
                .with_header(
                    "content-security-policy",
                    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
                ),
            None => nothing(call),
        },
        ("POST", ["stripe", session, what]) => match change(stubs, call, session, what) {
            Some(event) => Reply { events: vec![event.clone()], ..Reply::json(200, &event) },
            None => Reply::json(409, &json!({"error": format!("cannot {what} the session {session}")})),
        },
        (_, ["health" | "ledger" | "scenario" | "reset" | "mails", ..]) => {
            Reply::json(405, &json!({"error": format!("{} is not for {}", call.method, call.path)}))
        }
        _ => nothing(call),
    }
}

fn nothing(call: &Call) -> Reply {
    Reply::json(404, &json!({"error": format!("nothing at {}", call.path)}))
}

/// Pays, expires, refunds (`?amount=cents`) or disputes a session, as somebody on Stripe's side would.
fn change(stubs: &Stubs, call: &Call, session: &str, what: &str) -> Option<Value> {
    match what {
        "pay" => stubs.stripe.pay(session, now()),
        "expire" => stubs.stripe.expire(session, now()),
        "refund" => {
            let amount = call.query("amount").map(str::parse).transpose().ok()?;
            stubs.stripe.refund(session, amount, now())
        }
        "dispute" => stubs.stripe.dispute(session, now()),
        _ => None,
    }
}

/// Counts and last calls; requests themselves only when they are asked for.
fn ledger(stubs: &Stubs, full: bool) -> Value {
    let mut book = Map::new();
    for stub in stubs.each() {
        let kept = stub.desk().kept();
        let calls: Vec<Value> = kept.iter().map(|call| if full { json!(call.entry()) } else { call.head() }).collect();
        book.insert(stub.name().to_owned(), json!({"counts": stub.counts(), "last": calls}));
    }
    book.insert("pace".to_owned(), stubs.lateness.counts());
    book.insert("telemetry".to_owned(), stubs.telemetry.counts());
    book.insert("webhooks".to_owned(), json!(stubs.deliveries()));
    book.insert("mails_kept".to_owned(), json!(stubs.sendgrid.mails().len()));
    book.insert("objects_kept".to_owned(), json!(stubs.storage.keys().len()));
    Value::Object(book)
}

fn scenarios(stubs: &Stubs) -> Value {
    stubs
        .each()
        .iter()
        .map(|stub| (stub.name().to_owned(), json!(*stub.desk().scenario())))
        .collect::<Map<_, _>>()
        .into()
}

/// Only the services that are named change, and none when one of them is wrong.
fn set_scenarios(stubs: &Stubs, call: &Call) -> Result<(), String> {
    let wanted: BTreeMap<String, Scenario> = match call.method {
        Method::PUT if !call.is_too_large() => {
            serde_json::from_slice(call.body()).map_err(|error| error.to_string())?
        }
        _ => return Err("the body is too large".to_owned()),
    };
    let stubs = stubs.each();
    for (name, scenario) in &wanted {
        let stub = stubs.iter().find(|stub| stub.name() == name).ok_or_else(|| format!("no stub is called {name}"))?;
        scenario.check(stub.name() == "claude").map_err(|fault| format!("{name}.{fault}"))?;
    }
    for (name, scenario) in wanted {
        for stub in stubs.iter().filter(|stub| stub.name() == name) {
            stub.desk().set_scenario(scenario.clone())?;
        }
    }
    Ok(())
}
