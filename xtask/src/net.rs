//! Just enough network for a developer's machine: a free port, one GET.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};

const TIMEOUT: Duration = Duration::from_secs(2);

/// A port on loopback that nobody uses, below 32768: above, the kernel hands ports out to anybody's connections.
pub fn free_port() -> Result<u16> {
    free_port_besides(&[])
}

/// The same, and none of these: they are promised to somebody who does not listen yet.
pub fn free_port_besides(promised: &[u16]) -> Result<u16> {
    let span = 12_000;
    let start = std::process::id() % span;
    (0..span)
        .filter_map(|step| u16::try_from(20_000 + (start + step * 7) % span).ok())
        .find(|port| !promised.contains(port) && is_free(*port))
        .context("no free port between 20000 and 32000")
}

pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The status and the body of `GET path` on a loopback port.
pub fn get(port: u16, path: &str) -> io::Result<(u16, String)> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let reply = talk(port, request.as_bytes())?;
    let (head, body) = reply.split_once("\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok((status, body.to_owned()))
}

/// Whether something that speaks Redis answers on a loopback port.
pub fn redis_answers(port: u16) -> bool {
    talk(port, b"PING\r\nQUIT\r\n").is_ok_and(|reply| reply.starts_with("+PONG"))
}

fn talk(port: u16, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(request)?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_or_promised_is_not_free() {
        let port = free_port().unwrap();
        assert_ne!(free_port_besides(&[port]).unwrap(), port);
        assert!((20_000..32_000).contains(&port));
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port));
    }

    #[test]
    fn a_reply_is_split_into_status_and_body() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nsoon").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        assert_eq!(get(port, "/api/health/ready").unwrap(), (503, "soon".to_owned()));
        assert!(server.join().unwrap().starts_with("GET /api/health/ready HTTP/1.1\r\n"));
    }
}
