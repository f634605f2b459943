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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::error::Kind;

    const SESSION_EVENTS: &[SessionEvent] = &[SessionEvent::Answer, SessionEvent::Complete, SessionEvent::Expire];
    const REPORT_EVENTS: &[ReportEvent] =
        &[ReportEvent::Claim, ReportEvent::Finish, ReportEvent::LoseLease, ReportEvent::Fail, ReportEvent::Retry];
    const NOTHING: OrderEvent = OrderEvent::Refund { total_cents: 0, amount_cents: 14_700 };
    const PART: OrderEvent = OrderEvent::Refund { total_cents: 4_700, amount_cents: 14_700 };
    const ALL: OrderEvent = OrderEvent::Refund { total_cents: 14_700, amount_cents: 14_700 };
    const ORDER_EVENTS: &[OrderEvent] = &[OrderEvent::Pay, OrderEvent::Expire, NOTHING, PART, ALL, OrderEvent::Dispute];

    #[test]
    fn every_order_transition_is_the_one_in_the_table() {
        use OrderStatus::{Disputed, Expired, Open, Paid, PartiallyRefunded, Refunded};
        // In the order of ORDER_EVENTS: pay, expire, nothing back, a part back, all back, dispute.
        let table = [
            (Open, [Some(Paid), Some(Expired), None, None, None, None]),
            (Expired, [Some(Paid), Some(Expired), None, None, None, None]),
            (Paid, [Some(Paid), None, Some(Paid), Some(PartiallyRefunded), Some(Refunded), Some(Disputed)]),
            (
                PartiallyRefunded,
                [
                    Some(PartiallyRefunded),
                    None,
                    Some(PartiallyRefunded),
                    Some(PartiallyRefunded),
                    Some(Refunded),
                    Some(Disputed),
                ],
            ),
            (Refunded, [Some(Refunded), None, Some(Refunded), Some(Refunded), Some(Refunded), Some(Refunded)]),
            (Disputed, [Some(Disputed), None, Some(Disputed), Some(Disputed), Some(Refunded), Some(Disputed)]),
        ];
        assert_eq!(table.len(), OrderStatus::ALL.len());
        for (status, row) in table {
            for (&event, expected) in ORDER_EVENTS.iter().zip(row) {
                match (status.apply(event), expected) {
                    (Ok(next), Some(expected)) => assert_eq!(next, expected, "{status} {event:?}"),
                    (Err(refused), None) => assert_eq!(refused.kind(), Kind::Conflict, "{status} {event:?}"),
                    (outcome, _) => panic!("{status} {event:?}: {outcome:?}"),
                }
            }
        }
    }

    #[test]
    fn every_session_and_report_transition_is_the_one_in_the_table() {
        use ReportStatus::{Failed, Queued, Ready, Running};
        use SessionStatus::{Completed, Expired, InProgress};
        let sessions = [
            (InProgress, [Some(InProgress), Some(Completed), Some(Expired)]),
            (Completed, [None, Some(Completed), None]),
            (Expired, [None, None, Some(Expired)]),
        ];
        for (status, row) in sessions {
            for (&event, expected) in SESSION_EVENTS.iter().zip(row) {
                assert_eq!(status.apply(event).ok(), expected, "{status} {event:?}");
            }
        }
        // In the order of REPORT_EVENTS: claim, finish, lose the lease, fail, retry.
        let reports = [
            (Queued, [Some(Running), None, Some(Queued), None, Some(Queued)]),
            (Running, [None, Some(Ready), Some(Queued), Some(Failed), None]),
            (Ready, [None, Some(Ready), None, None, None]),
            (Failed, [None, None, None, Some(Failed), Some(Queued)]),
        ];
        for (status, row) in reports {
            for (&event, expected) in REPORT_EVENTS.iter().zip(row) {
                assert_eq!(status.apply(event).ok(), expected, "{status} {event:?}");
            }
        }
    }

    #[test]
    fn a_conflict_names_the_status() {
        let refused = OrderStatus::Paid.apply(OrderEvent::Expire).expect_err("a paid order does not expire");
        assert!(refused.detail().starts_with("the order is paid"), "{refused}");
    }

    #[test]
    fn what_was_given_back_never_shrinks_and_never_exceeds_what_was_paid() {
        assert_eq!(refunded_cents(0, 4_700, 14_700), 4_700);
        assert_eq!(refunded_cents(4_700, 14_700, 14_700), 14_700);
        assert_eq!(refunded_cents(9_000, 4_700, 14_700), 9_000);
        assert_eq!(refunded_cents(0, 20_000, 14_700), 14_700);
    }

    proptest! {
        #[test]
        fn no_sequence_leaves_a_paid_order_unpaid(events in proptest::collection::vec(select(ORDER_EVENTS), 0..30)) {
            let mut status = OrderStatus::Open;
            let (mut paid, mut all_back) = (false, false);
            for event in events {
                let Ok(next) = status.apply(event) else { continue };
                paid |= event == OrderEvent::Pay;
                all_back |= event == ALL;
                // Money was taken exactly when the provider said so, and what was given back in full stays so.
                prop_assert_eq!(next.was_paid(), paid);
                prop_assert_eq!(next == OrderStatus::Refunded, all_back);
                // The same event again changes nothing.
                prop_assert_eq!(next.apply(event).ok(), Some(next));
                status = next;
            }
        }

        #[test]
        fn a_ready_report_stays_ready_and_was_claimed(events in proptest::collection::vec(select(REPORT_EVENTS), 0..30)) {
            let mut status = ReportStatus::Queued;
            let mut claimed = false;
            for event in events {
                let Ok(next) = status.apply(event) else { continue };
                claimed |= event == ReportEvent::Claim;
                prop_assert!(claimed || next == ReportStatus::Queued);
                prop_assert!(status != ReportStatus::Ready || next == ReportStatus::Ready);
                // Only the operator brings a failed one back.
                prop_assert!(status != ReportStatus::Failed || next == status || event == ReportEvent::Retry);
                status = next;
            }
        }

        #[test]
        fn a_session_ends_once(events in proptest::collection::vec(select(SESSION_EVENTS), 0..30)) {
            let mut status = SessionStatus::InProgress;
            for event in events {
                let Ok(next) = status.apply(event) else { continue };
                prop_assert!(status == SessionStatus::InProgress || next == status);
                status = next;
            }
        }
    }
}
