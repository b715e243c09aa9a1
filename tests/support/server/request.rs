//! A request, read from the wire.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::tcp::OwnedReadHalf;

use super::route::segments;

const MAX_HEAD: usize = 64 << 10;
const MAX_BODY: u64 = 16 << 20;

/// What a client asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In capitals, as it came.
    pub method: String,
    /// The path as it came, still percent-encoded, without the query.
    pub path: String,
    /// The query's pairs in their order, decoded.
    pub query: Vec<(String, String)>,
    /// Names in small letters, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

impl Request {
    /// The first parameter of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first header of that name, which is given in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The path's segment of that index, counted from 0; empty where there is none.
    #[must_use]
    pub fn segment(&self, index: usize) -> &str {
        segments(&self.path).nth(index).unwrap_or_default()
    }

    /// A field of a form body, decoded.
    #[must_use]
    pub fn form(&self, name: &str) -> Option<String> {
        pairs(&String::from_utf8_lossy(&self.body)).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Reads the next request; `None` when the client has closed the connection.
    pub(super) async fn read(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Self>> {
        let mut size = 0;
        let Some(start) = line(from, &mut size).await? else { return Ok(None) };
        let mut words = start.split(' ');
        let (Some(method), Some(target), Some(_)) = (words.next(), words.next(), words.next()) else {
            return Err(bad("the request line has not three words"));
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = Vec::new();
        loop {
            let text = line(from, &mut size).await?.ok_or_else(|| bad("the head is not complete"))?;
            if text.is_empty() {
                break;
            }
            let (name, value) = text.split_once(':').ok_or_else(|| bad("a header without a colon"))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request =
            Self { method: method.to_owned(), path: path.to_owned(), query: pairs(query), headers, body: Vec::new() };
        request.body = body(from, &request, &mut size).await?;
        Ok(Some(request))
    }
}

async fn body(from: &mut BufReader<OwnedReadHalf>, request: &Request, size: &mut usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if request.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let head = line(from, size).await?.ok_or_else(|| bad("the body ends within a chunk"))?;
            let length = u64::from_str_radix(head.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(|_| bad("a chunk without a length"))?;
            exactly(from, length, &mut body).await?;
            line(from, size).await?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
    if let Some(length) = request.header("content-length") {
        exactly(from, length.parse().map_err(|_| bad("a length that is no number"))?, &mut body).await?;
    }
    Ok(body)
}

async fn exactly(from: &mut BufReader<OwnedReadHalf>, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    if body.len() as u64 + length > MAX_BODY {
        return Err(bad("the body is too large"));
    }
    let found = from.take(length).read_to_end(body).await?;
    if found as u64 == length { Ok(()) } else { Err(bad("the body is not complete")) }
}

/// One line of a head, without its end; `size` counts what heads have taken so far.
async fn line(from: &mut BufReader<OwnedReadHalf>, size: &mut usize) -> io::Result<Option<String>> {
    let mut raw = Vec::new();
    let room = (MAX_HEAD - *size) as u64;
    let found = from.take(room).read_until(b'\n', &mut raw).await?;
    *size += found;
    if found == 0 && *size < MAX_HEAD {
        return Ok(None);
    }
    match raw.strip_suffix(b"\n") {
        Some(text) => Ok(Some(String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text)).into_owned())),
        None => Err(bad("the head is too long or not complete")),
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|text| !text.is_empty()).map(pair).collect()
}

/// Undoes the encoding of forms: `+` is a space, `%20` too.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, hex) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn bad(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_forms() {
        assert_eq!(
            pairs("a=1&b=%C3%BC+x&c&=d&%zz=%2"),
            [("a", "1"), ("b", "ü x"), ("c", ""), ("", "d"), ("%zz", "%2")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
