//! (to be written)

mod acceptor;
pub mod http;
