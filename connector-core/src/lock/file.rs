//! The file of a lock, and the test that a connector runs over it.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use super::compare::written;
use super::{Change, Impact, changes};
use crate::protocol::Catalog;

/// The environment variable that has the lock written anew: `additions` takes all but breaking changes, `breaking` takes
/// those, too.
pub const UPDATE: &str = "CATALOG_LOCK";

/// What may be written into a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    Nothing,
    Additions,
    Everything,
}

/// A lock file of a source's catalog.
///
/// `#[source(catalog_lock = "catalog.lock.json")]` writes this test:
///
/// ```no_run
/// # struct Example;
/// # fn test<S: connector_core::Source>() -> Result<(), connector_core::lock::LockFault> {
/// use connector_core::{Connector, lock::CatalogLock};
///
/// CatalogLock::in_package(env!("CARGO_MANIFEST_DIR"), "catalog.lock.json").verify(&Connector::of::<S>().discover())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CatalogLock {
    path: PathBuf,
    update: Option<String>,
}

impl CatalogLock {
    /// The lock in a file of a package, by its path from the package's folder. Whether it may be written is read from
    /// the environment ([`UPDATE`]).
    #[must_use]
    pub fn in_package(package: &str, file: &str) -> Self {
        Self { path: PathBuf::from(package).join(file), update: std::env::var(UPDATE).ok() }
    }

    /// The same, with another value in the place of the environment's.
    #[must_use]
    pub fn with_update(mut self, update: Option<&str>) -> Self {
        self.update = update.map(str::to_owned);
        self
    }

    /// Compares the lock with the catalog as it is.
    ///
    /// # Errors
    /// There is no lock yet, it cannot be read, or the catalog is other than it says.
    pub fn verify(&self, catalog: &Catalog) -> Result<(), LockFault> {
        let update = self.update()?;
        let locked = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if update != Update::Nothing {
                    return self.write(catalog);
                }
                return Err(self.fault(Vec::new(), "the catalog has no lock yet", "additions"));
            }
            Err(error) => return Err(self.unreadable(&error)),
        };
        let locked: Catalog = match serde_json::from_str(&locked) {
            Ok(locked) => locked,
            Err(_) if update == Update::Everything => return self.write(catalog),
            Err(error) => return Err(self.unreadable(&error)),
        };
        let changes = changes(&locked, catalog);
        let Some(worst) = changes.iter().map(|change| change.impact).max() else { return Ok(()) };
        match (worst, update) {
            (_, Update::Everything) | (Impact::None | Impact::Addition, Update::Additions) => self.write(catalog),
            (Impact::Breaking, _) => {
                let text = "the catalog breaks what its lock promises to those who read it";
                Err(self.fault(changes, text, "breaking"))
            }
            _ => Err(self.fault(changes, "the catalog is not what its lock says", "additions")),
        }
    }

    fn update(&self) -> Result<Update, LockFault> {
        match self.update.as_deref() {
            None | Some("") => Ok(Update::Nothing),
            Some("additions") => Ok(Update::Additions),
            Some("breaking") => Ok(Update::Everything),
            Some(other) => Err(LockFault {
                changes: Vec::new(),
                text: format!("{UPDATE}={other} says nothing: it is `additions` or `breaking`"),
            }),
        }
    }

    fn write(&self, catalog: &Catalog) -> Result<(), LockFault> {
        fs::write(&self.path, written(catalog)).map_err(|error| LockFault {
            changes: Vec::new(),
            text: format!("the lock `{}` cannot be written: {error}", self.path.display()),
        })
    }

    fn unreadable(&self, error: &dyn fmt::Display) -> LockFault {
        let text = format!(
            "the lock `{}` cannot be read: {error}\n{UPDATE}=breaking cargo test writes it anew",
            self.path.display()
        );
        LockFault { changes: Vec::new(), text }
    }

    fn fault(&self, mut changes: Vec<Change>, what: &str, word: &str) -> LockFault {
        changes.sort_by_key(|change| std::cmp::Reverse(change.impact));
        let mut text = format!("{what} (`{}`)\n", self.path.display());
        for change in &changes {
            text.push_str(&format!("  {}: {change}\n", change.impact));
        }
        if word == "breaking" {
            text.push_str("if that is meant, it is a new major version of the source; ");
        }
        text.push_str(&format!("{UPDATE}={word} cargo test writes the lock anew; commit it"));
        LockFault { changes, text }
    }
}

/// Why a lock does not hold. `Debug`, which a failing test prints, is the text for people.
#[derive(Clone, PartialEq, Eq)]
pub struct LockFault {
    changes: Vec<Change>,
    text: String,
}

impl LockFault {
    /// The changes, breaking ones first; none where the lock could not be compared.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What the catalog as it is means for those who read it; nothing where the lock could not be compared.
    #[must_use]
    pub fn impact(&self) -> Option<Impact> {
        self.changes.iter().map(|change| change.impact).max()
    }
}

impl fmt::Display for LockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for LockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for LockFault {}
