//! Which headers go on: all but those that speak of one connection only.

use std::net::IpAddr;

use crb_door::RequestId;
use poem::http::{HeaderMap, HeaderName, HeaderValue, header};
use poem::{Addr, Request};

/// They mean the connection that they came by (RFC 9110, 7.6.1), besides those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Removes what was meant for this connection alone.
pub(super) fn strip(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<HeaderName> =
        lines.flat_map(|line| line.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The headers of a call as the API gets them: who asked, through whom, and under which name.
pub(super) fn onward(request: &Request, id: &RequestId) -> HeaderMap {
    let given = request.headers();
    let mut headers = given.clone();
    strip(&mut headers);
    // The body is read here, so nobody waits for a permission to send it any more.
    headers.remove(header::EXPECT);
    let host = headers.remove(header::HOST);

    // Read as it was given: a caller must not strike the list out by naming it in `Connection`.
    let seen = given.get_all(&FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let seen: Vec<String> = seen.map(str::to_owned).chain([peer(request).to_string()]).collect();
    if let Ok(seen) = HeaderValue::from_str(&seen.join(", ")) {
        headers.insert(FORWARDED_FOR, seen);
    }
    // What an edge before us has said of the browser's own address is the truth; we see the edge's call only.
    for (name, ours) in [(FORWARDED_PROTO, Some(scheme(request))), (FORWARDED_HOST, host)] {
        if let Some(value) = given.get(&name).cloned().or(ours) {
            headers.insert(name, value);
        }
    }
    headers.insert(RequestId::HEADER, id.header());
    headers
}

fn peer(request: &Request) -> IpAddr {
    match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip().to_canonical(),
        _ => IpAddr::from([0, 0, 0, 0]),
    }
}

fn scheme(request: &Request) -> HeaderValue {
    HeaderValue::from_str(request.scheme().as_str()).unwrap_or(HeaderValue::from_static("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_concerns_one_connection_stays_there() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Secret-Hop"),
            ("connection", "x-other"),
            ("x-secret-hop", "1"),
            ("x-other", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
            ("upgrade", "websocket"),
            ("proxy-authorization", "Basic x"),
            ("authorization", "Bearer x"),
            ("etag", "\"x\""),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        strip(&mut headers);
        assert_eq!(names(&headers), ["authorization", "etag"]);
    }

    #[test]
    fn nobody_strikes_the_list_of_proxies_out() {
        let id = RequestId::of(&HeaderMap::new());
        let request = Request::builder()
            .header("host", "crb.test")
            .header("x-forwarded-for", "203.0.113.9")
            .header("x-forwarded-proto", "https")
            .header("connection", "x-forwarded-for, x-forwarded-proto")
            .finish();
        let headers = onward(&request, &id);
        assert!(headers["x-forwarded-for"].to_str().expect("text").starts_with("203.0.113.9, "));
        assert_eq!(
            (&headers["x-forwarded-proto"], &headers["x-forwarded-host"]),
            (&"https".parse().expect("a value"), &"crb.test".parse().expect("a value"))
        );
        assert!(!headers.contains_key("host"));
    }
}
