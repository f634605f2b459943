//! Use cases: a file per noun, a function per verb. `App` holds the handles that a use case is given.

pub mod admin;
pub mod health;
pub mod limits;
pub mod orders;
pub mod payments;
pub mod quizzes;
pub mod reports;
pub mod vendors;

use std::sync::Arc;

use crate::config::Config;
use crate::domain::knowledge::Knowledge;

/// The handles. Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct App(Arc<Handles>);

pub struct Handles {
    pub config: Config,
    pub knowledge: Knowledge,
}

impl std::ops::Deref for App {
    type Target = Handles;
    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// One page of a list. `next` is the cursor of the page after it.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
