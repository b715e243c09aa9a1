//! What a source's impls delegate to.

use connector_core::lock::{CatalogLock, LockFault};
use connector_core::{Connector, Error, ErrorKind, Result, Source, SourceInfo};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::TextValue;
use crate::Auth;

/// The constant facts of a source.
#[must_use]
pub const fn source_info(
    name: &'static str,
    version: &'static str,
    doc: &'static str,
    documentation_url: Option<&'static str>,
) -> SourceInfo {
    SourceInfo { name, version, doc, documentation_url }
}

/// The config's schema as schemars makes it, in draft 7.
#[must_use]
pub fn config_schema<C: JsonSchema>() -> Value {
    schemars::generate::SchemaSettings::draft07().into_generator().into_root_schema_for::<C>().to_value()
}

/// The config as a typed value.
///
/// # Errors
/// [`ErrorKind::Config`] with serde's reason; the driver has checked the config against its schema before, and masks secrets.
pub fn from_config<C: DeserializeOwned>(config: &Value) -> Result<C> {
    C::deserialize(config).map_err(|error| Error::new(ErrorKind::Config, format!("the config does not fit: {error}")))
}

/// A base URL that is a text, or a value of the config.
///
/// # Errors
/// None: what is no URL is told by the client, which knows whose it is.
pub fn base_url<T: TextValue + ?Sized>(url: &T) -> Result<String> {
    let mut text = String::new();
    url.write(&mut text);
    Ok(text)
}

/// An authenticator, whatever its builder is.
#[must_use]
pub fn into_auth(auth: impl Into<Auth>) -> Auth {
    auth.into()
}

/// Compares a source's catalog with its lock: the test that `catalog_lock` makes.
///
/// # Errors
/// The catalog is other than the lock says, or there is no lock that can be read.
pub fn catalog_lock<S: Source>(package: &str, file: &str) -> Result<(), LockFault> {
    CatalogLock::in_package(package, file).verify(&Connector::of::<S>().discover())
}

/// What may stand as a certificate authority.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no PEM text",
    note = "a `String`, a `&str`, a `Secret` or an option of one can be"
)]
pub trait PemText {
    /// The text; empty where there is none.
    fn text(&self) -> &str;
}

impl PemText for str {
    fn text(&self) -> &str {
        self
    }
}

impl PemText for String {
    fn text(&self) -> &str {
        self
    }
}

impl PemText for connector_core::Secret {
    fn text(&self) -> &str {
        self.expose()
    }
}

impl<T: PemText> PemText for Option<T> {
    fn text(&self) -> &str {
        self.as_ref().map_or("", PemText::text)
    }
}

impl<T: PemText + ?Sized> PemText for &T {
    fn text(&self) -> &str {
        T::text(self)
    }
}

/// The bytes of a certificate authority.
#[must_use]
pub fn pem<T: PemText + ?Sized>(text: &T) -> Vec<u8> {
    text.text().trim().as_bytes().to_vec()
}
