//! One keep-alive connection to a server, as thin as it can be: the client shares the cores with what it measures.

use std::io;
use std::net::SocketAddr;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer heads than this are not ours.
const LONGEST_HEAD: usize = 16 * 1024;

pub struct Line {
    stream: TcpStream,
    read: BytesMut,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Without quotes.
    pub etag: Option<String>,
    pub length: usize,
}

impl Line {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: BytesMut::with_capacity(64 * 1024) })
    }

    /// Sends a whole request and reads the whole reply.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if self.read.len() > LONGEST_HEAD {
                return Err(io::Error::other("a head without an end"));
            }
            self.more().await?;
        };
        let reply = parse(&self.read[..head]).ok_or_else(|| io::Error::other("a head that cannot be read"))?;
        self.read.advance(head);
        while self.read.len() < reply.length {
            self.more().await?;
        }
        self.read.advance(reply.length);
        Ok(reply)
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// A reply without a length is refused: the measured answers lie in memory, and all have one.
fn parse(head: &[u8]) -> Option<Reply> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let (mut etag, mut length) = (None, None);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        } else if name.eq_ignore_ascii_case("etag") {
            etag = Some(value.trim().trim_start_matches("W/").trim_matches('"').to_owned());
        }
    }
    Some(Reply { status, etag, length: length? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_whatever_the_case_of_its_names() {
        let reply = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\neTag: W/\"7\"\r\n\r\n");
        assert_eq!(reply, Some(Reply { status: 200, etag: Some("7".to_owned()), length: 12 }));
    }

    #[test]
    fn a_reply_of_unknown_length_is_refused() {
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"), None);
    }
}
