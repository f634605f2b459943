//! Whose call it is: the caller's address behind our proxies, and the limits that it is held to.

use std::net::{IpAddr, Ipv4Addr};

use poem::http::HeaderMap;
use poem::web::RemoteAddr;
use poem::{Addr, FromRequest, Request, RequestBody};

use crate::app::{App, limits, planted};
use crate::error::{Error, Result};

/// The load test's key comes in this header.
const BYPASS: &str = "X-Load-Key";

/// The caller, as the limits see it.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) address: IpAddr,
    pub(super) bypass: Option<String>,
}

impl Client {
    /// Reads the caller off the request, as it came in.
    pub(super) fn read(request: &Request, trusted_proxies: usize) -> Self {
        let bypass = request.header(BYPASS).map(str::to_owned);
        let address = address(peer(request.remote_addr()), request.headers(), trusted_proxies);
        Self { address, bypass }
    }

    /// The caller that the door has read.
    pub(super) fn of(request: &Request) -> Self {
        let unknown = || Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), bypass: None };
        request.data::<Self>().cloned().unwrap_or_else(unknown)
    }

    pub(super) async fn take(&self, app: &App, scope: limits::Scope) -> Result<()> {
        limits::take(app, scope, self.address, self.bypass.as_deref()).await
    }

    pub(super) fn stream_place(&self, app: &App) -> Result<limits::StreamPlace> {
        limits::stream_place(app, self.address, self.bypass.as_deref())
    }
}

impl<'a> FromRequest<'a> for Client {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(request))
    }
}

/// A probe must always be answered, and a payment event must never be refused for its number.
pub(super) fn is_limited(path: &str) -> bool {
    !path.starts_with("/api/health") && !path.starts_with("/api/v1/webhooks/")
}

/// The general limit, and what is planted before an operation.
pub(super) async fn take_general(request: &Request) -> Result<()> {
    let path = request.uri().path();
    let app = request.data::<App>().ok_or_else(|| Error::internal("the door carries no App"))?;
    Client::of(request).take(app, limits::Scope::General).await?;
    planted::before(app, path).await
}

fn peer(remote: &RemoteAddr) -> IpAddr {
    match &remote.0 {
        Addr::SocketAddr(address) => address.ip(),
        _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

/// Each trusted proxy appends the address it saw, so the caller stands as many places from the right as there are
/// proxies. What stands further left the caller has written itself. A list that is too short did not come through our
/// proxies; then only the connection's own address can be believed.
fn address(peer: IpAddr, headers: &HeaderMap, trusted_proxies: usize) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let seen: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    let claimed = match trusted_proxies {
        0 => None,
        depth => seen.len().checked_sub(depth).and_then(|at| parse(seen[at])),
    };
    claimed.unwrap_or(peer).to_canonical()
}

/// An address, perhaps with a port or in brackets.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    #[test]
    fn nobody_chooses_their_own_address() {
        // (proxies, X-Forwarded-For lines, who it is); the connection comes from 10.0.0.1
        let table: [(usize, &[&str], &str); 13] = [
            (0, &[], "10.0.0.1"),
            (0, &["1.2.3.4"], "10.0.0.1"),
            (1, &["1.2.3.4"], "1.2.3.4"),
            (1, &["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
            (1, &["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
            (2, &["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
            (2, &["1.2.3.4"], "10.0.0.1"),
            (1, &[], "10.0.0.1"),
            (1, &["not an address"], "10.0.0.1"),
            (1, &["1.2.3.4:5678"], "1.2.3.4"),
            (1, &["[2001:db8::7]:443"], "2001:db8::7"),
            (1, &["2001:db8::7"], "2001:db8::7"),
            (1, &["::ffff:1.2.3.4"], "1.2.3.4"),
        ];
        for (proxies, lines, expected) in table {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            let peer = "10.0.0.1".parse().expect("an address");
            assert_eq!(address(peer, &headers, proxies).to_string(), expected, "{proxies} {lines:?}");
        }
    }
}
