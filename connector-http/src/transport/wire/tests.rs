//! Which connections are used again, against servers that count them.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::http::Method;
use crate::transport::Trouble;

/// A server that answers the requests of each connection with these bytes, one after the other, and then closes it.
async fn server(answers: &'static [&'static str]) -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/items?page=1", listener.local_addr().unwrap())).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                for answer in answers {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        head.push(byte);
                    }
                    assert!(head.starts_with(b"GET /items?page=1 HTTP/1.1\r\n"), "{}", head.escape_ascii());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, count)
}

fn wire(change: impl FnOnce(&mut WireOptions)) -> Wire {
    let mut options = WireOptions {
        connect_timeout: Duration::from_secs(20),
        pool_idle: Duration::from_secs(15),
        ..WireOptions::default()
    };
    change(&mut options);
    Wire::new(options)
}

async fn ask(wire: &Wire, url: &Url) -> Result<Incoming, TransportError> {
    wire.send(Outgoing { method: Method::GET, url: url.clone(), headers: HeaderMap::new(), body: None }).await
}

async fn read(mut incoming: Incoming) -> Result<Vec<u8>, TransportError> {
    let mut all = Vec::new();
    while let Some(bytes) = incoming.body.next().await? {
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

const LENGTH: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
const EMPTY: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const CLOSES: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";

#[tokio::test]
async fn a_connection_is_used_again_after_the_end_of_an_answer() {
    let (url, count) = server(&[LENGTH, CHUNKED, EMPTY, LENGTH]).await;
    let wire = wire(|_| {});
    for text in ["hello", "hello", "", "hello"] {
        assert_eq!(read(ask(&wire, &url).await.unwrap()).await.unwrap(), text.as_bytes());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_that_was_not_read_ends_its_connection() {
    let (url, count) = server(&[LENGTH, LENGTH, LENGTH]).await;
    let wire = wire(|_| {});
    drop(ask(&wire, &url).await.unwrap());
    let unread = ask(&wire, &url).await.unwrap();
    let beside = ask(&wire, &url).await.unwrap();
    assert_eq!(read(beside).await.unwrap(), b"hello");
    assert_eq!(count.load(Ordering::SeqCst), 3);
    assert_eq!(read(unread).await.unwrap(), b"hello");
    read(ask(&wire, &url).await.unwrap()).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_server_that_closes_idle_connections_goes_unnoticed() {
    for answers in [&[LENGTH][..], &[CLOSES, LENGTH]] {
        let (url, count) = server(answers).await;
        let wire = wire(|_| {});
        for asked in 1..=20 {
            assert_eq!(read(ask(&wire, &url).await.unwrap()).await.unwrap(), b"hello");
            // The end of the connection takes its time; a request that meets it may be lost, which is what the wait is for.
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert_eq!(count.load(Ordering::SeqCst), asked);
        }
    }
}

#[tokio::test]
async fn what_was_idle_for_too_long_is_not_used() {
    let (url, count) = server(&[LENGTH, LENGTH, LENGTH]).await;
    let wire = wire(|options| options.pool_idle = Duration::ZERO);
    for _ in 0..3 {
        read(ask(&wire, &url).await.unwrap()).await.unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let (other, _) = server(&[LENGTH]).await;
    read(ask(&wire, &other).await.unwrap()).await.unwrap();
    assert_eq!(wire.pool.len(), 1, "what nobody uses is forgotten");
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    let (url, _) = server(&["HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"]).await;
    let wire = wire(|options| options.connect_timeout = Duration::from_millis(50));
    assert_eq!(read(ask(&wire, &url).await.unwrap()).await.unwrap_err().trouble, Trouble::Broken);
    // The server waits for more than the greeting of TLS.
    let url = Url::parse(&url.as_str().replace("http:", "https:")).unwrap();
    assert_eq!(ask(&wire, &url).await.unwrap_err().trouble, Trouble::ConnectTimeout);
    let error = ask(&wire, &Url::parse("ftp://a.io/").unwrap()).await.unwrap_err();
    assert_eq!(
        (error.trouble, error.text.as_str()),
        (Trouble::Setup, "its URL has a scheme other than http and https")
    );
}

#[tokio::test]
async fn a_body_goes_out_with_its_length() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://me:p%40ss@{}", listener.local_addr().unwrap())).unwrap();
    let seen = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut all = vec![0; 1024];
        let mut read = 0;
        while !all[..read].ends_with(b"{}") {
            read += stream.read(&mut all[read..]).await.unwrap();
        }
        stream.write_all(LENGTH.as_bytes()).await.unwrap();
        String::from_utf8(all[..read].to_vec()).unwrap()
    });
    let request =
        Outgoing { method: Method::POST, url, headers: HeaderMap::new(), body: Some(Bytes::from_static(b"{}")) };
    assert_eq!(read(wire(|_| {}).send(request).await.unwrap()).await.unwrap(), b"hello");
    let seen = seen.await.unwrap();
    assert!(seen.starts_with("POST / HTTP/1.1\r\n") && seen.contains("content-length: 2\r\n"), "{seen}");
    assert!(seen.contains("authorization: Basic bWU6cEBzcw==\r\n") && seen.contains("host: 127.0.0.1:"), "{seen}");
}

#[test]
fn users_and_passwords_of_urls_are_credentials() {
    let authorization = |url: &str, given: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        if let Some(given) = given {
            headers.insert("authorization", HeaderValue::from_static(given));
        }
        authorize(&Url::parse(url).unwrap(), &mut headers);
        headers.get("authorization").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(authorization("http://a.io/", None), None);
    assert_eq!(authorization("http://me:p%40ss@a.io/", None).as_deref(), Some("Basic bWU6cEBzcw=="));
    assert_eq!(authorization("http://me@a.io/", None).as_deref(), Some("Basic bWU6"));
    assert_eq!(authorization("http://me:p@a.io/", Some("Bearer t")).as_deref(), Some("Bearer t"));
}
