//! What is made of a record before it is compared with its struct: the author's word that records leave otherwise than they came.
//!
//! [`Transform`] is the declaration. A record that is transformed becomes a [`tree`] of slices of its own bytes; `shape` makes
//! one or several records of it, `keys` names their fields, `values` mends what stands in them. Numbers and strings that
//! are not touched keep their bytes.

mod keys;
mod shape;
mod tree;
mod values;

use super::select::steps;
use super::shape::Field;
use crate::cursor::CursorFormat;
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyCase {
    /// `someKey`, `Some Key` and `some-key` become `some_key`.
    Snake,
    /// Letters become small.
    Lower,
}

/// What becomes of an empty value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// It becomes null.
    Null,
    /// It goes, with its key.
    Drop,
}

/// What is made of each record before it is compared with its struct, in the order of the methods here.
///
/// ```
/// use connector_core::record::{Empty, KeyCase, Transform};
/// # fn main() -> connector_core::Result<()> {
/// let lines = Transform::new().explode("lines")?.copy("order_id", "id")?;
/// let items = Transform::new().lift("attributes")?.keys(KeyCase::Snake).empty_strings(Empty::Null).cast();
/// # let _ = (lines, items); Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Transform {
    entries: Option<String>,
    explode: Option<Path>,
    optional: bool,
    copy: Vec<(String, Path)>,
    wrap: Option<String>,
    lift: Vec<Path>,
    flatten: Option<String>,
    rename: Vec<(String, Path)>,
    replace: Vec<(String, String)>,
    keys: Option<KeyCase>,
    empty: values::Empties,
    cast: bool,
    dates: Vec<CursorFormat>,
}

/// A way to a value inside a record.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    text: String,
    steps: Vec<String>,
}

impl Path {
    fn new(text: &str) -> Result<Self> {
        let read: Option<Vec<String>> =
            steps(text).into_iter().map(|step| step.map(|(name, _)| name).filter(|name| !name.is_empty())).collect();
        match read {
            Some(steps) => Ok(Self { text: text.to_owned(), steps }),
            None => {
                let message = format!("the path `{text}` has an empty step; write it like `order.lines`");
                Err(Error::new(ErrorKind::Config, message))
            }
        }
    }
}

impl Transform {
    /// Records stay as they are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The record is an object whose values are the records; their keys stand under this name in them. A list there is several
    /// records, null is none.
    #[must_use]
    pub fn entries(mut self, key: &str) -> Self {
        self.entries = Some(key.to_owned());
        self
    }

    /// Each element of the list at this path becomes a record, which keeps the fields around the list; of two fields of one
    /// name the element's own stays. Null is no element; what is no list is one. A record without the list is an error, unless
    /// it [may be absent](Self::optional).
    ///
    /// # Errors
    /// [`ErrorKind::Config`] for a path with an empty step.
    pub fn explode(mut self, path: &str) -> Result<Self> {
        self.explode = Some(Path::new(path)?);
        Ok(self)
    }

    /// A record may lack the list that is exploded: there are no records in it then.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Of the fields around the list only those that are named so are kept, under names of their own. What an element has
    /// under the same name gives way.
    ///
    /// # Errors
    /// As [`explode`](Self::explode).
    pub fn copy(mut self, name: &str, path: &str) -> Result<Self> {
        self.copy.push((name.to_owned(), Path::new(path)?));
        Ok(self)
    }

    /// What was found stands under this name in the record: an object, or a number or a string, which is no record alone.
    #[must_use]
    pub fn wrap(mut self, name: &str) -> Self {
        self.wrap = Some(name.to_owned());
        self
    }

    /// The fields of the object at this path stand in the record itself, where they replace others of their names.
    ///
    /// # Errors
    /// As [`explode`](Self::explode).
    pub fn lift(mut self, path: &str) -> Result<Self> {
        self.lift.push(Path::new(path)?);
        Ok(self)
    }

    /// Objects within the record become fields of it, whose names are joined by this: `owner_name`. Lists stay.
    #[must_use]
    pub fn flatten(mut self, between: &str) -> Self {
        self.flatten = Some(between.to_owned());
        self
    }

    /// The value at a path becomes a field of the record under another name.
    ///
    /// # Errors
    /// As [`explode`](Self::explode).
    pub fn rename(mut self, name: &str, path: &str) -> Result<Self> {
        self.rename.push((name.to_owned(), Path::new(path)?));
        Ok(self)
    }

    /// A text in all keys, at any depth, is replaced by another.
    #[must_use]
    pub fn replace_in_keys(mut self, from: &str, to: &str) -> Self {
        self.replace.push((from.to_owned(), to.to_owned()));
        self
    }

    /// All keys, at any depth, are written so. Of two that become one, the last stays.
    #[must_use]
    pub fn keys(mut self, case: KeyCase) -> Self {
        self.keys = Some(case);
        self
    }

    /// What becomes of fields that are `""`, at any depth.
    #[must_use]
    pub fn empty_strings(mut self, what: Empty) -> Self {
        self.empty.strings = Some(what);
        self
    }

    /// What becomes of fields that are `[]`.
    #[must_use]
    pub fn empty_lists(mut self, what: Empty) -> Self {
        self.empty.lists = Some(what);
        self
    }

    /// What becomes of fields that are `{}`.
    #[must_use]
    pub fn empty_objects(mut self, what: Empty) -> Self {
        self.empty.objects = Some(what);
        self
    }

    /// Fields that are null go.
    #[must_use]
    pub fn drop_nulls(mut self) -> Self {
        self.empty.nulls = Some(Empty::Drop);
        self
    }

    /// Values become what the struct says where that is beyond doubt: `"12.50"` a number, to the last digit; `12` a string;
    /// `"true"`, `"yes"` and `1` true; a date-time without a zone one in UTC; a value where a list is due a list of one. What
    /// does not become that stays, and does not fit.
    #[must_use]
    pub fn cast(mut self) -> Self {
        self.cast = true;
        self
    }

    /// Dates and date-times of the struct may have this form, too, by the names that cursors have for forms; they leave as
    /// RFC 3339 wants them.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] for a pattern that is none.
    pub fn dates(mut self, format: &str) -> Result<Self> {
        self.dates.push(CursorFormat::parse(format)?);
        Ok(self)
    }
}

/// A transform, and the struct whose records it makes.
#[derive(Clone)]
pub(crate) struct Transformer {
    pub(crate) transform: Arc<Transform>,
    pub(crate) fields: &'static [Field],
}

impl Transformer {
    /// Whether what is no object may become a record.
    pub(crate) fn takes_scalars(&self) -> bool {
        self.transform.wrap.is_some()
    }

    /// The records that a valid JSON value becomes, one after the other.
    pub(crate) fn apply(&self, value: &[u8], emit: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut out = Vec::with_capacity(value.len());
        shape::records(&self.transform, tree::read(value), &mut |mut record| {
            keys::name(&self.transform, &mut record);
            values::mend(&self.transform, self.fields, &mut record);
            out.clear();
            tree::write(&record, &mut out);
            emit(&out)
        })
    }
}

#[cfg(test)]
mod tests;
