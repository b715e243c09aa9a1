//! The differences between two schemas, keyword by keyword.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Change, Impact};

/// Keywords that say nothing about values.
const WORDS: &[&str] = &["title", "description", "examples", "default", "order", "$schema", "$comment"];

/// Keywords that are compared by a function of their own.
const KNOWN: &[&str] = &[
    "type",
    "format",
    "airbyte_type",
    "enum",
    "const",
    "properties",
    "items",
    "additionalProperties",
    "oneOf",
    "required",
];

/// Compares the schemas of one place.
pub(super) fn compare(old: &Value, new: &Value, place: &str, found: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let (Some(was), Some(is)) = (keywords(old), keywords(new)) else {
        return found.push(Change::new(Impact::Breaking, place, format!("its schema was {old} and is {new}")));
    };
    let mut look = Look { was: &was, is: &is, place, found };
    look.types();
    look.format();
    look.choice();
    look.properties();
    look.required();
    look.nested("items", "[]");
    look.further();
    look.variants();
    look.others();
    look.words();
}

/// A schema's keywords; `true` is the schema without any.
fn keywords(schema: &Value) -> Option<Map<String, Value>> {
    match schema {
        Value::Object(keywords) => Some(keywords.clone()),
        Value::Bool(true) => Some(Map::new()),
        _ => None,
    }
}

struct Look<'a> {
    was: &'a Map<String, Value>,
    is: &'a Map<String, Value>,
    place: &'a str,
    found: &'a mut Vec<Change>,
}

