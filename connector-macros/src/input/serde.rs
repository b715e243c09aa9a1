//! serde's attributes, as far as they decide what a record looks like on the wire.
//!
//! serde itself checks them where its derive is there; what it would refuse is passed over here, so that no fault is told twice.

use super::rename::Case;
use crate::errors::Errors;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Path, Token};

/// What `#[serde(…)]` says of a struct or an enum.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) fields: Option<Case>,
    pub(crate) default: bool,
    pub(crate) transparent: bool,
    /// Its JSON form is another type's or needs a tag: only serde can tell what fits.
    pub(crate) opaque: bool,
}

/// What `#[serde(…)]` says of a field or a variant.
#[derive(Default)]
pub(crate) struct Member {
    pub(crate) rename: Option<String>,
    pub(crate) rename_fields: Option<Case>,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: bool,
    pub(crate) flatten: bool,
    pub(crate) skip: bool,
    /// A variant that takes every other string.
    pub(crate) other: bool,
    /// The function that reads the value.
    pub(crate) with: Option<TokenStream>,
}

/// Reads a container's attributes.
pub(crate) fn container(attributes: &[Attribute], errors: &Errors) -> Container {
    let mut out = Container::default();
    each(attributes, errors, |meta, errors| {
        match name(&meta).as_str() {
            "rename_all" => {
                if let Some(text) = deserialize_text(&meta)? {
                    out.fields = case(&text, errors);
                }
            }
            "default" => {
                skip(&meta)?;
                out.default = true;
            }
            "transparent" => out.transparent = true,
            "from" | "try_from" | "tag" | "content" | "untagged" | "remote" => {
                skip(&meta)?;
                out.opaque = true;
            }
            _ => skip(&meta)?,
        }
        Ok(())
    });
    out
}

/// Reads a field's or a variant's attributes.
pub(crate) fn member(attributes: &[Attribute], errors: &Errors) -> Member {
    let mut out = Member::default();
    each(attributes, errors, |meta, errors| {
        match name(&meta).as_str() {
            "rename" => out.rename = deserialize_text(&meta)?.map(|text| text.value()).or(out.rename.take()),
            "rename_all" => out.rename_fields = deserialize_text(&meta)?.and_then(|text| case(&text, errors)),
            "alias" => out.aliases.push(meta.value()?.parse::<LitStr>()?.value()),
            "default" => {
                skip(&meta)?;
                out.default = true;
            }
            "flatten" => out.flatten = true,
            "skip" | "skip_deserializing" => out.skip = true,
            "other" => out.other = true,
            "deserialize_with" => {
                let path: Path = meta.value()?.parse::<LitStr>()?.parse()?;
                out.with = Some(path.to_token_stream());
            }
            "with" => {
                let module: Path = meta.value()?.parse::<LitStr>()?.parse()?;
                out.with = Some(quote::quote!(#module::deserialize));
            }
            _ => skip(&meta)?,
        }
        Ok(())
    });
    out
}

fn each(
    attributes: &[Attribute],
    errors: &Errors,
    mut read: impl FnMut(ParseNestedMeta<'_>, &Errors) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        errors.ok(attribute.parse_nested_meta(|meta| read(meta, errors)));
    }
}

fn name(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

/// Passes over `= value` or `(…)`, whatever it is.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<TokenStream>()?;
    }
    Ok(())
}

/// `rename = "x"`, or the half of `rename(serialize = "y", deserialize = "x")` that reading follows.
fn deserialize_text(meta: &ParseNestedMeta<'_>) -> syn::Result<Option<LitStr>> {
    if meta.input.peek(Token![=]) {
        return meta.value()?.parse().map(Some);
    }
    let mut found = None;
    meta.parse_nested_meta(|inner| {
        let text = inner.value()?.parse::<LitStr>()?;
        if inner.path.is_ident("deserialize") {
            found = Some(text);
        }
        Ok(())
    })?;
    Ok(found)
}

fn case(text: &LitStr, errors: &Errors) -> Option<Case> {
    let case = Case::parse(&text.value());
    if case.is_none() {
        let known: Vec<_> = Case::NAMES.iter().map(|(name, _)| *name).collect();
        errors.spanned(
            Spanned::span(text),
            format!("serde knows no case `{}`; it has {}", text.value(), known.join(", ")),
        );
    }
    case
}

/// Where generated glue stands that belongs to a token of the user: the user's place, the macro's hygiene, so that lints
/// see it as generated.
pub(crate) fn glue(user: Span) -> Span {
    Span::call_site().located_at(user)
}
