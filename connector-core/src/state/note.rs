//! What was noticed when a state came in; the engine logs each note once.

use std::fmt;

/// Something about an incoming state that the operator should know. `Display` is the sentence to log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// It is what a full refresh leaves behind; the stream starts anew.
    FullRefresh {
        /// What was found.
        found: String,
    },
    /// It has the cursor's key, but no value; the stream starts anew.
    Empty {
        /// What was found.
        found: String,
    },
    /// It was written by the Python framework in a form of several parts, and taken over.
    Python {
        /// Which form.
        form: &'static str,
    },
    /// The configured start lies before what the ranges of the state begin with; the stream starts there again.
    EarlierStart,
    /// The stream has no cursor, so the state is not used.
    Unused {
        /// What was found.
        found: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FullRefresh { found } => {
                write!(f, "the state {found} is what a full refresh leaves; the stream is read from its start")
            }
            Self::Empty { found } => write!(f, "the state {found} has no value; the stream is read from its start"),
            Self::Python { form } => write!(f, "took over the Python framework's {form} state"),
            Self::EarlierStart => {
                f.write_str("the configured start is earlier than what the state covers; the stream is read from there")
            }
            Self::Unused { found } => write!(f, "the stream has no cursor; the state {found} is not used"),
        }
    }
}

/// A document as messages show it: cut, because it may be large.
pub(super) fn shown(document: &serde_json::Value) -> String {
    const SHOWN: usize = 160;
    let text = document.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
