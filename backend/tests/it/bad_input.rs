//! Bad input, row by row: each is refused as a problem that names its field where there is one, and changes nothing.

mod answers;
mod bodies;
mod callers;
mod limits;
mod representations;
mod strangers;
