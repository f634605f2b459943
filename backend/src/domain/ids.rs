//! Identifiers and the closed words that name a state. A status is one enum here and one CHECK in the database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new time-ordered id (UUIDv7).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! { SessionId, OrderId, ReportId, CallId, VendorId, PriceId, AuditId, OutboxId }

/// A closed set of words: the enum, its text, its parser, its list (for CHECK constraints and documents).
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $(#[serde(rename = $text)] $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            pub const WORDS: &'static [&'static str] = &[$($text),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::error::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    other => Err(crate::error::Error::malformed(format!(
                        "{other:?} is not one of {}", Self::WORDS.join(", ")
                    ))),
                }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    SessionStatus { InProgress = "in_progress", Completed = "completed", Expired = "expired" }
    OrderStatus {
        Open = "open", Paid = "paid", Expired = "expired", Refunded = "refunded",
        PartiallyRefunded = "partially_refunded", Disputed = "disputed",
    }
    PaymentProvider { Stripe = "stripe", Dev = "dev" }
    ReportStatus { Queued = "queued", Running = "running", Ready = "ready", Failed = "failed" }
    JobState { Queued = "queued", Leased = "leased", Done = "done", Dead = "dead" }
    EventKind {
        Progress = "progress", Finding = "finding", Recommendation = "recommendation",
        Warning = "warning", Ready = "ready", Failed = "failed",
    }
    /// A step of a report whose result is kept, so that it is never paid twice.
    Phase {
        Assemble = "assemble", Findings = "findings", Options = "options",
        Compute = "compute", Narrative = "narrative", Render = "render",
    }
    CallOutcome {
        Ok = "ok", Invalid = "invalid", RateLimited = "rate_limited",
        Overloaded = "overloaded", Timeout = "timeout", Error = "error",
    }
    MailKind { PaymentReceived = "payment_received", ReportReady = "report_ready", ReportFailed = "report_failed" }
    VendorStatus { Active = "active", NeedsReview = "needs_review", Deprecated = "deprecated" }
    PriceModel { Flat = "flat", PerUser = "per_user", PerLocation = "per_location", Usage = "usage", Custom = "custom" }
    /// What became of a price that a look-up found.
    ProposalStatus { Proposed = "proposed", Accepted = "accepted", Rejected = "rejected" }
    PriceSource { Seed = "seed", Admin = "admin", Refresh = "refresh" }
    Complexity { Low = "low", Medium = "medium", High = "high" }
    CompanySize { Startup = "startup", Smb = "smb", MidMarket = "mid_market", Enterprise = "enterprise" }
    WebhookOutcome { Applied = "applied", Ignored = "ignored", Failed = "failed" }
}
