//! `#[variants(…)]`: one struct that describes several streams. Each variant is written as a struct of its own, under the same derive, in
//! whose attributes `variant.…` is the variant's value.

use crate::entry::hidden;
use crate::errors::Errors;
use crate::expand;
use crate::input::Item;
use crate::keys::{VARIANTS, hint};
use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Lit, Token};

/// A variant: the name of its struct, and its values.
struct Variant {
    ident: Ident,
    values: Vec<(Ident, Lit)>,
}

impl Parse for Variant {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident: Ident = input.parse()?;
        let mut values = Vec::new();
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            for value in content.parse_terminated(named, Token![,])? {
                values.push(value);
            }
        }
        Ok(Self { ident, values })
    }
}

/// `kind = "s"`.
fn named(input: ParseStream<'_>) -> syn::Result<(Ident, Lit)> {
    let name: Ident = input.parse()?;
    input.parse::<Token![=]>()?;
    let value = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), format!("a variant's value is a literal: `{name} = \"…\"`")))?;
    Ok((name, value))
}

/// Whether a struct has variants.
pub(crate) fn has(input: &DeriveInput) -> bool {
    input.attrs.iter().any(|attribute| attribute.path().is_ident(VARIANTS.name))
}

/// The structs of the variants, and what makes the struct itself a record.
pub(crate) fn variants(input: DeriveInput, krate: &TokenStream, errors: &Errors) -> TokenStream {
    let (own, others): (Vec<Attribute>, Vec<Attribute>) =
        input.attrs.iter().cloned().partition(|attribute| attribute.path().is_ident(VARIANTS.name));
    let mut variants = Vec::new();
    for attribute in &own {
        let syn::Meta::List(_) = attribute.meta else {
            errors.at(attribute.path(), format!("the variants are named in parentheses: `{}`", VARIANTS.example));
            continue;
        };
        let read = attribute.parse_args_with(Punctuated::<Variant, Token![,]>::parse_terminated);
        variants.extend(errors.ok(read).into_iter().flatten());
    }
    once(&mut variants, errors);
    let mut told = BTreeSet::new();
    let written = variants.iter().map(|variant| {
        let mut filler = Filler { variant, errors, told: &mut told };
        let attributes: Vec<TokenStream> =
            others.iter().map(|attribute| filler.fill(attribute.to_token_stream())).collect();
        let fields = match &input.data {
            syn::Data::Struct(data) => filler.fill(data.fields.to_token_stream()),
            _ => TokenStream::new(),
        };
        let (visibility, ident, generics) = (&input.vis, &variant.ident, &input.generics);
        let filter = &generics.where_clause;
        quote! {
            #[derive(#krate::HttpStream)]
            #(#attributes)*
            #visibility struct #ident #generics #filter #fields
        }
    });
    let written: TokenStream = written.collect();
    let ident = input.ident.clone();
    let plain = input.generics.params.is_empty();
    let item = Item::read(input, errors);
    let record = hidden(krate, &expand::record(&item));
    // The struct itself is never built.
    let seen = plain.then(|| quote!(const _: fn(&#ident) = |_| {};));
    quote!(#written #record #seen)
}

/// Each variant is a struct of its own; the second of a name is left out.
fn once(variants: &mut Vec<Variant>, errors: &Errors) {
    let mut seen = BTreeSet::new();
    variants.retain(|variant| {
        let first = seen.insert(variant.ident.to_string());
        if !first {
            errors.at(&variant.ident, format!("the variant `{}` is named twice", variant.ident));
        }
        first
    });
}

/// Puts the values of a variant where they are read.
struct Filler<'v> {
    variant: &'v Variant,
    errors: &'v Errors,
    /// The faults that were told of another variant already.
    told: &'v mut BTreeSet<String>,
}

impl Filler<'_> {
    fn fill(&mut self, tokens: TokenStream) -> TokenStream {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out = Vec::with_capacity(trees.len());
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            at += 1;
            match (tree, trees.get(at), trees.get(at + 1)) {
                (TokenTree::Ident(root), Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(word)))
                    if root == "variant" && dot.as_char() == '.' =>
                {
                    at += 2;
                    // What is missing was told: a text stands for it, so that nothing else is.
                    let mut value = self.value(&word.to_string(), word).cloned();
                    let value = value.get_or_insert_with(|| Lit::Str(syn::LitStr::new("", word.span())));
                    value.set_span(word.span());
                    out.extend(value.to_token_stream());
                }
                (TokenTree::Group(group), ..) => {
                    let mut filled = Group::new(group.delimiter(), self.fill(group.stream()));
                    filled.set_span(group.span());
                    out.push(TokenTree::Group(filled));
                }
                (TokenTree::Literal(literal), ..) if literal.to_string().contains("{variant.") => {
                    out.push(TokenTree::Literal(self.text(literal)));
                }
                _ => out.push(tree.clone()),
            }
        }
        out.into_iter().collect()
    }

    /// A string in which `{variant.kind}` is the value.
    fn text(&mut self, literal: &Literal) -> Literal {
        let Ok(text) = syn::parse2::<syn::LitStr>(literal.to_token_stream()) else { return literal.clone() };
        let (mut rest, mut out) = (text.value(), String::new());
        while let Some((before, after)) = rest.split_once("{variant.") {
            out.push_str(before);
            let Some((word, behind)) = after.split_once('}') else { break };
            if let Some(value) = self.value(word, literal) {
                let value = match value {
                    Lit::Str(text) => text.value(),
                    other => other.to_token_stream().to_string(),
                };
                out.push_str(&value.replace('{', "{{").replace('}', "}}"));
            }
            rest = behind.to_owned();
        }
        out.push_str(&rest);
        let mut filled = Literal::string(&out);
        filled.set_span(literal.span());
        filled
    }

    fn value(&mut self, word: &str, place: impl ToTokens) -> Option<&Lit> {
        let Variant { ident, values } = self.variant;
        let found = values.iter().find(|(name, _)| name == word).map(|(_, value)| value);
        if found.is_none() {
            let names: Vec<String> = values.iter().map(|(name, _)| name.to_string()).collect();
            let hint = hint(word, names.iter().map(String::as_str), || match names.as_slice() {
                [] => "it has no values".to_owned(),
                names => format!("it has {}", names.join(", ")),
            });
            if self.told.insert(format!("{word} {}", place.to_token_stream())) {
                self.errors.at(place, format!("the variant `{ident}` has no `{word}`; {hint}"));
            }
        }
        found
    }
}
