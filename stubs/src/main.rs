//! `crb-stubs`: all stand-ins on one port, for development and load.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use crb_stubs::scenario::Pace;
use crb_stubs::server::{Courier, LEDGER_ROOM, Stubs, serve};
use crb_stubs::stub::Room;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

/// Stand-ins for Claude, Stripe, SendGrid, Supabase Storage, Brave and Tavily.
#[derive(Debug, Parser)]
#[command(name = "crb-stubs", version)]
struct Options {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:18080")]
    listen: SocketAddr,
    /// How fast the model writes.
    #[arg(long, value_enum, default_value_t = Speed::Fast)]
    pace: Speed,
    /// The same seed and requests give the same replies.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where Stripe's webhooks go, e.g. `http://127.0.0.1:8080/api/payments/webhook`.
    #[arg(long, requires = "webhook_secret")]
    webhook_url: Option<Url>,
    /// What they are signed with.
    #[arg(long)]
    webhook_secret: Option<String>,
    /// The one bucket of the storage.
    #[arg(long, default_value = "reports")]
    bucket: String,
    /// Calls that each ledger keeps.
    #[arg(long, default_value_t = LEDGER_ROOM.calls)]
    ledger_calls: usize,
    /// Bytes of requests that each ledger keeps.
    #[arg(long, default_value_t = LEDGER_ROOM.bytes)]
    ledger_bytes: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Speed {
    Fast,
    Real,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "crb-stubs: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> io::Result<()> {
    let courier = match (&options.webhook_url, &options.webhook_secret) {
        (Some(url), Some(secret)) => Some(Courier::new(url, secret).map_err(io::Error::other)?),
        _ => None,
    };
    let pace = match options.pace {
        Speed::Fast => Pace::FAST,
        Speed::Real => Pace::REAL,
    };
    let room = Room { calls: options.ledger_calls, bytes: options.ledger_bytes };
    let stubs = Arc::new(Stubs::new(options.seed, pace, &options.bucket, room, courier));
    // The handlers stand before anybody can know the address.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener = TcpListener::bind(options.listen).await?;
    writeln!(io::stdout(), "crb-stubs listening on http://{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    serve(listener, stubs, async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
    .await
}