impl Look<'_> {
    fn say(&mut self, impact: Impact, what: impl Into<String>) {
        self.found.push(Change::new(impact, self.place, what));
    }

    /// Null apart from the rest: every table takes it, so that it may come, but who relies on it misses it.
    fn types(&mut self) {
        let (was, is) = (types(self.was), types(self.is));
        let (shown_was, shown_is) = (shown(&was), shown(&is));
        let (Some(mut was), Some(mut is)) = (was.clone(), is.clone()) else {
            match (was, is) {
                (Some(_), None) => self.say(Impact::Breaking, format!("its type is widened from {shown_was} to any")),
                (None, Some(_)) => self.say(Impact::Breaking, format!("its type is narrowed from any to {shown_is}")),
                _ => {}
            }
            return;
        };
        let null = (was.remove("null"), is.remove("null"));
        if was != is {
            let how = match (holds(&was, &is), holds(&is, &was)) {
                (true, _) => "narrowed",
                (_, true) => "widened",
                _ => "changed",
            };
            return self.say(Impact::Breaking, format!("its type is {how} from {shown_was} to {shown_is}"));
        }
        match null {
            (true, false) => {
                self.say(Impact::Breaking, format!("its type is narrowed from {shown_was} to {shown_is}"));
            }
            (false, true) => self.say(Impact::Addition, "it may be null"),
            _ => {}
        }
    }

    fn format(&mut self) {
        let name = |schema: &Map<String, Value>| {
            let word = |keyword| schema.get(keyword).and_then(Value::as_str);
            match (word("format"), word("airbyte_type")) {
                (format, Some(airbyte)) => format!("{} ({airbyte})", format.unwrap_or("none")),
                (format, None) => format.unwrap_or("none").to_owned(),
            }
        };
        let (was, is) = (name(self.was), name(self.is));
        if was != is {
            self.say(Impact::Breaking, format!("its format was {was} and is {is}"));
        }
    }

    fn choice(&mut self) {
        match (choices(self.was), choices(self.is)) {
            (Some(was), Some(is)) => {
                for gone in was.iter().filter(|value| !is.contains(value)) {
                    self.say(Impact::Breaking, format!("the value {gone} is gone"));
                }
                for new in is.iter().filter(|value| !was.contains(value)) {
                    self.say(Impact::Addition, format!("the value {new} is new"));
                }
            }
            (None, Some(is)) => {
                let is: Vec<String> = is.iter().map(ToString::to_string).collect();
                self.say(Impact::Breaking, format!("its values are narrowed to {}", is.join(", ")));
            }
            (Some(_), None) => self.say(Impact::Addition, "its values are not listed any more"),
            (None, None) => {}
        }
    }

    fn properties(&mut self) {
        let none = Map::new();
        let of = |schema: &Map<String, Value>| schema.get("properties").and_then(Value::as_object).cloned();
        let (was, is) = (of(self.was), of(self.is));
        let (was, is) = (was.as_ref().unwrap_or(&none), is.as_ref().unwrap_or(&none));
        for (name, old) in was {
            let place = format!("{}.{name}", self.place);
            match is.get(name) {
                Some(new) => compare(old, new, &place, self.found),
                None => self.found.push(Change::new(Impact::Breaking, place, "the field is gone")),
            }
        }
        for name in is.keys().filter(|name| !was.contains_key(*name)) {
            let place = format!("{}.{name}", self.place);
            self.found.push(Change::new(Impact::Addition, place, "the field is new"));
        }
    }

    fn required(&mut self) {
        let of = |schema: &Map<String, Value>| -> BTreeSet<String> {
            let names = schema.get("required").and_then(Value::as_array);
            names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
        };
        let (was, is) = (of(self.was), of(self.is));
        for name in was.difference(&is) {
            self.say(Impact::Breaking, format!("`{name}` may be missing now"));
        }
        for name in is.difference(&was) {
            self.say(Impact::Addition, format!("`{name}` is always there now"));
        }
    }

    /// A keyword whose value is a schema; without it, any value will do.
    fn nested(&mut self, keyword: &str, at: &str) {
        let any = Value::Bool(true);
        let (was, is) = (self.was.get(keyword).unwrap_or(&any), self.is.get(keyword).unwrap_or(&any));
        compare(was, is, &format!("{}{at}", self.place), self.found);
    }

    /// Fields that are not listed.
    fn further(&mut self) {
        const KEYWORD: &str = "additionalProperties";
        let closed = |schema: &Map<String, Value>| schema.get(KEYWORD) == Some(&Value::Bool(false));
        match (closed(self.was), closed(self.is)) {
            (true, false) => self.say(Impact::Addition, "it may have further fields"),
            (false, true) => self.say(Impact::Breaking, "it has no further fields any more"),
            (false, false) => self.nested(KEYWORD, ".*"),
            (true, true) => {}
        }
    }

    /// The forms of a choice of objects, told apart by their constants, or else by their places.
    fn variants(&mut self) {
        let (was, is) = (variants(self.was), variants(self.is));
        match (was.is_empty(), is.is_empty()) {
            (false, true) => return self.say(Impact::Breaking, "it is no choice of forms any more"),
            (true, false) => return self.say(Impact::Breaking, "it became a choice of forms"),
            _ => {}
        }
        for (name, old) in &was {
            let place = format!("{}({name})", self.place);
            match is.iter().find(|(other, _)| other == name) {
                Some((_, new)) => compare(old, new, &place, self.found),
                None => self.found.push(Change::new(Impact::Breaking, place, "the form is gone")),
            }
        }
        for (name, _) in is.iter().filter(|(name, _)| !was.iter().any(|(other, _)| other == name)) {
            let place = format!("{}({name})", self.place);
            self.found.push(Change::new(Impact::Addition, place, "the form is new"));
        }
    }

    /// What is not known here may bind values.
    fn others(&mut self) {
        let names: BTreeSet<&String> = self.was.keys().chain(self.is.keys()).collect();
        for name in names.into_iter().filter(|name| !WORDS.contains(&name.as_str()) && !KNOWN.contains(&name.as_str()))
        {
            if self.was.get(name) != self.is.get(name) {
                let show = |value: Option<&Value>| value.map_or("none".to_owned(), ToString::to_string);
                let (was, is) = (show(self.was.get(name)), show(self.is.get(name)));
                self.say(Impact::Breaking, format!("`{name}` was {was} and is {is}"));
            }
        }
    }

    fn words(&mut self) {
        for word in WORDS {
            if self.was.get(*word) != self.is.get(*word) {
                self.say(Impact::None, format!("its {word} is another"));
            }
        }
    }
}

/// The JSON types that a schema allows; nothing where it says none.
fn types(schema: &Map<String, Value>) -> Option<BTreeSet<&str>> {
    match schema.get("type")? {
        Value::String(name) => Some(BTreeSet::from([name.as_str()])),
        Value::Array(names) => Some(names.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// Whether types hold all values of others: a number may be an integer.
fn holds(types: &BTreeSet<&str>, others: &BTreeSet<&str>) -> bool {
    others.iter().all(|other| types.contains(other) || (*other == "integer" && types.contains("number")))
}

fn shown(types: &Option<BTreeSet<&str>>) -> String {
    types.as_ref().map_or_else(String::new, |types| types.iter().copied().collect::<Vec<_>>().join("|"))
}

/// The values that a schema lists.
fn choices(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

/// The forms of a `oneOf`, each with a name.
fn variants(schema: &Map<String, Value>) -> Vec<(String, &Value)> {
    let Some(Value::Array(forms)) = schema.get("oneOf") else { return Vec::new() };
    let constant = |form: &Value| {
        let (_, field) = form.get("properties")?.as_object()?.iter().find(|(_, field)| field.get("const").is_some())?;
        field.get("const").map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let name = |(at, form)| (constant(form).unwrap_or_else(|| format!("form {}", at + 1)), form);
    forms.iter().enumerate().map(name).collect()
}
