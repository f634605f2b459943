//! The integration tests: the program by its command line, against a platform and a product that stand in.

mod calls;
mod failures;
mod release;
mod rollback;
mod secrets;
mod smoke;
mod status;
mod support;
