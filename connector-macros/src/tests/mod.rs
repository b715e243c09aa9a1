//! Tests of the whole pipeline without a compiler: snapshots of what authors get, and the faults that are told.
#![allow(clippy::unwrap_used, clippy::panic)]

mod faults;
mod reference;
mod snapshots;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, File, Item};

/// Expands every item of a source text as rustc would, and prints the result.
pub(crate) fn expand(source: &str) -> String {
    let file: File = syn::parse_str(source).unwrap();
    let mut out = TokenStream::new();
    for item in file.items {
        out.extend(expand_item(&item));
    }
    prettyplease::unparse(&syn::parse2(out).unwrap())
}

fn expand_item(item: &Item) -> TokenStream {
    let attributes = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        other => panic!("no macro for {}", other.to_token_stream()),
    };
    for (at, attribute) in attributes.iter().enumerate() {
        let name = attribute.path().to_token_stream().to_string();
        match name.as_str() {
            "source" => return crate::entry::source(arguments(attribute), without(item, at)),
            "config" => return crate::entry::config(arguments(attribute), without(item, at)),
            "derive" if arguments(attribute).to_string() == "HttpStream" => {
                return crate::entry::http_stream(without(item, at));
            }
            "derive" if arguments(attribute).to_string() == "Record" => return crate::entry::record(without(item, at)),
            _ => {}
        }
    }
    panic!("no macro on {}", item.to_token_stream())
}

fn arguments(attribute: &Attribute) -> TokenStream {
    attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default()
}

fn without(item: &Item, at: usize) -> TokenStream {
    let mut item = item.clone();
    match &mut item {
        Item::Struct(item) => drop(item.attrs.remove(at)),
        Item::Enum(item) => drop(item.attrs.remove(at)),
        _ => {}
    }
    item.into_token_stream()
}

/// The texts of the faults in an expansion.
pub(crate) fn faults(source: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, found: &mut Vec<String>) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            let proc_macro2::TokenTree::Group(group) = tree else { continue };
            let named = at >= 2 && trees[at - 2].to_string() == "compile_error";
            match syn::parse2::<syn::LitStr>(group.stream()) {
                Ok(text) if named => found.push(text.value()),
                _ => collect(group.stream(), found),
            }
        }
    }
    let file: File = syn::parse_str(source).unwrap();
    let mut found = Vec::new();
    for item in &file.items {
        collect(expand_item(item), &mut found);
    }
    found
}
