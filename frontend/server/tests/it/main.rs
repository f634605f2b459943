//! The server of the page over real sockets: one binary, a bundle and an upstream of each test's own.

mod bundle;
mod pages;
mod program;
mod proxy;
mod security;
mod streams;
mod support;
