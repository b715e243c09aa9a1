//! The path of a request: text as it stands, and values that are percent-encoded into segments.

use connector_core::{Error, ErrorKind, Result};
use std::fmt::Write as _;

/// A path under the base URL, built from text and encoded values.
///
/// ```
/// use connector_http::Path;
/// let path = Path::new().text("users/").segment(&"Aa Bb")?.text("/posts");
/// assert_eq!(path.as_str(), "users/Aa%20Bb/posts");
/// assert!(Path::new().segment("..").is_err(), "a value must not climb out of its place");
/// # Ok::<(), connector_http::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// An empty path: the base URL itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text as it stands: the author wrote it, nothing is encoded.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Adds a value, percent-encoded (RFC 3986: all but unreserved characters).
    ///
    /// # Errors
    /// A value that is empty, `.` or `..` would change which resource is asked: it is refused.
    pub fn segment<T: PathSegment + ?Sized>(mut self, value: &T) -> Result<Self> {
        let begin = self.0.len();
        value.append(&mut self.0);
        match &self.0[begin..] {
            "" | "." | ".." => Err(Error::new(
                ErrorKind::Config,
                format!(
                    "the path `{}` gets the value `{}`, which cannot stand in a path",
                    &self.0[..begin],
                    &self.0[begin..]
                ),
            )),
            _ => Ok(self),
        }
    }

    /// The path so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Path {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A value that can stand in a path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a path",
    label = "no path segment",
    note = "integers, strings, dates and date-times can; of an option say what is sent when it is absent; a Secret belongs in auth"
)]
pub trait PathSegment {
    /// Adds the value, percent-encoded.
    fn append(&self, path: &mut String);
}

/// Adds text with all but RFC 3986's unreserved characters percent-encoded.
pub(crate) fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

impl PathSegment for str {
    fn append(&self, path: &mut String) {
        encode(self, path);
    }
}

impl PathSegment for String {
    fn append(&self, path: &mut String) {
        encode(self, path);
    }
}

impl PathSegment for char {
    fn append(&self, path: &mut String) {
        encode(self.encode_utf8(&mut [0; 4]), path);
    }
}

impl<T: PathSegment + ?Sized> PathSegment for &T {
    fn append(&self, path: &mut String) {
        T::append(self, path);
    }
}

impl<T: PathSegment + ?Sized> PathSegment for Box<T> {
    fn append(&self, path: &mut String) {
        T::append(self, path);
    }
}

impl<T: PathSegment + ?Sized + ToOwned> PathSegment for std::borrow::Cow<'_, T> {
    fn append(&self, path: &mut String) {
        T::append(self, path);
    }
}

macro_rules! plain_segments {
    ($($type:ty),+) => { $(impl PathSegment for $type {
        fn append(&self, path: &mut String) {
            let _ = write!(path, "{self}"); // writing to a String cannot fail
        }
    })+ };
}
plain_segments!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, chrono::NaiveDate);

impl PathSegment for chrono::DateTime<chrono::Utc> {
    fn append(&self, path: &mut String) {
        encode(&super::params::date_time(self), path);
    }
}

impl PathSegment for chrono::NaiveDateTime {
    fn append(&self, path: &mut String) {
        encode(&super::params::naive_date_time(self), path);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_value_stays_one_segment() {
        let path = Path::new().text("a/").segment("x/../y?z#%").unwrap();
        assert_eq!(path.as_str(), "a/x%2F..%2Fy%3Fz%23%25");
    }

    #[test]
    fn empty_and_dot_values_are_refused() {
        for value in ["", ".", ".."] {
            assert!(Path::new().text("users/").segment(value).is_err(), "{value}");
        }
    }

    #[test]
    fn dates_and_numbers_keep_their_plain_form() {
        let date = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        let path = Path::new().segment(&date).unwrap().text("/").segment(&-7_i64).unwrap();
        assert_eq!(path.as_str(), "2024-02-29/-7");
    }
}
