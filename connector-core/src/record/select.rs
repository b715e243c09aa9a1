//! Where the records are in a body.

use crate::error::{Error, ErrorKind, Result};

/// The way to the records: `""` (the body itself), `orders`, `data.items`, `data.*.rows`.
///
/// `*` stands for each element of a list or each value of an object. A backslash takes a dot, a star or a backslash of a
/// name as it is. At the end stands a list of records, or one record. Of [several ways](Self::any) those count that a body has.
///
/// ```
/// use connector_core::record::Selector;
/// assert_eq!(Selector::new("data.*.rows")?.to_string(), "data.*.rows");
/// assert!(Selector::new("data..rows").is_err());
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The places that the ways go through; the body itself is the first.
    places: Vec<Place>,
    text: String,
    optional: bool,
    several: bool,
}

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// The steps from here, and the places that they lead to.
    pub(crate) steps: Vec<(Segment, usize)>,
    /// Records are here.
    pub(crate) end: bool,
    /// The way here in words: `data.*.rows`.
    text: String,
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
        Self::any(&[path])
    }

    /// Reads several paths: records stand at each of them that a body has. That it has none of them is an error.
    ///
    /// ```
    /// use connector_core::record::Selector;
    /// assert_eq!(Selector::any(&["items", "data.items"])?.to_string(), "items` or `data.items");
    /// # Ok::<(), connector_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn any<T: AsRef<str>>(paths: &[T]) -> Result<Self> {
        let texts: Vec<&str> = paths.iter().map(AsRef::as_ref).collect();
        let mut selector = Self {
            places: vec![Place::default()],
            text: texts.join("` or `"),
            optional: false,
            several: paths.len() > 1,
        };
        for path in texts {
            let mut at = 0;
            for segment in segments(path)? {
                at = selector.step(at, segment);
            }
            if let Some(place) = selector.places.get_mut(at) {
                place.end = true;
            }
        }
        Ok(selector)
    }

    /// The place behind a step, which may be new.
    fn step(&mut self, at: usize, segment: Segment) -> usize {
        let new = self.places.len();
        let Some(place) = self.places.get_mut(at) else { return at };
        if let Some((_, known)) = place.steps.iter().find(|(known, _)| *known == segment) {
            return *known;
        }
        let name = if let Segment::Field(name) = &segment { name } else { "*" };
        let text = if place.text.is_empty() { name.to_owned() } else { format!("{}.{name}", place.text) };
        place.steps.push((segment, new));
        self.places.push(Place { text, ..Place::default() });
        new
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

    /// A place by its number.
    pub(crate) fn place(&self, at: usize) -> Option<&Place> {
        self.places.get(at)
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
        if self.places.first().is_some_and(|body| body.end && body.steps.is_empty()) {
            return (names.len() == 1, names.is_empty());
        }
        let mut at = 0;
        for name in names {
            let steps = self.places.get(at).map_or(&[][..], |place| &place.steps);
            let named = steps.iter().find(|(step, _)| matches!(step, Segment::Field(field) if field == name));
            match named.or_else(|| steps.iter().find(|(step, _)| *step == Segment::Each)) {
                Some((_, to)) => at = *to,
                None => return (false, false),
            }
        }
        let is_end = |at: usize| self.places.get(at).is_some_and(|place| place.end);
        (is_end(at), self.places.get(at).is_some_and(|place| place.steps.iter().any(|(_, to)| is_end(*to))))
    }

    /// The names that lead to the records, where there is one way that goes through nothing else.
    ///
    /// ```
    /// use connector_core::record::Selector;
    /// assert_eq!(Selector::new("data.items")?.names(), Some(vec!["data", "items"]));
    /// assert_eq!(Selector::new("data.*.items")?.names(), None);
    /// # Ok::<(), connector_core::Error>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> Option<Vec<&str>> {
        let (mut names, mut at) = (Vec::new(), 0);
        loop {
            let place = self.places.get(at)?;
            match (place.steps.as_slice(), place.end) {
                ([], true) => return Some(names),
                ([(Segment::Field(name), to)], false) => {
                    names.push(name.as_str());
                    at = *to;
                }
                _ => return None,
            }
        }
    }

    /// Whether there are several ways.
    pub(crate) fn is_several(&self) -> bool {
        self.several
    }

    /// The way to a place in words: `` `data.items` ``, or `the body`.
    pub(crate) fn words(&self, at: usize) -> String {
        match self.places.get(at) {
            Some(place) if !place.text.is_empty() => format!("`{}`", place.text),
            _ => "the body".to_owned(),
        }
    }
}

fn segments(path: &str) -> Result<Vec<Segment>> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let segment = |step: Option<(String, bool)>| match step {
        Some((name, false)) if name == "*" => Ok(Segment::Each),
        Some((name, _)) if !name.is_empty() => Ok(Segment::Field(name)),
        _ => {
            let message = format!("the records path `{path}` has an empty step; write it like `data.items`");
            Err(Error::new(ErrorKind::RecordsPath, message))
        }
    };
    steps(path).into_iter().map(segment).collect()
}

/// A name as one step of a path, whatever is in it: `a\.b`.
///
/// ```
/// assert_eq!(connector_core::record::path_step("a.b*"), r"a\.b\*");
/// ```
#[must_use]
pub fn path_step(name: &str) -> String {
    let mut step = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '.' | '*' | '\\') {
            step.push('\\');
        }
        step.push(c);
    }
    step
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
        assert_eq!(segments("").unwrap(), []);
        assert_eq!(segments("a.*.b").unwrap(), [field("a"), Segment::Each, field("b")]);
        assert_eq!(segments(r"a\.b.\*").unwrap(), [field("a.b"), field("*")]);
        assert_eq!(segments(&path_step(r"a.b*\")).unwrap(), [field(r"a.b*\")]);
        for bad in [".", "a.", ".a", "a..b", r"a\"] {
            assert_eq!(Selector::new(bad).unwrap_err().kind(), ErrorKind::RecordsPath, "{bad}");
        }
    }
}
