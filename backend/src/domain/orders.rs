//! The lives of a session, an order and a report: which event is allowed where, and what comes of it.
//!
//! Events arrive late, twice and in the wrong order. One that has already happened changes nothing; one that would
//! contradict what has happened is a conflict, and the caller decides whether to tell or to shrug.

use super::ids::{OrderStatus, ReportStatus, SessionStatus};
use crate::error::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEvent {
    /// Answers were changed.
    Answer,
    Complete,
    /// Seven days have passed.
    Expire,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEvent {
    /// The provider says that the money was taken.
    Pay,
    /// The provider, or 24 hours, ended the checkout.
    Expire,
    /// The provider's figures: `total_cents` is everything given back so far, of `amount_cents`.
    Refund {
        total_cents: i64,
        amount_cents: i64,
    },
    Dispute,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportEvent {
    /// A worker took the lease.
    Claim,
    Finish,
    /// The lease ran out, or the worker gave the job back, with attempts left.
    LoseLease,
    /// No attempt is left, or trying again cannot help.
    Fail,
    /// The operator wants it again.
    Retry,
}

impl SessionStatus {
    pub fn apply(self, event: SessionEvent) -> Result<Self> {
        use SessionEvent::{Answer, Complete, Expire};
        match (self, event) {
            (Self::InProgress, Answer) => Ok(Self::InProgress),
            (Self::InProgress | Self::Completed, Complete) => Ok(Self::Completed),
            (Self::InProgress | Self::Expired, Expire) => Ok(Self::Expired),
            (Self::Completed | Self::Expired, Answer) | (Self::Expired, Complete) | (Self::Completed, Expire) => {
                Err(conflict("session", self))
            }
        }
    }
}

impl OrderStatus {
    /// Money was taken for it, whatever became of it later. From there no event leads back.
    pub const fn was_paid(self) -> bool {
        match self {
            Self::Paid | Self::Refunded | Self::PartiallyRefunded | Self::Disputed => true,
            Self::Open | Self::Expired => false,
        }
    }

    pub fn apply(self, event: OrderEvent) -> Result<Self> {
        use OrderEvent::{Dispute, Expire, Pay, Refund};
        match event {
            Pay if self.was_paid() => Ok(self),
            // Money that arrives after the expiry was taken all the same: the buyer gets the report.
            Pay => Ok(Self::Paid),
            Expire if self.was_paid() => Err(conflict("order", self)),
            Expire => Ok(Self::Expired),
            // It has overtaken its payment; the provider sends it again.
            Refund { .. } | Dispute if !self.was_paid() => Err(conflict("order", self)),
            Refund { total_cents, .. } if total_cents <= 0 => Ok(self),
            Refund { total_cents, amount_cents } if total_cents >= amount_cents => Ok(Self::Refunded),
            Refund { .. } if self == Self::Paid => Ok(Self::PartiallyRefunded),
            // A part given back ends neither a dispute nor a full refund, and a dispute takes nothing from the latter.
            Refund { .. } => Ok(self),
            Dispute if self == Self::Refunded => Ok(self),
            Dispute => Ok(Self::Disputed),
        }
    }
}

/// What stands as refunded after a refund was reported: cumulative, so a late smaller figure changes nothing.
pub fn refunded_cents(before: i64, total_cents: i64, amount_cents: i64) -> i64 {
    before.max(total_cents.min(amount_cents))
}

impl ReportStatus {
    pub fn apply(self, event: ReportEvent) -> Result<Self> {
        use ReportEvent::{Claim, Fail, Finish, LoseLease, Retry};
        match (self, event) {
            (Self::Queued, Claim) => Ok(Self::Running),
            (Self::Running | Self::Ready, Finish) => Ok(Self::Ready),
            (Self::Running | Self::Queued, LoseLease) | (Self::Failed | Self::Queued, Retry) => Ok(Self::Queued),
            (Self::Running | Self::Failed, Fail) => Ok(Self::Failed),
            (Self::Running | Self::Ready | Self::Failed, Claim)
            | (Self::Queued | Self::Failed, Finish)
            | (Self::Ready | Self::Failed, LoseLease)
            | (Self::Queued | Self::Ready, Fail)
            | (Self::Running | Self::Ready, Retry) => Err(conflict("report", self)),
        }
    }
}

fn conflict(noun: &str, status: impl std::fmt::Display) -> Error {
    Error::conflict(format!("the {noun} is {status}; this is no longer, or not yet, possible"))
}
