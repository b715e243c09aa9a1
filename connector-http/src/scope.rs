//! What a stream's values may read: the config, the slice, the parents' fields, the page.

use std::any::Any;

use chrono::{DateTime, Utc};
use connector_core::cursor::CursorValue;
use connector_core::stream::FieldPath;
use connector_core::stream::Slice;
use connector_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

use crate::job::JobValues;
use crate::paginate::PageToken;

/// The scope of one request.
pub struct Cx<'a, C> {
    /// The source's config.
    pub config: &'a C,
    /// The slice that is read: partition and window.
    pub slice: &'a Slice,
    /// What asks for this page; nothing for the first page of a slice.
    pub page: Option<&'a PageToken>,
    /// What is known of the job, where the request is about one.
    pub job: Option<&'a JobValues>,
    /// The value that the stream is made of, where it was made at run time.
    made_of: Option<&'a (dyn Any + Send + Sync)>,
}

impl<'a, C> Cx<'a, C> {
    /// A scope.
    #[must_use]
    pub fn new(config: &'a C, slice: &'a Slice, page: Option<&'a PageToken>) -> Self {
        Self { config, slice, page, job: None, made_of: None }
    }

    /// The scope of a request about a job.
    #[must_use]
    pub fn with_job(mut self, job: &'a JobValues) -> Self {
        self.job = Some(job);
        self
    }

