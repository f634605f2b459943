//! What the tests stand on.

pub mod bundle;
pub mod line;
pub mod program;
pub mod server;
