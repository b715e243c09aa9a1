//! From the config as it was given to the config as the source reads it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fault::{Fault, Warning};
use super::{Lookup, check, env};
use crate::{Error, ErrorKind, Mask, Result};

/// A config that fits the spec.
#[derive(Clone)]
#[non_exhaustive]
pub struct Prepared {
    /// The config: references to environment variables are replaced, nulls of known fields are gone.
    pub config: Value,
    /// Unknown keys.
    pub warnings: Vec<Warning>,
}

/// Fetches secrets from the environment, hands all secrets to the mask, and checks the config against the spec.
///
/// The mask has them also if the check fails, so that the error can be shown.
///
/// ```
/// use connector_core::{Mask, config};
/// use serde_json::json;
/// let schema = json!({"type": "object", "properties": {"api_token": {"type": "string", "airbyte_secret": true}}});
/// let (given, mask) = (json!({"api_token": "${EXAMPLE_TOKEN}"}), Mask::new());
///
/// let prepared = config::prepare(&schema, &given, &|_| Ok("hunter2".to_owned()), &mask)?;
/// assert_eq!(prepared.config["api_token"], "hunter2");
/// assert_eq!(mask.mask("401 for hunter2"), "401 for ***");
///
/// let error = config::prepare(&schema, &given, &|_| Err("is not set".to_owned()), &mask).err().unwrap();
/// assert_eq!(
///     error.to_string(),
///     "the config does not fit the spec: api_token: the environment variable `EXAMPLE_TOKEN` is not set"
/// );
/// # Ok::<(), connector_core::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Config`] with all faults at once, as [`check()`](super::check()) words them.
pub fn prepare(schema: &Value, given: &Value, lookup: Lookup<'_>, mask: &Mask) -> Result<Prepared> {
    let mut config = given.clone();
    let mut faults = Vec::new();
    env::resolve(schema, &mut config, lookup, &mut faults);
    mask.collect(schema, &config);
    let (unfit, warnings) = check::findings(schema, &config);
    faults.extend(unfit);
    if !faults.is_empty() {
        return Err(Fault::error(&faults));
    }
    drop_nulls(schema, &mut config);
    Ok(Prepared { config, warnings })
}

/// Platforms write optional fields as null; serde takes a null for an `Option`, but not for a field with a default.
fn drop_nulls(schema: &Value, config: &mut Value) {
    for variant in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        drop_nulls(variant, config);
    }
    match config {
        Value::Object(fields) => {
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                match fields.get_mut(name) {
                    Some(Value::Null) => drop(fields.remove(name)),
                    Some(value) => drop_nulls(property, value),
                    None => {}
                }
            }
        }
        Value::Array(values) => {
            if let Some(items) = schema.get("items") {
                values.iter_mut().for_each(|value| drop_nulls(items, value));
            }
        }
        _ => {}
    }
}

/// The config as the source's type.
///
/// # Errors
/// [`ErrorKind::Config`] with serde's reason, which may quote a value: mask it before it is shown.
pub fn parse<T: DeserializeOwned>(config: &Value) -> Result<T> {
    T::deserialize(config).map_err(|error| Error::new(ErrorKind::Config, format!("the config does not fit: {error}")))
}
