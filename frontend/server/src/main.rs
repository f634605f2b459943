//! `crb-web`: hands the command line to the library.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use crb_web::config::{self, Config};
use crb_web::{Faults, healthcheck, log, serve};

/// Serves the page, and passes its calls on to the API.
#[derive(Parser)]
#[command(version, after_help = config::page())]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until told to stop (the default)
    Serve,
    /// Ask the server on this machine whether it lives; for an image without a shell
    Healthcheck {
        #[arg(long, default_value = "/health")]
        path: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(faults) => return refuse(&faults, 2),
    };
    let outcome = match arguments.command {
        Some(Command::Healthcheck { path }) => healthcheck::ask(config.bind.port(), &path),
        Some(Command::Serve) | None => run(config),
    };
    outcome.map_or_else(|faults| refuse(&faults, 1), |()| ExitCode::SUCCESS)
}

fn run(config: Config) -> Result<(), Faults> {
    log::start(&config);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Faults::one("the start", error))?;
    let outcome = runtime.block_on(serve::serve(config));
    // What is still in flight after a second signal is not waited for.
    runtime.shutdown_background();
    outcome
}

fn refuse(faults: &Faults, code: u8) -> ExitCode {
    eprintln!("crb-web: {faults}");
    ExitCode::from(code)
}
