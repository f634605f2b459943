//! Why the server does not start: everything that is wrong, at once.

use std::fmt;

#[derive(Debug)]
pub struct Faults {
    what: String,
    list: Vec<String>,
}

impl Faults {
    /// Nothing is wrong, or all of this.
    pub(crate) fn none_or(what: impl Into<String>, list: Vec<String>) -> Result<(), Self> {
        if list.is_empty() { Ok(()) } else { Err(Self { what: what.into(), list }) }
    }

    pub fn one(what: impl Into<String>, fault: impl fmt::Display) -> Self {
        Self { what: what.into(), list: vec![fault.to_string()] }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has {} fault(s):", self.what, self.list.len())?;
        self.list.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for Faults {}
