//! A JSON value as a tree of slices of its own bytes.

use crate::record::token::{Text, decode};
use std::borrow::Cow;
use std::collections::HashMap;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Tree<'b> {
    /// A string with its quotes, a number, a literal: as it is written.
    Leaf(Cow<'b, [u8]>),
    List(Vec<Tree<'b>>),
    Object(Vec<Member<'b>>),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(crate) struct Member<'b> {
    pub(crate) key: Key<'b>,
    pub(crate) value: Tree<'b>,
}

/// A key with its quotes, as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Key<'b>(Cow<'b, [u8]>);

impl<'b> Key<'b> {
    /// The key of a name.
    pub(crate) fn of(name: &str) -> Self {
        Self(Cow::Owned(quoted(name)))
    }

    /// The name, decoded.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        let inner = self.0.get(1..self.0.len().saturating_sub(1)).unwrap_or_default();
        match std::str::from_utf8(inner) {
            Ok(plain) if !inner.contains(&b'\\') => Cow::Borrowed(plain),
            _ => Cow::Owned(decode(inner)),
        }
    }

    /// The key as a value.
    pub(crate) fn into_value(self) -> Tree<'b> {
        Tree::Leaf(self.0)
    }
}

impl<'b> Member<'b> {
    pub(crate) fn new(name: &str, value: Tree<'b>) -> Self {
        Self { key: Key::of(name), value }
    }
}

impl<'b> Tree<'b> {
    pub(crate) const NULL: Self = Tree::Leaf(Cow::Borrowed(b"null"));

    /// A string of this text.
    pub(crate) fn string(text: &str) -> Self {
        Tree::Leaf(Cow::Owned(quoted(text)))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Tree::Leaf(text) if **text == *b"null")
    }

    /// The value at a path of names.
    pub(crate) fn at(&self, path: &[String]) -> Option<&Self> {
        let Some((name, below)) = path.split_first() else { return Some(self) };
        let Tree::Object(members) = self else { return None };
        members.iter().rfind(|member| member.key.name() == *name)?.value.at(below)
    }

    /// Takes the value at a path out of it.
    pub(crate) fn take(&mut self, path: &[String]) -> Option<Self> {
        let (name, below) = path.split_first()?;
        let Tree::Object(members) = self else { return None };
        let at = members.iter().rposition(|member| member.key.name() == *name)?;
        if below.is_empty() { Some(members.remove(at).value) } else { members.get_mut(at)?.value.take(below) }
    }
}

/// Of members of one name, the last stays, where the first was.
pub(crate) fn keep_last(members: &mut Vec<Member<'_>>) {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(members.len());
    let mut kept: Vec<Member<'_>> = Vec::with_capacity(members.len());
    for member in members.drain(..) {
        match places.get(&*member.key.name()).and_then(|at| kept.get_mut(*at)) {
            Some(before) => *before = member,
            None => {
                places.insert(member.key.name().into_owned(), kept.len());
                kept.push(member);
            }
        }
    }
    *members = kept;
}

fn quoted(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

/// Reads a text that is known to be one valid JSON value, nested no deeper than the walk allows.
pub(crate) fn read(bytes: &[u8]) -> Tree<'_> {
    let mut reader = Reader { text: Text::new(bytes) };
    reader.value(reader.text.blank(0)).0
}

struct Reader<'b> {
    text: Text<'b>,
}

impl<'b> Reader<'b> {
    fn slice(&self, from: usize, to: usize) -> &'b [u8] {
        self.text.bytes.get(from..to).unwrap_or_default()
    }

    /// A value from its first byte, and what comes behind it.
    fn value(&mut self, at: usize) -> (Tree<'b>, usize) {
        match self.text.peek(at) {
            b'{' => self.object(at + 1),
            b'[' => self.list(at + 1),
            b'"' => {
                let end = self.string(at);
                (Tree::Leaf(Cow::Borrowed(self.slice(at, end))), end)
            }
            _ => {
                let mut end = at;
                while !matches!(self.text.peek(end), 0..=b' ' | b',' | b'}' | b']') {
                    end += 1;
                }
                (Tree::Leaf(Cow::Borrowed(self.slice(at, end))), end)
            }
        }
    }

    fn string(&mut self, at: usize) -> usize {
        self.text.string(at + 1).unwrap_or(self.text.bytes.len())
    }

    fn list(&mut self, at: usize) -> (Tree<'b>, usize) {
        let mut items = Vec::new();
        let mut at = self.text.blank(at);
        while !matches!(self.text.peek(at), b']' | 0) {
            let (item, end) = self.value(at);
            items.push(item);
            at = self.behind(end);
        }
        (Tree::List(items), at + 1)
    }

    fn object(&mut self, at: usize) -> (Tree<'b>, usize) {
        let mut members = Vec::new();
        let mut at = self.text.blank(at);
        while !matches!(self.text.peek(at), b'}' | 0) {
            let end = self.string(at);
            let key = Key(Cow::Borrowed(self.slice(at, end)));
            at = self.text.blank(end);
            at = self.text.blank(at + 1);
            let (value, end) = self.value(at);
            members.push(Member { key, value });
            at = self.behind(end);
        }
        (Tree::Object(members), at + 1)
    }

    /// Behind a value and its comma.
    fn behind(&self, end: usize) -> usize {
        let at = self.text.blank(end);
        if self.text.peek(at) == b',' { self.text.blank(at + 1) } else { at }
    }
}

/// Writes a value without whitespace between tokens.
pub(crate) fn write(tree: &Tree<'_>, out: &mut Vec<u8>) {
    match tree {
        Tree::Leaf(text) => out.extend_from_slice(text),
        Tree::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Tree::Object(members) => {
            out.push(b'{');
            for (at, member) in members.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(&member.key.0);
                out.push(b':');
                write(&member.value, out);
            }
            out.push(b'}');
        }
    }
}
