//! Mails: SendGrid, or files that a developer can open.

use chrono::{DateTime, Utc};

use crate::error::Result;

#[derive(Debug, Clone)]
pub enum Mailer {
    SendGrid(SendGrid),
    Disk(Disk),
}

#[derive(Debug, Clone)]
pub struct SendGrid {}

#[derive(Debug, Clone)]
pub struct Disk {}

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

impl Mailer {
    /// SendGrid where a key is configured, else the disk.
    pub fn new(_config: &crate::config::Mail) -> Result<Self> {
        todo!()
    }

    /// Sends once, without retries: the outbox owns those. Returns the provider's id, or the file's path.
    pub async fn send(&self, _mail: &Outgoing, _now: DateTime<Utc>) -> Result<String> {
        todo!()
    }
}
