//! A server that speaks TLS, and a proxy.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What was asked, and how many connections were made.
#[derive(Default)]
struct Log {
    requests: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

/// A server for pages of one item, over TLS.
pub(crate) struct TlsServer {
    address: SocketAddr,
    log: Arc<Log>,
}

impl TlsServer {
    /// With the certificate of this name; it offers these protocols. It runs until the test program ends.
    pub(crate) fn start(certificate: &str, protocols: &[&[u8]]) -> Self {
        let acceptor = acceptor(certificate, protocols);
        let log = Arc::new(Log::default());
        let for_server = Arc::clone(&log);
        let address = run(move |stream| {
            let (acceptor, log) = (acceptor.clone(), Arc::clone(&for_server));
            async move {
                *log.connections.lock().unwrap() += 1;
                let Ok(stream) = acceptor.accept(stream).await else { return };
                if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                    http_2(stream, &log).await;
                } else {
                    http_1(stream, &log).await;
                }
            }
        });
        Self { address, log }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Protocol and path of each request.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.log.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.log.connections.lock().unwrap()
    }
}

/// Speaks TLS with the certificate of this name.
fn acceptor(certificate: &str, protocols: &[&[u8]]) -> TlsAcceptor {
    let file = |extension: &str| super::folder().join(format!("{certificate}.{extension}"));
    let chain = vec![CertificateDer::from_pem_file(file("pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// Three pages of one item, or a user.
fn answer(path: &str) -> String {
    if path.starts_with("/v1/users") {
        return r#"{"users":[{"id":1}]}"#.to_owned();
    }
    let page: u64 = path.split_once("page=").map_or(0, |(_, page)| page.parse().unwrap());
    let next = if page < 2 { format!("\"{}\"", page + 1) } else { "null".to_owned() };
    format!(r#"{{"items":[{{"id":{page}}}],"next":{next}}}"#)
}

async fn http_2(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, log: &Log) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let path = request.uri().path_and_query().unwrap().to_string();
        log.requests.lock().unwrap().push(format!("h2 {path}"));
        let mut response = http::Response::new(());
        response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
        let mut body = respond.send_response(response, false).unwrap();
        body.send_data(answer(&path).into(), true).unwrap();
    }
}

async fn http_1(mut stream: impl AsyncRead + AsyncWrite + Unpin, log: &Log) {
    while let Some(head) = head(&mut stream).await {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        log.requests.lock().unwrap().push(format!("http/1.1 {path}"));
        reply(&mut stream, &answer(&path)).await;
    }
}

/// A proxy: it tunnels to this machine, and answers plain requests itself.
pub(crate) struct Proxy {
    address: SocketAddr,
    log: Arc<Log>,
}

impl Proxy {
    pub(crate) fn start() -> Self {
        let log = Arc::new(Log::default());
        let for_proxy = Arc::clone(&log);
        let address = run(move |stream| {
            let log = Arc::clone(&for_proxy);
            async move { forward(stream, &log).await }
        });
        Self { address, log }
    }

    /// One that is itself spoken to over TLS.
    pub(crate) fn start_safe() -> Self {
        let (acceptor, log) = (acceptor("server", &[]), Arc::new(Log::default()));
        let for_proxy = Arc::clone(&log);
        let address = run(move |stream| {
            let (acceptor, log) = (acceptor.clone(), Arc::clone(&for_proxy));
            async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                forward(stream, &log).await;
            }
        });
        Self { address, log }
    }

    /// One that wants other credentials.
    pub(crate) fn start_refusing() -> Self {
        let log = Arc::new(Log::default());
        let for_proxy = Arc::clone(&log);
        let address = run(move |mut stream| {
            let log = Arc::clone(&for_proxy);
            async move {
                let Some(head) = head(&mut stream).await else { return };
                log.requests.lock().unwrap().push(head);
                let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
                let _ = stream.write_all(answer).await;
            }
        });
        Self { address, log }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn url_with(&self, credentials: &str) -> String {
        format!("http://{credentials}@{}", self.address)
    }

    /// The heads of the requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.log.requests.lock().unwrap().clone()
    }
}

/// What a proxy does for one client.
async fn forward(mut stream: impl AsyncRead + AsyncWrite + Unpin, log: &Log) {
    while let Some(head) = head(&mut stream).await {
        let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let tunnel = head.starts_with("CONNECT ");
        log.requests.lock().unwrap().push(head);
        if !tunnel {
            reply(&mut stream, r#"{"users":[{"id":1}]}"#).await;
            continue;
        }
        let mut server = TcpStream::connect(target.replace("localhost", "127.0.0.1")).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        let _ = copy_bidirectional(&mut stream, &mut server).await;
        return;
    }
}

/// Handles each connection to a new port, on a thread of its own.
fn run<F: Future<Output = ()> + Send + 'static>(mut handle: impl FnMut(TcpStream) -> F + Send + 'static) -> SocketAddr {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(handle(stream));
            }
        });
    });
    address
}

/// The head of a request without a body; none at the end of the connection.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

async fn reply(stream: &mut (impl AsyncWrite + Unpin), body: &str) {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(head.as_bytes()).await;
}
