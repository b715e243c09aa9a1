//! A field that a value reads, and its path on the wire.

use super::{Known, Root};
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

/// A field that a value reads.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) root: Root,
    pub(super) base: Ident,
    pub(crate) words: Vec<Ident>,
    pub(super) local: Ident,
    /// A bound of the slice that may be absent: the whole value is `slice.start`, and nothing is sent then.
    pub(super) optional: bool,
}

impl Leaf {
    /// Its path on the wire, in a record of that type.
    pub(crate) fn path(&self, of: &TokenStream) -> TokenStream {
        path(&self.words, of, &self.base)
    }

    /// The constant that holds its path.
    pub(crate) fn constant(&self) -> Ident {
        let name = self.local.to_string();
        Ident::new(&name.to_uppercase(), Span::call_site())
    }

    /// The constant that holds its path in records of the parent at that place.
    pub(crate) fn constant_of(&self, parent: usize) -> Ident {
        let first = self.constant();
        if parent == 0 { first } else { Ident::new(&format!("{first}__{}", parent + 1), Span::call_site()) }
    }

    /// How the parent's record is asked for the bytes of the field: its accessor and its path.
    pub(crate) fn held(&self, known: &Known<'_>) -> TokenStream {
        let accessor = known.accessor(known.level(0), &self.base, &self.words);
        let first = known.level(0).next().unwrap_or_default();
        let path = if known.hoist { self.constant().to_token_stream() } else { self.path(&first) };
        quote!(#accessor, #path)
    }

    /// Tells what is wrong with the value, where the author names it.
    pub(crate) fn refuse(&self, errors: &Errors, what: &str) {
        let words = self.words.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        errors.at(self.words.first().unwrap_or(&self.base), format!("`{}.{words}`: {what}", self.base));
    }

    /// Whether two values read the same field.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.root == other.root && self.words == other.words
    }
}

/// The wire path of a field, a constant expression of type `FieldPath`.
pub(crate) fn path(words: &[Ident], of: &TokenStream, base: &Ident) -> TokenStream {
    let (steps, last) = words.split_at(words.len().saturating_sub(1));
    let last = last.iter().map(unraw);
    let mut at = of.clone();
    let mut before = TokenStream::new();
    for (i, step) in steps.iter().enumerate() {
        let name = unraw(step);
        let param = if i == 0 { quote!(|#base: &#at| &#base.#step) } else { quote!(|from| &from.#step) };
        before.extend(quote!(.then(#name, #param)));
        at = quote!(_);
    }
    quote!(const { &__rt::Wire::<#of>::of()#before #(.last(#last))* }.path())
}

pub(super) fn unraw(ident: &Ident) -> String {
    syn::ext::IdentExt::unraw(ident).to_string()
}
