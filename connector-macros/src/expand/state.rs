//! `impl StateType`: the version of a state's type, and what it is made of.

use crate::attributes::{Entries, Value};
use crate::input::serde::glue;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

/// The impl.
pub(crate) fn state_type(input: &DeriveInput, entries: &Entries) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, filter) = input.generics.split_for_impl();
    let (span, version) = match entries.value("version") {
        Some((_, Value::Expr(version))) => (version.span(), version.to_token_stream()),
        _ => (ident.span(), quote!(1)),
    };
    let (from, unversioned) = (entries.ty("from"), entries.ty("unversioned"));
    let version = match from {
        Some((_, old)) => quote_spanned!(glue(span)=> __rt::version_after::<#old>(#version)),
        None => quote_spanned!(glue(span)=> __rt::version(#version)),
    };
    let steps: TokenStream = [("from", from), ("unversioned", unversioned)]
        .into_iter()
        .filter_map(|(step, of)| {
            let (_, of) = of?;
            let span = glue(of.span());
            let step = proc_macro2::Ident::new(step, span);
            Some(quote_spanned!(span=> .#step::<#of>()?))
        })
        .collect();
    let older = from.map(|(_, old)| {
        quote! {
            fn older_versions() -> __rt::Vec<u32> { __rt::FoundState::versions_of::<#old>() }
        }
    });
    let upgrade = (!steps.is_empty()).then(|| {
        quote! {
            fn upgrade(found: &__rt::FoundState<'_>) -> __rt::Result<__rt::Option<Self>> {
                found.upgrade()#steps.done()
            }
        }
    });
    // A constant of an impl is looked at only where it is used: a wrong version is told at once.
    let looked_at =
        input.generics.params.is_empty().then(|| quote!(const _: u32 = <#ident as __rt::StateType>::VERSION;));
    let known = unversioned.map(|_| {
        quote!(
            const UNVERSIONED: bool = true;
        )
    });
    quote! {
        impl #impl_generics __rt::StateType for #ident #type_generics #filter {
            const VERSION: u32 = #version;
            #known
            #upgrade
            #older
        }
        #looked_at
    }
}
