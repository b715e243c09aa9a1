//! One large response in each format: `cargo bench -p connector-tests --bench bodies` (`-- 1024` says how many MB, decoded).
//!
//! The connector runs in a process of its own, so that its peak memory is its own; the server makes the body while it sends it.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Instant;

use connector_core::sink::{StdoutFormat, StdoutSink};
use connector_core::{Connector, ReadRequest};
use connector_http::prelude::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "array", records = "rows.row")]
struct Array {
    #[primary_key]
    id: u64,
    text: String,
}

#[derive(HttpStream)]
#[http(path = "lines", format = json_lines)]
struct Lines {
    #[primary_key]
    id: u64,
    text: String,
}

#[derive(HttpStream)]
#[http(path = "csv", format = csv)]
struct Table {
    #[primary_key]
    id: u64,
    text: String,
}

#[derive(HttpStream)]
#[http(path = "xml", format = xml, records = "rows.row")]
struct Xml {
    #[primary_key]
    id: u64,
    text: String,
}

#[source(name = "source-bodies", base_url = "{config.base_url}", streams(Array, Lines, Table, Xml))]
struct Bodies {
    base_url: String,
}

/// How a body is packed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packed {
    No,
    Encoded,
    File,
    Zip,
}

const SCENARIOS: &[(&str, &str, Packed)] = &[
    ("JSON array", "array", Packed::No),
    ("JSON array, content encoding gzip", "array", Packed::Encoded),
    ("JSON lines", "lines", Packed::No),
    ("JSON lines in a gzip file", "lines", Packed::File),
    ("CSV", "table", Packed::No),
    ("CSV in a gzip file", "table", Packed::File),
    ("CSV in a zip archive", "table", Packed::Zip),
    ("XML", "xml", Packed::No),
    ("XML in a gzip file", "xml", Packed::File),
];

fn main() {
    let numbers: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if let [base, stream] = numbers.as_slice() {
        return read(base, stream);
    }
    let megabytes: u64 = numbers.first().and_then(|arg| arg.parse().ok()).unwrap_or(64);
    println!("| one response of {megabytes} MB | records | seconds | MB/s | peak RSS MiB |\n|---|--:|--:|--:|--:|");
    for &(name, stream, packed) in SCENARIOS {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || serve(&listener, stream, packed, megabytes << 20));
        let start = Instant::now();
        let mut child = Command::new(std::env::current_exe().unwrap());
        let output = child.args([&base, stream]).stdin(Stdio::null()).stderr(Stdio::inherit()).output().unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let sent = server.join().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let (records, peak) = said.trim().split_once(' ').unwrap();
        assert_eq!(records.parse(), Ok(sent), "{name}");
        println!("| {name} | {records} | {seconds:.1} | {:.0} | {peak} |", megabytes as f64 / seconds);
    }
}

/// The connector: reads one stream, and tells how many records there were, and its peak memory.
fn read(base: &str, stream: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let request = ReadRequest { streams: Some(vec![stream.to_owned()]), ..ReadRequest::all(json!({"base_url": base})) };
    let sink = StdoutSink::over(io::sink(), StdoutFormat::Records);
    let summary = runtime.block_on(Connector::of::<Bodies>().read(request, sink)).unwrap();
    assert!(summary.error().is_none(), "{:?}", summary.error());
    let records: u64 = summary.streams().iter().map(|stream| stream.records).sum();
    println!("{records} {:.1}", peak_mib());
}

/// Answers one request; how many records it sent.
fn serve(listener: &TcpListener, stream: &str, packed: Packed, size: u64) -> u64 {
    let (connection, _) = listener.accept().unwrap();
    let mut request = BufReader::new(&connection);
    let mut line = String::new();
    while request.read_line(&mut line).unwrap() > 2 {
        line.clear();
    }
    let mut out = BufWriter::with_capacity(64 << 10, &connection);
    let encoding = if packed == Packed::Encoded { "content-encoding: gzip\r\n" } else { "" };
    write!(out, "HTTP/1.1 200 OK\r\n{encoding}connection: close\r\n\r\n").unwrap();
    match packed {
        Packed::No => body(stream, size, &mut out),
        Packed::Encoded | Packed::File => {
            let mut encoder = GzEncoder::new(&mut out, Compression::fast());
            let records = body(stream, size, &mut encoder);
            encoder.finish().unwrap();
            records
        }
        Packed::Zip => zip(stream, size, &mut out),
    }
}

/// An archive whose sizes stand behind the data, as of anything that is made while it is sent.
fn zip(stream: &str, size: u64, out: &mut BufWriter<&TcpStream>) -> u64 {
    out.write_all(b"PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.csv").unwrap();
    let mut encoder = Checked { inner: DeflateEncoder::new(out, Compression::fast()), crc: flate2::Crc::new() };
    let records = body(stream, size, &mut encoder);
    let crc = encoder.crc.sum();
    let out = encoder.inner.finish().unwrap();
    out.write_all(&[b"PK\x07\x08".as_slice(), &crc.to_le_bytes(), &[0; 8], b"PK\x01\x02"].concat()).unwrap();
    records
}

/// Counts the checksum of what is written.
struct Checked<W> {
    inner: W,
    crc: flate2::Crc,
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes a body of about that size in the stream's format: records of 1 KB.
fn body(stream: &str, size: u64, out: &mut impl Write) -> u64 {
    let text = "abcdefghij ".repeat(88);
    let (begin, end) = match stream {
        "array" => ("{\"rows\":{\"row\":[", "]}}"),
        "table" => ("id,text\n", ""),
        "xml" => ("<?xml version=\"1.0\"?><rows>", "</rows>"),
        _ => ("", ""),
    };
    out.write_all(begin.as_bytes()).unwrap();
    let records = size / 1000;
    for id in 0..records {
        match stream {
            "array" => write!(out, "{}{{\"id\":{id},\"text\":\"{text}\"}}", if id > 0 { "," } else { "" }),
            "table" => writeln!(out, "{id},{text}"),
            "xml" => write!(out, "<row id=\"{id}\"><text>{text}</text></row>"),
            _ => writeln!(out, "{{\"id\":{id},\"text\":\"{text}\"}}"),
        }
        .unwrap();
    }
    out.write_all(end.as_bytes()).unwrap();
    out.flush().unwrap();
    records
}

/// The most memory that this process ever had, in MiB; 0 where the system does not tell.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    peak.unwrap_or_default() / 1024.0
}
