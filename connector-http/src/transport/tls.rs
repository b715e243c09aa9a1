//! Which cryptography and which certificates: the one place that knows.

use std::path::Path;

use reqwest::Certificate;

use super::{TransportError, Trouble};

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

/// Makes ring the process's provider, unless a program has installed another one before.
pub(super) fn install_provider() {
    // An error says that one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
pub(super) fn has_system_store() -> bool {
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

/// The bundled roots of Mozilla's program.
pub(super) fn bundled_roots() -> Result<Vec<Certificate>, TransportError> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|der| Certificate::from_der(der))
        .collect::<Result<_, _>>()
        .map_err(|error| {
            TransportError::new(Trouble::Setup, format!("a bundled certificate is unreadable: {}", error.without_url()))
        })
}

/// The certificates of a PEM text.
pub(super) fn from_pem(pem: &[u8]) -> Result<Vec<Certificate>, TransportError> {
    match Certificate::from_pem_bundle(pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TransportError::new(Trouble::Setup, "the certificate authority given is no PEM certificate")),
    }
}
