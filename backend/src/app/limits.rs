//! Limits per client address: how much a stranger may ask for.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::App;
use crate::clients::limits::Place;
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every request.
    General,
    SessionCreate,
    OrderCreate,
    /// Failed operator sign-ins.
    Admin,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Counts one; `TooMany` with a wait above the limit. `bypass` is the load test's key, as sent.
pub async fn take(app: &App, scope: Scope, address: IpAddr, bypass: Option<&str>) -> Result<()> {
    if may_pass(app, bypass) {
        return Ok(());
    }
    let limits = &app.config.limits;
    let (name, limit, window) = match scope {
        Scope::General => ("general", limits.general_per_minute, MINUTE),
        Scope::SessionCreate => ("sessions", limits.sessions_per_hour, HOUR),
        Scope::OrderCreate => ("orders", limits.orders_per_hour, HOUR),
        Scope::Admin => ("admin", limits.admin_failures_per_minute, MINUTE),
    };
    app.limits.take(&format!("{name}:{}", block(address)), limit, window).await.map(drop)
}

/// A place for one event stream; given back when dropped.
pub struct StreamPlace {
    _place: Option<Place>,
}

pub async fn stream_place(app: &App, address: IpAddr, bypass: Option<&str>) -> Result<StreamPlace> {
    if may_pass(app, bypass) {
        return Ok(StreamPlace { _place: None });
    }
    let place = app.limits.hold(&format!("streams:{}", block(address)), app.config.limits.streams_per_address)?;
    Ok(StreamPlace { _place: Some(place) })
}

/// Production has no such key: its configuration refuses one.
fn may_pass(app: &App, bypass: Option<&str>) -> bool {
    let key = app.config.limits.bypass_key.as_ref();
    key.zip(bypass).is_some_and(|(key, sent)| key.expose_secret().as_bytes().ct_eq(sent.as_bytes()).into())
}

/// An IPv6 customer has a whole /64 to send from.
fn block(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}
