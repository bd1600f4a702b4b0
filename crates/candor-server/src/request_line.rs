//! Queries as PHP's servers take them: old trackers and log importers send blanks, quotes, `<`, `>` and bytes of other
//! charsets as they are, which hyper answers with an empty 400. Here they are percent-encoded on their way to hyper.
//! Touches nothing but the query of a request line. Where a next request begins is known from the lengths of heads
//! and bodies; once that is in doubt (chunks, pipelining), the connection's bytes stay as they come.

use std::{
    borrow::Cow,
    cmp::Ordering as Order,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest request line that is waited for; hyper takes no longer head.
const LINE_BYTES_MAX: usize = 64 << 10;
/// No length is announced yet. No body is so long either.
const UNKNOWN: u64 = u64::MAX;
/// The length can't be told, or it can't be told of which request it is.
const NEVER_KNOWN: u64 = u64::MAX - 1;

/// Tells the stream how long the body of the request is that hyper has just read the head of.
#[derive(Clone)]
pub(crate) struct BodyLength(Arc<AtomicU64>);

impl BodyLength {
    /// `None` = it shows only when it ends.
    pub(crate) fn announce(&self, length: Option<u64>) {
        let length = length.unwrap_or(NEVER_KNOWN);
        // A second head since the last look came along with the first one.
        if self.0.compare_exchange(UNKNOWN, length, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            self.0.store(NEVER_KNOWN, Ordering::Relaxed);
        }
    }
}

/// What the next bytes are.
#[derive(Clone, Copy)]
enum Place {
    /// A request line, from its beginning or after what is held of it.
    Line,
    /// Headers. How many bytes of this line were there, and whether the last was a carriage return.
    Head { line_bytes: usize, after_return: bool },
    /// The body, so much of it already there.
    Body { seen: u64 },
    /// Not known, and never again.
    Anywhere,
}

/// A stream that mends request lines.
pub(crate) struct Mending<S> {
    stream: S,
    place: Place,
    /// Begun request line; after its end, what the reader had no room for yet.
    held: Vec<u8>,
    body_length: BodyLength,
}

impl<S> Mending<S> {
    pub(crate) fn new(stream: S) -> Self {
        let body_length = BodyLength(Arc::new(AtomicU64::new(UNKNOWN)));
        Self { stream, place: Place::Line, held: vec![], body_length }
    }

    pub(crate) fn body_length(&self) -> BodyLength {
        self.body_length.clone()
    }

    /// Hands out what is held, as far as there is room.
    fn give(&mut self, buffer: &mut ReadBuf<'_>) {
        let length = self.held.len().min(buffer.remaining());
        buffer.put_slice(self.held.get(..length).unwrap_or_default());
        self.held.drain(..length);
    }

    /// Has the body ended, so that a request line comes next?
    fn look_for_next(&mut self) {
        let Place::Body { seen } = self.place else { return };
        match seen.cmp(&self.body_length.0.load(Ordering::Relaxed)) {
            Order::Less => {}
            Order::Equal => {
                self.place = Place::Line;
                self.body_length.0.store(UNKNOWN, Ordering::Relaxed);
            }
            Order::Greater => self.place = Place::Anywhere,
        }
    }

    /// Looks at bytes that begin with a request line. `None` = pass them on as they are.
    fn read_line(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (line, rest) = bytes.split_at_checked(end)?;
        let Some(mended) = mended(line) else {
            self.place = Place::Anywhere;
            return None;
        };
        self.place = Place::Head { line_bytes: 0, after_return: false };
        self.follow(rest);
        match mended {
            Cow::Borrowed(_) => None,
            Cow::Owned(line) => Some([&line, rest].concat()),
        }
    }

    /// Follows head and body, to know where the next request begins.
    fn follow(&mut self, bytes: &[u8]) {
        match &mut self.place {
            Place::Head { line_bytes, after_return } => {
                for (at, byte) in bytes.iter().enumerate() {
                    if *byte != b'\n' {
                        *line_bytes += 1;
                        *after_return = *byte == b'\r';
                        continue;
                    }
                    if *line_bytes == 0 || (*line_bytes == 1 && *after_return) {
                        self.place = Place::Body { seen: (bytes.len() - at - 1) as u64 };
                        return;
                    }
                    *line_bytes = 0;
                }
            }
            Place::Body { seen } => *seen += bytes.len() as u64,
            Place::Line | Place::Anywhere => {}
        }
    }
}

/// A request line, its query mended where it must be. `None` = it is not surely one.
fn mended(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    let text = line.strip_suffix(b"\n")?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let first_blank = text.iter().position(|byte| *byte == b' ')?;
    let is_method = first_blank > 0 && text.iter().take(first_blank).all(u8::is_ascii_uppercase);
    let is_versioned = text.ends_with(b" HTTP/1.1") || text.ends_with(b" HTTP/1.0");
    if !is_method || !is_versioned {
        return None;
    }
    let target_end = text.len() - b" HTTP/1.1".len();
    let Some(mark) = text.get(..target_end)?.iter().position(|byte| *byte == b'?') else {
        return Some(Cow::Borrowed(line));
    };
    let query = text.get(mark + 1..target_end)?;
    let is_misplaced = |byte: &u8| matches!(byte, b' ' | b'"' | b'<' | b'>' | 0x80..);
    if !query.iter().any(is_misplaced) {
        return Some(Cow::Borrowed(line));
    }
    let mut mended = Vec::with_capacity(line.len() + 64);
    mended.extend_from_slice(line.get(..=mark)?);
    for byte in query {
        if is_misplaced(byte) {
            mended.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            mended.push(*byte);
        }
    }
    mended.extend_from_slice(line.get(target_end..)?);
    Some(Cow::Owned(mended))
}

impl<S: AsyncRead + Unpin> AsyncRead for Mending<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !matches!(this.place, Place::Line) && !this.held.is_empty() {
            this.give(buffer);
            return Poll::Ready(Ok(()));
        }
        this.look_for_next();
        let before = buffer.filled().len();
        loop {
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
            let read = buffer.filled().get(before..).unwrap_or_default();
            if !matches!(this.place, Place::Line) {
                this.follow(read);
                return Poll::Ready(Ok(()));
            }
            let is_whole = read.contains(&b'\n');
            if is_whole && this.held.is_empty() {
                let Some(mended) = this.read_line(read) else { return Poll::Ready(Ok(())) };
                this.held = mended;
            } else {
                let is_end = read.is_empty();
                this.held.extend_from_slice(read);
                if is_whole {
                    let begun = std::mem::take(&mut this.held);
                    this.held = this.read_line(&begun).unwrap_or(begun);
                } else if is_end || this.held.len() > LINE_BYTES_MAX {
                    this.place = Place::Anywhere;
                } else {
                    buffer.set_filled(before);
                    continue;
                }
            }
            buffer.set_filled(before);
            this.give(buffer);
            return Poll::Ready(Ok(()));
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Mending<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests;
