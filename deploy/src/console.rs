//! What a command says: lines as it goes, and for a workflow run its summary and its outputs.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Default)]
pub struct Console {
    /// Where the lines are kept instead of printed.
    kept: Option<Arc<Mutex<String>>>,
    summary: Option<PathBuf>,
    outputs: Option<PathBuf>,
}

impl Console {
    /// Prints, and appends to the files that a workflow run names.
    pub fn printing(summary: Option<PathBuf>, outputs: Option<PathBuf>) -> Self {
        Self { kept: None, summary, outputs }
    }

    /// Keeps what is said, for tests.
    pub fn keeping(summary: Option<PathBuf>, outputs: Option<PathBuf>) -> Self {
        Self { kept: Some(Arc::default()), summary, outputs }
    }

    pub fn kept(&self) -> String {
        let kept = self.kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).clone());
        kept.unwrap_or_default()
    }

    pub fn say(&self, line: impl AsRef<str>) {
        match &self.kept {
            Some(kept) => {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push_str(line.as_ref());
                kept.push('\n');
            }
            None => println!("{}", line.as_ref()),
        }
    }

    /// Adds to the run's page.
    pub fn summarise(&self, markdown: &str) {
        self.append(self.summary.as_ref(), markdown);
    }

    /// Gives a value to the steps that follow.
    pub fn output(&self, name: &str, value: &str) {
        self.append(self.outputs.as_ref(), &format!("{name}={}", value.replace(['\r', '\n'], " ")));
    }

    /// A summary that cannot be written must not decide over a release.
    fn append(&self, file: Option<&PathBuf>, text: &str) {
        let Some(path) = file else { return };
        let written =
            OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| writeln!(file, "{text}"));
        if let Err(error) = written {
            self.say(format!("warning: {} cannot be written: {error}", path.display()));
        }
    }
}
