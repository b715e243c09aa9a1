//! `impl Record`: the constant table of a type.

use crate::input::{Body, Field, Item, Unit};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Type, WherePredicate};

/// The table of a type, and the hidden method that reads each field, so that a field which is only validated is not "never read".
pub(crate) fn record(item: &Item) -> TokenStream {
    let ident = &item.ident;
    let generics = bounded(&item.generics);
    let (impl_generics, type_generics, filter) = generics.split_for_impl();
    let shape = shape(item);
    let names = names(item.fields());
    let live = live(item);
    quote! {
        impl #impl_generics __rt::Record for #ident #type_generics #filter {
            const SHAPE: __rt::Shape = #shape;
            const NAMES: &'static [(&'static str, &'static str)] = &[#names];
        }
        impl #impl_generics __rt::Live for #ident #type_generics #filter {
            fn live(&self) { #live }
        }
    }
}

/// The generics with `T: Record` for each type parameter.
pub(crate) fn bounded(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let params: Vec<_> = generics.type_params().map(|param| param.ident.clone()).collect();
    if !params.is_empty() {
        let filter = generics.make_where_clause();
        for param in params {
            let bound: WherePredicate = syn::parse_quote!(#param: __rt::Record);
            filter.predicates.push(bound);
        }
    }
    generics
}

fn shape(item: &Item) -> TokenStream {
    match &item.body {
        Body::Struct(fields) if item.serde.transparent => match fields.iter().find(|field| !field.serde.skip) {
            Some(field) => of_type(&field.ty),
            None => quote!(__rt::Shape::Any),
        },
        Body::Struct(fields) => {
            let fields = fields.iter().filter(|field| !field.serde.skip).map(table_entry);
            quote!(__rt::Shape::Struct(|| const { &[#(#fields),*] }))
        }
        Body::Newtype(inner) => of_type(inner),
        Body::Units(units) if units.iter().any(|unit| unit.other) => quote!(__rt::Shape::Str),
        Body::Units(units) => {
            let names = units.iter().flat_map(|unit| &unit.names);
            quote!(__rt::Shape::Choice(&[#(#names),*]))
        }
        Body::Refused => quote!(__rt::Shape::Any),
        Body::Other(span) => {
            let typed = quote_spanned!(crate::input::serde::glue(*span)=> __rt::typed::<Self>);
            quote!(__rt::Shape::Typed(#typed))
        }
    }
}

fn table_entry(field: &Field) -> TokenStream {
    let (wire, doc) = (&field.wire, &field.doc);
    let shape = match &field.serde.with {
        Some(with) => quote!(&__rt::Shape::Typed(|bytes| __rt::typed_with(bytes, |from| #with(from)))),
        None => {
            let shape = of_type(&field.ty);
            quote!(&#shape)
        }
    };
    // The table of an option says so itself, unless what is in it is known to serde alone.
    let optional = (field.serde.default || field.is_option()).then(|| quote!(.optional()));
    let flattened = field.serde.flatten.then(|| quote!(.flattened()));
    let aliases = &field.serde.aliases;
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    quote!(__rt::Field::new(#wire, #doc, #shape)#optional #flattened #aliases)
}

/// The table of a field's type; rustc chooses whether it is the type's own or serde's opinion.
fn of_type(ty: &Type) -> TokenStream {
    let span = crate::input::serde::glue(ty.span());
    quote_spanned!(span=> __rt::FieldType::<#ty>::SHAPE)
}

/// Rust name and wire name of each field; a flattened one has no wire name, its fields stand beside it.
fn names(fields: &[Field]) -> TokenStream {
    let names = fields.iter().filter(|field| !field.serde.skip).map(|field| {
        let (rust, wire) = (field.rust(), if field.serde.flatten { "" } else { &field.wire });
        quote!((#rust, #wire))
    });
    quote!(#(#names),*)
}

fn live(item: &Item) -> TokenStream {
    match &item.body {
        Body::Struct(fields) => {
            let fields = fields.iter().map(|field| &field.ident);
            quote!(#(let _ = &self.#fields;)*)
        }
        Body::Newtype(_) => quote!(let _ = &self.0;),
        Body::Units(units) => {
            let variants = units.iter().map(|Unit { ident, .. }| ident);
            quote!(let _ = [#(Self::#variants),*];)
        }
        Body::Other(_) | Body::Refused => TokenStream::new(),
    }
}
