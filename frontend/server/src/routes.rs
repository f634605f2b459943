//! The bundle's own table: which document stands at which address, and what a document will ask for first.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// The first whose pattern fits is answered.
    pub(crate) documents: Vec<Entry>,
    /// What every other address shows, with status 404.
    pub(crate) fallback: String,
    #[serde(default)]
    pub(crate) preload: Vec<Preload>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) pattern: Pattern,
    pub(crate) file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preload {
    pub(crate) pattern: Pattern,
    /// May name the pattern's parameters: `/api/v1/reports/:id`.
    pub(crate) href: String,
}

/// `/quiz/*` fits `/quiz` and everything below it, `:id` one segment. A slash at the end does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pattern {
    steps: Vec<Step>,
    is_open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Word(String),
    Parameter(String),
}

/// A parameter's name and what stands in its place.
pub(crate) type Filled<'a> = Vec<(&'a str, &'a str)>;

impl Pattern {
    /// What fills the parameters, where the path fits.
    pub(crate) fn fit<'a>(&'a self, path: &'a str) -> Option<Filled<'a>> {
        let mut given = segments(path);
        let mut filled = Vec::new();
        for step in &self.steps {
            let part = given.next()?;
            match step {
                Step::Word(word) if word == part => {}
                Step::Parameter(name) if !part.is_empty() => filled.push((name.as_str(), part)),
                _ => return None,
            }
        }
        (self.is_open || given.next().is_none()).then_some(filled)
    }

    pub(crate) fn names(&self, parameter: &str) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Parameter(name) if name == parameter))
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err(format!("the pattern {text:?} must begin with a slash"));
        }
        let closed = text.strip_suffix("/*");
        let steps = segments(closed.unwrap_or(&text)).map(|part| match part.strip_prefix(':') {
            Some("") => Err(format!("the pattern {text:?} has a parameter without a name")),
            Some(name) => Ok(Step::Parameter(name.to_owned())),
            None if part.is_empty() || part.contains('*') => Err(format!("the pattern {text:?} cannot be read")),
            None => Ok(Step::Word(part.to_owned())),
        });
        Ok(Self { steps: steps.collect::<Result<_, _>>()?, is_open: closed.is_some() })
    }
}

/// The parts between the slashes; `/` has none.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_root = path.is_empty();
    path.strip_suffix('/').unwrap_or(path).split('/').skip(usize::from(is_root))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::try_from(text.to_owned()).expect("a pattern")
    }

    #[test]
    fn a_path_fits_or_does_not() {
        let table = [
            ("/", "/", true),
            ("/", "/x", false),
            ("/", "//", false),
            ("/privacy", "/privacy", true),
            ("/privacy", "/privacy/", true),
            ("/privacy", "/privacy/x", false),
            ("/privacy", "/Privacy", false),
            ("/quiz/*", "/quiz", true),
            ("/quiz/*", "/quiz/", true),
            ("/quiz/*", "/quiz/a/b", true),
            ("/quiz/*", "/quizzes", false),
            ("/reports/:id", "/reports/7", true),
            ("/reports/:id", "/reports/", false),
            ("/reports/:id", "/reports//", false),
            ("/reports/:id", "/reports/7/pdf", false),
            ("/*", "/", true),
            ("/*", "/anything", true),
        ];
        for (text, path, expected) in table {
            assert_eq!(pattern(text).fit(path).is_some(), expected, "{text} {path}");
        }
        assert_eq!(pattern("/a/:one/:two").fit("/a/1/2"), Some(vec![("one", "1"), ("two", "2")]));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in ["", "quiz", "/a/*/b", "/a*", "/a//b", "/:", "/a/:/b"] {
            assert!(Pattern::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
