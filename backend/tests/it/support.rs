//! What the tests stand on.

pub mod app;
pub mod buyer;
pub mod call;
pub mod collector;
pub mod contract;
pub mod db;
pub mod letters;
pub mod observed;
pub mod outside;
pub mod pdf;
pub mod process;
pub mod wait;
