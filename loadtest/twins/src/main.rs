//! `crb-twins`: what the product's hot requests cost without the product, and a client that asks both alike.

mod copies;
mod drive;
mod line;
mod serve;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "crb-twins", version, about)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Answer as the product does, by handlers with nothing around them
    Serve(serve::Options),
    /// Ask a server and print as JSON what came back, and when
    Drive(drive::Options),
}

fn main() -> ExitCode {
    let done = match Options::parse().what {
        What::Serve(options) => on(tokio::runtime::Builder::new_multi_thread(), serve::run(options)),
        // One thread: the cores are the server's.
        What::Drive(options) => on(tokio::runtime::Builder::new_current_thread(), drive::run(options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crb-twins: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn on(mut runtime: tokio::runtime::Builder, work: impl Future<Output = Result<()>>) -> Result<()> {
    runtime.enable_all().build()?.block_on(work)
}
