//! Who writes the words: Claude, or the built-in rules where no key is set.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::clients::claude::{Ask, Attempt, Claude, Effort, Progress, SystemBlock};
use crate::config;
use crate::domain::ids::CallOutcome;
use crate::domain::prompts;
use crate::domain::replies::{self, Task};
use crate::domain::report::WriterKind;
use crate::error::{Error, Result};

pub(crate) enum Writer {
    Claude { claude: Claude, phase_timeout: Duration },
    Offline,
}

/// One question, ready to be asked.
pub(crate) struct Question<'a> {
    pub task: Task,
    pub model: &'a str,
    /// `{task, facts}`; for a repair also `previous` and `errors`.
    pub user: Value,
    pub max_tokens: u32,
    /// Bounds the streams of one report.
    pub places: &'a Arc<Semaphore>,
    /// The end of the phase.
    pub deadline: Instant,
}

/// What came of it. The attempts are paid for, whatever came.
pub(crate) struct Reply {
    pub value: Result<Value>,
    /// It was answered, and the answer is no use: cut off, refused, or not JSON. Asking once more may help.
    pub unusable: bool,
    pub attempts: Vec<Attempt>,
}

impl Writer {
    pub fn new(config: &config::Claude) -> Result<Self> {
        match config.api_key {
            Some(_) => Ok(Self::Claude { claude: Claude::new(config)?, phase_timeout: config.phase_timeout }),
            None => Ok(Self::Offline),
        }
    }

    pub const fn kind(&self) -> WriterKind {
        match self {
            Self::Claude { .. } => WriterKind::Claude,
            Self::Offline => WriterKind::Offline,
        }
    }

    /// When a phase that starts now has to be over.
    pub fn phase_deadline(&self) -> Instant {
        match self {
            Self::Claude { phase_timeout, .. } => Instant::now() + *phase_timeout,
            Self::Offline => Instant::now() + Duration::from_mins(1),
        }
    }

    /// Asks; `offline` is what the rules answer to the same question.
    pub async fn ask(
        &self,
        question: Question<'_>,
        offline: impl FnOnce() -> Value,
        on_progress: impl FnMut(Progress) + Send,
    ) -> Reply {
        let Self::Claude { claude, .. } = self else {
            return Reply { value: Ok(offline()), unusable: false, attempts: Vec::new() };
        };
        let waited = tokio::time::timeout_at(question.deadline, question.places.acquire()).await;
        let Ok(Ok(_place)) = waited else {
            let error = Error::unavailable("no place for a call became free in time");
            return Reply { value: Err(error), unusable: false, attempts: Vec::new() };
        };
        let repair = question.user.get("errors").map(|_| prompts::REPAIR);
        let blocks = [Some(prompts::HOUSE), Some(prompts::task(question.task)), repair];
        let system = blocks.into_iter().flatten();
        let ask = Ask {
            task: question.task.as_str(),
            model: question.model,
            // The house rules and the task are the same for every report: one cached prefix.
            system: system.enumerate().map(|(at, text)| SystemBlock { text: text.into(), cache: at == 1 }).collect(),
            schema: replies::schema(question.task),
            user: question.user,
            max_tokens: question.max_tokens,
            effort: Some(Effort::Medium),
            deadline: question.deadline,
        };
        match claude.ask(ask, on_progress).await {
            Ok(answer) => Reply { value: Ok(answer.value), unusable: false, attempts: answer.attempts },
            Err(failure) => Reply {
                unusable: failure.outcome == CallOutcome::Invalid,
                value: Err(failure.error),
                attempts: failure.attempts,
            },
        }
    }
}
