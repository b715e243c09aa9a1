//! The names that a value may read: `config`, `parent.…`, `grandparent.…`, `partition.…`, `slice.…`.
//!
//! A field of a parent is read by an accessor that carries the author's tokens (`|parent: &User| &parent.id`), so that rustc
//! checks the name and knows the type; the value comes from the bytes that were kept of the parent's record.
//!
//! `roots` has the words that names begin with, `mentions` finds the names in a value, `template` in a string, a `leaf` is a field that is read, and
//! `locals` reads it.

mod leaf;
mod locals;
mod mentions;
mod roots;
mod template;

use leaf::unraw;
pub(crate) use leaf::{Leaf, path};
pub(crate) use roots::{DIVISION, DOWNLOAD, EDIT, NEXT, PARENT, POLL, REQUEST, Root, SETTING, SLICE};

use crate::attributes::{Named, ParentRef, Value, value};
use crate::errors::Errors;
use crate::input::serde::glue;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Type};

/// What is known of the stream whose values are read.
pub(crate) struct Known<'a> {
    /// The stream itself.
    pub(crate) this: TokenStream,
    pub(crate) parents: &'a [ParentRef],
    /// The stream whose records are paired with the parents'.
    pub(crate) second_parent: Option<&'a Type>,
    /// Whether it is read for groups of its parents' records.
    pub(crate) group: bool,
    /// What it is made of, if it is a kind of streams.
    pub(crate) made_of: Option<&'a Type>,
    /// The type of its state, if that is its own.
    pub(crate) state: Option<&'a Type>,
    /// The lists that it is read along, each with its values.
    pub(crate) lists: &'a [Named],
    /// Whether it has pages.
    pub(crate) pages: bool,
    /// The values that are kept of a job, where the stream has jobs.
    pub(crate) job: Option<Vec<&'a Named>>,
    /// The cursor's field, as `record.field`, over a record of the stream.
    pub(crate) cursor: Option<TokenStream>,
    /// The field of the cursor's second part, in the same way.
    pub(crate) then: Option<TokenStream>,
    /// Paths stand in constants beside the impls, which is possible unless they depend on a type parameter.
    pub(crate) hoist: bool,
    /// Something of the stream was lost to a fault: what seems to be missing may be there.
    pub(crate) broken: bool,
    pub(crate) errors: &'a Errors,
}

/// The names that the values of one generated function read.
pub(crate) struct Scope<'a> {
    known: &'a Known<'a>,
    /// The key whose value it is, for errors.
    place: &'static str,
    roots: &'static [Root],
    config: Option<Span>,
    response: Option<Span>,
    /// Where the author's `stream` stands, if a value reads it.
    stream: Option<Span>,
    /// Where the author's `state` stands, if a value reads it.
    state: Option<Span>,
    leaves: Vec<Leaf>,
    /// The value at hand is a bound of the slice and nothing else.
    whole: bool,
    /// The lists of the partitions that are read, which tell the types; in a stream with a parent as functions that make them.
    lists: Vec<(String, TokenStream)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(known: &'a Known<'a>, place: &'static str, roots: &'static [Root]) -> Self {
        Self {
            known,
            place,
            roots,
            config: None,
            stream: None,
            state: None,
            response: None,
            leaves: Vec::new(),
            whole: false,
            lists: Vec::new(),
        }
    }

    /// A reference to the value; `None` if it was lost to a fault.
    pub(crate) fn value(&mut self, given: &Value) -> Option<TokenStream> {
        match given {
            Value::Template(template) => self.template(template),
            Value::Expr(expr) => {
                self.whole = matches!(value::field_path(expr), Some(words) if words.len() == 2 && words[0] == "slice");
                let tokens = self.expr(expr);
                self.whole = false;
                Some(value::borrowed(expr, &tokens?))
            }
        }
    }

    /// An expression, its leaves replaced by the locals that hold them.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<TokenStream> {
        self.rewrite(expr.to_token_stream())
    }

    /// The value itself, for what is a number or a constant anyway.
    pub(crate) fn owned(&mut self, given: &Value) -> Option<TokenStream> {
        match given {
            Value::Template(_) => self.value(given),
            Value::Expr(expr) => self.expr(expr),
        }
    }

    /// The fields of the parents that were read.
    pub(crate) fn into_leaves(self) -> Vec<Leaf> {
        self.leaves
    }

    /// Whether the values read anything at all.
    pub(crate) fn reads(&self) -> bool {
        self.config.is_some() || self.stream.is_some() || self.state.is_some() || !self.leaves.is_empty()
    }

    /// Whether the values read anything but the record, or the page.
    pub(crate) fn reads_cx(&self) -> bool {
        let of_page = |leaf: &Leaf| {
            leaf.root == Root::Last
                || leaf.root == Root::Page && self.roots.contains(&Root::Response) && leaf.words[0] != "token"
        };
        self.config.is_some()
            || self.stream.is_some()
            || self.state.is_some()
            || self.leaves.iter().any(|leaf| leaf.root != Root::Record && !of_page(leaf))
    }

    /// Whether the values read the record.
    pub(crate) fn reads_row(&self) -> bool {
        self.leaves.iter().any(|leaf| leaf.root == Root::Record)
    }

    /// Where the author's `config` stands, if a value reads it.
    pub(crate) fn config(&self) -> Option<Span> {
        self.config
    }
}

impl Known<'_> {
    /// The types of the parents; level 0 is the nearest.
    pub(crate) fn level(&self, level: usize) -> impl Iterator<Item = TokenStream> {
        let above = |below: TokenStream, _| quote!(<#below as __rt::StreamType>::Parent);
        self.parents.iter().map(move |parent| (0..level).fold(parent.ty.to_token_stream(), above))
    }

    /// An accessor of a field that all of these have, of one type; it is one of the first.
    pub(crate) fn accessor(
        &self,
        types: impl Iterator<Item = TokenStream>,
        base: &Ident,
        words: &[Ident],
    ) -> TokenStream {
        let accessors = types.map(|of| quote!(|#base: &#of| &#base #(.#words)*));
        accessors.reduce(|first, other| quote!(__rt::alike(#first, #other))).unwrap_or_default()
    }

    /// Whether the parents' texts have that name.
    pub(crate) fn text(&self, name: &str) -> bool {
        self.parents.iter().any(|parent| parent.texts.iter().any(|(known, _)| known.value() == name))
    }
}

/// Where a value stands, for the glue around it.
pub(crate) fn place(value: &Value) -> Span {
    match value {
        Value::Template(template) => glue(template.span),
        Value::Expr(expr) => glue(expr.span()),
    }
}
