//! Slices: a partition and a window of the cursor.

use std::fmt;
use std::sync::Arc;

use crate::cursor::{CursorValue, Window};
use crate::state::PartitionKey;
use crate::stream::FieldPath;

/// What is read in one go: the unit of concurrency, of retry and of state.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The partition: one for a stream without partitions.
    pub partition: Arc<Partition>,
    /// The part of the cursor's range; both ends open for a stream without a cursor.
    pub window: Window,
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.partition)?;
        if self.window.start.is_some() || self.window.end.is_some() {
            if !self.partition.is_root() {
                f.write_str(" ")?;
            }
            match (&self.window.start, &self.window.end) {
                (Some(start), Some(end)) => write!(f, "{}{} to {}", start.to_text(), second(start), end.to_text())?,
                (Some(start), None) => write!(f, "since {}{}", start.to_text(), second(start))?,
                (None, Some(end)) => write!(f, "until {}", end.to_text())?,
                (None, None) => {}
            }
        }
        Ok(())
    }
}

/// The second part of a bound, where there is one.
fn second(start: &CursorValue) -> String {
    start.then().map(|then| format!(" and {}", then.to_text())).unwrap_or_default()
}

/// A value's name (the path of a parent's field, or one word) and its JSON bytes.
type Named = (Box<[&'static str]>, Box<[u8]>);

/// Names and their values, as JSON bytes.
pub type NamedValues = Vec<(&'static str, Vec<u8>)>;

/// What stands before the name of a value that divides a parent's record, so that it is no field of the record.
const NAMED: &str = "";

/// What stands before the name of a second parent's field, and of what tells that parent's partitions apart.
const SECOND: [&str; 2] = ["second_parent", "second_parent.parent"];

/// The values that tell one partition from the others: fields of a parent's record, or items of lists.
///
/// Values are kept as the JSON bytes they came as.
///
/// ```
/// use connector_core::stream::Partition;
/// let partition = Partition::new(vec![(vec!["region"], br#""eu""#.to_vec())]);
/// assert_eq!(partition.get(0, &["region"]), Some(&br#""eu""#[..]));
/// assert_eq!(partition.to_string(), r#"region="eu""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    values: Box<[Named]>,
    /// How many of the values, from the first, tell this partition from others; the rest is carried for sub-streams below.
    identity: usize,
    parent: Option<Arc<Partition>>,
}

impl Partition {
    /// The one partition of a stream that has none.
    #[must_use]
    pub fn root() -> Arc<Self> {
        Arc::new(Self { values: Box::default(), identity: 0, parent: None })
    }

    /// A partition of named values, each as JSON bytes.
    #[must_use]
    pub fn new(values: Vec<(Vec<&'static str>, Vec<u8>)>) -> Self {
        let identity = values.len();
        let values = values.into_iter().map(|(path, value)| (path.into(), value.into())).collect();
        Self { values, identity, parent: None }
    }

    /// The partition of a sub-stream that one record of its parent makes. The first names are those of the texts, the others those
    /// of the record's values.
    pub(crate) fn of_record(
        names: &[Box<[&'static str]>],
        texts: &[Box<[u8]>],
        values: Vec<Box<[u8]>>,
        identity: usize,
        parent: &Arc<Partition>,
    ) -> Self {
        let values = names.iter().cloned().zip(texts.iter().cloned().chain(values)).collect();
        let parent = (!parent.is_root()).then(|| Arc::clone(parent));
        Self { values, identity, parent }
    }

    /// The pair with a record of the stream's second parent, whose values stand beside its own.
    pub(crate) fn paired(&self, second: &Self) -> Self {
        let (own, rest) = self.values.split_at(self.identity.min(self.values.len()));
        let others = second.identity().map(|(level, path, value)| -> Named {
            let place = if level == 0 { SECOND[0] } else { SECOND[1] };
            ([NAMED, place].into_iter().chain(path.iter().copied()).collect(), value.into())
        });
        let mut values: Vec<Named> = own.iter().cloned().chain(others).collect();
        let identity = values.len();
        values.extend(rest.iter().cloned());
        Self { values: values.into(), identity, parent: self.parent.clone() }
    }

    /// The JSON bytes of a field of the second parent's record.
    #[must_use]
    pub fn second(&self, path: &[&str]) -> Option<&[u8]> {
        let is = |name: &[&str]| {
            name.split_first_chunk().is_some_and(|(begin, rest)| *begin == [NAMED, SECOND[0]] && rest == path)
        };
        self.values.iter().find(|(name, _)| is(name)).map(|(_, value)| &**value)
    }

    /// The name under which a text of a parent is kept, so that it is no field of its records.
    pub(crate) fn name_of(text: &'static str) -> Box<[&'static str]> {
        Box::new([NAMED, text])
    }

    /// A part of the partition: with these values beside its own, without those that held them.
    pub(crate) fn divided(&self, named: NamedValues, lists: &[FieldPath]) -> Self {
        let own = named.into_iter().map(|(name, value)| -> Named { (Self::name_of(name), value.into()) });
        let mut values: Vec<Named> = own.collect();
        let stays = |(path, _): &&Named| !lists.contains(&&**path);
        let identity = values.len() + self.values[..self.identity].iter().filter(stays).count();
        values.extend(self.values.iter().filter(stays).cloned());
        Self { values: values.into(), identity, parent: self.parent.clone() }
    }

    /// Whether both are made of records of one partition of the parent; of several parents, of those with the same texts.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.parent == other.parent && self.texts().eq(other.texts())
    }

    fn texts(&self) -> impl Iterator<Item = &Named> {
        self.values.iter().take_while(|(path, _)| path.first() == Some(&NAMED))
    }

    /// Several as one: each value of a record is the list of theirs, in their order.
    pub(crate) fn grouped(members: &[Arc<Self>]) -> Option<Self> {
        let first = members.first()?;
        let list = |at: usize| {
            let mut list = vec![b'['];
            for member in members {
                if list.len() > 1 {
                    list.push(b',');
                }
                list.extend_from_slice(member.values.get(at).map_or(b"null", |(_, value)| value));
            }
            list.push(b']');
            list
        };
        let texts = first.texts().count();
        let values = first
            .values
            .iter()
            .enumerate()
            .map(|(at, (path, text))| (path.clone(), if at < texts { text.clone() } else { list(at).into() }));
        Some(Self { values: values.collect(), identity: first.identity, parent: first.parent.clone() })
    }

    /// A named value of the stream's own division: of its list, of what its parent's record is divided by, or of what tells the
    /// records of one parent from those of another.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        self.get(0, &[NAMED, name]).or_else(|| self.get(0, &[name]))
    }

    /// Whether this is the one partition of a stream that has none.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.values.is_empty() && self.parent.is_none()
    }

    /// The JSON bytes of a value: level 0 is the partition's own (or its parent record's), 1 the parent's partition, and so on.
    #[must_use]
    pub fn get(&self, level: usize, path: &[&str]) -> Option<&[u8]> {
        let mut partition = self;
        for _ in 0..level {
            partition = partition.parent.as_deref()?;
        }
        partition.values.iter().find(|(name, _)| **name == *path).map(|(_, value)| &**value)
    }

    /// Its identity in the state.
    pub(crate) fn key(&self) -> PartitionKey {
        let levels = std::iter::successors(Some(self), |partition| partition.parent.as_deref());
        PartitionKey::new(levels.map(|level| level.values[..level.identity].iter().map(|(_, value)| &**value)))
    }

    /// The values that identify it, nearest level first, as `(level, path, JSON bytes)`.
    pub fn identity(&self) -> impl Iterator<Item = (usize, &[&'static str], &[u8])> {
        let levels = std::iter::successors(Some(self), |partition| partition.parent.as_deref()).enumerate();
        levels.flat_map(|(level, partition)| {
            let own = &partition.values[..partition.identity];
            own.iter().map(move |(path, value)| (level, &**path, &**value))
        })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (level, path, value)) in self.identity().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            for _ in 0..level {
                f.write_str("parent.")?;
            }
            let value = String::from_utf8_lossy(value);
            write!(f, "{}={}", path.join(".").trim_start_matches('.'), value)?;
        }
        Ok(())
    }
}
