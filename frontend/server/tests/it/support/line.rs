//! One end of a connection, word by word: the caller's, or the upstream's, whose part a test plays itself.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than anything takes, also while every core is busy.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Line {
    stream: TcpStream,
    heard: String,
}

impl Line {
    pub async fn to(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.expect("a connection"))
    }

    fn over(stream: TcpStream) -> Self {
        Self { stream, heard: String::new() }
    }

    pub async fn say(&mut self, words: &str) {
        self.stream.write_all(words.as_bytes()).await.expect("the other side listens");
    }

    /// Waits for these words; returns everything up to and with them, once.
    pub async fn hear(&mut self, words: &str) -> String {
        loop {
            if let Some(at) = self.heard.find(words) {
                let rest = self.heard.split_off(at + words.len());
                return std::mem::replace(&mut self.heard, rest);
            }
            let count = self.read().await.unwrap_or_else(|error| panic!("no {words:?}, but {error}: {}", self.heard));
            assert!(count > 0, "hung up before {words:?}: {}", self.heard);
        }
    }

    /// Everything until the other side hangs up, and whether it did that in good order.
    pub async fn rest(&mut self) -> (String, bool) {
        let is_orderly = loop {
            match self.read().await {
                Ok(0) => break true,
                Ok(_) => {}
                Err(_) => break false,
            }
        };
        (std::mem::take(&mut self.heard), is_orderly)
    }

    async fn read(&mut self) -> std::io::Result<usize> {
        let mut bytes = [0; 4096];
        let count = timeout(PATIENCE, self.stream.read(&mut bytes)).await.expect("something within our patience")?;
        self.heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
        Ok(count)
    }

    /// Cuts the connection without a good-bye.
    pub fn reset(self) {
        self.stream.set_zero_linger().expect("a socket");
    }
}

/// Where the API would be.
pub struct Upstream(TcpListener);

impl Upstream {
    pub async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }

    pub async fn accept(&self) -> Line {
        let (stream, _) = timeout(PATIENCE, self.0.accept()).await.expect("a call").expect("a connection");
        Line::over(stream)
    }

    /// The head of the next call, and the line to answer on.
    pub async fn call(&self) -> (String, Line) {
        let mut line = self.accept().await;
        (line.hear("\r\n\r\n").await, line)
    }
}

/// A header's value in a head as it came over the line.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
