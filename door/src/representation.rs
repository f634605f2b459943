//! Which representation a caller gets: the best coding that it accepts, or nothing where it has the bytes already.

use poem::http::{HeaderMap, HeaderValue, header};

/// How text is compressed on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// Its name in the headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

/// The best coding that the caller accepts and we have; none means as it is. Of equals the first we have wins, and plain
/// only wins when it is asked for above all of them.
pub fn choose(headers: &HeaderMap, have: &[Coding]) -> Option<Coding> {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(String, f32)> = lines.flat_map(|line| line.split(',')).filter_map(weight).collect();
    let quality = |name: &str| {
        let of = |wanted: &str| accepted.iter().find(|(coding, _)| coding == wanted).map(|(_, quality)| *quality);
        of(name).or_else(|| of("*")).unwrap_or(0.0)
    };
    let mut best = (None, 0.0);
    for coding in have {
        let wanted = quality(coding.name());
        if wanted > best.1 {
            best = (Some(*coding), wanted);
        }
    }
    best.0.filter(|_| best.1 >= quality("identity"))
}

/// The caller's tag for these bytes, when it holds them already. Tags are compared weakly, and the caller's own spelling
/// is what it is told.
pub fn held(known: &HeaderValue, current: &HeaderValue) -> Option<HeaderValue> {
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let tag = opaque(current.to_str().ok()?);
    let known = known.to_str().ok()?;
    if known.trim() == "*" {
        return Some(current.clone());
    }
    let same = known.split(',').map(str::trim).find(|held| opaque(held) == tag)?;
    HeaderValue::from_str(same).ok()
}

/// `gzip;q=0.5`, with blanks anywhere.
fn weight(entry: &str) -> Option<(String, f32)> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().unwrap_or(0.0))
    });
    Some((name, quality.unwrap_or(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(accept: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))])
    }

    #[test]
    fn the_best_accepted_coding_is_chosen() {
        let table = [
            ("", None),
            ("gzip", Some(Coding::Gzip)),
            ("br, gzip", Some(Coding::Brotli)),
            ("gzip, deflate, br", Some(Coding::Brotli)),
            ("gzip;q=1.0, br;q=0.5", Some(Coding::Gzip)),
            ("gzip ; q = 0.8 , br ; q = 0", Some(Coding::Gzip)),
            ("br;q=0, gzip;q=0", None),
            ("*", Some(Coding::Brotli)),
            ("*;q=0", None),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("identity", None),
            ("identity;q=1, gzip;q=0.5", None),
            ("GZIP", Some(Coding::Gzip)),
            ("zstd", None),
            ("gzip;q=nonsense", None),
        ];
        for (accept, expected) in table {
            assert_eq!(choose(&accepting(accept), &[Coding::Brotli, Coding::Gzip]), expected, "{accept:?}");
        }
        assert_eq!(choose(&HeaderMap::new(), &[Coding::Brotli, Coding::Gzip]), None);
    }

    #[test]
    fn only_what_we_have_is_chosen() {
        assert_eq!(choose(&accepting("br, gzip;q=0.5"), &[Coding::Gzip]), Some(Coding::Gzip));
        assert_eq!(choose(&accepting("br"), &[Coding::Gzip]), None);
        assert_eq!(choose(&accepting("*"), &[]), None);
    }

    #[test]
    fn a_tag_is_known_however_it_was_encoded() {
        let current = HeaderValue::from_static("\"abc\"");
        for (known, expected) in [
            ("\"abc\"", Some("\"abc\"")),
            ("W/\"abc\"", Some("W/\"abc\"")),
            ("\"x\", W/\"abc\"", Some("W/\"abc\"")),
            ("*", Some("\"abc\"")),
            ("\"ab\"", None),
            ("abc", None),
        ] {
            let answer = held(&HeaderValue::from_static(known), &current);
            assert_eq!(answer.as_ref().and_then(|tag| tag.to_str().ok()), expected, "{known}");
        }
    }
}