    /// A value of the job: one that [`Job::created`](crate::Job::created) names, or `result`, the result to be read.
    ///
    /// # Errors
    /// The value is not known at this step: a result before there is one, or anything where the request is about no job.
    pub fn job(&self, name: &str) -> Result<&'a str> {
        let none =
            || Error::new(ErrorKind::Internal, format!("`{name}` of a job is not known: the request is about none"));
        self.job.ok_or_else(none)?.get(name)
    }

    /// The same of a stream that is made of a value.
    #[must_use]
    pub(crate) fn made_of(mut self, value: Option<&'a (dyn Any + Send + Sync)>) -> Self {
        self.made_of = value;
        self
    }

    /// The value that the stream is made of.
    ///
    /// # Errors
    /// The stream is not made of such a value: it stands in a source's list instead of being added by a function.
    pub fn stream<T: Any>(&self) -> Result<&'a T> {
        self.made_of.and_then(|value| value.downcast_ref()).ok_or_else(|| {
            let text =
                "the stream reads `stream`, but it was not made of a value; add it in the function that makes streams";
            Error::new(ErrorKind::Internal, text)
        })
    }

    /// The stream's state as it was when the slice began, where it is of a type of the author's own.
    ///
    /// # Errors
    /// The stream's descriptor [names](connector_core::stream::StreamDescriptor::state) another type, or none.
    pub fn state<T: Any>(&self) -> Result<&'a T> {
        self.slice.window.state()
    }

    /// A field of the parent's record (level 0), the grandparent's (1) and so on. The accessor is never called: it
    /// gives the type, the path the place in the record.
    ///
    /// # Errors
    /// The field is missing in the parent's record, or does not fit its type.
    pub fn parent<P, T: DeserializeOwned>(&self, level: usize, _type: fn(&P) -> &T, path: &[&str]) -> Result<T> {
        self.value(level, path, "the parent's record")
    }

    /// The same for a stream that is read for [groups](crate::Settings::group) of its parent's records: the field of each.
    ///
    /// # Errors
    /// As [`parent`](Self::parent).
    pub fn parents<P, T: DeserializeOwned>(
        &self,
        level: usize,
        _type: fn(&P) -> &T,
        path: &[&str],
    ) -> Result<Group<T>> {
        self.value(level, path, "the parent's records").map(Group)
    }

    /// A field of the parent's record by its path on the wire, for code that is written by hand.
    ///
    /// # Errors
    /// As [`parent`](Self::parent).
    pub fn value_of_parent<T: DeserializeOwned>(&self, level: usize, path: &[&str]) -> Result<T> {
        self.value(level, path, "the parent's record")
    }

    /// A field of the second parent's record, where the stream is read for
    /// [pairs](connector_core::stream::StreamDescriptor::second_parent). The accessor is never called.
    ///
    /// # Errors
    /// As [`parent`](Self::parent).
    pub fn second_parent<P, T: DeserializeOwned>(&self, _type: fn(&P) -> &T, path: &[&str]) -> Result<T> {
        read(self.slice.partition.second(path), path, "the second parent's record")
    }

    /// The JSON of a field of the parent's record as it came; nothing where it is null or absent.
    #[must_use]
    pub fn held_by_parent(&self, path: &[&str]) -> Option<Vec<u8>> {
        let bytes = self.slice.partition.get(0, path).map(<[u8]>::trim_ascii);
        bytes.filter(|bytes| !bytes.is_empty() && *bytes != b"null").map(<[u8]>::to_vec)
    }

    /// A named value of the stream's own partition.
    ///
    /// # Errors
    /// The value is missing, or does not fit its type.
    pub fn partition<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        read(self.slice.partition.value(name), &[name], "the partition")
    }

    /// The start of the slice's window, in the type of the cursor field.
    ///
    /// # Errors
    /// A value that does not fit the type (a moment beyond what chrono can hold).
    pub fn start<R, T: SliceValue>(&self, _type: fn(&R) -> &T) -> Result<Option<T>> {
        bound(self.slice.window.start.as_ref(), "start")
    }

    /// The end of the slice's window, in the type of the cursor field.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn end<R, T: SliceValue>(&self, _type: fn(&R) -> &T) -> Result<Option<T>> {
        bound(self.slice.window.end.as_ref(), "end")
    }

    /// The start of the slice's window where the request cannot do without one.
    ///
    /// # Errors
    /// The window has no start: the stream declares no start, and no state says where to go on.
    pub fn start_due<R, T: SliceValue>(&self, accessor: fn(&R) -> &T) -> Result<T> {
        self.start(accessor)?.ok_or_else(|| missing_bound("start"))
    }

    /// The end of the slice's window where the request cannot do without one.
    ///
    /// # Errors
    /// The window has no end: the stream declares neither an end nor a step.
    pub fn end_due<R, T: SliceValue>(&self, accessor: fn(&R) -> &T) -> Result<T> {
        self.end(accessor)?.ok_or_else(|| missing_bound("end"))
    }

    /// Where the second part of the cursor begins, in the type of its field; nothing where the first part begins before all of its
    /// records.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn then<R, T: SliceValue>(&self, _type: fn(&R) -> &T) -> Result<Option<T>> {
        bound(self.slice.window.start.as_ref().and_then(CursorValue::then), "second start")
    }

    /// The same where the request cannot do without one.
    ///
    /// # Errors
    /// There is none: in a first sync, and wherever no record had the first part's value.
    pub fn then_due<R, T: SliceValue>(&self, accessor: fn(&R) -> &T) -> Result<T> {
        self.then(accessor)?.ok_or_else(|| {
            let text = "an expression needs where the second part of the cursor begins, but the slice begins before all of it; as a whole value, `slice.then` is left out then";
            Error::new(ErrorKind::Config, text)
        })
    }

    /// Whether a state says where the slice begins: false in a first sync, and in a full refresh.
    #[must_use]
    pub fn incremental(&self) -> bool {
        self.slice.window.is_from_state()
    }

    fn value<T: DeserializeOwned>(&self, level: usize, path: &[&str], whose: &str) -> Result<T> {
        read(self.slice.partition.get(level, path), path, whose)
    }
}

fn read<T: DeserializeOwned>(value: Option<&[u8]>, path: &[&str], whose: &str) -> Result<T> {
    let raw = value.unwrap_or(b"null");
    serde_json::from_slice(raw).map_err(|error| {
        let found = String::from_utf8_lossy(&raw[..raw.len().min(100)]);
        Error::new(
            ErrorKind::Record,
            format!("the request needs `{}` of {whose}, which is {found}: {error}", path.join(".")),
        )
    })
}

/// A field of each record of a group.
///
/// ```
/// use connector_http::Group;
/// let ids = Group::from(vec![1, 2, 3]);
/// assert_eq!(ids.join(","), "1,2,3");
/// assert_eq!(ids.iter().max(), Some(&3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<T>(Vec<T>);

