//! Named values of a request: the query, and the fields of a form.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// Named values in their order; a name may stand more than once.
///
/// ```
/// use connector_http::Params;
/// let mut params = Params::new();
/// params.add("limit", &100);
/// params.add("status", &["open", "closed"]);
/// params.add("since", &None::<String>);
/// assert_eq!(params.pairs().collect::<Vec<_>>(), [("limit", "100"), ("status", "open"), ("status", "closed")]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; an absent option adds nothing, a list adds the name once an element.
    pub fn add<T: ParamValue + ?Sized>(&mut self, name: &str, value: &T) {
        value.add_to(name, self);
    }

    /// Adds text under a name, beside what stands there.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Replaces all values of a name by one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.0.push((name, value.into()));
    }

    /// Removes all values of a name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// The first value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All names and values, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values in the form of `application/x-www-form-urlencoded`.
    pub(crate) fn to_form(&self) -> String {
        let mut url = crate::http::Url::parse("http://form").ok();
        url.as_mut().map_or_else(String::new, |url| {
            url.query_pairs_mut().extend_pairs(self.pairs());
            url.query().unwrap_or_default().to_owned()
        })
    }
}

impl std::fmt::Debug for Params {
    /// Names only: a value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A value that can be sent as a parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a parameter",
    label = "no parameter value",
    note = "integers, floats, bool, strings, dates, Option of those (left out when None) and Vec of those (repeated) can; a Secret belongs in auth"
)]
pub trait ParamValue {
    /// Adds the value under a name.
    fn add_to(&self, name: &str, params: &mut Params);
}

/// RFC 3339 in UTC with `Z`, with as many digits of the second as there are.
pub(crate) fn date_time(value: &DateTime<Utc>) -> String {
    value.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(crate) fn naive_date_time(value: &NaiveDateTime) -> String {
    value.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

macro_rules! displayed {
    ($($type:ty),+) => { $(impl ParamValue for $type {
        fn add_to(&self, name: &str, params: &mut Params) {
            params.push(name, self.to_string());
        }
    })+ };
}
displayed!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool, char, str, String, NaiveDate
);

#[cfg(feature = "decimal")]
displayed!(rust_decimal::Decimal);

impl ParamValue for DateTime<Utc> {
    fn add_to(&self, name: &str, params: &mut Params) {
        params.push(name, date_time(self));
    }
}

impl ParamValue for DateTime<FixedOffset> {
    fn add_to(&self, name: &str, params: &mut Params) {
        params.push(name, self.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    }
}

impl ParamValue for NaiveDateTime {
    fn add_to(&self, name: &str, params: &mut Params) {
        params.push(name, naive_date_time(self));
    }
}

impl<T: ParamValue + ?Sized> ParamValue for &T {
    fn add_to(&self, name: &str, params: &mut Params) {
        T::add_to(self, name, params);
    }
}

impl<T: ParamValue + ?Sized> ParamValue for Box<T> {
    fn add_to(&self, name: &str, params: &mut Params) {
        T::add_to(self, name, params);
    }
}

impl<T: ParamValue + ?Sized + ToOwned> ParamValue for std::borrow::Cow<'_, T> {
    fn add_to(&self, name: &str, params: &mut Params) {
        T::add_to(self, name, params);
    }
}

impl<T: ParamValue> ParamValue for Option<T> {
    fn add_to(&self, name: &str, params: &mut Params) {
        if let Some(value) = self {
            value.add_to(name, params);
        }
    }
}

impl<T: ParamValue> ParamValue for [T] {
    fn add_to(&self, name: &str, params: &mut Params) {
        for value in self {
            value.add_to(name, params);
        }
    }
}

impl<T: ParamValue> ParamValue for Vec<T> {
    fn add_to(&self, name: &str, params: &mut Params) {
        self.as_slice().add_to(name, params);
    }
}

impl<T: ParamValue, const N: usize> ParamValue for [T; N] {
    fn add_to(&self, name: &str, params: &mut Params) {
        self.as_slice().add_to(name, params);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn values_of_all_kinds() {
        let mut params = Params::new();
        let moment = Utc.with_ymd_and_hms(2024, 1, 2, 3, 4, 5).unwrap();
        params.add("at", &moment);
        params.add("naive", &moment.naive_utc());
        params.add("deep", &true);
        params.add("rate", &0.5);
        params.add("list", &vec!["a", "b"]);
        params.add("absent", &None::<i64>);
        params.add("present", &Some(7_u8));
        let pairs: Vec<_> = params.pairs().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            pairs,
            [
                "at=2024-01-02T03:04:05Z",
                "naive=2024-01-02T03:04:05",
                "deep=true",
                "rate=0.5",
                "list=a",
                "list=b",
                "present=7"
            ]
        );
    }

    #[test]
    fn set_replaces_and_debug_hides_values() {
        let mut params = Params::new();
        params.push("key", "hunter2");
        params.set("key", "hunter3");
        assert_eq!(params.pairs().count(), 1);
        assert_eq!(format!("{params:?}"), r#"{"key"}"#);
    }

    #[test]
    fn a_form_is_encoded() {
        let mut params = Params::new();
        params.push("a b", "c&d=é");
        assert_eq!(params.to_form(), "a+b=c%26d%3D%C3%A9");
    }
}
