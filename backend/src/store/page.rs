//! A page of a list, and the opaque cursor to the next.

use uuid::Uuid;

use crate::error::{Error, Result};

/// `next` is to be handed back as the cursor; none at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Of `limit + 1` rows that were asked for: the last one only says that there is more.
    pub(super) fn cut(mut items: Vec<T>, limit: u64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// A cursor that is the id of the last row seen.
pub(super) fn id_cursor(cursor: Option<&str>) -> Result<Option<Uuid>> {
    cursor.map(|text| text.parse().map_err(|_| Error::field("cursor", "is not one that a list gave"))).transpose()
}
