//! Bodies in other formats than JSON, packed, and large.

use crate::kit::read;
use connector_core::protocol::Message;
use connector_core::sink::Sink;
use connector_core::{Connector, ReadRequest};
use connector_http::prelude::*;
use connector_http::transport::{Chunks, Incoming, Outgoing, Reply, SharedTransport, Transport, TransportError};
use serde_json::json;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A zip archive of stored files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, data) in files {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let size = u32::try_from(data.len()).unwrap().to_le_bytes();
        out.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&[size, size].concat());
        out.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(data);
    }
    out.extend_from_slice(b"PK\x01\x02");
    out
}

#[derive(Record)]
struct Author {
    id: u64,
    #[serde(rename = "$text")]
    name: String,
}

/// XML, packed.
#[derive(HttpStream)]
#[http(path = "feed.xml.gz", records = "feed.entries.entry", format = xml)]
#[paginate(token = "feed.next", param = "from")]
struct Entry {
    #[primary_key]
    id: u64,
    title: String,
    price: Option<f64>,
    author: Author,
    tag: Vec<String>,
}

/// XML that says itself what it is.
#[derive(HttpStream)]
#[http(path = "status", records = "status")]
struct Status {
    #[primary_key]
    id: u64,
}

#[source(name = "source-xml", base_url = "https://api.example.com/", streams(Entry, Status))]
struct Xml {}

fn page(next: &str, entries: &str) -> Reply {
    let body = format!("<?xml version=\"1.0\"?>\n<feed xmlns=\"urn:x\">{next}<entries>{entries}</entries></feed>");
    Reply::status(200).header("Content-Type", "application/octet-stream").body(gzip(body.as_bytes()))
}

#[test]
fn packed_xml() {
    let sync = read::<Xml>(json!({}), |url, _| {
        match url {
        "feed.xml.gz" => page(
            "<next>7</next>",
            "<entry id=\"1\"><title>a &amp; b</title><price>1.50</price><author id=\"9\">Ann</author></entry>
             <entry id=\"2\"><title><![CDATA[<b>]]></title><author id=\"9\">Ann</author><tag>x</tag><tag>y</tag></entry>",
        ),
        "feed.xml.gz?from=7" => page("", ""),
        _ => Reply::status(200).header("Content-Type", "text/xml; charset=utf-8").body("<status><id>3</id></status>"),
    }
    });
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"entry {"id":1,"title":"a & b","price":1.50,"author":{"id":9,"$text":"Ann"},"tag":[]}"#,
            r#"entry {"id":2,"title":"<b>","author":{"id":9,"$text":"Ann"},"tag":["x","y"]}"#,
            r#"status {"id":3}"#,
        ]
    );
    assert_eq!(sync.sorted().requests, ["GET feed.xml.gz", "GET feed.xml.gz?from=7", "GET status"]);
}

/// A table whose headers lie: packed, and in Latin-1.
#[derive(HttpStream)]
#[http(path = "sales.csv.gz", format = csv, charset = "iso-8859-1")]
struct Sale {
    #[primary_key]
    id: u64,
    town: String,
    paid: Option<bool>,
}

/// A table of another kind.
#[derive(HttpStream)]
#[http(path = "export", csv(delimiter = ";", quote = "'", no_header, skip = 1))]
struct Export {
    #[primary_key]
    id: u64,
    note: Option<String>,
    total: f64,
}

/// Tables in an archive, each with its own line of names.
#[derive(HttpStream)]
#[http(path = "archive", format = tsv)]
struct Day {
    #[primary_key]
    day: NaiveDate,
    visits: u32,
}

#[source(name = "source-tables", base_url = "https://api.example.com/", streams(Sale, Export, Day))]
struct Tables {}

