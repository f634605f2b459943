//! `cargo xtask dev`: the whole product on this machine until Ctrl-C, nothing to set up before.

use anyhow::Result;
use clap::Args;

use crate::binaries::{self, Selection};
use crate::stack::{Outside, Plan, Stack, State};
use crate::{net, process};

#[derive(Args)]
pub struct Options {
    /// The API's port; 0 takes any free one
    #[arg(long, default_value_t = 8383)]
    port: u16,
    /// No stand-ins: templates write the report, a development page takes the payment, mails are files in var/mail
    #[arg(long)]
    offline: bool,
}

pub fn run(options: &Options) -> Result<()> {
    match run_until_stopped(options) {
        // Ctrl-C is how this habit ends, also in the middle of its start.
        Err(_) if process::interrupted() => Ok(()),
        other => other,
    }
}

fn run_until_stopped(options: &Options) -> Result<()> {
    let binaries = binaries::build(Selection::Run)?;
    let port = if options.port == 0 { net::free_port()? } else { options.port };
    let outside = if options.offline { Outside::Nobody } else { Outside::Stubs { pace: "real" } };
    let mut stack = Stack::start(&binaries, Plan { port, outside, state: State::Kept })?;
    introduce(&stack);
    stack.watch()?;
    println!("\nstopping");
    Ok(())
}

fn introduce(stack: &Stack) {
    let url = stack.url();
    println!("\nCRB Analyser is up. Ctrl-C stops it.\n");
    println!("  API        {url}/api/v1");
    println!("  API page   {url}/api/v1/docs");
    println!("  document   {url}/api/v1/openapi.json");
    println!("  health     {url}/api/health/detailed");
    match stack.stubs_url() {
        Some(stubs) => {
            println!("  stand-ins  {stubs}/__stub/ledger");
            println!("  mails      {stubs}/__stub/mails");
        }
        None => println!("  mails      var/mail"),
    }
    for name in stack.real_services() {
        println!("  {name:<10} the real one: its key is set in this environment");
    }
    let token = match stack.admin_token() {
        Ok(token) => token,
        Err(error) => format!("(none: {error:#})"),
    };
    println!("  admin      {token}");
    println!("\nTry (docs/API.md walks from the quiz to the report):");
    println!("  curl -s {url}/api/v1/industries");
    println!("  curl -s {url}/api/v1/questionnaires/dental");
    println!("  curl -s {url}/api/v1/reports/sample");
    println!("  curl -s -H 'Authorization: Bearer {token}' {url}/api/v1/admin/stats\n");
}
