//! Secrets out of environment variables: `"api_token": "${EXAMPLE_TOKEN}"`.
//!
//! It is a string, so that a platform that checks the config against the spec accepts it. Only fields that the spec marks
//! `airbyte_secret` take it, and only as their whole value; anywhere else such a text is what it is.

use std::ffi::OsString;

use serde_json::Value;

use super::fault::Fault;

/// Looks up an environment variable: its value, or why there is none, to follow "the environment variable `X` ".
pub type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// The variables of this process.
///
/// Where `DEPLOYMENT_MODE` is `cloud` there are none: on a platform for many, whoever writes a config must not read the
/// platform's own environment.
///
/// # Errors
/// Why there is no value.
pub fn process_env(name: &str) -> Result<String, String> {
    if std::env::var("DEPLOYMENT_MODE").is_ok_and(|mode| mode.eq_ignore_ascii_case("cloud")) {
        return Err("cannot be used here (DEPLOYMENT_MODE is cloud); put the secret itself into the config".to_owned());
    }
    usable(std::env::var_os(name))
}

fn usable(value: Option<OsString>) -> Result<String, String> {
    let value = value.ok_or("is not set; set it, or put the secret itself into the config")?;
    let value = value.into_string().map_err(|_| "is not valid UTF-8")?;
    if value.is_empty() { Err("is empty".to_owned()) } else { Ok(value) }
}

/// Replaces each reference in a secret field by the variable's value.
pub(super) fn resolve(schema: &Value, config: &mut Value, lookup: Lookup<'_>, faults: &mut Vec<Fault>) {
    let mut walk = Walk { lookup, faults, path: Vec::new() };
    walk.value(schema, config);
}

struct Walk<'a> {
    lookup: Lookup<'a>,
    faults: &'a mut Vec<Fault>,
    path: Vec<String>,
}

impl Walk<'_> {
    fn value(&mut self, schema: &Value, value: &mut Value) {
        if schema.get("airbyte_secret") == Some(&Value::Bool(true)) {
            return self.secret(value);
        }
        for variant in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            if means(variant, value) {
                self.value(variant, value);
            }
        }
        match value {
            Value::Object(fields) => {
                for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    if let Some(value) = fields.get_mut(name) {
                        self.within(name, |walk| walk.value(property, value));
                    }
                }
            }
            Value::Array(values) => {
                let Some(items) = schema.get("items") else { return };
                for (index, value) in values.iter_mut().enumerate() {
                    self.within(&format!("[{index}]"), |walk| walk.value(items, value));
                }
            }
            _ => {}
        }
    }

    /// A secret, or a map or list of secrets.
    fn secret(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let Some(name) = reference(text) else { return };
                match (self.lookup)(name) {
                    Ok(secret) => *text = secret,
                    Err(reason) => {
                        let path = self.path.join(".").replace(".[", "[");
                        self.faults.push(Fault::new(&path, format!("the environment variable `{name}` {reason}")));
                    }
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.within(name, |walk| walk.secret(value));
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    self.within(&format!("[{index}]"), |walk| walk.secret(value));
                }
            }
            _ => {}
        }
    }

    fn within(&mut self, step: &str, act: impl FnOnce(&mut Self)) {
        self.path.push(step.to_owned());
        act(self);
        self.path.pop();
    }
}

/// Whether a variant's constants, as far as the value has them, are the value's.
fn means(variant: &Value, value: &Value) -> bool {
    let properties = variant.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties
        .filter_map(|(name, property)| Some((name, property.get("const")?)))
        .all(|(name, constant)| value.get(name).is_none_or(|value| value == constant))
}

/// The name in `${NAME}`.
fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (word && name.starts_with(|c: char| !c.is_ascii_digit())).then_some(name)
}

/// A changed config as it is to be kept: where a value is still what a reference stood for, the reference stays, so that
/// a secret of the environment is not written to a file.
///
/// `given` is the config as it was read, `resolved` what [`super::prepare`] made of it, `updated` the changed one.
///
/// ```
/// use connector_core::config::keep_references;
/// use serde_json::json;
/// let given = json!({"client_secret": "${SECRET}", "refresh_token": "${FIRST}"});
/// let resolved = json!({"client_secret": "s", "refresh_token": "one"});
/// let updated = json!({"client_secret": "s", "refresh_token": "two"});
/// assert_eq!(keep_references(&given, &resolved, &updated), json!({"client_secret": "${SECRET}", "refresh_token": "two"}));
/// ```
#[must_use]
pub fn keep_references(given: &Value, resolved: &Value, updated: &Value) -> Value {
    if resolved == updated {
        return given.clone();
    }
    match (given, resolved, updated) {
        (Value::Object(given), Value::Object(resolved), Value::Object(updated)) => {
            let kept = |(name, value): (&String, &Value)| {
                let value = match (given.get(name), resolved.get(name)) {
                    (Some(given), Some(resolved)) => keep_references(given, resolved, value),
                    _ => value.clone(),
                };
                (name.clone(), value)
            };
            Value::Object(updated.iter().map(kept).collect())
        }
        (Value::Array(given), Value::Array(resolved), Value::Array(updated))
            if given.len() == updated.len() && resolved.len() == updated.len() =>
        {
            let triples = given.iter().zip(resolved).zip(updated);
            Value::Array(
                triples.map(|((given, resolved), updated)| keep_references(given, resolved, updated)).collect(),
            )
        }
        _ => updated.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{reference, usable};

    #[test]
    fn a_reference_is_a_whole_value() {
        assert_eq!(reference("${EXAMPLE_TOKEN}"), Some("EXAMPLE_TOKEN"));
        assert_eq!(reference("${_x1}"), Some("_x1"));
        for text in ["", "${}", "$X", "x${X}", "${X}y", "${1X}", "${X Y}", "${X", "${A}${B}"] {
            assert_eq!(reference(text), None, "{text}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_used_says_why() {
        assert_eq!(usable(Some("abc".into())), Ok("abc".to_owned()));
        assert_eq!(usable(Some("".into())), Err("is empty".to_owned()));
        assert!(usable(None).is_err_and(|reason| reason.starts_with("is not set")));
    }
}
