//! What is wrong with a JSON text, and where: one word in the hot loops, a sentence when it is reported.

use std::fmt;

/// The walk stopped; the [`Fault`] kept beside it says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

/// The place after what was read, or a stop.
pub(crate) type Step = std::result::Result<usize, Stop>;

/// What is wrong at a place of a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// The bytes end inside a value.
    Truncated,
    /// Something else was due: what.
    Expected(&'static str),
    /// A control character stands in a string unescaped.
    Control,
    /// A backslash is followed by what is no escape.
    Escape,
    /// A number that JSON does not know (`01`, `1.`, `+1`, `.5`).
    Number,
    /// Objects and lists are nested too deeply.
    Depth,
    /// The bytes are not UTF-8.
    Utf8,
    /// More bytes follow where the value has ended.
    Trailing,
}

/// A fault and the byte at which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) what: What,
}

/// Objects and lists nested deeper than this are refused.
pub(crate) const MAX_DEPTH: u32 = 128;

impl Fault {
    /// The fault in words, with what stands there.
    pub(crate) fn describe(self, bytes: &[u8]) -> String {
        let found = Found(bytes.get(self.at..).unwrap_or_default());
        match self.what {
            What::Truncated => "it ends in the middle of a value (truncated)".to_owned(),
            What::Expected(due) => format!("expected {due}, found {found}"),
            What::Control => format!("a control character stands unescaped in a string: {found}"),
            What::Escape => format!("no escape of JSON: {found}"),
            What::Number => format!("no number of JSON: {found}"),
            What::Depth => format!("objects and lists are nested deeper than {MAX_DEPTH}"),
            What::Utf8 => format!("the bytes are not UTF-8: {found}"),
            What::Trailing => format!("the value has ended, but more follows: {found}"),
        }
    }
}

/// The next few bytes of a text, readable.
pub(crate) struct Found<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the end");
        }
        let (shown, more) = match self.0.split_at_checked(24) {
            Some((head, tail)) if !tail.is_empty() => (head, true),
            _ => (self.0, false),
        };
        f.write_str("`")?;
        for chunk in shown.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c.is_control() { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
            }
            // A character that the cut above has split is no fault of the text.
            if !more || !chunk.valid().is_empty() || chunk.invalid().len() == shown.len() {
                for byte in chunk.invalid() {
                    write!(f, "\\x{byte:02x}")?;
                }
            }
        }
        f.write_str(if more { "…`" } else { "`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_due_and_what_is_there() {
        let fault = Fault { at: 5, what: What::Expected("`,` or `}`") };
        assert_eq!(fault.describe(b"{\"a\":NaN}"), "expected `,` or `}`, found `NaN}`");
        assert_eq!(Fault { at: 9, ..fault }.describe(b"{\"a\":NaN}"), "expected `,` or `}`, found the end");
        assert_eq!(Found(b"\xff\x01x").to_string(), "`\\xff\\u{1}x`");
        assert_eq!(Found(&[b'x'; 30]).to_string(), format!("`{}…`", "x".repeat(24)));
    }
}
