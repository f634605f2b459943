//! The command line: one binary, and a word for each thing it does.

mod doctor;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;

use crate::app::{self, App};
use crate::config::{self, Config, Stage};
use crate::domain::tokens;
use crate::error::{Error, Result};
use crate::serve::{self, Role, clock};
use crate::{api, telemetry};

/// CRB Analyser: the API, the report engine and its worker.
#[derive(Debug, Parser)]
#[command(name = "crb", version, about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and work on reports, until SIGTERM.
    Serve {
        /// Do one of the two only.
        #[arg(long, value_parser = role)]
        only: Option<Role>,
    },
    /// Bring the database's schema up to this binary and seed the vendors.
    Migrate,
    /// Print the OpenAPI document. Needs no environment, database or network.
    Openapi,
    /// Check the configuration and print it, secrets redacted.
    Config {
        /// Print `.env.example` instead.
        #[arg(long, group = "what")]
        example: bool,
        /// Print the configuration page instead.
        #[arg(long, group = "what")]
        markdown: bool,
        /// Print what a stage has to be given instead.
        #[arg(long, group = "what", value_name = "STAGE", value_parser = stage)]
        template: Option<Stage>,
    },
    /// Print the page of problem types.
    Problems {
        #[arg(long)]
        markdown: bool,
    },
    /// Ask a running server whether it is ready: exit code 0 or 1. For probes in images without a shell.
    Healthcheck {
        #[arg(long, default_value = "/api/health/ready")]
        path: String,
    },
    /// Sign a token for an operator.
    AdminToken {
        /// Goes into the audit log.
        #[arg(long)]
        actor: String,
        /// For how long: 30m, 8h; 24h at the most.
        #[arg(long, default_value = "8h", value_parser = config::duration)]
        ttl: Duration,
    },
    /// The cache.
    Cache {
        #[command(subcommand)]
        what: CacheCommand,
    },
    /// A person's data: print it, or erase it.
    Person {
        #[command(subcommand)]
        what: PersonCommand,
    },
    /// Try every dependency once and say what is wrong.
    Doctor,
}

#[derive(Debug, Subcommand)]
enum CacheCommand {
    /// Forget everything that is cached; nothing is lost.
    Flush,
}

#[derive(Debug, Subcommand)]
enum PersonCommand {
    /// Print everything that is stored under a mail address, as JSON.
    Export { email: String },
    /// Erase it; orders stay in the books without the address.
    Erase { email: String },
}

/// Reads the arguments, does what they say, and turns the outcome into an exit code: 2 for bad input, 1 for failure.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Openapi => print_json(&api::document()),
        Command::Problems { .. } => {
            print!("{}", api::problem::markdown());
            Ok(())
        }
        Command::Config { example: true, .. } => {
            print!("{}", config::example());
            Ok(())
        }
        Command::Config { markdown: true, .. } => {
            print!("{}", config::markdown());
            Ok(())
        }
        Command::Config { template: Some(stage), .. } => {
            print!("{}", config::template(stage));
            Ok(())
        }
        Command::Config { .. } => print_config(),
        Command::Healthcheck { path } => healthcheck(&path),
        command => in_runtime(command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crb: {}", error.chain());
            for fault in error.field_errors() {
                if !error.detail().contains(&fault.field) {
                    eprintln!("  {}: {}", fault.field, fault.message);
                }
            }
            if error.kind().is_fault() { ExitCode::from(1) } else { ExitCode::from(2) }
        }
    }
}

fn in_runtime(command: Command) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Error::internal("no runtime").caused_by(error))?;
    let config = Config::from_env()?;
    let outcome = runtime.block_on(Box::pin(async {
        match command {
            Command::Serve { only } => Box::pin(serve::serve(config, only)).await,
            Command::Migrate => migrate(config).await,
            Command::AdminToken { actor, ttl } => admin_token(&config, &actor, ttl),
            Command::Cache { what: CacheCommand::Flush } => {
                let app = App::open(config, clock).await?;
                app::admin::flush_cache(&app, "cli", app.now()).await?;
                println!("The cache is flushed.");
                Ok(())
            }
            Command::Person { what: PersonCommand::Export { email } } => {
                let app = App::open(config, clock).await?;
                print_json(&app::retention::export(&app, &email).await?)
            }
            Command::Person { what: PersonCommand::Erase { email } } => {
                let app = App::open(config, clock).await?;
                let erased = app::retention::erase(&app, &email, app.now()).await?;
                println!(
                    "Erased: {} quizzes, {} reports, {} mails; {} orders stay in the books without the address.",
                    erased.sessions, erased.reports, erased.mails, erased.orders
                );
                Ok(())
            }
            Command::Doctor => Box::pin(doctor::examine(config)).await,
            // Answered before a runtime was started.
            Command::Openapi | Command::Config { .. } | Command::Problems { .. } | Command::Healthcheck { .. } => {
                Ok(())
            }
        }
    }));
    // A PDF that is being set must not hold the exit.
    runtime.shutdown_timeout(Duration::from_secs(2));
    outcome
}

async fn migrate(config: Config) -> Result<()> {
    let telemetry = telemetry::start(&config)?;
    let migrated = app::schema::migrate(&config.database.url).await?;
    let app = App::open(config, clock).await?;
    let seeded = app::schema::seed(&app).await?;
    app.close().await;
    println!(
        "Applied {} migrations; {} vendors are new, {} were brought up to date, {} kept as edited.",
        migrated.applied.len(),
        seeded.inserted,
        seeded.updated,
        seeded.kept
    );
    telemetry.flush(Duration::from_secs(5)).await;
    Ok(())
}

fn admin_token(config: &Config, actor: &str, ttl: Duration) -> Result<()> {
    let ttl = chrono::Duration::from_std(ttl).map_err(|_| Error::field("ttl", "is too long"))?;
    println!("{}", tokens::sign_operator(config.secret_key.expose_secret(), actor, ttl, clock())?);
    Ok(())
}

fn print_config() -> Result<()> {
    let values: BTreeMap<String, String> = config::environment();
    let checked = Config::from_map(&values);
    let stage = checked.as_ref().map_or_else(|_| config::stage_of(&values), |config| config.stage);
    print!("{}", config::redacted(&values, stage));
    checked.map(|_| println!("\nThe configuration is good."))
}

fn print_json(value: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::internal("no JSON").caused_by(error))?;
    println!("{text}");
    Ok(())
}

/// A plain GET without any client: the image has nothing else.
fn healthcheck(path: &str) -> Result<()> {
    use std::io::{Read as _, Write as _};
    let away = |error| Error::unavailable("the server does not answer").caused_by(error);
    let config = Config::from_env()?;
    let port = config.http.bind.port();
    let timeout = Some(Duration::from_secs(3));
    let mut stream = std::net::TcpStream::connect(("localhost", port)).map_err(away)?;
    stream.set_read_timeout(timeout).map_err(away)?;
    stream.set_write_timeout(timeout).map_err(away)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").map_err(away)?;
    let mut answer = [0_u8; 64];
    let read = stream.read(&mut answer).map_err(away)?;
    let line = String::from_utf8_lossy(&answer[..read]);
    if line.starts_with("HTTP/1.1 200") {
        return Ok(());
    }
    Err(Error::unavailable(format!("not ready: {}", line.lines().next().unwrap_or_default())))
}

fn role(word: &str) -> Result<Role, String> {
    word.parse().map_err(|error: Error| error.detail().to_owned())
}

fn stage(word: &str) -> Result<Stage, String> {
    word.parse().map_err(|error: Error| error.detail().to_owned())
}
