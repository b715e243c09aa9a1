//! The check of a config against the spec: all faults at once, each with its place, none with a secret.
//!
//! It knows the part of JSON Schema that [`crate::schema::of_config`] leaves: types, required fields, enums, constants,
//! a `oneOf` told apart by a constant, bounds, lengths, patterns, items, dates. serde has the last word.

use chrono::{DateTime, FixedOffset, NaiveDate};
use regex_lite::Regex;
use serde_json::{Map, Value};

use super::fault::{Fault, Warning, kind_of, shown};
use crate::{Result, nearest};

/// Checks a config against the spec's schema; tells which keys are unknown.
///
/// Keys that begin with `_` are the platform's own and pass in silence. A null counts as a missing field.
///
/// ```
/// use connector_core::config::check;
/// use serde_json::json;
/// let schema = json!({"type": "object", "required": ["api_token"], "properties": {
///     "api_token": {"type": "string", "airbyte_secret": true}, "page_size": {"type": "integer", "minimum": 1}}});
///
/// let warnings = check(&schema, &json!({"api_token": "…", "pagesize": 3}))?;
/// assert_eq!(warnings[0].to_string(), "the config key `pagesize` is unknown and has no effect; did you mean `page_size`?");
///
/// let error = check(&schema, &json!({"page_size": 0})).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the config does not fit the spec: api_token: missing; page_size: expected at least 1, found 0"
/// );
/// # Ok::<(), connector_core::Error>(())
/// ```
///
/// # Errors
/// [`crate::ErrorKind::Config`] with every fault: its JSON path, what was expected, and what was found.
pub fn check(schema: &Value, config: &Value) -> Result<Vec<Warning>> {
    let (faults, warnings) = findings(schema, config);
    if faults.is_empty() { Ok(warnings) } else { Err(Fault::error(&faults)) }
}

/// All faults and warnings.
pub(super) fn findings(schema: &Value, config: &Value) -> (Vec<Fault>, Vec<Warning>) {
    let mut walk = Walk::default();
    walk.value(schema, config, "");
    (walk.faults, walk.warnings)
}

#[derive(Default)]
struct Walk {
    faults: Vec<Fault>,
    warnings: Vec<Warning>,
}

impl Walk {
    fn fault(&mut self, path: &str, reason: impl Into<String>) {
        self.faults.push(Fault::new(path, reason));
    }

    fn value(&mut self, schema: &Value, value: &Value, path: &str) {
        let secret = schema.get("airbyte_secret") == Some(&Value::Bool(true));
        if let Some(expected) = misses_type(schema, value) {
            return self.fault(path, format!("expected {expected}, found {}", kind_of(value)));
        }
        if let Some(expected) = misses_value(schema, value) {
            // A secret, and what stands where a secret is due, is never shown.
            let found = if secret { "another".to_owned() } else { shown(value) };
            return self.fault(path, format!("expected {expected}, found {found}"));
        }
        match value {
            Value::Object(fields) => self.object(schema, fields, path),
            Value::Array(values) => self.list(schema, values, path),
            _ => {}
        }
    }

    fn list(&mut self, schema: &Value, values: &[Value], path: &str) {
        let count = values.len() as u64;
        if let Some(least) = bound(schema, "minItems").filter(|least| count < *least) {
            self.fault(path, format!("expected at least {least} items, found {count}"));
        }
        if let Some(most) = bound(schema, "maxItems").filter(|most| count > *most) {
            self.fault(path, format!("expected at most {most} items, found {count}"));
        }
        if let Some(items) = schema.get("items") {
            for (index, value) in values.iter().enumerate() {
                self.value(items, value, &format!("{path}[{index}]"));
            }
        }
    }

    fn object(&mut self, schema: &Value, fields: &Map<String, Value>, path: &str) {
        let variants = schema.get("oneOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let variant = self.variant(variants, fields, path);
        let parts: Vec<&Value> = std::iter::once(schema).chain(variant).collect();
        let known: Vec<(&String, &Value)> =
            parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten().collect();
        let is_known = |key: &str| known.iter().any(|(name, _)| *name == key);
        let unknown: Vec<&str> =
            fields.keys().map(String::as_str).filter(|key| !key.starts_with('_') && !is_known(key)).collect();

        for name in parts.iter().filter_map(|part| part.get("required")?.as_array()).flatten() {
            let Some(name) = name.as_str() else { continue };
            if fields.get(name).is_none_or(Value::is_null) {
                let hint = nearest(name, unknown.iter().copied());
                let hint = hint.map(|near| format!(" (there is an unknown `{near}`)")).unwrap_or_default();
                self.fault(&join(path, name), format!("missing{hint}"));
            }
        }
        for (name, property) in &known {
            if let Some(value) = fields.get(*name).filter(|value| !value.is_null()) {
                self.value(property, value, &join(path, name));
            }
        }
        // An object without known fields is a map: any key is right. So is one whose variant is not known.
        if known.is_empty() || (variant.is_none() && !variants.is_empty()) {
            return;
        }
        for key in unknown {
            let names = known.iter().map(|(name, _)| name.as_str()).filter(|name| !fields.contains_key(*name));
            self.warnings.push(Warning { path: join(path, key), nearest: nearest(key, names).map(str::to_owned) });
        }
    }

    /// The variant of a choice that the object means, told by the constant that all variants have.
    fn variant<'a>(&mut self, variants: &'a [Value], fields: &Map<String, Value>, path: &str) -> Option<&'a Value> {
        let first = variants.first()?;
        let Some(tag) = tags(first).find(|tag| variants.iter().all(|other| tags(other).any(|name| name == *tag)))
        else {
            return self.fitting(variants, fields, path);
        };
        let constant = |variant: &'a Value| variant.get("properties")?.get(tag)?.get("const");
        let choice = || list(variants.iter().filter_map(constant));
        let Some(value) = fields.get(tag).filter(|value| !value.is_null()) else {
            self.fault(&join(path, tag), format!("missing; expected {}", choice()));
            return None;
        };
        let found = variants.iter().find(|variant| constant(variant) == Some(value));
        if found.is_none() {
            self.fault(&join(path, tag), format!("expected {}, found {}", choice(), shown(value)));
        }
        found
    }

    /// The first variant without a fault, where nothing tells them apart.
    fn fitting<'a>(&mut self, variants: &'a [Value], fields: &Map<String, Value>, path: &str) -> Option<&'a Value> {
        let value = Value::Object(fields.clone());
        let found = variants.iter().find(|variant| findings(variant, &value).0.is_empty());
        if found.is_none() {
            self.fault(path, format!("expected one of {} forms, and it fits none of them", variants.len()));
        }
        found
    }
}

