//! The fields of a config as a constant, so that a path that an attribute names is checked while the connector is compiled.

use std::marker::PhantomData;

/// A field of a config's JSON form.
pub struct ConfigField {
    name: &'static str,
    fields: &'static [ConfigField],
}

impl ConfigField {
    /// Whatever the name is: what only serde knows.
    pub const ANY: Self = Self { name: "", fields: &[] };

    /// A field of that name, with what stands in it.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [Self]) -> Self {
        Self { name, fields }
    }

    /// The fields of a flattened value: they stand beside the others.
    #[must_use]
    pub const fn flat(fields: &'static [Self]) -> Self {
        Self { name: "", fields }
    }
}

/// A type of a config, under `#[source]` or `#[config]`.
pub trait ConfigType {
    /// Its fields; those of all variants of a choice.
    const FIELDS: &'static [ConfigField];
}

impl<T: ConfigType> ConfigType for Option<T> {
    const FIELDS: &'static [ConfigField] = T::FIELDS;
}

/// The fields of a type, where it has some that we know.
pub struct ConfigFields<T>(PhantomData<T>);

impl<T: ConfigType> ConfigFields<T> {
    /// Its own.
    pub const FIELDS: &'static [ConfigField] = T::FIELDS;
}

/// The second choice: a type of another crate may have any field.
pub trait OpaqueConfig {
    /// Any.
    const FIELDS: &'static [ConfigField] = &[ConfigField::ANY];
}

impl<T> OpaqueConfig for ConfigFields<T> {}

/// Refuses a dotted path that the config does not have, in a constant.
///
/// # Panics
/// With the fault, in the words that the compiler then shows at the path.
#[expect(clippy::panic, reason = "the way to refuse something in a constant")]
pub const fn config_path(fields: &[ConfigField], path: &str, message: &str) {
    if !has(fields, path.as_bytes()) {
        panic!("{}", message);
    }
}

const fn has(fields: &[ConfigField], path: &[u8]) -> bool {
    let mut end = 0;
    while end < path.len() && path[end] != b'.' {
        end += 1;
    }
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        if field.name.is_empty() {
            if field.fields.is_empty() || has(field.fields, path) {
                return true;
            }
        } else if begins(path, end, field.name.as_bytes())
            && (end == path.len() || has(field.fields, path.split_at(end + 1).1))
        {
            return true;
        }
        at += 1;
    }
    false
}

const fn begins(path: &[u8], end: usize, name: &[u8]) -> bool {
    let mut at = 0;
    while at < end && at < name.len() && path[at] == name[at] {
        at += 1;
    }
    at == end && at == name.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed_by_names() {
        const INNER: &[ConfigField] = &[ConfigField::new("refresh_token", &[ConfigField::ANY])];
        const FIELDS: &[ConfigField] =
            &[ConfigField::new("credentials", INNER), ConfigField::flat(INNER), ConfigField::new("token", &[])];
        for (path, there) in [
            ("credentials.refresh_token", true),
            ("refresh_token", true),
            ("token", true),
            ("credentials", true),
            ("credentials.token", false),
            ("credential.refresh_token", false),
            ("tok", false),
            ("tokens", false),
            ("token.x", false),
            ("", false),
        ] {
            assert_eq!(has(FIELDS, path.as_bytes()), there, "{path}");
        }
    }
}