#[test]
fn packed_tables_with_wrong_headers() {
    let sync = read::<Tables>(json!({}), |url, _| match url {
        "sales.csv.gz" => Reply::status(200)
            .header("Content-Type", "application/json; charset=utf-8")
            .body(gzip(b"id,town,paid\r\n1,K\xf6ln,TRUE\r\n2,\"a \"\"b\"\"\r\nc\",\r\n")),
        "export" => {
            Reply::status(200).header("Content-Type", "text/plain").body("Export of today\n1;'a;b';1.50\n2;;2\n")
        }
        _ => Reply::status(200).header("Content-Type", "text/html").body(zip(&[
            ("2026/", b""),
            ("2026/1.tsv", b"day\tvisits\n2026-01-01\t7\n"),
            ("2026/2.tsv.gz", &gzip(b"visits\tday\n8\t2026-01-02")),
        ])),
    });
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"day {"day":"2026-01-01","visits":7}"#,
            r#"day {"visits":8,"day":"2026-01-02"}"#,
            r#"export {"id":1,"note":"a;b","total":1.50}"#,
            r#"export {"id":2,"note":null,"total":2}"#,
            "sale {\"id\":1,\"town\":\"Köln\",\"paid\":true}",
            r#"sale {"id":2,"town":"a \"b\"\r\nc","paid":null}"#,
        ]
    );
}

/// One huge array.
#[derive(HttpStream)]
#[http(path = "all", records = "items")]
struct Item {
    #[primary_key]
    id: u64,
    text: String,
}

#[source(name = "source-huge", base_url = "https://api.example.com/", streams(Item))]
struct Huge {}

const RECORDS: u64 = 64 << 10;

/// What was sent and not yet written, now and at most.
#[derive(Default)]
struct Held {
    sent: AtomicU64,
    written: AtomicU64,
    most: AtomicU64,
}

/// A server whose answer is made while it is read.
struct Endless(Arc<Held>);

impl Transport for Endless {
    fn send(&self, _: Outgoing) -> connector_core::clock::BoxFuture<'_, Result<Incoming, TransportError>> {
        let body = Array { held: Arc::clone(&self.0), next: 0 };
        let status = StatusCode::OK;
        Box::pin(async move { Ok(Incoming { status, headers: Default::default(), body: Box::new(body) }) })
    }
}

struct Array {
    held: Arc<Held>,
    next: u64,
}

impl Chunks for Array {
    fn next(&mut self) -> connector_core::clock::BoxFuture<'_, Result<Option<bytes::Bytes>, TransportError>> {
        let mut chunk = String::new();
        let end = self.next + 16;
        while self.next < end.min(RECORDS) {
            chunk.push_str(if self.next == 0 { r#"{"items":["# } else { "," });
            chunk.push_str(&format!(r#"{{"id":{},"text":"{}"}}"#, self.next, "x".repeat(1000)));
            self.next += 1;
        }
        if self.next == RECORDS && !chunk.is_empty() {
            chunk.push_str("]}");
        }
        let sent = self.held.sent.fetch_add(chunk.len() as u64, Ordering::SeqCst) + chunk.len() as u64;
        self.held.most.fetch_max(sent.saturating_sub(self.held.written.load(Ordering::SeqCst)), Ordering::SeqCst);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(Some(bytes::Bytes::from(chunk)).filter(|chunk| !chunk.is_empty()))
        })
    }
}

/// An output that counts, and is slower than the server.
struct Counting(Arc<Held>);

impl Sink for Counting {
    fn records(&mut self, records: &connector_core::sink::Records) -> std::io::Result<()> {
        std::thread::sleep(std::time::Duration::from_millis(2));
        self.0.written.fetch_add(records.bytes.len() as u64, Ordering::SeqCst);
        Ok(())
    }

    fn message(&mut self, _: &Message) -> std::io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_huge_array_is_not_held() {
    let held = Arc::new(Held::default());
    let connector = Connector::of::<Huge>().with_extension(SharedTransport(Arc::new(Endless(Arc::clone(&held)))));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let read = connector.read(ReadRequest::all(json!({})), Counting(Arc::clone(&held)));
    assert!(runtime.block_on(read).unwrap().error().is_none());
    let (sent, most) = (held.sent.load(Ordering::SeqCst), held.most.load(Ordering::SeqCst));
    assert!(sent > RECORDS * 1000 && held.written.load(Ordering::SeqCst) > sent, "{sent}");
    // A page, and what waits for the output.
    assert!(most < 12 << 20, "{most} of {sent} bytes were held");
}
