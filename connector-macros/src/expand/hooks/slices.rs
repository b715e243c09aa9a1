//! What a stream is read along: partitions, lists that divide a parent's record, values that are given.

use super::{Hooks, config, cx};
use crate::expand::calls::call;
use crate::expand::scope::{DIVISION, Leaf, PARENT, Root, SETTING, Scope, path, place};
use crate::input::serde::glue;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

impl Hooks<'_> {
    pub(super) fn partitions(&mut self) {
        let stream = self.stream;
        if let Some((key, function)) = stream.http.function("partitions") {
            let body = call(key, function, "partitions", &quote!(config));
            self.method(quote!(fn stream_slices(config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>), body);
        }
        self.given();
        if stream.partition.named.is_empty() {
            return;
        }
        let divides = !self.known.parents.is_empty();
        let mut scope = Scope::new(self.known, "partition", if divides { DIVISION } else { SETTING });
        let lists: TokenStream = stream
            .partition
            .named
            .iter()
            .filter_map(|named| {
                let (name, value) = (&named.name, scope.value(&named.value)?);
                Some(quote_spanned!(place(&named.value)=> .along(#name, #value)?))
            })
            .collect();
        if divides {
            let (locals, cx) = (scope.locals(), cx(scope.reads()));
            self.method(
                quote!(fn divide(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::Lists>>),
                quote!(#locals __rt::Ok(__rt::Some(__rt::Lists::new()#lists))),
            );
            self.config = self.config.or(scope.config());
            self.lists = scope.into_leaves();
            return;
        }
        let config = config(&scope);
        self.method(
            quote!(fn stream_slices(#config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>),
            quote!(__rt::Ok(__rt::Some(__rt::Lists::new()#lists.partitions()))),
        );
        self.close(scope);
    }

    /// The values of the parent's field that the config has.
    fn given(&mut self) {
        let (Some(parent), [named]) = (self.known.level(0).next(), self.stream.http.values("given")) else { return };
        let Some(words) = named.words() else {
            let text = format!("`{}` is no field of the parent", named.name);
            return self.known.errors.spanned(named.span, text);
        };
        let mut scope = Scope::new(self.known, "given", SETTING);
        if let Some(list) = scope.value(&named.value) {
            let base = Ident::new("parent", glue(named.span));
            let path = path(&words, &parent, &base);
            let config = config(&scope);
            let accessor = self.known.accessor(self.known.level(0), &base, &words);
            self.method(
                quote!(fn stream_slices(#config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>),
                quote_spanned!(place(&named.value)=> __rt::given(#accessor, #path, #list)),
            );
        }
        self.close(scope);
    }

    /// The field of the parent's record that holds the first page.
    pub(super) fn first_page(&mut self) {
        let Some((key, value)) = self.stream.http.value("first_page") else { return };
        let mut scope = Scope::new(self.known, "first_page", PARENT);
        let read = scope.value(value).is_some();
        let leaves = scope.into_leaves();
        match leaves.as_slice() {
            [leaf] => {
                let held = leaf.held(self.known);
                self.method(
                    quote!(fn first_page(cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::Vec<u8>>>),
                    quote_spanned!(place(value)=> __rt::held(cx, #held)),
                );
                self.lists.extend(leaves);
            }
            // Else the fault has been told.
            _ if read => {
                self.known.errors.at(key, "`first_page` names a field of the parent: `first_page = parent.lines`")
            }
            _ => {}
        }
    }

    /// Without its records, nothing of a parent is known but what is given.
    pub(in crate::expand) fn check_given(&self) {
        let [named] = self.stream.http.values("given") else { return };
        let Some(words) = named.words() else { return };
        let of_parent = |leaf: &&Leaf| matches!(leaf.root, Root::Parent(_));
        for leaf in self.leaves.iter().filter(of_parent) {
            if leaf.root != Root::Parent(0) || leaf.words != words {
                leaf.refuse(
                    self.known.errors,
                    &format!(
                        "where `given` has `{}`, the parent is not read, and nothing else of it is known",
                        named.name
                    ),
                );
            }
        }
    }
}
