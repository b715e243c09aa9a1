//! The locals that hold what the values read, and the accessors that fill them.

use super::{Leaf, Root, Scope, place, unraw};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

impl Scope<'_> {
    /// The locals that the values need, to stand before them.
    pub(crate) fn locals(&self) -> TokenStream {
        let config = self.config.map(|span| {
            let config = Ident::new("config", span);
            quote!(let #config = cx.config;)
        });
        let response = self.response.map(|span| {
            let response = Ident::new("response", span);
            quote!(let #response = page;)
        });
        let stream = self.stream.map(|span| {
            let (stream, made_of) = (Ident::new("stream", span), self.known.made_of);
            quote!(let #stream = cx.stream::<#made_of>()?;)
        });
        let state = self.state.map(|span| {
            let (state, of) = (Ident::new("state", span), self.known.state);
            quote!(let #state = cx.state::<#of>()?;)
        });
        let leaves = self.leaves.iter().map(|leaf| self.local(leaf));
        quote!(#config #response #stream #state #(#leaves)*)
    }

    /// The path of a leaf in a record of that type: the constant beside the impls, where there is one.
    fn path(&self, leaf: &Leaf, of: &TokenStream) -> TokenStream {
        if self.known.hoist { leaf.constant().into_token_stream() } else { leaf.path(of) }
    }

    fn local(&self, leaf: &Leaf) -> TokenStream {
        let Leaf { root, base, words, local, optional } = leaf;
        match root {
            Root::Parent(level) => {
                let first = self.known.level(*level).next().unwrap_or_default();
                let path = self.path(leaf, &first);
                let accessor = self.known.accessor(self.known.level(*level), base, words);
                let read = format_ident!("{}", if self.known.group && *level == 0 { "parents" } else { "parent" });
                quote! {
                    let #local = cx.#read(#level, #accessor, #path)?;
                }
            }
            Root::SecondParent => {
                let second = self.known.second_parent.to_token_stream();
                let path = self.path(leaf, &second);
                quote! {
                    let #local = cx.second_parent(|#base: &#second| &#base #(.#words)*, #path)?;
                }
            }
            Root::Slice if words[0] == "incremental" => quote!(let #local = cx.incremental();),
            Root::Slice => {
                let (this, read) = (&self.known.this, &words[0]);
                let cursor = if read == "then" { &self.known.then } else { &self.known.cursor };
                let read = if *optional { read.clone() } else { format_ident!("{read}_due") };
                quote!(let #local = cx.#read(|record: &#this| &#cursor)?;)
            }
            Root::Partition => {
                let name = words.first().map(unraw).unwrap_or_default();
                if self.known.text(&name) {
                    return quote!(let #local = __rt::text_of_parent(cx, #name)?;);
                }
                let list = self.lists.iter().find(|(known, _)| *known == name).map(|(_, list)| list);
                let span = self
                    .known
                    .lists
                    .iter()
                    .find(|list| list.name == name)
                    .map_or(base.span(), |list| place(&list.value));
                let read = Ident::new(if !self.known.parents.is_empty() { "element" } else { "partition" }, span);
                quote_spanned!(span=> let #local = __rt::#read(cx, #name, #list)?;)
            }
            Root::Record => {
                let this = &self.known.this;
                let path = self.path(leaf, this);
                quote!(let #local = row.field(|#base: &#this| &#base #(.#words)*, #path)?;)
            }
            Root::Last => {
                let this = &self.known.this;
                let path = self.path(leaf, this);
                let field = quote!(page.last_field(|#base: &#this| &#base #(.#words)*, #path)?);
                quote!(let __rt::Some(#local) = #field else { return __rt::Ok(__rt::None) };)
            }
            Root::Page if words[0] != "token" => {
                let read = &words[0];
                quote!(let #local = page.#read();)
            }
            Root::Page => quote!(let #local = __rt::page_token(cx);),
            Root::Job => {
                let name = words.first().map(unraw).unwrap_or_default();
                quote!(let #local = cx.job(#name)?;)
            }
            Root::Config | Root::Response | Root::Stream | Root::State => TokenStream::new(),
        }
    }
}
