//! Capability tokens: 256 bits that open a session or a report, and signed, expiring ones for operators.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::ids::ReportId;
use crate::error::{Error, Result};

/// A bearer token as its owner holds it. We store the SHA-256 only, and it has no `Debug`.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// From 32 bytes of a cryptographic random source.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The report's token. Derived, so that a link can be written again into a second mail although only its hash is
    /// stored; as hard to guess as the key.
    pub fn for_report(secret_key: &str, report: ReportId) -> Self {
        Self(mac(secret_key, &[b"report-access", report.0.as_bytes()]))
    }

    pub fn parse(text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| Error::unauthenticated("the token is not one of ours"))
    }

    /// What the owner is given: 43 characters, safe in a URL's fragment.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database holds: 64 hex digits.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }

    /// Compares with a stored hash, in constant time.
    pub fn opens(&self, stored_sha256: &str) -> bool {
        self.sha256().as_bytes().ct_eq(stored_sha256.as_bytes()).into()
    }
}

/// An operator, as the signed token names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    pub actor: String,
    /// Unix seconds.
    pub expires: i64,
}

/// Signs a token for an operator. The actor's name goes into the audit log.
pub fn sign_operator(secret_key: &str, actor: &str, ttl: Duration, now: DateTime<Utc>) -> Result<String> {
    let plain = actor.chars().all(|c| c.is_alphanumeric() || "-_.@ ".contains(c));
    if !plain || actor.trim().is_empty() || actor.chars().count() > 60 {
        return Err(Error::field("actor", "must be 1 to 60 letters, digits, blanks or -_.@"));
    }
    if ttl <= Duration::zero() || ttl > Duration::hours(24) {
        return Err(Error::field("ttl", "must be between a second and 24 hours"));
    }
    let operator = Operator { actor: actor.trim().to_owned(), expires: (now + ttl).timestamp() };
    let payload = serde_json::to_vec(&operator).map_err(|error| Error::internal("no token").caused_by(error))?;
    let payload = URL_SAFE_NO_PAD.encode(payload);
    let signature = URL_SAFE_NO_PAD.encode(mac(secret_key, &[b"operator", payload.as_bytes()]));
    Ok(format!("crb1.{payload}.{signature}"))
}

/// Who holds this token, if it is ours and has not expired.
pub fn verify_operator(secret_key: &str, token: &str, now: DateTime<Utc>) -> Result<Operator> {
    let refused = || Error::unauthenticated("the operator's token is not valid");
    let rest = token.strip_prefix("crb1.").ok_or_else(refused)?;
    let (payload, signature) = rest.split_once('.').ok_or_else(refused)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused())?;
    let expected = mac(secret_key, &[b"operator", payload.as_bytes()]);
    if !bool::from(expected.as_slice().ct_eq(&signature)) {
        return Err(refused());
    }
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| refused())?;
    let operator: Operator = serde_json::from_slice(&payload).map_err(|_| refused())?;
    if operator.expires <= now.timestamp() {
        return Err(Error::unauthenticated("the operator's token has expired; ask for a new one"));
    }
    Ok(operator)
}

fn mac(key: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256>>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    for part in parts {
        // The length goes in too, so that no two lists of parts read the same.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a key of thirty-two characters..";

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_590_400, 0).expect("a valid moment")
    }

    #[test]
    fn a_token_opens_its_own_hash_only() {
        let token = Token::from_bytes([7; 32]);
        let parsed = Token::parse(&token.reveal()).expect("our own text");
        assert!(parsed.opens(&token.sha256()));
        assert!(!parsed.opens(&Token::from_bytes([8; 32]).sha256()));
        assert!(Token::parse("too-short").is_err());
    }

    #[test]
    fn a_report_token_differs_by_report_and_by_key() {
        let (one, two) = (ReportId::new(), ReportId::new());
        let hash = Token::for_report(KEY, one).sha256();
        assert_eq!(hash, Token::for_report(KEY, one).sha256());
        assert_ne!(hash, Token::for_report(KEY, two).sha256());
        assert_ne!(hash, Token::for_report("another key", one).sha256());
    }

    #[test]
    fn an_operator_token_names_its_actor_until_it_expires() {
        let token = sign_operator(KEY, "night shift", Duration::hours(8), noon()).expect("a good name");
        let operator = verify_operator(KEY, &token, noon() + Duration::hours(7)).expect("still valid");
        assert_eq!(operator.actor, "night shift");
        assert!(verify_operator(KEY, &token, noon() + Duration::hours(8)).is_err());
        assert!(verify_operator("another key", &token, noon()).is_err());
    }

    #[test]
    fn an_operator_token_cannot_be_altered() {
        let token = sign_operator(KEY, "a", Duration::hours(1), noon()).expect("a good name");
        for at in 5..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("ASCII");
            if altered != token {
                assert!(verify_operator(KEY, &altered, noon()).is_err(), "accepted {altered}");
            }
        }
    }

    #[test]
    fn an_actor_has_a_plain_name_and_a_short_life() {
        assert!(sign_operator(KEY, "line\nbreak", Duration::hours(1), noon()).is_err());
        assert!(sign_operator(KEY, " ", Duration::hours(1), noon()).is_err());
        assert!(sign_operator(KEY, "x", Duration::hours(25), noon()).is_err());
        assert!(sign_operator(KEY, "x", Duration::zero(), noon()).is_err());
    }
}
