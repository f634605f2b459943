//! How money and ratios are written. The PDF owns the two functions, so page, PDF and mail cannot disagree.

pub use crb_pdf::{euros, percent};
