//! What a command is given, and how it may end.

use std::process::ExitCode;

use crate::clock::Clock;
use crate::console::Console;
use crate::settings::Settings;

pub struct World {
    pub settings: Settings,
    pub clock: Clock,
    pub console: Console,
}

/// How a command ended; the numbers are part of its interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What was asked for is done and proven.
    Done,
    /// It failed. Where it had changed anything, the previous release serves again, in time.
    Failed,
    /// Nothing was changed.
    Refused,
    /// The previous release does not serve again, or came back too late: somebody has to look.
    Lost,
}

impl Ending {
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Lost => 3,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.code())
    }
}

impl World {
    /// Says why nothing was changed.
    pub fn refuse(&self, error: &anyhow::Error) -> Ending {
        self.console.say(format!("refused, nothing was changed: {error:#}"));
        self.console.summarise(&format!("## Refused\n\nNothing was changed: {error:#}\n"));
        self.console.output("outcome", "refused");
        Ending::Refused
    }
}
