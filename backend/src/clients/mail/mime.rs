//! One mail as a file (RFC 5322): two alternatives, everything beyond ASCII encoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::{Outgoing, Sender};

pub(super) fn message(mail: &Outgoing, from: &Sender, name: &str, now: DateTime<Utc>) -> String {
    // Base64 holds no `=_`, so the boundary cannot occur in a part.
    let boundary = "=_crb_alternative";
    let host = from.address.rsplit('@').next().unwrap_or("localhost");
    let sender = match &from.name {
        Some(name) => format!("{} <{}>", header_text(name), from.address),
        None => from.address.clone(),
    };
    let lines = [
        format!("From: {sender}"),
        format!("To: {}", mail.to),
        format!("Subject: {}", header_text(&mail.subject)),
        format!("Date: {}", now.to_rfc2822()),
        format!("Message-ID: <{name}@{host}>"),
        "MIME-Version: 1.0".to_owned(),
        format!("Content-Type: multipart/alternative; boundary=\"{boundary}\""),
        String::new(),
        part(boundary, "text/plain", &mail.text),
        part(boundary, "text/html", &mail.html),
        format!("--{boundary}--"),
        String::new(),
    ];
    lines.join("\r\n")
}

fn part(boundary: &str, kind: &str, text: &str) -> String {
    let encoded = STANDARD.encode(text);
    let mut lines = vec![
        format!("--{boundary}"),
        format!("Content-Type: {kind}; charset=utf-8"),
        "Content-Transfer-Encoding: base64".to_owned(),
        String::new(),
    ];
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(76));
        lines.push(line.to_owned());
        rest = more;
    }
    lines.join("\r\n")
}

/// Plain words as they are; others as encoded words, cut between characters so that no line, the field's name
/// included, is longer than 76 (RFC 2047).
fn header_text(text: &str) -> String {
    let is_plain = text.len() <= 60 && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric());
    if is_plain {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for character in text.chars() {
        if words.last().is_some_and(|word| word.len() + character.len_utf8() > 39) {
            words.push(String::new());
        }
        words.last_mut().expect("there is always a last word").push(character);
    }
    let words: Vec<_> = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    words.join("\r\n ")
}