/// The names of a variant's constant properties.
fn tags(variant: &Value) -> impl Iterator<Item = &str> {
    let properties = variant.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter(|(_, property)| property.get("const").is_some()).map(|(name, _)| name.as_str())
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn list<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let texts: Vec<String> = values.map(Value::to_string).collect();
    match texts.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => texts.concat(),
    }
}

/// What type was expected, if the value is of another.
fn misses_type(schema: &Value, value: &Value) -> Option<String> {
    let kinds: Vec<&str> = match schema.get("type")? {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = |kind: &&str| match *kind {
        "string" => value.is_string(),
        // serde refuses `3.0` for an integer.
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    };
    if kinds.is_empty() || kinds.iter().any(fits) {
        return None;
    }
    let name = |kind: &&str| match *kind {
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    };
    Some(kinds.iter().map(name).collect::<Vec<_>>().join(" or "))
}

/// What value was expected, if this one of the right type is out of bounds.
fn misses_value(schema: &Value, value: &Value) -> Option<String> {
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        return Some(constant.to_string());
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array).filter(|values| !values.contains(value)) {
        let near = value.as_str().and_then(|text| nearest(text, values.iter().filter_map(Value::as_str)));
        let hint = near.filter(|_| schema.get("airbyte_secret").is_none());
        let hint = hint.map(|near| format!(" (perhaps \"{near}\")")).unwrap_or_default();
        return Some(format!("{}{hint}", list(values.iter())));
    }
    match value {
        Value::Number(number) => number.as_f64().and_then(|number| misses_bound(schema, number)),
        Value::String(text) => {
            misses_length(schema, text).or_else(|| misses_pattern(schema, text)).or_else(|| misses_format(schema, text))
        }
        _ => None,
    }
}

/// A keyword, its words, and whether a number is within.
type Bound = (&'static str, &'static str, fn(f64, f64) -> bool);

fn misses_bound(schema: &Value, number: f64) -> Option<String> {
    let bounds: [Bound; 4] = [
        ("minimum", "at least", |number, bound| number >= bound),
        ("maximum", "at most", |number, bound| number <= bound),
        ("exclusiveMinimum", "more than", |number, bound| number > bound),
        ("exclusiveMaximum", "less than", |number, bound| number < bound),
    ];
    bounds.into_iter().find_map(|(keyword, words, fits)| {
        let bound = schema.get(keyword)?;
        (!fits(number, bound.as_f64()?)).then(|| format!("{words} {bound}"))
    })
}

fn misses_length(schema: &Value, text: &str) -> Option<String> {
    let length = text.chars().count() as u64;
    let least = bound(schema, "minLength").filter(|least| length < *least);
    let most = bound(schema, "maxLength").filter(|most| length > *most);
    least
        .map(|least| format!("at least {least} characters"))
        .or_else(|| most.map(|most| format!("at most {most} characters")))
}

/// A pattern that this dialect of regular expressions does not know (a look-ahead) is left to the platform's form.
fn misses_pattern(schema: &Value, text: &str) -> Option<String> {
    let pattern = schema.get("pattern")?.as_str()?;
    let fits = Regex::new(pattern).ok()?.is_match(text);
    (!fits).then(|| format!("a text that matches `{pattern}`"))
}

/// Dates are read as serde and chrono will read them.
fn misses_format(schema: &Value, text: &str) -> Option<String> {
    match schema.get("format")?.as_str()? {
        "date-time" if text.parse::<DateTime<FixedOffset>>().is_err() => {
            Some("a date-time with a zone, such as 2024-01-31T00:00:00Z".to_owned())
        }
        "date" if text.parse::<NaiveDate>().is_err() => Some("a date, such as 2024-01-31".to_owned()),
        _ => None,
    }
}

fn bound(schema: &Value, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}
