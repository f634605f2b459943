//! One request to a program on this machine, and its whole answer.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

/// Sends a request over a connection of its own.
pub fn call(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Result<Answer> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut lines = vec![format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n")];
    if !body.is_empty() {
        lines.push(format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
    let request = lines.concat();
    let asked = || format!("{method} {path} on port {port}");
    let reply = talk(port, format!("{request}\r\n{body}").as_bytes()).with_context(asked)?;
    Answer::read(&reply).with_context(asked)
}

impl Answer {
    fn read(reply: &[u8]) -> Result<Self> {
        let end = reply.windows(4).position(|window| window == b"\r\n\r\n").context("the answer has no head")?;
        let head = String::from_utf8(reply[..end].to_vec()).context("a head that is no text")?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("an answer without a status")?;
        let answer = Self { status, head, body: reply[end + 4..].to_vec() };
        let length = answer.header("content-length").and_then(|text| text.parse::<usize>().ok());
        if length.is_some_and(|length| length != answer.body.len()) {
            bail!("the answer broke off");
        }
        Ok(answer)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// Itself, when the status is this one.
    pub fn of(self, status: u16) -> Result<Self> {
        if self.status != status {
            bail!("answered {} instead of {status}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(self)
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("the answer is no JSON")
    }
}

fn talk(port: u16, request: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_its_bytes_untouched() {
        let answer =
            Answer::read(b"HTTP/1.1 201 Created\r\nETag: \"2\"\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x00").unwrap();
        assert_eq!((answer.status, answer.header("etag")), (201, Some("\"2\"")));
        assert_eq!(answer.body, [0x1f, 0x8b, 0]);
        assert!(answer.of(200).unwrap_err().to_string().contains("answered 201 instead of 200"));
    }

    #[test]
    fn an_answer_that_broke_off_is_refused() {
        let error = Answer::read(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}").unwrap_err();
        assert!(error.to_string().contains("broke off"), "{error}");
    }
}
