//! Mails as their receivers read them: from SendGrid's stub, or from the files that stand in for it.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Every mail in a folder, oldest first: the names of the files are ids that count on.
pub fn in_folder(folder: &Path) -> Vec<Letter> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "eml"));
    files.sort();
    files.iter().map(|file| read(&std::fs::read_to_string(file).expect("a mail is text"))).collect()
}

fn read(mail: &str) -> Letter {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a head and a body");
    let head = head.replace("\r\n ", "\r\n\t").replace("\r\n\t", "");
    let field = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name}: {head}")).to_owned()
    };
    let part = |kind: &str| {
        let part = body.split("--=_crb_alternative").find(|part| part.contains(&format!("Content-Type: {kind};")));
        let (_, encoded) = part.and_then(|part| part.split_once("\r\n\r\n")).expect("both alternatives");
        decode(&encoded.replace("\r\n", ""))
    };
    Letter { to: field("To"), subject: words(&field("Subject")), text: part("text/plain"), html: part("text/html") }
}

/// Encoded words (RFC 2047) as words.
fn words(subject: &str) -> String {
    if !subject.starts_with("=?") {
        return subject.to_owned();
    }
    let pieces = subject.split("=?UTF-8?B?").skip(1);
    pieces.map(|piece| decode(piece.trim_end().trim_end_matches("?="))).collect()
}

fn decode(encoded: &str) -> String {
    String::from_utf8(STANDARD.decode(encoded).expect("base64")).expect("UTF-8")
}
