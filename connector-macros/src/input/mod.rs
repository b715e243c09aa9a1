//! The struct or enum as the author wrote it: names, types, docs, serde's attributes; ours still as tokens.
//!
//! What `#[cfg]` leaves out is gone before a derive sees it.

pub(crate) mod rename;
pub(crate) mod serde;

use crate::errors::Errors;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Generics, Ident, Lit, Meta, Type};

/// A type under one of the macros.
pub(crate) struct Item {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) doc: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) serde: serde::Container,
    pub(crate) body: Body,
}

/// What the type is.
pub(crate) enum Body {
    /// A struct with named fields.
    Struct(Vec<Field>),
    /// A struct around one value.
    Newtype(Box<Type>),
    /// An enum of names.
    Units(Vec<Unit>),
    /// Anything else: only serde knows its JSON form.
    Other(Span),
    /// What has been refused.
    Refused,
}

/// A named field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) doc: String,
    pub(crate) wire: String,
    pub(crate) serde: serde::Member,
    pub(crate) attributes: Vec<Attribute>,
}

/// A variant without data.
pub(crate) struct Unit {
    pub(crate) ident: Ident,
    pub(crate) names: Vec<String>,
    pub(crate) other: bool,
}

impl Item {
    /// Reads a derive's input.
    pub(crate) fn read(input: DeriveInput, errors: &Errors) -> Self {
        let container = serde::container(&input.attrs, errors);
        let span = input.ident.span();
        let body = match input.data {
            Data::Struct(data) => match data.fields {
                Fields::Named(fields) => Body::Struct(
                    fields.named.into_iter().filter_map(|field| Field::read(field, &container, errors)).collect(),
                ),
                Fields::Unnamed(mut fields) if fields.unnamed.len() == 1 => {
                    fields.unnamed.pop().map_or(Body::Other(span), |field| Body::Newtype(Box::new(field.ty)))
                }
                _ => Body::Other(span),
            },
            Data::Enum(data) => units(data, &container, errors).map_or(Body::Other(span), Body::Units),
            Data::Union(_) => {
                errors.spanned(span, "a union has no JSON form; use a struct or an enum");
                Body::Refused
            }
        };
        let body = if container.opaque { Body::Other(span) } else { body };
        Self {
            ident: input.ident,
            generics: input.generics,
            doc: doc(&input.attrs),
            attributes: input.attrs,
            serde: container,
            body,
        }
    }

    /// The named fields; empty for everything but a struct.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.body {
            Body::Struct(fields) => fields,
            _ => &[],
        }
    }
}

impl Field {
    fn read(field: syn::Field, container: &serde::Container, errors: &Errors) -> Option<Self> {
        let ident = field.ident?;
        let mut serde = serde::member(&field.attrs, errors);
        serde.default |= container.default;
        let rust = ident.unraw().to_string();
        let wire =
            serde.rename.clone().unwrap_or_else(|| container.fields.map_or(rust.clone(), |case| case.field(&rust)));
        Some(Self { ident, ty: field.ty, doc: doc(&field.attrs), wire, serde, attributes: field.attrs })
    }

    /// The Rust name, without `r#`.
    pub(crate) fn rust(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// Whether the type is spelt as an option; a type alias goes unseen.
    pub(crate) fn is_option(&self) -> bool {
        matches!(&self.ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
    }
}

fn units(data: syn::DataEnum, container: &serde::Container, errors: &Errors) -> Option<Vec<Unit>> {
    if data.variants.is_empty() || data.variants.iter().any(|variant| !matches!(variant.fields, Fields::Unit)) {
        return None;
    }
    let unit = |variant: syn::Variant| {
        let serde = serde::member(&variant.attrs, errors);
        let rust = variant.ident.unraw().to_string();
        let wire = serde.rename.unwrap_or_else(|| container.fields.map_or(rust.clone(), |case| case.variant(&rust)));
        let names = if serde.skip || serde.other { Vec::new() } else { [vec![wire], serde.aliases].concat() };
        Unit { ident: variant.ident, names, other: serde.other }
    };
    Some(data.variants.into_iter().map(unit).collect())
}

/// The doc comment: lines joined, the one space after `///` taken off.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(expr) => match &expr.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}
