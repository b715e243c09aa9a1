//! The rules that platforms hold schemas against, as a list of what is broken: for the tests of a connector.

use serde_json::{Map, Value};

/// Keywords that no schema may have.
const FORBIDDEN: &[&str] = &[
    "$ref",
    "$defs",
    "definitions",
    "not",
    "anyOf",
    "allOf",
    "patternProperties",
    "prefixItems",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
];

/// Names that look like a secret's to the platform's acceptance tests.
const SECRET_NAMES: &[&str] = &[
    "access_token",
    "api_key",
    "api_token",
    "certificate",
    "client_secret",
    "client_token",
    "credentials",
    "jwt",
    "key",
    "password",
    "refresh_token",
    "secret",
    "service_account",
    "service_account_info",
    "token",
];

/// What a platform's acceptance tests would say against a schema: each broken rule with its JSON pointer. Empty for every
/// record schema of this module. A config's can break two, since only its author can mend them: a field that looks like a
/// secret and is none ([`Secret`](crate::Secret)), and a choice whose variants have no common constant (an enum with data
/// wants `#[serde(tag = "…")]`).
///
/// ```
/// use connector_core::schema;
/// #[derive(schemars::JsonSchema)]
/// struct Config {
///     api_key: String,
/// }
/// let spec = schema::of_config(schemars::schema_for!(Config).to_value());
/// assert_eq!(schema::broken_rules(&spec), ["/properties/api_key: looks like a secret; its type should be `Secret`"]);
/// ```
#[must_use]
pub fn broken_rules(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if schema.get("type").is_none_or(|kind| kind != "object") {
        found.push("the schema is not that of an object".to_owned());
    }
    node(schema, "", is_config(schema), &mut found);
    found
}

/// A config's fields have an `order`, a record's have none: a record's field may be called token and be data.
fn is_config(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| properties.values().any(|property| property.get("order").is_some()))
}

fn node(schema: &Value, at: &str, config: bool, found: &mut Vec<String>) {
    let Some(fields) = schema.as_object() else { return found.push(format!("{at}: is no schema")) };
    found.extend(keywords(fields).into_iter().map(|fault| format!("{at}: {fault}")));
    if let Some(Value::Array(variants)) = fields.get("oneOf") {
        found.extend(choice(fields, variants).into_iter().map(|fault| format!("{at}: {fault}")));
        for (index, variant) in variants.iter().enumerate() {
            node(variant, &format!("{at}/oneOf/{index}"), config, found);
        }
    }
    for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let at = format!("{at}/properties/{name}");
        if config && looks_secret(name, property) {
            found.push(format!("{at}: looks like a secret; its type should be `Secret`"));
        }
        node(property, &at, config, found);
    }
    if let Some(items) = fields.get("items") {
        node(items, &format!("{at}/items"), config, found);
    }
}

fn keywords(fields: &Map<String, Value>) -> Vec<String> {
    let has = FORBIDDEN.iter().filter(|keyword| fields.contains_key(**keyword));
    let mut found: Vec<String> = has.map(|keyword| format!("has `{keyword}`")).collect();
    if fields.get("additionalProperties").is_some_and(|value| value != true) {
        found.push("`additionalProperties` is not true".to_owned());
    }
    if let Some(Value::Array(kinds)) = fields.get("type")
        && (kinds.len() != 2 || kinds.get(1).is_none_or(|kind| kind != "null"))
    {
        found.push("has several types".to_owned());
    }
    if let Some(Value::Array(values)) = fields.get("enum")
        && values.iter().enumerate().any(|(index, value)| values.iter().take(index).any(|other| other == value))
    {
        found.push("has a value of `enum` twice".to_owned());
    }
    found
}

fn choice(fields: &Map<String, Value>, variants: &[Value]) -> Vec<&'static str> {
    let mut found = Vec::new();
    if fields.get("type").is_none_or(|kind| kind != "object") {
        found.push("a `oneOf` whose type is not object");
    }
    let common = |tag: &&str| variants.iter().all(|variant| constants(variant).any(|name| name == *tag));
    if variants.first().map_or(0, |first| constants(first).filter(common).count()) != 1 {
        found.push("a `oneOf` without one common constant; an enum with data wants `#[serde(tag = \"…\")]`");
    }
    if variants.iter().any(|variant| variant.get("title").is_none()) {
        found.push("a variant without a title");
    }
    found
}

fn constants(variant: &Value) -> impl Iterator<Item = &str> {
    let properties = variant.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter(|(_, property)| property.get("const").is_some()).map(|(name, _)| name.as_str())
}

fn looks_secret(name: &str, property: &Value) -> bool {
    let scalar =
        ["string", "integer", "number"].iter().any(|kind| property.get("type").is_some_and(|found| found == kind));
    let marked = property.get("airbyte_secret") == Some(&Value::Bool(true));
    let named = SECRET_NAMES.contains(&name) || name.ends_with("_api_key");
    named && scalar && !marked && property.get("const").is_none()
}
