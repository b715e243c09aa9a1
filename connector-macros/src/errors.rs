//! All faults of one input, each at its token.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::cell::RefCell;
use std::fmt::Display;

/// Collects faults; nothing stops at the first one. `?` is used inside one item only.
#[derive(Default)]
pub(crate) struct Errors {
    list: RefCell<Vec<syn::Error>>,
}

impl Errors {
    /// Adds a fault at the tokens that are wrong.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a fault at a span.
    pub(crate) fn spanned(&self, span: proc_macro2::Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds a fault that a parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        self.list.borrow_mut().push(error);
    }

    /// Adds the fault of a result and keeps its value.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether there is none so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.borrow().is_empty()
    }

    /// The faults as `compile_error!` items, to stand beside what is emitted anyway.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.list.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }

    /// The texts of the faults, for tests.
    #[cfg(test)]
    pub(crate) fn texts(self) -> Vec<String> {
        self.list.into_inner().iter().map(ToString::to_string).collect()
    }
}
