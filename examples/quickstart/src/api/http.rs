//! As much HTTP/1.1 as a client of a REST API needs: GET, kept-alive connections, a length on every answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// What a client asked for.
pub struct Question {
    /// The path without its query.
    pub path: String,
    /// The token after `Authorization: Bearer`.
    pub bearer: Option<String>,
    query: Vec<(String, String)>,
}

impl Question {
    /// A parameter of the query.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Answers the requests of a connection until the client closes it.
pub fn each_request(stream: TcpStream, mut reply: impl FnMut(&Question) -> Vec<u8>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(question) = read(&mut reader)? {
        writer.write_all(&reply(&question))?;
    }
    Ok(())
}

/// A whole answer: status, further header lines (each with its line end), a JSON body.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} \r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}

fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Question>> {
    let start = line(reader)?;
    let Some(target) = start.split(' ').nth(1) else { return Ok(None) };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (plain(name), plain(value)));
    let mut question =
        Question { path: path.to_owned(), bearer: None, query: query.split('&').filter_map(pair).collect() };
    loop {
        let header = line(reader)?;
        let Some((name, value)) = header.split_once(':') else { return Ok(Some(question)) };
        if name.eq_ignore_ascii_case("authorization") {
            question.bearer = value.trim().strip_prefix("Bearer ").map(str::to_owned);
        }
    }
}

/// A line of the head without its end; empty at the end of the head and of the connection.
fn line(reader: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut text = String::new();
    reader.by_ref().take(16 << 10).read_line(&mut text)?;
    Ok(text.trim_end().to_owned())
}

/// Undoes percent-encoding.
fn plain(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digits = [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()];
                std::str::from_utf8(&digits).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(b'?')
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}
