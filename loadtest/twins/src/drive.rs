//! The client: a closed loop over many connections, or so many requests a second whatever comes back.

use std::fs;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::line::{Line, Reply};

/// Longer than this and the answer counts as an error.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args)]
pub struct Options {
    /// What to ask for; with sessions, what their ids are appended to
    #[arg(long)]
    url: String,
    #[arg(long, default_value_t = 100)]
    connections: usize,
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// Requests a second over all connections; without it each connection asks again as soon as it was answered
    #[arg(long)]
    rate: Option<f64>,
    /// Sent with each request: `Name: value`
    #[arg(long = "header")]
    headers: Vec<String>,
    /// A file of sessions, one for each connection: an answer is saved in it, again and again
    #[arg(long)]
    sessions: Option<PathBuf>,
}

#[derive(Clone, Deserialize)]
struct Session {
    id: String,
    token: String,
}

/// What is printed. A latency counts from when the request was due.
#[derive(Serialize)]
struct Seen {
    requests: usize,
    errors: usize,
    seconds: f64,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
}

/// One connection's story.
#[derive(Default)]
struct Story {
    latencies: Vec<Duration>,
    errors: usize,
}

/// What one connection asks, and in which version of its session it is.
struct Asker {
    host: String,
    path: String,
    headers: String,
    session: Option<Session>,
    version: Option<String>,
    count: u64,
}

pub async fn run(options: Options) -> Result<()> {
    let (host, path) =
        options.url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).context("no http://")?;
    let address = host.to_socket_addrs()?.next().context("an address that leads nowhere")?;
    if !address.ip().is_loopback() {
        bail!("{host} is not this machine, and this client asks nobody else");
    }
    let sessions: Option<Vec<Session>> = match &options.sessions {
        Some(file) => Some(serde_json::from_slice(&fs::read(file)?).context("no list of sessions")?),
        None => None,
    };
    if sessions.as_ref().is_some_and(|sessions| sessions.len() < options.connections) {
        bail!("there are fewer sessions than connections, and two connections would change one session");
    }
    let headers = options.headers.iter().map(|line| format!("{line}\r\n")).collect::<Vec<_>>().concat();
    let begin = Instant::now() + Duration::from_millis(100);
    let end = begin + Duration::from_secs_f64(options.seconds);
    let step = options.rate.map(|rate| Duration::from_secs_f64(options.connections as f64 / rate));
    let mut visits = JoinSet::new();
    for number in 0..options.connections {
        let asker = Asker {
            host: host.to_owned(),
            path: format!("/{path}"),
            headers: headers.clone(),
            session: sessions.as_ref().map(|sessions| sessions[number].clone()),
            version: None,
            count: number as u64,
        };
        // The connections begin one after the other, so that the requests of a fixed rate are spread evenly.
        let first = step.map_or(begin, |step| begin + step.mul_f64(number as f64 / options.connections as f64));
        visits.spawn(visit(asker, address, first, step, end));
    }
    let mut whole = Story::default();
    for story in visits.join_all().await {
        whole.latencies.extend(story.latencies);
        whole.errors += story.errors;
    }
    println!("{}", serde_json::to_string(&whole.told(begin.elapsed()))?);
    Ok(())
}

async fn visit(mut asker: Asker, address: SocketAddr, first: Instant, step: Option<Duration>, end: Instant) -> Story {
    let mut story = Story::default();
    let mut line: Option<Line> = None;
    let mut due = first;
    sleep_until(due).await;
    while due < end {
        if let Ok(Ok(())) = timeout(PATIENCE, asker.ask(&mut line, address)).await {
            story.latencies.push(due.elapsed());
        } else {
            story.errors += 1;
            line = None;
        }
        match step {
            Some(step) => {
                due += step;
                sleep_until(due).await;
            }
            None => due = Instant::now(),
        }
    }
    story
}

impl Asker {
    /// One request and its good answer. The first one of a session learns its version before.
    async fn ask(&mut self, line: &mut Option<Line>, address: SocketAddr) -> Result<()> {
        let line = match line {
            Some(line) => line,
            None => line.insert(Line::open(address).await?),
        };
        if self.session.is_some() && self.version.is_none() {
            self.version = good(line.ask(&self.request("GET", "", "")).await?)?.etag;
        }
        let reply = match &self.version {
            Some(version) => {
                self.count += 1;
                let body = format!("{{\"answers\":{{\"employee_count\":{}}}}}", 3 + self.count % 40);
                let headers = format!(
                    "If-Match: {version}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
                    body.len()
                );
                line.ask(&self.request("PATCH", &headers, &body)).await?
            }
            None => line.ask(&self.request("GET", "", "")).await?,
        };
        match good(reply) {
            Ok(reply) if self.session.is_some() => self.version = reply.etag,
            Ok(_) => {}
            Err(error) => {
                // Whatever the version is now, it is read again.
                self.version = None;
                return Err(error);
            }
        }
        Ok(())
    }

    fn request(&self, method: &str, more: &str, body: &str) -> Vec<u8> {
        let Self { host, path, headers, .. } = self;
        let (place, access) = self.session.as_ref().map_or_else(Default::default, |session| {
            (format!("/{}", session.id), format!("Authorization: Bearer {}\r\n", session.token))
        });
        format!("{method} {path}{place} HTTP/1.1\r\nHost: {host}\r\n{headers}{access}{more}\r\n{body}").into_bytes()
    }
}

impl Story {
    fn told(mut self, time: Duration) -> Seen {
        self.latencies.sort_unstable();
        let at = |share: f64| {
            let index = (self.latencies.len() as f64 * share).ceil() as usize;
            self.latencies.get(index.saturating_sub(1)).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
        };
        Seen {
            requests: self.latencies.len(),
            errors: self.errors,
            seconds: time.as_secs_f64(),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            max_ms: at(1.0),
        }
    }
}

fn good(reply: Reply) -> Result<Reply> {
    match reply.status {
        200 => Ok(reply),
        status => bail!("answered {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_answered() {
        let latencies = (1..=200).rev().map(Duration::from_millis).collect();
        let seen = Story { latencies, errors: 3 }.told(Duration::from_secs(2));
        assert_eq!((seen.requests, seen.errors), (200, 3));
        assert!((seen.p50_ms - 100.0).abs() < 1e-9 && (seen.p99_ms - 198.0).abs() < 1e-9, "{}", seen.p99_ms);
        assert!((seen.max_ms - 200.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_answered_is_told_without_a_percentile() {
        let seen = Story::default().told(Duration::from_secs(1));
        assert_eq!((seen.requests, seen.p99_ms.to_bits()), (0, 0.0_f64.to_bits()));
    }
}
