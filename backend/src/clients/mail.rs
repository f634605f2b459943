//! Mails: SendGrid, or files that a developer can open.

mod mime;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::files;
use super::http::{self, Peer, Timeouts};
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub enum Mailer {
    SendGrid(SendGrid),
    Disk(Disk),
}

#[derive(Debug, Clone)]
pub struct SendGrid {
    peer: Peer,
    url: Url,
    from: Sender,
}

#[derive(Debug, Clone)]
pub struct Disk {
    dir: PathBuf,
    from: Sender,
}

/// One mail; the sender is configured.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The same key is the same mail: it names the file and travels with the mail.
    pub dedupe_key: String,
}

/// `reports@example.org` or `Our name <reports@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sender {
    address: String,
    name: Option<String>,
}

impl Mailer {
    /// SendGrid where a key is configured, else the disk.
    pub fn new(config: &crate::config::Mail) -> Result<Self> {
        let from = Sender::parse(&config.from)?;
        let Some(key) = &config.sendgrid_key else {
            return Ok(Self::Disk(Disk { dir: config.dir.clone(), from }));
        };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, http::secret_header("Bearer ", key)?);
        let peer = Peer::new("SendGrid", Timeouts::SHORT, headers)?;
        Ok(Self::SendGrid(SendGrid { peer, url: http::endpoint(&config.base_url, &["v3", "mail", "send"])?, from }))
    }

    /// Sends once, without retries: the outbox owns those. Returns the provider's id, or the file's path.
    pub async fn send(&self, mail: &Outgoing, now: DateTime<Utc>) -> Result<String> {
        if !is_address(&mail.to) {
            return Err(Error::field("to", "is not a mail address"));
        }
        if mail.subject.is_empty() || mail.subject.chars().any(char::is_control) {
            return Err(Error::field("subject", "must be one line"));
        }
        if mail.dedupe_key.is_empty() {
            return Err(Error::field("dedupe_key", "must not be empty"));
        }
        match self {
            Self::SendGrid(sendgrid) => sendgrid.send(mail).await,
            Self::Disk(disk) => disk.send(mail, now).await,
        }
    }
}

impl SendGrid {
    async fn send(&self, mail: &Outgoing) -> Result<String> {
        let mut from = json!({ "email": self.from.address });
        if let Some(name) = &self.from.name {
            from["name"] = json!(name);
        }
        let body = json!({
            "personalizations": [{ "to": [{ "email": mail.to }], "custom_args": { "dedupe_key": mail.dedupe_key } }],
            "from": from,
            "subject": mail.subject,
            // Plain text first: clients show the last kind that they understand.
            "content": [
                { "type": "text/plain", "value": mail.text },
                { "type": "text/html", "value": mail.html },
            ],
            // Our links are keys to reports: no third party may rewrite and log them.
            "tracking_settings": {
                "click_tracking": { "enable": false, "enable_text": false },
                "open_tracking": { "enable": false },
                "subscription_tracking": { "enable": false },
            },
        });
        let response = self.peer.send_once(|client| client.post(self.url.clone()).json(&body)).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            let id = headers.get("x-message-id").and_then(|id| id.to_str().ok());
            return Ok(id.unwrap_or_default().chars().take(128).collect());
        }
        // Its prose may quote the recipient, so it is not read.
        match status.as_u16() {
            400 | 413 => {
                Err(Error::invalid("SendGrid refused the mail").caused_by(format!("HTTP {}", status.as_u16())))
            }
            _ => Err(self.peer.refused(status, &headers, "")),
        }
    }
}

impl Disk {
    /// The `.html` first, so that a complete `.eml` means a complete pair.
    async fn send(&self, mail: &Outgoing, now: DateTime<Utc>) -> Result<String> {
        let name = file_name(&mail.dedupe_key);
        files::write_whole(&self.dir.join(format!("{name}.html")), mail.html.as_bytes()).await?;
        let path = self.dir.join(format!("{name}.eml"));
        files::write_whole(&path, mime::message(mail, &self.from, &name, now).as_bytes()).await?;
        Ok(path.display().to_string())
    }
}

impl Sender {
    fn parse(text: &str) -> Result<Self> {
        let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, address)) => (Some(name.trim().trim_matches('"').to_owned()), address.trim()),
            None => (None, text.trim()),
        };
        let name = name.filter(|name| !name.is_empty());
        if !is_address(address) || name.as_ref().is_some_and(|name| name.chars().any(char::is_control)) {
            return Err(Error::internal("the sender of mails is not a mail address"));
        }
        Ok(Self { address: address.to_owned(), name })
    }
}

/// Enough to keep a header whole; whether somebody lives there, only the post can tell.
fn is_address(text: &str) -> bool {
    let plain =
        text.len() <= 254 && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>(),;:\"\\[]".contains(&byte));
    plain
        && text
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// The key where it can name a file; else what is left of it, told apart by its hash.
fn file_name(key: &str) -> String {
    let safe: String =
        key.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).take(100).collect();
    let safe = safe.trim_start_matches('.');
    if safe == key { safe.to_owned() } else { format!("{safe}-{}", &hex::encode(Sha256::digest(key))[..12]) }
}

#[cfg(test)]
mod tests;
