//! Values that are empty, or written otherwise than the struct says.

use super::tree::{Tree, write};
use super::{Empty, Transform};
use crate::cursor::CursorFormat;
use crate::record::format;
use crate::record::shape::{Field, Format, Shape};
use crate::record::token::{Number, Text, decode};
use chrono::{DateTime, SecondsFormat};
use std::borrow::Cow;

/// What becomes of empty values.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Empties {
    pub(super) strings: Option<Empty>,
    pub(super) lists: Option<Empty>,
    pub(super) objects: Option<Empty>,
    pub(super) nulls: Option<Empty>,
}

/// Mends the values of a record.
pub(super) fn mend(transform: &Transform, fields: &'static [Field], record: &mut Tree<'_>) {
    let empties = transform.empty;
    if empties.strings.or(empties.lists).or(empties.objects).or(empties.nulls).is_some() {
        empties.clear(record);
    }
    if (transform.cast || !transform.dates.is_empty())
        && let Tree::Object(_) = record
    {
        Caster { all: transform.cast, dates: &transform.dates }.fields(fields, record);
    }
}

impl Empties {
    /// From the inside out, so that an object whose fields have gone is empty.
    fn clear(self, tree: &mut Tree<'_>) {
        match tree {
            Tree::Leaf(_) => {}
            Tree::List(items) => items.iter_mut().for_each(|item| self.clear(item)),
            Tree::Object(members) => members.retain_mut(|member| {
                self.clear(&mut member.value);
                match self.of(&member.value) {
                    None => true,
                    Some(Empty::Drop) => false,
                    Some(Empty::Null) => {
                        member.value = Tree::NULL;
                        self.nulls.is_none()
                    }
                }
            }),
        }
    }

    fn of(self, value: &Tree<'_>) -> Option<Empty> {
        match value {
            Tree::Leaf(text) if **text == *b"\"\"" => self.strings,
            Tree::Leaf(_) if value.is_null() => self.nulls,
            Tree::List(items) if items.is_empty() => self.lists,
            Tree::Object(members) if members.is_empty() => self.objects,
            _ => None,
        }
    }
}

/// Writes values as the struct says.
struct Caster<'t> {
    /// Everything, not only dates.
    all: bool,
    dates: &'t [CursorFormat],
}

impl Caster<'_> {
    fn fields(&self, fields: &'static [Field], record: &mut Tree<'_>) {
        let Tree::Object(members) = record else { return };
        for (at, member) in members.iter_mut().enumerate() {
            let name = member.key.name();
            // The order of the struct is the likely one.
            let likely = fields.get(at).filter(|field| !field.flatten && field.name == name);
            if let Some(shape) = likely.map(|field| field.shape).or_else(|| shape_of(fields, &name)) {
                self.value(shape, &mut member.value);
            }
        }
    }

    fn value(&self, shape: &'static Shape, value: &mut Tree<'_>) {
        let shape = match shape {
            Shape::Option(inner) => {
                if value.is_null() {
                    return;
                }
                return self.value(inner, value);
            }
            shape => shape,
        };
        let null = value.is_null();
        match (shape, &mut *value) {
            (Shape::Struct(fields), Tree::Object(_)) => self.fields(fields(), value),
            (Shape::Map(of), Tree::Object(members)) => {
                members.iter_mut().for_each(|member| self.value(of, &mut member.value));
            }
            (Shape::List(of), Tree::List(items)) => items.iter_mut().for_each(|item| self.value(of, item)),
            (Shape::List(of), _) if self.all && !null => {
                self.value(of, value);
                *value = Tree::List(vec![std::mem::replace(value, Tree::NULL)]);
            }
            (Shape::Str | Shape::Choice(_), Tree::List(_) | Tree::Object(_)) if self.all => {
                let mut text = Vec::new();
                write(value, &mut text);
                *value = Tree::string(&String::from_utf8_lossy(&text));
            }
            (_, Tree::Leaf(text)) => {
                if let Some(new) = self.leaf(shape, text) {
                    *text = Cow::Owned(new);
                }
            }
            _ => {}
        }
    }

    /// What a string, a number or a literal becomes, if anything else.
    fn leaf(&self, shape: &Shape, text: &[u8]) -> Option<Vec<u8>> {
        if text == b"null" {
            return None;
        }
        let string = match text {
            [b'"', inner @ .., b'"'] => Some(decode(inner)),
            _ => None,
        };
        match shape {
            Shape::Format(of) => self.date(*of, text, string),
            _ if !self.all => None,
            Shape::Str | Shape::Choice(_) if string.is_none() => Some([b"\"", text, b"\""].concat()),
            Shape::Bool => truth(string.as_deref().unwrap_or(std::str::from_utf8(text).ok()?), string.is_none()),
            Shape::Int { .. } => integer(string.as_deref().unwrap_or(std::str::from_utf8(text).ok()?), text),
            Shape::Number | Shape::Decimal => {
                let string = string?;
                let number = string.trim();
                is_number(number).then(|| number.as_bytes().to_vec())
            }
            _ => None,
        }
    }

    /// A date in any of the forms, as RFC 3339 wants it.
    fn date(&self, of: Format, text: &[u8], string: Option<String>) -> Option<Vec<u8>> {
        if of == Format::Time || string.as_ref().is_some_and(|string| format::fits(of, string.as_bytes())) {
            return None;
        }
        let string = match string {
            Some(string) => string,
            None => std::str::from_utf8(text).ok()?.to_owned(),
        };
        let lenient = self.all.then_some(&CursorFormat::Rfc3339);
        let stamp = self.dates.iter().chain(lenient).find_map(|format| format.read(string.trim()))?;
        let (seconds, nanos) = stamp.moment();
        let moment = DateTime::from_timestamp(seconds, nanos)?;
        let written = match of {
            Format::DateTime => moment.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            Format::NaiveDateTime => moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
            Format::Date => moment.format("%Y-%m-%d").to_string(),
            Format::Time => return None,
        };
        Some(format!("\"{written}\"").into_bytes())
    }
}

/// The shape of a field, among those of flattened structs, too.
fn shape_of(fields: &'static [Field], name: &str) -> Option<&'static Shape> {
    fields.iter().find_map(|field| {
        if !field.flatten {
            return (field.name == name || field.aliases.contains(&name)).then_some(field.shape);
        }
        let mut shape = field.shape;
        while let Shape::Option(inner) = shape {
            shape = inner;
        }
        match shape {
            Shape::Struct(inner) => shape_of(inner(), name),
            _ => None,
        }
    })
}

/// The words that the Python framework takes for true and false, too; of numbers 1 and 0.
fn truth(text: &str, plain: bool) -> Option<Vec<u8>> {
    let truth = match text.trim().to_ascii_lowercase().as_str() {
        "true" | "false" if plain => return None,
        "1" => true,
        "0" => false,
        _ if plain => return None,
        "true" | "t" | "yes" | "y" | "on" => true,
        "false" | "f" | "no" | "n" | "off" => false,
        _ => return None,
    };
    Some(truth.to_string().into_bytes())
}

/// An integer that stands in a string, has leading zeros, or a fraction of zeros.
fn integer(text: &str, written: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let whole = match digits.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => digits,
    };
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = whole.trim_start_matches('0');
    let new = format!("{sign}{}", if kept.is_empty() { "0" } else { kept }).into_bytes();
    (new != written).then_some(new)
}

fn is_number(text: &str) -> bool {
    let mut reader = Text::new(text.as_bytes());
    matches!(reader.number(0), Ok((end, Number::Integer | Number::Fraction)) if end == text.len())
}
