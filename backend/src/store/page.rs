//! A page of a list, and the opaque cursor to the next.

/// `next` is to be handed back as the cursor; none at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}
