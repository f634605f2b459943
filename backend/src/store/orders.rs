//! Table `orders`: at most one open order a session; a status changes by compare-and-set only.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, Order as Sort, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::entities::orders;
use super::values::{stamp, word};
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
    let row = orders::ActiveModel {
        id: Set(new.id.0),
        session_id: Set(new.session_id.0),
        tier: Set(new.tier.clone()),
        amount_cents: Set(new.amount_cents),
        currency: Set(new.currency.clone()),
        provider: Set(new.provider.to_string()),
        email: Set(new.email.clone()),
        status: Set(OrderStatus::Open.to_string()),
        refunded_cents: Set(0),
        created_at: Set(stamp(now)),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    orders::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub async fn find(conn: &impl Connection, id: OrderId) -> Result<Option<Order>> {
    one(conn, orders::Entity::find_by_id(id.0)).await
}

/// The same row, locked until the transaction ends (SQLite: the transaction is the lock).
pub async fn lock(tx: &Tx, id: OrderId) -> Result<Option<Order>> {
    one(tx.conn(), orders::Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate)).await
}

pub async fn open_for_session(conn: &impl Connection, session_id: SessionId) -> Result<Option<Order>> {
    let open = orders::Column::Status.eq(OrderStatus::Open.as_str());
    one(conn, orders::Entity::find().filter(orders::Column::SessionId.eq(session_id.0)).filter(open)).await
}

/// Newest first.
pub async fn by_session(conn: &impl Connection, session_id: SessionId) -> Result<Vec<Order>> {
    let query = orders::Entity::find()
        .filter(orders::Column::SessionId.eq(session_id.0))
        .order_by(orders::Column::Id, Sort::Desc);
    query.all(conn).await?.into_iter().map(read).collect()
}

pub async fn by_checkout_ref(conn: &impl Connection, checkout_ref: &str) -> Result<Option<Order>> {
    one(conn, orders::Entity::find().filter(orders::Column::CheckoutRef.eq(checkout_ref))).await
}

pub async fn by_payment_ref(conn: &impl Connection, payment_ref: &str) -> Result<Option<Order>> {
    one(conn, orders::Entity::find().filter(orders::Column::PaymentRef.eq(payment_ref))).await
}

/// The provider's checkout of an open order. False when the order is not open.
pub async fn set_checkout(
    conn: &impl Connection,
    id: OrderId,
    checkout_ref: &str,
    checkout_url: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = orders::ActiveModel {
        checkout_ref: Set(Some(checkout_ref.to_owned())),
        checkout_url: Set(Some(checkout_url.to_owned())),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    compare_and_set(conn, id, OrderStatus::Open, change).await
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
    let change = orders::ActiveModel {
        status: Set(status.to_string()),
        paid_at: change.paid_at.map_or(NotSet, |time| Set(Some(stamp(time)))),
        payment_ref: change.payment_ref.clone().map_or(NotSet, |text| Set(Some(text))),
        refunded_cents: change.refunded_cents.map_or(NotSet, Set),
        updated_at: Set(stamp(now)),
        ..Default::default()
    };
    compare_and_set(conn, id, expected, change).await
}

/// Open orders created before `time`, oldest first: what the reconciler asks the provider about.
pub async fn open_before(conn: &impl Connection, time: DateTime<Utc>, limit: u64) -> Result<Vec<Order>> {
    let query = orders::Entity::find()
        .filter(orders::Column::Status.eq(OrderStatus::Open.as_str()))
        .filter(orders::Column::CreatedAt.lt(stamp(time)))
        .order_by(orders::Column::CreatedAt, Sort::Asc)
        .limit(limit);
    query.all(conn).await?.into_iter().map(read).collect()
}

async fn compare_and_set(
    conn: &impl Connection,
    id: OrderId,
    expected: OrderStatus,
    change: orders::ActiveModel,
) -> Result<bool> {
    let done = orders::Entity::update_many()
        .set(change)
        .filter(orders::Column::Id.eq(id.0))
        .filter(orders::Column::Status.eq(expected.as_str()))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

async fn one(conn: &impl Connection, query: Select<orders::Entity>) -> Result<Option<Order>> {
    query.one(conn).await?.map(read).transpose()
}

fn read(row: orders::Model) -> Result<Order> {
    Ok(Order {
        id: OrderId(row.id),
        session_id: SessionId(row.session_id),
        tier: row.tier,
        amount_cents: row.amount_cents,
        currency: row.currency,
        provider: word(&row.provider)?,
        email: row.email,
        checkout_ref: row.checkout_ref,
        checkout_url: row.checkout_url,
        payment_ref: row.payment_ref,
        status: word(&row.status)?,
        refunded_cents: row.refunded_cents,
        paid_at: row.paid_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
