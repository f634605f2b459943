//! An image by its digest, the one name that cannot move.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `NAME@sha256:…`, as a registry names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Image {
    name: String,
    digest: String,
}

impl Image {
    /// `sha256:` and 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl FromStr for Image {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((name, digest)) = text.split_once('@') else {
            return Err("names no digest: a tag can move, write NAME@sha256:…".to_owned());
        };
        // A colon before the last part is a registry's port; in the last part it would be a tag.
        let (path, last) = name.rsplit_once('/').unwrap_or(("", name));
        if last.contains(':') {
            return Err("names a tag beside the digest: write NAME@sha256:… alone".to_owned());
        }
        let is_plain = |part: &str, more: &str| {
            let fits = |sign: char| {
                sign.is_ascii_lowercase() || sign.is_ascii_digit() || "._-".contains(sign) || more.contains(sign)
            };
            !part.is_empty() && part.chars().all(fits)
        };
        if !is_plain(last, "") || !(path.is_empty() || path.split('/').all(|part| is_plain(part, ":"))) {
            return Err("has a name that no registry would take (capitals?)".to_owned());
        }
        if !is_digest(digest) {
            return Err("has a digest that is not sha256: and 64 small hexadecimal digits".to_owned());
        }
        Ok(Self { name: name.to_owned(), digest: digest.to_owned() })
    }
}

pub fn is_digest(text: &str) -> bool {
    let is_hex = |sign: char| sign.is_ascii_digit() || ('a'..='f').contains(&sign);
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.chars().all(is_hex))
}

/// As much of a digest as a person compares.
pub fn short(digest: &str) -> &str {
    digest.get(..19).unwrap_or(digest)
}

impl TryFrom<String> for Image {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| format!("{text} {why}"))
    }
}

impl From<Image> for String {
    fn from(image: Image) -> Self {
        image.to_string()
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_and_nothing_else_names_an_image() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        for name in ["ghcr.io/owner/crb", "localhost:5000/crb", "crb", "ghcr.io/a-b/c.d/crb-web"] {
            let text = format!("{name}@{digest}");
            let image: Image = text.parse().expect("by digest");
            assert_eq!((image.to_string(), image.digest()), (text, digest.as_str()));
        }
        for bad in [
            "ghcr.io/owner/crb:latest".to_owned(),
            "ghcr.io/owner/crb".to_owned(),
            format!("ghcr.io/owner/crb:v1@{digest}"),
            format!("ghcr.io/Owner/crb@{digest}"),
            format!("@{digest}"),
            format!("ghcr.io//crb@{digest}"),
            format!("ghcr.io/owner/crb\"@{digest}"),
            format!("crb@{}", digest.to_uppercase()),
            format!("crb@{}", &digest[..70]),
            format!("crb@{digest}0"),
            "crb@sha512:00".to_owned(),
        ] {
            assert!(bad.parse::<Image>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_read_back_is_checked_again() {
        assert!(serde_json::from_str::<Image>("\"ghcr.io/owner/crb:latest\"").is_err());
    }
}
