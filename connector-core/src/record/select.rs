//! Where the records are in a body.

use crate::error::{Error, ErrorKind, Result};

/// The way to the records: `""` (the body itself), `orders`, `data.items`, `data.*.rows`.
///
/// `*` stands for each element of a list or each value of an object. A backslash takes a dot, a star or a backslash of a
/// name as it is. At the end stands a list of records, or one record.
///
/// ```
/// use connector_core::record::Selector;
/// assert_eq!(Selector::new("data.*.rows")?.to_string(), "data.*.rows");
/// assert!(Selector::new("data..rows").is_err());
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    segments: Vec<Segment>,
    text: String,
    optional: bool,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// The member of this name.
    Field(String),
    /// Each element or value.
    Each,
}

impl Selector {
    /// Reads a path.
    ///
    /// # Errors
    /// [`ErrorKind::RecordsPath`] for an empty step (`data..rows`) and for a backslash at the end.
    pub fn new(path: &str) -> Result<Self> {
        let mut segments = Vec::new();
        if !path.is_empty() {
            for step in steps(path) {
                segments.push(match step {
                    Some(step) if step.0 == "*" && !step.1 => Segment::Each,
                    Some((name, _)) if !name.is_empty() => Segment::Field(name),
                    _ => {
                        let message =
                            format!("the records path `{path}` has an empty step; write it like `data.items`");
                        return Err(Error::new(ErrorKind::RecordsPath, message));
                    }
                });
            }
        }
        Ok(Self { segments, text: path.to_owned(), optional: false })
    }

    /// The records may be missing or null: then there are none. Without this, that is an error.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Whether the records may be missing.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// For formats in which a list is a repetition (XML): whether these names, the outermost first, lead to a record, and whether
    /// to what has the records in it. The empty path leads to the outermost.
    ///
    /// ```
    /// use connector_core::record::Selector;
    /// let items = Selector::new("rss.*.item")?;
    /// assert_eq!(items.is_at(&["rss", "channel"]), (false, true));
    /// assert_eq!(items.is_at(&["rss", "channel", "item"]), (true, false));
    /// assert_eq!(Selector::new("")?.is_at(&["rss"]), (true, false));
    /// # Ok::<(), connector_core::Error>(())
    /// ```
    #[must_use]
    pub fn is_at(&self, names: &[&str]) -> (bool, bool) {
        let steps: &[Segment] = if self.segments.is_empty() { &[Segment::Each] } else { &self.segments };
        let same = names.len() <= steps.len()
            && names.iter().zip(steps).all(|(name, step)| match step {
                Segment::Field(field) => field == name,
                Segment::Each => true,
            });
        (same && names.len() == steps.len(), same && names.len() + 1 == steps.len())
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The first steps in words: `` `data.items` ``, or `the body`.
    pub(crate) fn words(&self, steps: usize) -> String {
        if steps == 0 {
            return "the body".to_owned();
        }
        let names = self.segments.iter().take(steps).map(|segment| match segment {
            Segment::Field(name) => name.as_str(),
            Segment::Each => "*",
        });
        format!("`{}`", names.collect::<Vec<_>>().join("."))
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// The steps of a dotted path, and whether something was taken as it is; nothing for a backslash at the end.
pub(crate) fn steps(path: &str) -> Vec<Option<(String, bool)>> {
    let mut steps = Vec::new();
    let (mut step, mut literal) = (String::new(), false);
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '.' => steps.push(Some((std::mem::take(&mut step), std::mem::take(&mut literal)))),
            '\\' => match chars.next() {
                Some(c) => {
                    step.push(c);
                    literal = true;
                }
                None => return vec![None],
            },
            c => step.push(c),
        }
    }
    steps.push(Some((step, literal)));
    steps
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_are_read() {
        let field = |name: &str| Segment::Field(name.to_owned());
        assert_eq!(Selector::new("").unwrap().segments, []);
        assert_eq!(Selector::new("a.*.b").unwrap().segments, [field("a"), Segment::Each, field("b")]);
        assert_eq!(Selector::new(r"a\.b.\*").unwrap().segments, [field("a.b"), field("*")]);
        for bad in [".", "a.", ".a", "a..b", r"a\"] {
            assert_eq!(Selector::new(bad).unwrap_err().kind(), ErrorKind::RecordsPath, "{bad}");
        }
    }
}
