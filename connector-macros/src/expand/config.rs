//! The fields of a config's type as a constant, and the paths of the config that attributes name.

use crate::errors::Errors;
use crate::input::serde::{self, glue};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, LitStr};

/// `impl ConfigType`: the names as serde reads them.
pub(crate) fn fields(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, filter) = input.generics.split_for_impl();
    let list = list(input).unwrap_or_else(|| quote!(__rt::ConfigField::ANY));
    quote! {
        impl #impl_generics __rt::ConfigType for #ident #type_generics #filter {
            const FIELDS: &'static [__rt::ConfigField] = &[#list];
        }
    }
}

/// Nothing where only serde knows.
fn list(input: &DeriveInput) -> Option<TokenStream> {
    // serde tells its own faults.
    let errors = Errors::default();
    let container = serde::container(&input.attrs, &errors);
    match &input.data {
        Data::Struct(data) if !container.opaque && !container.transparent => {
            named(&data.fields, container.fields, &errors)
        }
        Data::Enum(data) => {
            let tag = text(&input.attrs, "tag")?;
            if text(&input.attrs, "content").is_some() || text(&input.attrs, "rename_all_fields").is_some() {
                return None;
            }
            let tag = quote!(__rt::ConfigField::new(#tag, &[]),);
            let variants: Option<Vec<_>> = data
                .variants
                .iter()
                .map(|variant| {
                    let member = serde::member(&variant.attrs, &errors);
                    match &variant.fields {
                        Fields::Unit => Some(TokenStream::new()),
                        Fields::Unnamed(inner) => {
                            let ty = &inner.unnamed.first()?.ty;
                            Some(quote!(__rt::ConfigField::flat(<__rt::ConfigFields<#ty>>::FIELDS),))
                        }
                        fields => named(fields, member.rename_fields, &errors),
                    }
                })
                .collect();
            let variants = variants?;
            Some(quote!(#tag #(#variants)*))
        }
        _ => None,
    }
}

fn named(fields: &Fields, case: Option<crate::input::rename::Case>, errors: &Errors) -> Option<TokenStream> {
    let Fields::Named(fields) = fields else { return None };
    let field = |field: &syn::Field| {
        let member = serde::member(&field.attrs, errors);
        let cfgs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        let (ty, rust) = (&field.ty, field.ident.as_ref()?.unraw().to_string());
        if member.flatten {
            return Some(quote!(#(#cfgs)* __rt::ConfigField::flat(<__rt::ConfigFields<#ty>>::FIELDS),));
        }
        let name = member.rename.unwrap_or_else(|| case.map_or(rust.clone(), |case| case.field(&rust)));
        Some(quote!(#(#cfgs)* __rt::ConfigField::new(#name, <__rt::ConfigFields<#ty>>::FIELDS),))
    };
    fields.named.iter().map(field).collect()
}

/// The text of one of serde's keys on a container.
fn text(attributes: &[Attribute], key: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What cannot be read here is serde's to tell.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: syn::Expr = meta.value()?.parse()?;
                if meta.path.is_ident(key)
                    && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = value
                {
                    found = Some(text.value());
                }
            }
            Ok(())
        });
    }
    found
}

/// The checks of the paths, each at its literal.
pub(crate) fn paths(of: &syn::Ident, paths: &[LitStr]) -> TokenStream {
    let check = |path: &LitStr| {
        let message = format!("the config has no field `{}`", path.value());
        quote_spanned!(glue(path.span())=> const _: () = __rt::config_path(<#of as __rt::ConfigType>::FIELDS, #path, #message);)
    };
    paths.iter().map(check).collect()
}

/// The paths that an authenticator keeps tokens at, wherever in the value it stands.
pub(crate) fn kept(auth: &impl ToTokens) -> Vec<LitStr> {
    let mut found = Vec::new();
    walk(auth.to_token_stream(), &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<LitStr>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(ident) if ident == "keep_refresh_token" => literals(trees.get(at + 2), found),
            TokenTree::Ident(ident) if ident == "keep_access_token" => {
                if let Some(TokenTree::Group(group)) = trees.get(at + 1) {
                    group.stream().into_iter().for_each(|tree| literals(Some(&tree), found));
                }
            }
            TokenTree::Group(group) => walk(group.stream(), found),
            _ => {}
        }
    }
}

fn literals(tree: Option<&TokenTree>, found: &mut Vec<LitStr>) {
    if let Some(TokenTree::Literal(literal)) = tree
        && let syn::Lit::Str(text) = syn::Lit::new(literal.clone())
    {
        found.push(text);
    }
}