impl<T> From<Vec<T>> for Group<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T> std::ops::Deref for Group<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: crate::expansion::TextValue> Group<T> {
    /// The values in one text, with this between them.
    #[must_use]
    pub fn join(&self, between: &str) -> String {
        let mut text = String::new();
        for (at, value) in self.0.iter().enumerate() {
            if at > 0 {
                text.push_str(between);
            }
            value.write(&mut text);
        }
        text
    }
}

impl<T: crate::ParamValue> crate::ParamValue for Group<T> {
    fn add_to(&self, name: &str, params: &mut crate::Params) {
        self.0.add_to(name, params);
    }
}

impl<T: serde::Serialize> serde::Serialize for Group<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<C> Clone for Cx<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Cx<'_, C> {}

/// A cursor type that a window's bound can be read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the bound of a slice",
    note = "a cursor is a date, a date-time, an integer or a string, or an Option of one"
)]
pub trait SliceValue: Sized {
    /// The bound as a value of this type.
    fn of(value: &CursorValue) -> Option<Self>;
}

impl SliceValue for chrono::DateTime<chrono::Utc> {
    fn of(value: &CursorValue) -> Option<Self> {
        value.datetime()
    }
}

impl SliceValue for chrono::DateTime<chrono::FixedOffset> {
    fn of(value: &CursorValue) -> Option<Self> {
        value.datetime().map(|moment| moment.fixed_offset())
    }
}

impl SliceValue for chrono::NaiveDateTime {
    fn of(value: &CursorValue) -> Option<Self> {
        value.naive()
    }
}

impl SliceValue for chrono::NaiveDate {
    fn of(value: &CursorValue) -> Option<Self> {
        value.date()
    }
}

impl SliceValue for String {
    fn of(value: &CursorValue) -> Option<Self> {
        Some(value.to_text())
    }
}

impl<T: SliceValue> SliceValue for Option<T> {
    fn of(value: &CursorValue) -> Option<Self> {
        T::of(value).map(Some)
    }
}

macro_rules! integers {
    ($($type:ty),+) => { $(impl SliceValue for $type {
        fn of(value: &CursorValue) -> Option<Self> {
            value.integer()?.try_into().ok()
        }
    })+ };
}
integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

fn bound<T: SliceValue>(value: Option<&CursorValue>, which: &str) -> Result<Option<T>> {
    let Some(value) = value else { return Ok(None) };
    T::of(value).map(Some).ok_or_else(|| {
        let text = format!("the {which} of the slice, {}, does not fit the type of the cursor field", value.to_text());
        Error::new(ErrorKind::State, text)
    })
}

fn missing_bound(which: &str) -> Error {
    Error::new(
        ErrorKind::Config,
        format!("the request needs the {which} of the slice, but the slice is open there; give the cursor a {which}"),
    )
}

/// The fields of the record at hand that an expression reads.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    paths: &'a [FieldPath],
    values: &'a [Option<&'a [u8]>],
    now: DateTime<Utc>,
}

impl<'a> Row<'a> {
    /// Values, in the order of their paths. `now`: when the slice began.
    #[must_use]
    pub fn new(paths: &'a [FieldPath], values: &'a [Option<&'a [u8]>], now: DateTime<Utc>) -> Self {
        Self { paths, values, now }
    }

    /// A field of the record. The accessor is never called: it gives the type, the path the place in the record.
    ///
    /// # Errors
    /// The field is missing, or does not fit its type. An option may be missing.
    pub fn field<R, T: DeserializeOwned>(&self, _type: fn(&R) -> &T, path: &[&str]) -> Result<T> {
        let at = self.paths.iter().position(|known| *known == path);
        let value = at.and_then(|at| self.values.get(at).copied().flatten()).unwrap_or(b"null");
        serde_json::from_slice(value).map_err(|error| {
            let found = String::from_utf8_lossy(&value[..value.len().min(100)]);
            let text =
                format!("`{}` is `{found}`, which an expression of the stream cannot use: {error}", path.join("."));
            Error::new(ErrorKind::Record, text)
        })
    }

    /// When the slice began: one moment for all its records, so that a page that is asked again brings the same.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
}
