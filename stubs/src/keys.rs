//! Which key a stub accepts. A key that looks real is refused: a stub must never be the reason that one leaks.

/// What a presented key looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Missing,
    /// Issued by the real service, by its looks.
    Real,
    /// Says of itself that it is for a stub or a test.
    Stub,
    Unknown,
}

/// The same words for every service, so that an operator who sees them once knows them.
pub const REAL_KEY: &str = "this is a stub and the key looks real: use a key that says stub";

pub fn claude(key: Option<&str>) -> Key {
    match key.map(str::trim) {
        None | Some("") => Key::Missing,
        Some(key) if key.starts_with("sk-ant-stub-") || key.starts_with("stub") => Key::Stub,
        Some(key) if key.starts_with("sk-ant-") => Key::Real,
        Some(_) => Key::Unknown,
    }
}

pub fn stripe(key: Option<&str>) -> Key {
    match key.map(str::trim) {
        None | Some("") => Key::Missing,
        Some(key) if key.starts_with("sk_live_") || key.starts_with("rk_live_") => Key::Real,
        Some(key) if key.starts_with("sk_test_") || key.starts_with("rk_test_") || key.starts_with("stub") => Key::Stub,
        Some(_) => Key::Unknown,
    }
}

/// SendGrid's keys are `SG.` with 22 and 43 characters; a service key of Supabase is a long JWT or `sb_secret_…`.
pub fn other(key: Option<&str>) -> Key {
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else { return Key::Missing };
    if ["stub", "test"].iter().any(|word| key.to_ascii_lowercase().contains(word)) {
        return Key::Stub;
    }
    let real = key.starts_with("SG.")
        || key.starts_with("eyJ")
        || key.starts_with("sb_secret_")
        || key.starts_with("tvly-")
        || key.starts_with("BSA");
    if real { Key::Real } else { Key::Unknown }
}

#[cfg(test)]
mod tests {
    use super::{Key, claude, other, stripe};

    #[test]
    fn a_key_is_judged_by_its_looks() {
        let table = [
            (claude(None), Key::Missing),
            (claude(Some(" ")), Key::Missing),
            (claude(Some("sk-ant-api03-abc")), Key::Real),
            (claude(Some("sk-ant-stub-1")), Key::Stub),
            (claude(Some("stub")), Key::Stub),
            (claude(Some("hello")), Key::Unknown),
            (stripe(Some("sk_live_1")), Key::Real),
            (stripe(Some("rk_live_1")), Key::Real),
            (stripe(Some("sk_test_1")), Key::Stub),
            (stripe(Some("pk_test_1")), Key::Unknown),
            (other(Some("SG.abcdefghijklmnopqrstuv.x")), Key::Real),
            (other(Some("SG.stub")), Key::Stub),
            (other(Some("eyJhbGciOi")), Key::Real),
            (other(Some("sb_secret_1")), Key::Real),
            (other(Some("tvly-dev-1")), Key::Real),
            (other(Some("whatever")), Key::Unknown),
        ];
        for (index, (seen, meant)) in table.into_iter().enumerate() {
            assert_eq!(seen, meant, "row {index}");
        }
    }
}
