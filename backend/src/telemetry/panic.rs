//! Panics: told as one error event, which the console, the collector and Sentry each receive as they do any other.

use std::panic::{self, PanicHookInfo};

/// The target by which Sentry knows that nobody caught it in the act.
pub(super) const TARGET: &str = "crb_backend::panic";

/// Replaces the hook that writes several lines of text to stderr. `aloud` keeps it as well, for people.
pub(super) fn install(aloud: bool) {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if aloud {
            default(info);
        }
        let location = info.location().map(ToString::to_string);
        let thread = std::thread::current();
        tracing::error!(
            target: TARGET,
            { panic.location = location, panic.thread = thread.name() },
            "panic: {}",
            words(info)
        );
    }));
}

fn words<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("(no words)")
}
