//! Strings with placeholders.

use std::fmt::Write as _;

/// A template that is filled in.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text as it stands.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn value<T: TextValue + ?Sized>(mut self, value: &T) -> Self {
        value.write(&mut self.0);
        self
    }

    /// Adds a value as one step of a path, whatever is in it.
    #[must_use]
    pub fn step<T: TextValue + ?Sized>(mut self, value: &T) -> Self {
        let mut name = String::new();
        value.write(&mut name);
        self.0.push_str(&connector_core::record::path_step(&name));
        self
    }

    /// The whole.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

/// An owned text.
#[must_use]
pub fn text(text: &str) -> String {
    text.to_owned()
}

/// A value that can stand in a string template.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a text",
    label = "has no text of its own",
    note = "integers, floats, bool, strings, dates and date-times can; of an option say what stands for none, as in `{{config.region.as_deref().unwrap_or(\"eu\")}}`; a Secret belongs in auth"
)]
pub trait TextValue {
    /// Adds the value's text.
    fn write(&self, to: &mut String);
}

macro_rules! displayed {
    ($($type:ty),+) => { $(impl TextValue for $type {
        fn write(&self, to: &mut String) {
            let _ = write!(to, "{self}"); // writing to a String cannot fail
        }
    })+ };
}
displayed!(
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    f32,
    f64,
    bool,
    char,
    str,
    String,
    chrono::NaiveDate
);

impl TextValue for chrono::DateTime<chrono::Utc> {
    fn write(&self, to: &mut String) {
        to.push_str(&self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    }
}

impl TextValue for chrono::NaiveDateTime {
    fn write(&self, to: &mut String) {
        let _ = write!(to, "{}", self.format("%Y-%m-%dT%H:%M:%S%.f"));
    }
}

impl<T: TextValue + ?Sized> TextValue for &T {
    fn write(&self, to: &mut String) {
        T::write(self, to);
    }
}

impl<T: TextValue + ?Sized> TextValue for Box<T> {
    fn write(&self, to: &mut String) {
        T::write(self, to);
    }
}

impl<T: TextValue + ?Sized + ToOwned> TextValue for std::borrow::Cow<'_, T> {
    fn write(&self, to: &mut String) {
        T::write(self, to);
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn fills_in() {
        let text = Text::new().text("https://").value(&"eu").text(".example.com/v").value(&2).finish();
        assert_eq!(text, "https://eu.example.com/v2");
    }
}
