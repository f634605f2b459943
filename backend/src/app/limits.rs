//! Limits per client address: how much a stranger may ask for.

use std::net::IpAddr;

use super::App;
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every request.
    General,
    SessionCreate,
    OrderCreate,
    /// Failed operator sign-ins and admin calls.
    Admin,
}

/// Counts one; `TooMany` with a wait above the limit. `bypass` is the load test's key, as sent.
pub async fn take(app: &App, scope: Scope, address: IpAddr, bypass: Option<&str>) -> Result<()> {
    let _ = (app, scope, address, bypass);
    todo!()
}

/// A place for one event stream; given back when dropped.
pub struct StreamPlace {
    _private: (),
}

pub async fn stream_place(app: &App, address: IpAddr, bypass: Option<&str>) -> Result<StreamPlace> {
    let _ = (app, address, bypass);
    todo!()
}
