//! What our HTTP doors do alike, the API's and the page's: take connections within bounds, name each call, choose a
//! representation, and end when they are told to.

mod acceptor;
mod asked;
mod duration;
mod representation;
mod request_id;
mod server;

pub use acceptor::Bounds;
pub use asked::Asked;
pub use duration::duration;
pub use representation::{Coding, choose, held};
pub use request_id::RequestId;
pub use server::{Terms, run};
