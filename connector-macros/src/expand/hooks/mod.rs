//! `impl HttpStream`: one method a hook, each a scope of its own.
//!
//! `settings` writes what is fixed for a sync, `slices` what the stream is read along, `request` and `response` what is asked and what is done with
//! the answer; `config` puts the config's type in.

mod config;
mod request;
mod response;
mod settings;
mod slices;

use super::edit;
use super::scope::{Known, Leaf, Root, Scope};
use crate::attributes::Value;
use crate::model::Stream;
use config::Config;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The methods, and what their values read.
pub(super) struct Hooks<'a> {
    stream: &'a Stream<'a>,
    known: &'a Known<'a>,
    methods: Vec<Method>,
    config: Option<Span>,
    leaves: Vec<Leaf>,
    /// The parents' fields that do not tell its records apart: lists that divide one, or its first page.
    lists: Vec<Leaf>,
    added: Vec<edit::AddedField>,
}

/// A method; in its signature `__C` stands for the config's type, which is known when all values have been seen.
struct Method {
    signature: TokenStream,
    body: TokenStream,
}

impl<'a> Hooks<'a> {
    pub(super) fn new(stream: &'a Stream<'a>, known: &'a Known<'a>) -> Self {
        Self {
            stream,
            known,
            methods: Vec::new(),
            config: None,
            leaves: Vec::new(),
            lists: Vec::new(),
            added: Vec::new(),
        }
    }

    /// Every method that the attributes ask for.
    pub(super) fn all(&mut self) {
        self.settings();
        self.partitions();
        self.first_page();
        self.base_url();
        self.path();
        self.records_path();
        self.values("params", "request_params", "Params");
        self.values("headers", "request_headers", "Headers");
        self.body();
        self.job();
        self.functions();
        self.edits();
    }

    /// What the descriptor says of edits.
    pub(super) fn descriptor(&self) -> TokenStream {
        let config = match self.config_type() {
            Config::Any(None) => Some(quote!(())),
            Config::Any(Some(_)) => None,
            named => Some(named.place(quote!(__C))),
        };
        edit::descriptor(self.stream, self.known, &self.leaves, &self.added, config.as_ref())
    }

    /// The parents' fields that are read, each once.
    pub(super) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Those that are read only to divide a parent's record, or as its first page.
    pub(super) fn lists(&self) -> impl Iterator<Item = &Leaf> {
        self.lists.iter().filter(|list| !self.leaves.iter().any(|leaf| leaf.same(list)))
    }

    fn method(&mut self, signature: TokenStream, body: TokenStream) {
        self.methods.push(Method { signature, body });
    }

    fn close(&mut self, scope: Scope<'_>) {
        self.config = self.config.or(scope.config());
        for leaf in scope.into_leaves() {
            if !self.leaves.iter().any(|known| known.same(&leaf)) {
                self.leaves.push(leaf);
            }
        }
    }

    /// The impl, over the config that the values read.
    pub(super) fn finish(self) -> TokenStream {
        let item = self.stream.item;
        let mut generics = super::record::bounded(&item.generics);
        let config = self.config_type();
        if let Config::Any(bound) = &config {
            let colon = bound.as_ref().map(|_| quote!(:));
            generics.params.push(syn::parse_quote!(__C #colon #bound));
        }
        let (impl_generics, _, filter) = generics.split_for_impl();
        let (_, type_generics, _) = item.generics.split_for_impl();
        let ident = &item.ident;
        let of = config.tokens();
        let methods = self.methods.iter().map(|Method { signature, body }| {
            let signature = config.place(signature.clone());
            quote!(#signature { #body })
        });
        let header = config.place(quote!(impl #impl_generics __rt::HttpStream<#of> for #ident #type_generics #filter));
        quote!(#header { #(#methods)* })
    }
}

/// Whether a value reads what differs from slice to slice.
fn of_slice(value: &Value) -> bool {
    fn within(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Group(group) => within(group.stream()),
            TokenTree::Ident(ident) => {
                matches!(
                    Root::named(&ident.to_string()),
                    Some(Root::Partition | Root::Slice | Root::Parent(_) | Root::SecondParent)
                )
            }
            _ => false,
        })
    }
    within(value.to_token_stream())
}

/// The name of the parameter of what is fixed for a sync, which may go unused.
fn config(scope: &Scope<'_>) -> Ident {
    scope.config().map_or_else(|| Ident::new("_config", Span::call_site()), |span| Ident::new("config", span))
}

/// The name of the scope's parameter, which may go unused.
fn cx(used: bool) -> Ident {
    Ident::new(if used { "cx" } else { "_cx" }, Span::call_site())
}
