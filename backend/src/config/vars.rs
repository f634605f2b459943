//! (to be written)
#[derive(Debug)]
pub struct Var;
pub const VARS: &[Var] = &[];
