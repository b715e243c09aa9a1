//! One element as a value: with the fields that its attributes and the elements in it make.

use std::collections::HashMap;

use connector_core::record::{Field, Shape};

use super::super::scalar::{self, Kind};

/// The field of the text of an element that has fields, too.
const TEXT: &str = "$text";

/// An element that is being read, or was.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Attributes, then elements, in their order.
    pub(super) fields: Vec<(String, Value)>,
    pub(super) text: String,
    /// `xsi:nil="true"`
    pub(super) nil: bool,
    /// There was an element in it, be it a record that has left.
    pub(super) has_elements: bool,
    /// About how many bytes it holds.
    pub(super) size: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    Attribute(String),
    Element(Element),
}

/// What is held for an element or attribute besides its texts.
const OVERHEAD: usize = size_of::<(String, Value)>();

impl Element {
    /// An element that begins.
    pub(super) fn new(name: &str, attributes: Vec<(&str, String)>) -> Self {
        let mut element = Self { name: name.to_owned(), size: name.len() + OVERHEAD, ..Self::default() };
        for (name, value) in attributes {
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            if let Some(local) = name.strip_prefix("xsi:") {
                element.nil |= local == "nil" && matches!(value.as_str(), "true" | "1");
                continue;
            }
            element.size += name.len() + value.len() + OVERHEAD;
            element.fields.push((name.to_owned(), Value::Attribute(value)));
        }
        element
    }

    /// Takes an element that has ended.
    pub(super) fn take(&mut self, element: Self) {
        self.size += element.size;
        self.fields.push((element.name.clone(), Value::Element(element)));
    }

    /// Writes it as JSON, after the shape that the struct declares.
    pub(super) fn write(&self, shape: Option<&Shape>, out: &mut Vec<u8>) {
        let inner = match shape {
            Some(Shape::Option(inner)) => Some(*inner),
            other => other,
        };
        match inner {
            _ if self.nil => out.extend_from_slice(b"null"),
            Some(Shape::Struct(fields)) => self.write_object(&|name| find(fields(), name), fields(), out),
            Some(Shape::Map(values)) => self.write_object(&|_| Some(*values), &[], out),
            Some(Shape::List(of)) => {
                out.push(b'[');
                self.write(Some(*of), out);
                out.push(b']');
            }
            // What the struct leaves open is what it looks like.
            Some(Shape::Any | Shape::Typed(_)) | None if !self.fields.is_empty() => {
                self.write_object(&|_| None, &[], out)
            }
            Some(scalar) => write_scalar(shape.unwrap_or(scalar), &self.text, out),
            None => write_open(&self.text, out),
        }
    }

    /// Writes it as an object: fields of one name together, where the first stands.
    fn write_object<'s>(&self, shape_of: &dyn Fn(&str) -> Option<&'s Shape>, declared: &[Field], out: &mut Vec<u8>) {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<(&str, Vec<&Value>)> = Vec::new();
        for (name, value) in &self.fields {
            let place = *places.entry(name).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, values)) = groups.get_mut(place) {
                values.push(value);
            }
        }
        let mut separator = b'{';
        let mut key = |name: &str, out: &mut Vec<u8>| {
            out.push(std::mem::replace(&mut separator, b','));
            scalar::write_text(name, out);
            out.push(b':');
        };
        for (name, values) in &groups {
            key(name, out);
            write_values(values, shape_of(name), out);
        }
        if !self.text.trim_ascii().is_empty() {
            key(TEXT, out);
            let shape = shape_of(TEXT).unwrap_or(&Shape::Str);
            write_scalar(shape, &self.text, out);
        }
        // A list of which there is no element is an empty list.
        for field in declared {
            let there = places.contains_key(field.name) || field.aliases.iter().any(|alias| places.contains_key(alias));
            if matches!(field.shape, Shape::List(_)) && !there {
                key(field.name, out);
                out.extend_from_slice(b"[]");
            }
        }
        if separator == b'{' {
            out.push(b'{');
        }
        out.push(b'}');
    }
}

/// Writes the values of one name.
fn write_values(values: &[&Value], shape: Option<&Shape>, out: &mut Vec<u8>) {
    let of = match shape {
        Some(Shape::List(of) | Shape::Option(Shape::List(of))) => Some(*of),
        _ => None,
    };
    if let ([one], None) = (values, of) {
        return one.write(shape, out);
    }
    out.push(b'[');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        value.write(of.or(shape), out);
    }
    out.push(b']');
}

impl Value {
    fn write(&self, shape: Option<&Shape>, out: &mut Vec<u8>) {
        match (self, shape) {
            (Self::Element(element), _) => element.write(shape, out),
            (Self::Attribute(text), Some(shape)) => write_scalar(shape, text, out),
            (Self::Attribute(text), None) => scalar::write_text(text, out),
        }
    }
}

/// A text where the struct declares a type.
fn write_scalar(shape: &Shape, text: &str, out: &mut Vec<u8>) {
    let inner = match shape {
        Shape::Option(inner) => inner,
        other => other,
    };
    let text = if matches!(inner, Shape::Format(_) | Shape::Choice(_)) { text.trim_ascii() } else { text };
    match inner {
        Shape::Any | Shape::Typed(_) => write_open(text, out),
        _ => scalar::write(Kind::of(shape), scalar::nullable(shape), text.as_bytes(), out),
    }
}

/// A text that no type is declared for: nothing is null.
fn write_open(text: &str, out: &mut Vec<u8>) {
    if text.trim_ascii().is_empty() { out.extend_from_slice(b"null") } else { scalar::write_text(text, out) }
}

/// The shape of a field by its name on the wire; flattened fields stand beside the others.
pub(super) fn find(fields: &'static [Field], name: &str) -> Option<&'static Shape> {
    let own = fields.iter().find(|field| !field.flatten && (field.name == name || field.aliases.contains(&name)));
    own.map(|field| field.shape).or_else(|| {
        fields.iter().filter(|field| field.flatten).find_map(|field| match field.shape {
            Shape::Struct(inner) | Shape::Option(Shape::Struct(inner)) => find(inner(), name),
            Shape::Map(values) => Some(*values),
            _ => None,
        })
    })
}
