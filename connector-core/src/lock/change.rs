//! What a change of a catalog is, and whom it concerns.

use std::fmt;

/// What a change means for those who read the output, in the manner of semantic versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Words and order only: a patch.
    None,
    /// Something that was not there before: a minor version.
    Addition,
    /// Something that a table, a state or a configured catalog relies on is gone or other than it was: a major version.
    Breaking,
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no impact",
            Self::Addition => "addition",
            Self::Breaking => "breaking",
        })
    }
}

/// One difference between two catalogs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it means.
    pub impact: Impact,
    /// The stream, and the field if it is one of a field: `orders.customer.id`, `orders.lines[].price`.
    pub place: String,
    /// What is other than it was, in words.
    pub what: String,
}

impl Change {
    pub(super) fn new(impact: Impact, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { impact, place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
