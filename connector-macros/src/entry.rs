//! The macros on `proc_macro2`: parse, check, write, and set the faults beside what was written.

use crate::attributes::{self, Entries};
use crate::errors::Errors;
use crate::input::Item;
use crate::keys::{CONFIG, HTTP, RECORD, STATE};
use crate::model::{Source, Stream};
use crate::{check, expand, input, variants};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::DeriveInput;

/// `#[derive(HttpStream)]`.
pub(crate) fn http_stream(tokens: TokenStream) -> TokenStream {
    if let Ok(input) = syn::parse2::<DeriveInput>(tokens.clone())
        && variants::has(&input)
    {
        let errors = Errors::default();
        let http = attributes::all(&input.attrs, &HTTP, &Errors::default());
        let krate = http.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream);
        let written = variants::variants(input, &krate, &errors);
        let errors = errors.into_tokens();
        return quote!(#written #errors);
    }
    derive(tokens, |item, errors| {
        if !matches!(item.body, input::Body::Struct(_)) {
            errors.at(&item.ident, "a stream is a struct with named fields");
        }
        let stream = Stream::new(item, errors);
        let (record, stream_impls) = (expand::record(item), expand::stream(&stream, errors));
        hidden(&stream.krate, &quote!(#record #stream_impls))
    })
}

/// `#[derive(Record)]`.
pub(crate) fn record(tokens: TokenStream) -> TokenStream {
    derive(tokens, |item, errors| {
        let entries = attributes::all(&item.attributes, &RECORD, errors);
        let krate = entries.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream);
        hidden(&krate, &expand::record(item))
    })
}

/// `#[derive(StateType)]`.
pub(crate) fn state_type(tokens: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let written = errors.ok(syn::parse2::<DeriveInput>(tokens)).map(|input| {
        let entries = attributes::all(&input.attrs, &STATE, &errors);
        check::state(&input, &entries, &errors);
        let krate = entries.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream);
        hidden(&krate, &expand::state_type(&input, &entries))
    });
    let errors = errors.into_tokens();
    quote!(#written #errors)
}

/// `#[source(…)]`.
pub(crate) fn source(arguments: TokenStream, tokens: TokenStream) -> TokenStream {
    attribute(tokens, |input, errors| {
        let source = Source::new(arguments, &input.attrs, errors);
        expand::source(input, &source, errors)
    })
}

/// `#[config]`.
pub(crate) fn config(arguments: TokenStream, tokens: TokenStream) -> TokenStream {
    attribute(tokens, |mut input, errors| {
        let mut entries = Entries::default();
        attributes::arguments(arguments, &CONFIG, &mut entries, errors);
        let krate = entries.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream);
        let live = expand::live(&input);
        let fields = expand::config_fields(&input);
        expand::derived(&mut input, &krate);
        quote! {
            #input
            #[allow(unused_imports)]
            use #krate::__private::Into as _;
            const _: () = {
                #[allow(unused_imports)]
                use #krate::__private::{self as __rt, OpaqueConfig as _};
                #live
                #fields
            };
        }
    })
}

fn derive(tokens: TokenStream, write: impl FnOnce(&Item, &Errors) -> TokenStream) -> TokenStream {
    let errors = Errors::default();
    let written = errors.ok(syn::parse2::<DeriveInput>(tokens)).map(|input| {
        let item = Item::read(input, &errors);
        write(&item, &errors)
    });
    let errors = errors.into_tokens();
    quote!(#written #errors)
}

/// As [`derive`], but what cannot be read is given back as it is, so that rustc and the editor have it.
fn attribute(tokens: TokenStream, write: impl FnOnce(DeriveInput, &Errors) -> TokenStream) -> TokenStream {
    let errors = Errors::default();
    let written = match syn::parse2::<DeriveInput>(tokens.clone()) {
        Ok(input) => write(input, &errors),
        Err(_) => tokens,
    };
    let errors = errors.into_tokens();
    quote!(#written #errors)
}

/// An expansion in a scope of its own, where serde's opinion is the second choice of a field's table.
pub(crate) fn hidden(krate: &TokenStream, impls: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __rt, SerdeShape as _};
            #impls
        };
    }
}
