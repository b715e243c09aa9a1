//! Where a field lies in a record's JSON, found in a constant from its Rust names.

use std::marker::PhantomData;

use connector_core::record::Record;

const DEPTH: usize = 8;

/// The wire path of a field that is `DEPTH` structs deep at most.
///
/// A name that the type does not have is kept: the accessor beside it is what rustc refuses, at the author's token.
pub struct Wire<T: ?Sized> {
    path: Path,
    at: PhantomData<fn(&T)>,
}

/// A finished path.
#[derive(Clone, Copy)]
pub struct Path {
    names: [&'static str; DEPTH],
    length: usize,
}

impl<T: Record + ?Sized> Wire<T> {
    /// At the record itself.
    #[must_use]
    pub const fn of() -> Self {
        Self { path: Path { names: [""; DEPTH], length: 0 }, at: PhantomData }
    }

    /// One struct deeper; the accessor tells its type.
    #[must_use]
    pub const fn then<U: Record>(self, name: &'static str, _type: fn(&T) -> &U) -> Wire<U> {
        Wire { path: self.path.with(wire_name(T::NAMES, name)), at: PhantomData }
    }

    /// At the field.
    #[must_use]
    pub const fn last(self, name: &'static str) -> Path {
        self.path.with(wire_name(T::NAMES, name))
    }
}

impl Path {
    /// A flattened struct (an empty name) adds nothing: its fields stand beside it.
    const fn with(mut self, name: &'static str) -> Self {
        if !name.is_empty() && self.length < DEPTH {
            self.names[self.length] = name;
            self.length += 1;
        }
        self
    }

    /// The names.
    #[must_use]
    pub const fn path(&self) -> &[&'static str] {
        self.names.split_at(self.length).0
    }
}

const fn wire_name(names: &[(&'static str, &'static str)], rust: &'static str) -> &'static str {
    let mut at = 0;
    while at < names.len() {
        if equal(names[at].0, rust) {
            return names[at].1;
        }
        at += 1;
    }
    rust
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
