//! `cargo xtask dev`: the whole product on this machine until Ctrl-C, nothing to set up before.

use std::process::Stdio;

use anyhow::{Result, bail};
use clap::Args;

use crate::binaries::{self, Selection};
use crate::stack::{Outside, Plan, Stack, State};
use crate::{environment, net, page, process};

/// Vite's port, as in `frontend/vite.config.ts`.
const HOT_PORT: u16 = 5174;

#[derive(Args)]
pub struct Options {
    /// The port of the page and the API; 0 takes any free one
    #[arg(long, default_value_t = 8383)]
    port: u16,
    /// No stand-ins: templates write the report, a development page takes the payment, mails are files in var/mail
    #[arg(long)]
    offline: bool,
    /// Vite in front, on port 5174: the page reloads as its files change
    #[arg(long)]
    hot: bool,
    /// Leave the browser alone
    #[arg(long)]
    no_open: bool,
}

pub fn run(options: &Options) -> Result<()> {
    match run_until_stopped(options) {
        // Ctrl-C is how this habit ends, also in the middle of its start.
        Err(_) if process::interrupted() => Ok(()),
        other => other,
    }
}

fn run_until_stopped(options: &Options) -> Result<()> {
    if options.hot && !net::is_free(HOT_PORT) {
        bail!("port {HOT_PORT}, which Vite serves on, is taken");
    }
    let bundle = if options.hot { None } else { Some(page::build()?) };
    let binaries = binaries::build(Selection::Run)?;
    let port = if options.port == 0 { net::free_port()? } else { options.port };
    let outside = if options.offline { Outside::Nobody } else { Outside::Stubs { pace: "real" } };
    let front = options.hot.then(|| format!("http://localhost:{HOT_PORT}"));
    let mut stack = Stack::start(&binaries, Plan { port, outside, state: State::Kept, page: bundle, front })?;
    if options.hot {
        let mut vite = page::hot_server(&stack.url())?;
        stack.join("vite", &mut vite)?;
    }
    introduce(&stack);
    if !options.no_open {
        open(&stack.front());
    }
    stack.watch()?;
    println!("\nstopping");
    Ok(())
}

fn introduce(stack: &Stack) {
    let url = stack.url();
    let front = stack.front();
    let token = match stack.admin_token() {
        Ok(token) => token,
        Err(error) => format!("(none: {error:#})"),
    };
    println!("\nCRB Analyser is up. Ctrl-C stops it.\n");
    println!("  page       {front}");
    println!("  sample     {front}/reports/sample");
    println!("  operators  {front}/admin");
    println!("  token      {token}");
    println!("  API        {url}/api/v1/docs");
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
    println!();
}

/// Shows the page to whoever sits here; without a screen there is nobody to show it to.
fn open(url: &str) {
    let has_screen = environment::variable("DISPLAY").or_else(|| environment::variable("WAYLAND_DISPLAY")).is_some();
    if has_screen && environment::program("xdg-open", &[]).is_some() {
        let mut opener = process::command("xdg-open");
        opener.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // The address stands above; a browser that does not start is no reason to stop.
        let _ = opener.status();
    }
}
