//! `crb-stubs`: all stand-ins on one port, for development, load and a staging in which nothing costs money.
//!
//! What a container has to say of its surroundings can be said by the environment: no shell stands before the program, and
//! a secret has no place on a command line.

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
#[derive(Parser)]
#[command(name = "crb-stubs", version)]
struct Options {
    /// Where to listen; port 0 takes any free one, `[::]` every address of both families.
    #[arg(long, env = "STUBS_LISTEN", default_value = "127.0.0.1:18080")]
    listen: SocketAddr,
    /// How fast the model writes.
    #[arg(long, value_enum, default_value_t = Speed::Fast)]
    pace: Speed,
    /// The same seed and requests give the same replies.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where browsers find the payment page, e.g. `https://stubs.example`; without it at the host that Stripe's API is
    /// asked at.
    #[arg(long, env = "STUBS_PUBLIC_URL")]
    public_url: Option<Url>,
    /// Where Stripe's webhooks go, e.g. `http://127.0.0.1:8383/api/v1/webhooks/stripe`.
    #[arg(long, env = "STUBS_WEBHOOK_URL", requires = "webhook_secret")]
    webhook_url: Option<Url>,
    /// What they are signed with.
    #[arg(long, env = "STUBS_WEBHOOK_SECRET", hide_env_values = true)]
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
    let mut stubs = Stubs::new(options.seed, pace, &options.bucket, room, courier);
    if let Some(url) = &options.public_url {
        stubs.stripe.show_at(url).map_err(io::Error::other)?;
    }
    let stubs = Arc::new(stubs);
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
