//! `crb-web`: the server of the page. It holds the built page in memory, answers with it, and passes what is under `/api`
//! on to the backend.
//!
//! `Site` alone is an endpoint and can stand beside the API in one process; `door::endpoint` is the whole server.

pub mod config;
pub mod door;
pub mod healthcheck;
pub mod log;
pub mod serve;

mod bundle;
mod content;
mod document;
mod faults;
mod headers;
mod markup;
mod policy;
mod probes;
mod problem;
mod proxy;
mod routes;
mod settings;
mod site;

pub use faults::Faults;
pub use proxy::{Patience, Proxy, is_api};
pub use settings::{Settings, Stage};
pub use site::Site;
