//! Table `orders`: at most one open order a session; a status changes by compare-and-set only.

use chrono::{DateTime, Utc};

use super::{Connection, Tx};
use crate::domain::ids::{OrderId, OrderStatus, PaymentProvider, SessionId};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub session_id: SessionId,
    pub tier: String,
    pub amount_cents: i64,
    pub currency: String,
    pub provider: PaymentProvider,
    pub email: String,
    pub checkout_ref: Option<String>,
    pub checkout_url: Option<String>,
    pub payment_ref: Option<String>,
    pub status: OrderStatus,
    pub refunded_cents: i64,
    pub paid_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct NewOrder {
    pub id: OrderId,
    pub session_id: SessionId,
    pub tier: String,
    pub amount_cents: i64,
    pub currency: String,
    pub provider: PaymentProvider,
    pub email: String,
}

/// What a transition writes besides the status; `None` keeps what is there.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub paid_at: Option<DateTime<Utc>>,
    pub payment_ref: Option<String>,
    pub refunded_cents: Option<i64>,
}

/// Open. `Conflict` when the session has an open order already.
pub async fn insert(conn: &impl Connection, new: &NewOrder, now: DateTime<Utc>) -> Result<()> {
    todo!()
}

pub async fn find(conn: &impl Connection, id: OrderId) -> Result<Option<Order>> {
    todo!()
}

/// The same row, locked until the transaction ends (SQLite: the transaction is the lock).
pub async fn lock(tx: &Tx, id: OrderId) -> Result<Option<Order>> {
    todo!()
}

pub async fn open_for_session(conn: &impl Connection, session_id: SessionId) -> Result<Option<Order>> {
    todo!()
}

/// Newest first.
pub async fn by_session(conn: &impl Connection, session_id: SessionId) -> Result<Vec<Order>> {
    todo!()
}

pub async fn by_checkout_ref(conn: &impl Connection, checkout_ref: &str) -> Result<Option<Order>> {
    todo!()
}

pub async fn by_payment_ref(conn: &impl Connection, payment_ref: &str) -> Result<Option<Order>> {
    todo!()
}

/// The provider's checkout of an open order. False when the order is not open.
pub async fn set_checkout(
    conn: &impl Connection,
    id: OrderId,
    checkout_ref: &str,
    checkout_url: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// Compare-and-set. False when the status was not `expected`: somebody else was here first.
pub async fn set_status(
    conn: &impl Connection,
    id: OrderId,
    expected: OrderStatus,
    status: OrderStatus,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<bool> {
    todo!()
}

/// Open orders created before `time`, oldest first: what the reconciler asks the provider about.
pub async fn open_before(conn: &impl Connection, time: DateTime<Utc>, limit: u64) -> Result<Vec<Order>> {
    todo!()
}
