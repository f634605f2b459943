//! One word for one call: in the header, the log, the span and the problem that is shown.

use std::sync::Arc;

use poem::http::{HeaderMap, HeaderValue};
use uuid::{Builder, Uuid};

#[derive(Debug, Clone)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The header that carries it, both ways.
    pub const HEADER: &str = "x-request-id";

    /// The caller's own, when it is a plain word of 8 to 64 characters; else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let given = headers.get(Self::HEADER).and_then(|value| value.to_str().ok());
        match given.filter(|text| (8..=64).contains(&text.len()) && text.bytes().all(plain)) {
            Some(text) => Self(text.into()),
            None => Self(new().to_string().into()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("a plain word")
    }
}

/// A UUIDv7 whose random part is not asked of the kernel each time.
fn new() -> Uuid {
    let now = uuid::Timestamp::now(uuid::NoContext);
    let (seconds, nanos) = now.to_unix();
    Builder::from_unix_timestamp_millis(seconds * 1000 + u64::from(nanos) / 1_000_000, &rand::random()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_request_id_is_kept_and_any_other_replaced() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RequestId::HEADER, HeaderValue::from_static(value));
            RequestId::of(&headers).as_str().to_owned()
        };
        assert_eq!(of("edge-0042.a_b"), "edge-0042.a_b");
        for bad in ["", "short", "has blanks in it", "<script>alert(1)</script>", &"x".repeat(65).leak()[..]] {
            let replaced = of(bad);
            assert_ne!(replaced, bad);
            assert!(Uuid::parse_str(&replaced).is_ok());
        }
    }
}
