//! The test server itself: what it promises is seen from a plain socket.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use connector_tests::{Fault, Reply, Server};

const GET: &[u8] = b"GET /a?x=1&y=%2B HTTP/1.1\r\nHost: local\r\nX-Name: v\r\n\r\n";

fn server(reply: Reply) -> Server {
    Server::new().route("GET /a", move |_| reply.clone()).start().unwrap()
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.origin().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Everything the server sends until it closes the connection.
fn ask(server: &Server) -> (String, Option<ErrorKind>) {
    let mut stream = connect(server);
    stream.write_all(GET).unwrap();
    let mut all = Vec::new();
    let error = stream.read_to_end(&mut all).err().map(|error| error.kind());
    (String::from_utf8(all).unwrap(), error)
}

#[test]
fn notes_what_was_asked() {
    let server = Server::new().route("POST /v1/{name}/x", |r| Reply::json(r.segment(1))).start().unwrap();
    let mut stream = connect(&server);
    stream.write_all(b"POST /v1/b/x HTTP/1.1\r\nContent-Length: 7\r\n\r\na=1&b=2").unwrap();
    stream.write_all(b"POST /v1/c/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=3\r\n0\r\n\r\n").unwrap();
    stream.write_all(b"POST /v1/c HTTP/1.1\r\n\r\n").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    let bodies: Vec<_> = server.requests().iter().map(|entry| entry.request.form("a")).collect();
    assert_eq!(bodies, [Some("1".to_owned()), Some("3".to_owned()), None]);
    assert!(server.requests().iter().all(|entry| entry.connection == 0));
    assert_eq!(server.requests_to("POST /v1/{name}/x").len(), 2);
    assert_eq!(all.matches("HTTP/1.1 200 ").count(), 2, "{all}");
    assert_eq!(all.matches("HTTP/1.1 404 ").count(), 1, "{all}");
    server.forget();
    assert!(server.requests().is_empty());
}

#[test]
fn decodes_query_and_headers() {
    let server = server(Reply::json("{}").until_close());
    let (text, error) = ask(&server);
    assert_eq!(error, None);
    assert!(text.ends_with("connection: close\r\n\r\n{}"), "{text}");
    let request = server.requests().remove(0).request;
    assert_eq!((request.param("x"), request.param("y"), request.param("z")), (Some("1"), Some("+"), None));
    assert_eq!(request.header("x-name"), Some("v"));
}

#[test]
fn plans_are_used_once_and_in_order() {
    let server = server(Reply::json("{}").until_close());
    server.next("GET /a", Reply::status(503).until_close());
    server.next("GET /a", Fault::CloseBefore);
    assert!(ask(&server).0.starts_with("HTTP/1.1 503 "));
    assert_eq!(ask(&server).0, "");
    assert!(ask(&server).0.starts_with("HTTP/1.1 200 "));
}

#[test]
fn resets_before_and_within_the_body() {
    let server = server(Reply::json("0123456789"));
    server.next("GET /a", Fault::ResetBefore);
    server.next("GET /a", Fault::ResetAfter(4));
    assert_eq!(ask(&server), (String::new(), Some(ErrorKind::ConnectionReset)));
    let (text, error) = ask(&server);
    assert!(text.ends_with("\r\n\r\n0123"), "{text}");
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
}

#[test]
fn truncates_by_length_and_by_chunks() {
    let plain = server(Reply::json("0123456789").fault(Fault::Truncate(4)));
    assert!(ask(&plain).0.ends_with("content-length: 10\r\n\r\n0123"));
    let chunked = server(Reply::json("0123456789").chunked().fault(Fault::Truncate(4)));
    assert!(ask(&chunked).0.ends_with("chunked\r\n\r\n4\r\n0123\r\n"));
    let whole = server(Reply::json("0123456789").chunked().fault(Fault::CloseAfter));
    assert!(ask(&whole).0.ends_with("a\r\n0123456789\r\n0\r\n\r\n"));
}

#[test]
fn lies_about_the_length_and_sends_garbage() {
    let server = server(Reply::json("0123"));
    server.next("GET /a", Fault::Length(99));
    server.next("GET /a", Fault::Garbage(b"SSH-2.0".to_vec()));
    assert!(ask(&server).0.ends_with("content-length: 99\r\n\r\n0123"));
    assert_eq!(ask(&server).0, "SSH-2.0");
}

#[test]
fn drips() {
    let server = server(Reply::json("0123").until_close().fault(Fault::Drip(1, Duration::from_millis(20))));
    let start = Instant::now();
    assert!(ask(&server).0.ends_with("0123"));
    assert!(start.elapsed() >= Duration::from_millis(80), "{:?}", start.elapsed());
}

#[test]
fn stalls_until_the_client_leaves() {
    for (fault, sent) in [(Fault::Silence, ""), (Fault::Stall(2), "01")] {
        let server = server(Reply::json("0123").fault(fault));
        let mut stream = connect(&server);
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(GET).unwrap();
        let mut all = Vec::new();
        let error = stream.read_to_end(&mut all).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
        assert!(String::from_utf8(all).unwrap().ends_with(sent));
    }
}
