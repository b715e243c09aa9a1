//! Which cryptography and which certificates: the one place that knows.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::stream::Stream;
use super::{WireOptions, fault};
use crate::transport::{TransportError, Trouble};

/// Whose certificate authorities are trusted. Certificates are verified in any case; there is no way to switch that off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Roots {
    /// The system's; the bundled ones where it has no store (a container built from nothing).
    #[default]
    Found,
    /// The system's; none where it has no store.
    System,
    /// The bundled ones (Mozilla's program), whatever the system has.
    Bundled,
}

/// Where Linux systems and the BSDs keep their certificates.
const STORES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/ssl/certs",
];

/// Whether the system has a store of certificates; a container built from nothing has none.
fn has_system_store() -> bool {
    if cfg!(any(target_os = "macos", target_os = "ios", target_os = "windows", target_os = "android")) {
        return true;
    }
    let named = |variable| std::env::var_os(variable).is_some_and(|path| !path.is_empty());
    named("SSL_CERT_FILE") || named("SSL_CERT_DIR") || STORES.iter().any(|path| is_filled(Path::new(path)))
}

fn is_filled(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()),
        Ok(found) => found.len() > 0,
        Err(_) => false,
    }
}

/// Makes connections safe.
pub(super) struct Tls {
    server: TlsConnector,
    /// For proxies: HTTP/2 is not offered to them.
    proxy: TlsConnector,
}

impl Tls {
    /// Reads the certificates that are trusted.
    pub(super) fn new(options: &WireOptions) -> Result<Self, TransportError> {
        // A program that embeds us may have installed other cryptography.
        let provider = CryptoProvider::get_default().map(Arc::clone);
        let provider = provider.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TransportError::new(Trouble::Setup, format!("TLS cannot be spoken: {error}")))?
            .with_root_certificates(trusted(options)?)
            .with_no_client_auth();
        let proxy = TlsConnector::from(Arc::new(config.clone()));
        if cfg!(feature = "http2") {
            config.alpn_protocols.push(b"h2".to_vec());
        }
        config.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(Self { server: TlsConnector::from(Arc::new(config)), proxy })
    }

    pub(super) async fn to_server<S: Stream>(&self, name: &str, stream: S) -> Result<TlsStream<S>, TransportError> {
        shake_hands(&self.server, name, stream).await
    }

    pub(super) async fn to_proxy<S: Stream>(&self, name: &str, stream: S) -> Result<TlsStream<S>, TransportError> {
        shake_hands(&self.proxy, name, stream).await
    }
}

async fn shake_hands<S: Stream>(tls: &TlsConnector, name: &str, stream: S) -> Result<TlsStream<S>, TransportError> {
    let name = ServerName::try_from(name.to_owned())
        .map_err(|error| TransportError::new(Trouble::Setup, format!("its host has no name for TLS: {error}")))?;
    tls.connect(name, stream).await.map_err(|error| fault::unsafe_connection(&error))
}

/// The certificate authorities that are trusted.
fn trusted(options: &WireOptions) -> Result<RootCertStore, TransportError> {
    let refused = |why: &str| TransportError::new(Trouble::Setup, why);
    let mut store = RootCertStore::empty();
    for pem in options.root_certificates.iter().filter(|pem| !pem.is_empty()) {
        for certificate in from_pem(pem)? {
            store.add(certificate).map_err(|_| refused("the certificate authority given is no certificate"))?;
        }
    }
    let bundled = match options.roots {
        Roots::Bundled => true,
        Roots::System => false,
        Roots::Found => !has_system_store(),
    };
    if bundled {
        store.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    } else {
        // What cannot be read there is not trusted, and nothing else.
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if store.is_empty() {
        return Err(refused("the system has no certificate authorities"));
    }
    Ok(store)
}

/// The certificates of a PEM text.
fn from_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TransportError::new(Trouble::Setup, "the certificate authority given is no PEM certificate")),
    }
}
