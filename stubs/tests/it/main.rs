//! The stubs through their front doors.

mod claude;
mod environment;
mod load;
mod mounts;
mod running;
mod sample;
mod server;
mod services;
mod shared;
mod stripe;
