//! The commands that drive no load: judge a run again, keep one as the baseline, draw it, look at a place.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use url::Url;

use crate::baselines::{self, Baseline};
use crate::environment::secret;
use crate::gate::{self, Limits};
use crate::render;
use crate::staging::{self, Place, Questions};
use crate::summary::Summary;
use crate::watch::say;

#[derive(Debug, Subcommand)]
pub(super) enum Judging {
    /// Judge a run that was made before.
    Compare(Compare),
    /// Make the middle of some runs the baseline of their profile and class of machine.
    Bless(Bless),
    /// Write a run's tables and its chart, or draw curves that a file describes.
    Render(Render),
    /// Look whether a place may be loaded: its address, its environment, who writes there and who charges.
    Preflight(Preflight),
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    #[arg(long, value_name = "FILE")]
    summary: PathBuf,
    /// Where the baselines stand.
    #[arg(long, value_name = "FOLDER", default_value = baselines::FOLDER)]
    baselines: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Bless {
    /// One or more; an odd number has a middle of its own.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    summary: Vec<PathBuf>,
    /// Why these figures are the right ones; kept in the file.
    #[arg(long)]
    reason: String,
    /// Where the baselines stand.
    #[arg(long, value_name = "FOLDER", default_value = baselines::FOLDER)]
    baselines: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Render {
    #[arg(long, value_name = "FILE", required_unless_present = "curves")]
    summary: Option<PathBuf>,
    /// Panels of curves as JSON, instead of a run.
    #[arg(long, value_name = "FILE", conflicts_with = "summary")]
    curves: Option<PathBuf>,
    /// A folder for a run, a file for curves.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Where the baselines stand.
    #[arg(long, value_name = "FOLDER", default_value = baselines::FOLDER)]
    baselines: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Preflight {
    /// The product's origin.
    #[arg(long)]
    target: Url,
    /// The stand-ins' origin.
    #[arg(long)]
    stub: Option<Url>,
    /// The variable that holds the key by which requests pass the limits.
    #[arg(long, value_name = "NAME")]
    load_key_env: Option<String>,
    /// The variable that holds an operator's token.
    #[arg(long, value_name = "NAME")]
    admin_token_env: Option<String>,
}

impl Judging {
    pub(super) async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Compare(compare) => judged(&baselines::read(&compare.summary)?, &compare.baselines, None),
            Self::Bless(bless) => {
                let summaries: Result<Vec<Summary>> = bless.summary.iter().map(|path| baselines::read(path)).collect();
                let path = Baseline::of(&summaries?, &bless.reason)?.write(&bless.baselines)?;
                say(&format!("written: {}", path.display()));
                Ok(ExitCode::SUCCESS)
            }
            Self::Render(wanted) => {
                if let Some(curves) = &wanted.curves {
                    render::draw(curves, &wanted.out)?;
                    say(&format!("written: {}", wanted.out.display()));
                    return Ok(ExitCode::SUCCESS);
                }
                let Some(summary) = &wanted.summary else { bail!("name a summary or curves") };
                let summary: Summary = baselines::read(summary)?;
                let verdict = verdict(&summary, &wanted.baselines)?;
                write(&summary, &verdict, &wanted.out)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Preflight(wanted) => {
                let (load_key, admin_token) =
                    (secret(wanted.load_key_env.as_deref())?, secret(wanted.admin_token_env.as_deref())?);
                let questions = Questions {
                    target: &wanted.target,
                    stub: wanted.stub.as_ref(),
                    load_key: load_key.as_ref(),
                    admin_token: admin_token.as_ref(),
                    tries_at_home: true,
                };
                let place = match staging::preflight(&questions).await? {
                    Place::Loopback => "this machine",
                    Place::Staging => "staging",
                };
                say(&format!("{} may be loaded: {place}", wanted.target));
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Judges a run, shows the table, leaves tables and chart in a folder, and gives the verdict's exit code.
pub(super) fn judged(summary: &Summary, baselines: &Path, folder: Option<&Path>) -> Result<ExitCode> {
    let verdict = verdict(summary, baselines)?;
    say(&verdict.to_string());
    if let Some(folder) = folder {
        write(summary, &verdict, folder)?;
    }
    Ok(ExitCode::from(verdict.ending().exit_code()))
}

fn verdict(summary: &Summary, baselines: &Path) -> Result<gate::Verdict> {
    let baseline = Baseline::find(baselines, summary)?;
    Ok(gate::judge(summary, baseline.as_ref(), &Limits::of(&summary.profile)))
}

fn write(summary: &Summary, verdict: &gate::Verdict, folder: &Path) -> Result<()> {
    for path in render::write(summary, verdict, folder).context("the run cannot be drawn")? {
        say(&format!("written: {}", path.display()));
    }
    Ok(())
}
