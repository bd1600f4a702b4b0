use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;
use tokio::io::AsyncReadExt;

/// Gives its chunks one read each.
struct Chunks(VecDeque<Vec<u8>>);

impl AsyncRead for Chunks {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(mut chunk) = self.0.pop_front() {
            let rest = chunk.split_off(chunk.len().min(buffer.remaining()));
            buffer.put_slice(&chunk);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

fn stream(chunks: &[&[u8]]) -> Mending<Chunks> {
    Mending::new(Chunks(chunks.iter().map(|chunk| chunk.to_vec()).collect()))
}

/// One read with room for so many bytes.
fn read(stream: &mut Mending<Chunks>, room: usize) -> String {
    let mut buffer = vec![0; room];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let length = runtime.block_on(stream.read(&mut buffer)).unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn all(stream: &mut Mending<Chunks>, room: usize) -> String {
    let mut text = String::new();
    loop {
        match read(stream, room).as_str() {
            "" => return text,
            part => text += part,
        }
    }
}

const MENDED: &str = "GET /matomo.php?a=1%202%22%3C%3E%E4|^{}%41 HTTP/1.1\r\nHost: x y\r\n\r\n";
const RAW: &[u8] = b"GET /matomo.php?a=1 2\"<>\xe4|^{}%41 HTTP/1.1\r\nHost: x y\r\n\r\n";

#[test]
fn only_what_cannot_stand_in_a_query_is_encoded() {
    assert_eq!(all(&mut stream(&[RAW]), 4096), MENDED);
    for line in ["GET /a b HTTP/1.1\r\n", "GET /?a HTTP/2\r\n", "\r\n", "get /?a b HTTP/1.1\r\n", "GET /?a b\r\n", "\n"]
    {
        assert!(!matches!(mended(line.as_bytes()), Some(Cow::Owned(_))), "{line}");
    }
}

#[test]
fn a_next_request_is_mended_once_its_place_is_known() {
    let post = b"POST / HTTP/1.1\r\ncontent-length: 22\r\n\r\n";
    let body = b"GET /?x y HTTP/1.1\r\n\r\n";
    let mut stream = stream(&[post, body, RAW, RAW]);
    let length = stream.body_length();
    assert_eq!(read(&mut stream, 4096).as_bytes(), post);
    length.announce(Some(22));
    assert_eq!(read(&mut stream, 4096).as_bytes(), body);
    assert_eq!(read(&mut stream, 4096), MENDED);
    length.announce(Some(0));
    assert_eq!(read(&mut stream, 4096), MENDED);
}

#[test]
fn in_doubt_nothing_is_changed() {
    let as_it_came = String::from_utf8_lossy(RAW);
    // A body whose length nobody knows.
    let mut chunked = stream(&[b"POST / HTTP/1.1\r\n\r\n", RAW]);
    let length = chunked.body_length();
    read(&mut chunked, 4096);
    length.announce(None);
    assert_eq!(read(&mut chunked, 4096), as_it_came);
    // Several requests in one read, the body of the last as long as what follows the first head: it isn't that of the first.
    let get = "GET / HTTP/1.1\r\n\r\n";
    let post = "POST / HTTP/1.1\r\ncontent-length: 99\r\n\r\n";
    for between in ["", get, &get.repeat(2)] {
        let mut pipelined = stream(&[format!("{get}{between}{post}").as_bytes(), RAW]);
        let length = pipelined.body_length();
        read(&mut pipelined, 4096);
        (0..=between.len() / get.len()).for_each(|_| length.announce(Some(0)));
        length.announce(Some((between.len() + post.len()) as u64));
        assert_eq!(read(&mut pipelined, 4096), as_it_came);
    }
    // An empty line before the first.
    assert_eq!(all(&mut stream(&[b"\r\n", RAW]), 4096), format!("\r\n{as_it_came}"));
    // A line without end.
    let long = vec![b'x'; LINE_BYTES_MAX + 9];
    assert_eq!(all(&mut stream(&[&long, RAW]), 4096).len(), long.len() + as_it_came.len());
}

proptest! {
    #[test]
    fn reads_may_be_cut_anywhere(cuts in proptest::collection::vec(1..30_usize, 0..20), room in 1..200_usize) {
        let (mut rest, mut chunks) = (RAW, vec![]);
        for cut in cuts {
            let (chunk, left) = rest.split_at(cut.min(rest.len()));
            chunks.push(chunk);
            rest = left;
        }
        chunks.push(rest);
        chunks.retain(|chunk| !chunk.is_empty());
        prop_assert_eq!(all(&mut stream(&chunks), room), MENDED);
    }

    #[test]
    fn what_is_mended_needs_no_mending(query in proptest::collection::vec(any::<u8>(), 0..100)) {
        let query: Vec<u8> = query.into_iter().filter(|byte| *byte != b'\n').collect();
        let line = [b"GET /?".as_slice(), &query, b" HTTP/1.1\r\n"].concat();
        let once = mended(&line).unwrap().into_owned();
        prop_assert!(matches!(mended(&once), Some(Cow::Borrowed(_))));
    }
}
