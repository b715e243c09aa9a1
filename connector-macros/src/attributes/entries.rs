//! What an attribute says, key by key.

use super::value::{Named, Value};
use proc_macro2::{Ident, Span};
use syn::{Expr, LitStr, Path, Type};

/// The entries of one attribute, or of one key's parentheses.
#[derive(Default)]
pub(crate) struct Entries {
    /// Where the attribute's name stands; `None` if the attribute is not there.
    pub(crate) span: Option<Span>,
    list: Vec<Entry>,
    /// Values under the author's own names (`#[add(user_id = …)]`).
    pub(crate) named: Vec<Named>,
    /// Bare words: field paths.
    pub(crate) bare: Vec<Expr>,
    /// An entry was lost to a fault: what seems to be missing may be there.
    pub(crate) broken: bool,
}

/// One entry.
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    /// The key's token.
    pub(crate) ident: Ident,
    pub(crate) content: Content,
}

/// An entry's value, in the shape that the table gives its key.
pub(crate) enum Content {
    Flag,
    Text(LitStr),
    Value(Value),
    Type(Box<Type>),
    Parents(Vec<ParentRef>),
    Module(Path),
    Function(Expr),
    Choice(&'static str, Ident),
    Values(Vec<Named>),
    Keys(Entries),
    Streams(StreamRefs),
    Texts(Vec<LitStr>),
    NamedTexts(Vec<(LitStr, LitStr)>),
}

/// A stream's parent.
pub(crate) struct ParentRef {
    pub(crate) ty: Type,
    /// The texts that tell its records from those of the others, under their names.
    pub(crate) texts: Vec<(LitStr, LitStr)>,
}

/// A source's streams.
#[derive(Default)]
pub(crate) struct StreamRefs {
    pub(crate) types: Vec<StreamRef>,
    /// The functions that find further streams.
    pub(crate) functions: Vec<Expr>,
}

/// A stream in a source's list.
pub(crate) struct StreamRef {
    pub(crate) path: Path,
    /// The config that it is handed, in the call form: `Invoice(&config.billing)`.
    pub(crate) config: Option<Expr>,
}

impl Entries {
    /// Adds an entry; the parser has checked that the key is new.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.list.push(entry);
    }

    /// No entries yet, of an attribute or a key that stands here.
    pub(crate) fn at(span: Span) -> Self {
        Self { span: Some(span), ..Self::default() }
    }

    /// An entry by its key.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.list.iter().find(|entry| entry.key == key)
    }

    /// All entries, in the author's order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.list.iter()
    }

    /// A string.
    pub(crate) fn text(&self, key: &str) -> Option<&LitStr> {
        match &self.get(key)?.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A value and its key's token.
    pub(crate) fn value(&self, key: &str) -> Option<(&Ident, &Value)> {
        let entry = self.get(key)?;
        match &entry.content {
            Content::Value(value) => Some((&entry.ident, value)),
            _ => None,
        }
    }

    /// A type and its key's token.
    pub(crate) fn ty(&self, key: &str) -> Option<(&Ident, &Type)> {
        let entry = self.get(key)?;
        match &entry.content {
            Content::Type(ty) => Some((&entry.ident, ty)),
            _ => None,
        }
    }

    /// A stream's parents; empty if the key is not there.
    pub(crate) fn parents(&self, key: &str) -> &[ParentRef] {
        match self.get(key).map(|entry| &entry.content) {
            Some(Content::Parents(parents)) => parents,
            _ => &[],
        }
    }

    /// A function and its key's token.
    pub(crate) fn function(&self, key: &str) -> Option<(&Ident, &Expr)> {
        let entry = self.get(key)?;
        match &entry.content {
            Content::Function(function) => Some((&entry.ident, function)),
            _ => None,
        }
    }

    /// Named values; empty if the key is not there.
    pub(crate) fn values(&self, key: &str) -> &[Named] {
        match self.get(key).map(|entry| &entry.content) {
            Some(Content::Values(values)) => values,
            _ => &[],
        }
    }

    /// The keys in a key's parentheses.
    pub(crate) fn keys(&self, key: &str) -> Option<&Entries> {
        match &self.get(key)?.content {
            Content::Keys(keys) => Some(keys),
            _ => None,
        }
    }

    /// The keys in the parentheses of a key that may be given several times, each with the key's token.
    pub(crate) fn all_keys(&self, key: &str) -> impl Iterator<Item = (&Ident, &Entries)> {
        self.list.iter().filter(move |entry| entry.key == key).filter_map(|entry| match &entry.content {
            Content::Keys(keys) => Some((&entry.ident, keys)),
            _ => None,
        })
    }

    /// Whether a flag is set.
    pub(crate) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key).map(|entry| &entry.content), Some(Content::Flag))
    }

    /// One word out of a list.
    pub(crate) fn choice(&self, key: &str) -> Option<(&'static str, &Ident)> {
        match &self.get(key)?.content {
            Content::Choice(word, ident) => Some((word, ident)),
            _ => None,
        }
    }

    /// A module's path.
    pub(crate) fn module(&self, key: &str) -> Option<&Path> {
        match &self.get(key)?.content {
            Content::Module(path) => Some(path),
            _ => None,
        }
    }

    /// String literals.
    pub(crate) fn texts(&self, key: &str) -> &[LitStr] {
        match self.get(key).map(|entry| &entry.content) {
            Some(Content::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// String literals under names.
    pub(crate) fn named_texts(&self, key: &str) -> &[(LitStr, LitStr)] {
        match self.get(key).map(|entry| &entry.content) {
            Some(Content::NamedTexts(texts)) => texts,
            _ => &[],
        }
    }

    /// Keeps some of a source's streams.
    pub(crate) fn retain_streams(&mut self, keep: impl FnMut(&StreamRef) -> bool) {
        for entry in &mut self.list {
            if let Content::Streams(streams) = &mut entry.content {
                return streams.types.retain(keep);
            }
        }
    }

    /// A source's streams.
    pub(crate) fn streams(&self, key: &str) -> &[StreamRef] {
        match self.get(key).map(|entry| &entry.content) {
            Some(Content::Streams(streams)) => &streams.types,
            _ => &[],
        }
    }

    /// The functions among a source's streams.
    pub(crate) fn stream_functions(&self, key: &str) -> Option<(&Ident, &[Expr])> {
        let entry = self.get(key)?;
        match &entry.content {
            Content::Streams(streams) => Some((&entry.ident, &streams.functions)),
            _ => None,
        }
    }
}
