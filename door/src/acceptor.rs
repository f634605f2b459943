//! Takes connections, within bounds: so many at once, and so long for each request's header.
//!
//! The framework's own acceptor spins when the process is out of file descriptors and waits for ever for a header that
//! is sent byte by byte.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use poem::Addr;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// How long to rest after a failure that will not go away at once, such as no free file descriptor.
const REST: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at the same time; more wait in the kernel's queue.
    pub connections: usize,
    /// From the first byte of a request, or from the connection, to the end of the request's header.
    pub header: Duration,
}

pub struct Acceptor {
    listener: TcpListener,
    local: LocalAddr,
    places: Arc<Semaphore>,
    header: Duration,
    sent: Arc<AtomicU64>,
}

impl Acceptor {
    /// `sent` counts the bytes that are written to connections.
    pub fn new(listener: TcpListener, bounds: Bounds, sent: Arc<AtomicU64>) -> io::Result<Self> {
        let local = LocalAddr(Addr::SocketAddr(listener.local_addr()?));
        let places = Arc::new(Semaphore::new(bounds.connections));
        Ok(Self { listener, local, places, header: bounds.header, sent })
    }

    async fn place(&self) -> OwnedSemaphorePermit {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return place;
        }
        tracing::warn!("every connection is in use; new ones wait");
        Arc::clone(&self.places).acquire_owned().await.expect("the semaphore is never closed")
    }
}

impl poem::listener::Acceptor for Acceptor {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        vec![self.local.clone()]
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let place = self.place().await;
        let mut failures = 0_u64;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    // Without it a small answer may wait for the acknowledgement of the one before.
                    stream.set_nodelay(true).unwrap_or_default();
                    let connection = Connection::new(stream, place, self.header, Arc::clone(&self.sent));
                    return Ok((connection, self.local.clone(), RemoteAddr(Addr::SocketAddr(peer)), Scheme::HTTP));
                }
                // The peer went away before it was accepted: nothing is wrong with us.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
                Err(error) => {
                    // Said at once, and then about every ten seconds while it lasts.
                    if failures.is_multiple_of(200) {
                        tracing::warn!(error = %error, failures, "no connection could be taken; resting");
                    }
                    failures += 1;
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }
}

/// A connection that knows whether it is in the middle of a request's header.
pub struct Connection {
    stream: TcpStream,
    header: Duration,
    deadline: Pin<Box<Sleep>>,
    stage: Stage,
    /// The other side has closed its half.
    left: bool,
    sent: Arc<AtomicU64>,
    _place: OwnedSemaphorePermit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Reading a header, with the end of line that has been matched so far.
    Header(LineEnd),
    /// The header is complete; body and answer have limits of their own.
    Body,
    /// An answer is being or has been written; the next byte read begins a new header.
    Answer,
}

/// How much of the empty line that ends a header has been read. A bare line feed counts as a line's end, as parsers
/// take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    No,
    Line,
    LineThenReturn,
}

impl LineEnd {
    /// None once the header is complete.
    const fn after(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Line | Self::LineThenReturn, b'\n') => None,
            (Self::Line, b'\r') => Some(Self::LineThenReturn),
            (_, b'\n') => Some(Self::Line),
            _ => Some(Self::No),
        }
    }
}

impl Stage {
    fn after(self, bytes: &[u8]) -> Self {
        let mut line_end = match self {
            Self::Body => return Self::Body,
            Self::Header(line_end) => line_end,
            Self::Answer => LineEnd::No,
        };
        for byte in bytes {
            match line_end.after(*byte) {
                Some(next) => line_end = next,
                None => return Self::Body,
            }
        }
        Self::Header(line_end)
    }
}

impl Connection {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, header: Duration, sent: Arc<AtomicU64>) -> Self {
        let deadline = Box::pin(tokio::time::sleep(header));
        Self { stream, header, deadline, stage: Stage::Header(LineEnd::No), left: false, sent, _place: place }
    }

    fn has_read(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.starts_with(b"PRI") {
            // The edge speaks HTTP/2; towards us it speaks HTTP/1.1, and only that is bounded here.
            return Err(ErrorKind::Unsupported.into());
        }
        if self.stage == Stage::Answer {
            self.deadline.as_mut().reset(Instant::now() + self.header);
        }
        self.stage = self.stage.after(bytes);
        Ok(())
    }

    fn has_written(&mut self, bytes: &[u8], count: usize) {
        self.sent.fetch_add(count as u64, Ordering::Relaxed);
        // `100 Continue` is no answer: the body comes after it.
        if count > 0 && !bytes.starts_with(b"HTTP/1.1 100") {
            self.stage = Stage::Answer;
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if let Poll::Ready(Ok(())) = read {
            match &buffer.filled()[before..] {
                [] => this.left = buffer.remaining() > 0,
                bytes => this.has_read(bytes)?,
            }
        }
        let late = matches!(this.stage, Stage::Header(_)) && this.deadline.as_mut().poll(cx).is_ready();
        if late { Poll::Ready(Err(ErrorKind::TimedOut.into())) } else { read }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = written {
            this.has_written(bytes, count);
        }
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, pieces);
        if let (Poll::Ready(Ok(count)), Some(first)) = (&written, pieces.iter().find(|piece| !piece.is_empty())) {
            this.has_written(first, *count);
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// When the other side leaves in the middle of an answer, the framework asks once more for the end of the connection
    /// and would wait for it as long as a stream is silent. What was written is on its way; the rest nobody reads.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.left && this.stage == Stage::Answer {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
