//! The log: one JSON object a line for machines, text for people.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Must be called once, before anything is said.
pub fn start(config: &Config) {
    let log = tracing_subscriber::fmt().with_env_filter(filter(&config.log_level)).with_writer(io::stdout);
    match config.log_format {
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
        LogFormat::Text => log.with_ansi(io::stdout().is_terminal()).init(),
    }
}

/// A bare level is ours; the libraries below speak only when something is wrong.
fn filter(level: &str) -> EnvFilter {
    let level = match level.to_ascii_lowercase().as_str() {
        "warning" => "warn".to_owned(),
        "critical" => "error".to_owned(),
        other => other.to_owned(),
    };
    let is_bare = matches!(level.as_str(), "trace" | "debug" | "info");
    let directives = if is_bare { format!("warn,crb_web={level},crb_door={level}") } else { level };
    EnvFilter::builder().parse_lossy(directives)
}
