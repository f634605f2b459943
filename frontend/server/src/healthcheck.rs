//! `crb-web healthcheck`: asks the server on this machine whether it lives. The image has no shell and no curl.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::faults::Faults;

const PATIENCE: Duration = Duration::from_secs(3);

/// Nothing, when the answer is 200.
pub fn ask(port: u16, path: &str) -> Result<(), Faults> {
    let line = status_line(port, path).map_err(|error| Faults::one("the health check", error))?;
    if line.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(Faults::one("the health check", line)) }
}

fn status_line(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("localhost", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = [0_u8; 64];
    let count = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..count]).lines().next().unwrap_or_default().to_owned())
}
