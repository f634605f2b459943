//! The command line: a word for each thing it does, and an exit code for each way it can end.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use crate::clock::Clock;
use crate::console::Console;
use crate::image::{Image, is_digest};
use crate::place::{Environment, Images};
use crate::release::{self, Order};
use crate::rollback::{self, Aim};
use crate::settings::{self, Settings};
use crate::smoke::{self, Expected, Smoke};
use crate::status;
use crate::world::{Ending, World};

/// What `--help` says about how it ends.
const EXIT_CODES: &str = "\
Exit codes:
  0  done and proven
  1  failed; where anything was changed, the previous release serves again, within 120 s
  2  refused, or asked for wrongly: nothing was changed
  3  the rollback failed or took more than 120 s: somebody has to look now";

/// Releases the product to Railway by digest, and goes back when a release does not serve.
#[derive(Debug, Parser)]
#[command(name = "crb-deploy", version, disable_help_subcommand = true)]
#[command(after_help = format!("{}\n\n{EXIT_CODES}", settings::HELP))]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Deploy one digest in order, smoke it, and go back when anything fails
    Release(Release),
    /// Go back to what a receipt names, or to digests
    Rollback(Rollback),
    /// Look at the running release as a visitor does
    Smoke(SmokeArguments),
    /// Say what runs
    Status {
        #[arg(long)]
        environment: Environment,
    },
}

#[derive(Debug, Args)]
struct Release {
    #[arg(long)]
    environment: Environment,
    /// The backend's image, NAME@sha256:…
    #[arg(long, value_name = "IMAGE")]
    backend: Image,
    /// The page's image, NAME@sha256:…
    #[arg(long, value_name = "IMAGE")]
    web: Image,
    /// Where the way back is written before anything is changed; the file must not exist
    #[arg(long, value_name = "FILE")]
    receipt: PathBuf,
    /// The commit that the images were built from
    #[arg(long, value_name = "SHA", value_parser = revision)]
    revision: Option<String>,
    /// The receipt by which staging has proven these very images; production takes nothing else
    #[arg(long, value_name = "FILE")]
    staging_receipt: Option<PathBuf>,
    /// Buy a report at the stand-in too; staging only
    #[arg(long)]
    report: bool,
}

#[derive(Debug, Args)]
struct Rollback {
    #[arg(long)]
    environment: Environment,
    /// The receipt of the release that is to be undone
    #[arg(long, value_name = "FILE", conflicts_with_all = ["backend", "web"], required_unless_present = "backend")]
    receipt: Option<PathBuf>,
    /// The backend's image, NAME@sha256:…
    #[arg(long, value_name = "IMAGE", requires = "web")]
    backend: Option<Image>,
    /// The page's image, NAME@sha256:…
    #[arg(long, value_name = "IMAGE", requires = "backend")]
    web: Option<Image>,
    /// The commit that those images were built from
    #[arg(long, value_name = "SHA", value_parser = revision, requires = "backend")]
    revision: Option<String>,
}

#[derive(Debug, Args)]
struct SmokeArguments {
    #[arg(long)]
    environment: Environment,
    /// The backend's image has to have this digest
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    backend_digest: Option<String>,
    /// The backend and the page have to be of this commit
    #[arg(long, value_name = "SHA", value_parser = revision)]
    revision: Option<String>,
    /// Buy a report at the stand-in too; staging only
    #[arg(long)]
    report: bool,
}

/// Reads the process's arguments and environment, and does what they say.
pub async fn main() -> ExitCode {
    let settings = Settings::from_env();
    let console = Console::printing(settings.summary.clone(), settings.outputs.clone());
    let world = World { settings, clock: Clock::machine(), console };
    run(std::env::args_os(), &world).await.into()
}

/// Does what the arguments say.
pub async fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>, world: &World) -> Ending {
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(error) => {
            world.console.say(error.render().to_string().trim_end());
            let is_asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if is_asked { Ending::Done } else { Ending::Refused };
        }
    };
    match command {
        Command::Release(asked) => {
            let order = Order {
                environment: asked.environment,
                images: Images { backend: asked.backend, web: asked.web },
                revision: asked.revision,
                receipt: asked.receipt,
                staging_receipt: asked.staging_receipt,
                with_report: asked.report,
            };
            release::release(world, &order).await
        }
        Command::Rollback(asked) => match aim(asked.receipt, asked.backend.zip(asked.web), asked.revision) {
            Ok(aim) => rollback::rollback(world, asked.environment, &aim).await,
            Err(error) => world.refuse(&error),
        },
        Command::Smoke(asked) => look(world, asked).await,
        Command::Status { environment } => status::status(world, environment).await,
    }
}

fn aim(receipt: Option<PathBuf>, images: Option<(Image, Image)>, revision: Option<String>) -> Result<Aim> {
    match (receipt, images) {
        (Some(path), None) => Ok(Aim::Receipt(path)),
        (None, Some((backend, web))) => Ok(Aim::Digests { images: Images { backend, web }, revision }),
        _ => bail!("name a receipt, or both images"),
    }
}

async fn look(world: &World, asked: SmokeArguments) -> Ending {
    let release = asked.revision.clone();
    let expected = Expected { digest: asked.backend_digest, revision: asked.revision, release };
    let smoke = world
        .settings
        .addresses()
        .and_then(|addresses| Smoke::new(world, &addresses, asked.environment, expected, asked.report));
    let smoke = match smoke {
        Ok(smoke) => smoke,
        Err(error) => return world.refuse(&error),
    };
    let checks = smoke.run().await;
    let failures = smoke::failures(&checks);
    let word = if failures.is_some() { "failed" } else { "passed" };
    world.console.summarise(&format!("## Smoke of {} {word}\n\n{}", asked.environment, smoke::table(&checks)));
    world.console.output("outcome", word);
    if failures.is_some() { Ending::Failed } else { Ending::Done }
}

/// A commit's id. It goes into variables, tables and files, so nothing else may stand in it.
fn revision(text: &str) -> Result<String, String> {
    let is_hex = text.chars().all(|sign| sign.is_ascii_digit() || ('a'..='f').contains(&sign));
    if is_hex && (7..=40).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    Err("is no commit: 7 to 40 small hexadecimal digits".to_owned())
}

fn digest(text: &str) -> Result<String, String> {
    if is_digest(text) {
        return Ok(text.to_owned());
    }
    Err("is no digest: sha256: and 64 small hexadecimal digits".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_its_help_is_whole() {
        Arguments::command().debug_assert();
        let help = Arguments::command().render_long_help().to_string();
        for word in ["release", "rollback", "smoke", "status", "RAILWAY_TOKEN", "API_BASE_URL", "Exit codes:", "120 s"]
        {
            assert!(help.contains(word), "{word} is missing from {help}");
        }
    }

    #[test]
    fn a_commit_is_hexadecimal_and_nothing_else() {
        assert!(revision("0123abc").is_ok() && revision(&"a".repeat(40)).is_ok());
        for bad in ["main", "0123ab", "0123ABC", "0123abc\n", &"a".repeat(41), "0123abc;x"] {
            assert!(revision(bad).is_err(), "{bad:?}");
        }
    }
}
