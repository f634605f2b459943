//! SendGrid's `POST /v3/mail/send`: checks the mail as the service does and keeps it for the test to read.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Call, Refusal, Reply};
use crate::dice::id;
use crate::keys::{self, Key, REAL_KEY};
use crate::scenario::Scenario;
use crate::shelf::{Shelf, weight};
use crate::stub::{Desk, Stub, Turn};

/// Mails and bytes that are kept; beyond either the oldest mail leaves.
const ROOM: usize = 500;
const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_PERSONS: usize = 1_000;

#[derive(Debug)]
pub struct SendGrid {
    desk: Desk,
    mails: Mutex<Shelf<u64, Mail>>,
}

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mail {
    /// Counted from 1.
    pub number: u64,
    pub message_id: String,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub custom_args: Value,
    pub headers: Value,
}

impl Mail {
    fn weight(&self) -> usize {
        let addresses: usize = self.to.iter().map(String::len).sum();
        let words = self.from.len() + self.subject.len() + self.text.len() + self.html.len();
        addresses + words + weight(&self.custom_args) + weight(&self.headers)
    }
}

impl SendGrid {
    pub fn new(scenario: Scenario) -> Self {
        Self { desk: Desk::new(scenario, false), mails: Mutex::new(Shelf::weighed(ROOM, MOST_BYTES, Mail::weight)) }
    }

    /// The last accepted mails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().map(|(_, mail)| mail.clone()).collect()
    }

    pub fn mail(&self, number: u64) -> Option<Mail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    /// The last mails to one address.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address))).collect()
    }

    pub fn forget(&self) {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.desk.reset();
    }
}

impl Stub for SendGrid {
    fn name(&self) -> &'static str {
        "sendgrid"
    }

    fn serves(&self, path: &str) -> bool {
        path == "/v3/mail/send"
    }

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn task(&self, _call: &Call) -> String {
        "mail.send".to_owned()
    }

    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        if call.method != Method::POST {
            return Err(Refusal::new(405, "", "method not allowed"));
        }
        match keys::other(call.bearer()) {
            Key::Stub => {}
            Key::Real => return Err(Refusal::new(401, "", REAL_KEY)),
            Key::Missing | Key::Unknown => {
                let message = "The provided authorization grant is invalid, expired, or revoked";
                return Err(Refusal::new(401, "", message));
            }
        }
        if call.is_too_large() {
            return Err(Refusal::new(413, "", "The JSON payload you have included in your request is too large."));
        }
        if !call.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            return Err(Refusal::new(415, "", "Content-Type should be application/json."));
        }
        let body = call.json().ok_or_else(|| Refusal::new(400, "", "Bad Request"))?;
        let mut mail = read(body)?;
        turn.spare()?;
        mail.number = turn.number;
        mail.message_id = id("", turn.seed ^ turn.number, 22);
        let message_id = mail.message_id.clone();
        if body["mail_settings"]["sandbox_mode"]["enable"] == true {
            return Ok(Reply::empty(200));
        }
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).put(mail.number, mail);
        Ok(Reply::empty(202).with_header("x-message-id", message_id))
    }

    fn refuse(&self, refusal: &Refusal, turn: &Turn) -> Reply {
        let message = if refusal.status == 429 { "too many requests" } else { refusal.message.as_str() };
        let body = json!({"errors": [{"message": message, "field": refusal.param, "help": null}]});
        let reply = Reply::json(refusal.status, &body);
        if refusal.status == 429 {
            return reply
                .with_header("x-ratelimit-limit", "600")
                .with_header("x-ratelimit-remaining", "0")
                .with_header("x-ratelimit-reset", (turn.at + 60).to_string());
        }
        reply
    }
}

const NO_RECEIVER: &str = "The to array is required for all personalization objects, and must have at least one \
                           email object with a valid email address.";
const NO_SENDER: &str = "The from object must be provided for every email send. It is an object that requires the \
                         email parameter, but may also contain a name parameter.";
const NO_SUBJECT: &str = "The subject is required. You can get around this requirement if you use a template with a \
                          subject defined or if every personalization has a subject defined.";
const NO_CONTENT: &str = "Unless a valid template_id is provided, the content parameter is required. There must be at \
                          least one defined content block.";
const WRONG_ORDER: &str = "If present, text/plain and text/html may only be provided once, and text/plain must be \
                           first, followed by text/html.";

fn read(body: &Value) -> Result<Mail, Refusal> {
    let wrong = |field: &str, message: &str| Refusal::new(400, "", message).on(field);
    let persons = body["personalizations"].as_array().filter(|persons| !persons.is_empty());
    let persons = persons.ok_or_else(|| {
        wrong("personalizations", "The personalizations field is required and must have at least one personalization.")
    })?;
    if persons.len() > MOST_PERSONS {
        return Err(wrong("personalizations", "The personalizations field may have at most 1000 personalizations."));
    }
    let mut to = Vec::new();
    for (index, person) in persons.iter().enumerate() {
        let field = format!("personalizations.{index}.to");
        let list = person["to"].as_array().filter(|list| !list.is_empty());
        let list = list.ok_or_else(|| wrong(&field, NO_RECEIVER))?;
        for (nth, address) in list.iter().enumerate() {
            to.push(email(address, &format!("{field}.{nth}.email"))?);
        }
    }
    if body["from"].is_null() {
        return Err(wrong("from", NO_SENDER));
    }
    let from = email(&body["from"], "from.email")?;
    let subject = body["subject"].as_str().or_else(|| persons[0]["subject"].as_str()).unwrap_or_default();
    if subject.is_empty() {
        return Err(wrong("subject", NO_SUBJECT));
    }
    let (text, html) = contents(&body["content"])?;
    Ok(Mail {
        number: 0,
        message_id: String::new(),
        from,
        to,
        subject: subject.to_owned(),
        text,
        html,
        custom_args: if body["custom_args"].is_null() {
            persons[0]["custom_args"].clone()
        } else {
            body["custom_args"].clone()
        },
        headers: body["headers"].clone(),
    })
}

fn email(address: &Value, field: &str) -> Result<String, Refusal> {
    let text = address["email"].as_str().unwrap_or_default();
    let is_good = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if is_good && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::new(400, "", "Does not contain a valid address.").on(field))
    }
}

/// Plain text first, HTML after it, each at most once.
fn contents(content: &Value) -> Result<(String, String), Refusal> {
    let wrong = |field: String, message: &str| Err(Refusal::new(400, "", message).on(field));
    let Some(parts) = content.as_array().filter(|parts| !parts.is_empty()) else {
        return wrong("content".to_owned(), NO_CONTENT);
    };
    let (mut text, mut html) = (None, None);
    for (index, part) in parts.iter().enumerate() {
        let value = part["value"].as_str().unwrap_or_default();
        if value.is_empty() {
            return wrong(
                format!("content.{index}.value"),
                "The content value must be a string at least one character in length.",
            );
        }
        let slot = match part["type"].as_str() {
            Some("text/plain") if html.is_none() && index == 0 => &mut text,
            Some("text/html") if html.is_none() => &mut html,
            Some("text/plain" | "text/html") => {
                return wrong("content".to_owned(), WRONG_ORDER);
            }
            _ => return wrong(format!("content.{index}.type"), "This stub reads text/plain and text/html only."),
        };
        *slot = Some(value.to_owned());
    }
    Ok((text.unwrap_or_default(), html.unwrap_or_default()))
}
