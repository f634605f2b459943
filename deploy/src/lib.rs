//! Releases to Railway by digest, proves that the release serves, and goes back when it does not.
//!
//! ```text
//! cli        arguments, help, exit codes
//! settings   every environment variable: the only reader of the environment
//! release    one digest in order: refuse early, write the receipt, deploy, smoke; back again when anything fails
//! rollback   to what a receipt names, or to digests; with a stop-watch
//! status     what runs
//! smoke      the running release as a visitor sees it, a room a subject
//! watch      deployments until they serve, or why they do not
//! receipt    what was there before, written before anything changes
//! railway    the platform's API: its verbs, its words, and how a call may fail
//! place      environments, services, images by digest
//! world      what a command is given: settings, clock, console
//! ```

pub mod cli;
mod clock;
mod console;
mod http;
mod image;
mod place;
mod railway;
mod receipt;
mod release;
mod rollback;
mod settings;
mod smoke;
mod status;
mod watch;
mod world;

pub use clock::Clock;
pub use console::Console;
pub use settings::Settings;
pub use world::{Ending, World};
