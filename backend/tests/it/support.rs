//! What the tests stand on.

pub mod collector;
pub mod db;
pub mod process;
