//! The lock of a catalog: a file beside the source that says what its readers rely on.
//!
//! A connector commits `catalog.lock.json`; one test compares it with the catalog that the connector's constants make. Any
//! change has to be written into the file, so that it shows in review; a breaking one, which takes something away from
//! those who read the output, wants a word of its own.
//!
//! `change` says what a change is, `compare` and `schema` find the changes between two catalogs, `file` keeps the lock.
//!
//! ```
//! use connector_core::lock::{Impact, changes};
//! use connector_core::protocol::Catalog;
//!
//! let catalog = |fields: &str| -> Catalog {
//!     let stream = format!(r#"{{"name":"users","json_schema":{{"properties":{fields}}},"supported_sync_modes":["full_refresh"]}}"#);
//!     serde_json::from_str(&format!(r#"{{"streams":[{stream}]}}"#)).unwrap()
//! };
//! let (old, new) = (catalog(r#"{"id":{"type":"integer"}}"#), catalog("{}"));
//! let found = changes(&old, &new);
//! assert_eq!((found[0].impact, found[0].to_string().as_str()), (Impact::Breaking, "users.id: the field is gone"));
//! assert_eq!(changes(&new, &old)[0].impact, Impact::Addition);
//! ```

mod change;
mod compare;
mod file;
mod schema;

pub use change::{Change, Impact};
pub use compare::changes;
pub use file::{CatalogLock, LockFault, UPDATE};
