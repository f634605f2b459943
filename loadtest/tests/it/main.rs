//! What the load test must find, shown on a product that does it wrong on purpose.

mod calls;
mod places;
mod streams;
mod support;
