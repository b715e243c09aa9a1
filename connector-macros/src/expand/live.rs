//! Fields that only serde reads are not "never read".

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

/// A hidden method of the runtime's trait that reads each field, of a struct or of an enum's variants.
pub(crate) fn fields(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, filter) = input.generics.split_for_impl();
    let body = match &input.data {
        Data::Struct(data) => {
            let fields = data.fields.iter().enumerate().map(|(at, field)| {
                let cfgs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
                let member = field.ident.clone().map_or_else(|| syn::Member::from(at), syn::Member::from);
                quote!(#(#cfgs)* let _ = &self.#member;)
            });
            quote!(#(#fields)*)
        }
        Data::Enum(data) => {
            let arms = data.variants.iter().map(|variant| {
                let name = &variant.ident;
                match &variant.fields {
                    Fields::Named(fields) => {
                        let names: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
                        quote!(Self::#name { #(#names),* } => { #(let _ = #names;)* })
                    }
                    Fields::Unnamed(fields) => {
                        let names: Vec<_> = (0..fields.unnamed.len()).map(|at| quote::format_ident!("_{at}")).collect();
                        quote!(Self::#name(#(#names),*) => { #(let _ = #names;)* })
                    }
                    Fields::Unit => quote!(Self::#name => {}),
                }
            });
            quote!(match self { #(#arms)* })
        }
        Data::Union(_) => TokenStream::new(),
    };
    quote! {
        impl #impl_generics __rt::Live for #ident #type_generics #filter {
            fn live(&self) { #body }
        }
    }
}
