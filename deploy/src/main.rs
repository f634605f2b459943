//! `crb-deploy`: hands the arguments to the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    crb_deploy::cli::main().await
}
