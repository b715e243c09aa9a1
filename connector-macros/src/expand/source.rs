//! `#[source]`: the struct again, and what makes it a source.

use super::auth;
use super::scope::{Known, SETTING, Scope};
use crate::attributes::{Entries, StreamRef};
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::model::Source;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, LitStr};

/// The whole expansion.
pub(crate) fn source(mut input: DeriveInput, source: &Source, errors: &Errors) -> TokenStream {
    let doc = crate::input::doc(&input.attrs);
    let krate = &source.krate;
    input.attrs.retain(|attribute| !attribute.path().is_ident(crate::keys::ON.name));
    derived(&mut input, krate);
    let (ident, generics) = (input.ident.clone(), input.generics.clone());
    if let Some(param) = generics.params.first() {
        errors.at(param, "a source's config has no parameters: the spec must be one");
    }
    let known = Known {
        this: ident.to_token_stream(),
        parents: &[],
        second_parent: None,
        group: false,
        made_of: None,
        state: None,
        lists: &[],
        job: None,
        pages: false,
        cursor: None,
        then: None,
        hoist: true,
        broken: source.entries.broken,
        errors,
    };
    let core = core(&ident, &doc, source);
    let http = http(&ident, source, &known, errors);
    let listed = source.streams().iter().filter(|stream| stream.config.is_none()).map(|stream| {
        let path = &stream.path;
        quote_spanned!(glue(path.span())=> impl __rt::Listed for #path { type Config = #ident; })
    });
    let checks = checks(source);
    let live = super::live::fields(&input);
    let fields = super::config::fields(&input);
    let paths = super::config::paths(&ident, &config_paths(source));
    let lock = catalog_lock(&ident, source);
    let named = (!errors.is_empty()).then(|| named(source));
    quote! {
        #input
        #lock
        // schemars' derive calls `into` as a method, which `no_implicit_prelude` would hide from it.
        #[allow(unused_imports)]
        use #krate::__private::Into as _;
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __rt, OpaqueConfig as _};
            #live
            #fields
            #paths
            #core
            #http
            #(#listed)*
            #checks
        };
        #named
    }
}

/// The test of the catalog's lock. It stands outside the hidden block, where the test harness can name it.
fn catalog_lock(ident: &Ident, source: &Source) -> Option<TokenStream> {
    let file = source.entries.text("catalog_lock")?;
    let krate = &source.krate;
    let words = crate::input::rename::snake(&ident.unraw().to_string());
    let name = Ident::new(&format!("catalog_lock_of_{words}"), file.span());
    Some(quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn #name() -> #krate::__private::Result<(), #krate::__private::LockFault> {
            #krate::__private::catalog_lock::<#ident>(::core::env!("CARGO_MANIFEST_DIR"), #file)
        }
    })
}

/// Imports of the streams, beside faults of ours only: rustc looks for imported names although there are faults, but not for types,
/// so a misspelt stream would be told by the next compile.
fn named(source: &Source) -> TokenStream {
    let imports = source.streams().iter().enumerate().map(|(at, stream)| {
        let mut path = stream.path.clone();
        path.segments.iter_mut().for_each(|segment| segment.arguments = syn::PathArguments::None);
        // The whole import is where rustc points: it stands at the author's tokens.
        let name = quote::format_ident!("__Stream{at}", span = path.span());
        quote_spanned!(glue(path.span())=> #[allow(unused_imports)] use #path as #name;)
    });
    quote!(const _: () = { #(#imports)* };)
}

/// Adds what a type of the config derives; each field says its place in the form.
pub(crate) fn derived(input: &mut DeriveInput, krate: &TokenStream) {
    let path = |module: &str| format!("{}::__private::{module}", krate.to_string().replace(' ', ""));
    let (serde, schemars) = (path("serde"), path("schemars"));
    let attributes: [Attribute; 3] = [
        syn::parse_quote!(#[derive(#krate::__private::serde::Deserialize, #krate::__private::schemars::JsonSchema)]),
        syn::parse_quote!(#[serde(crate = #serde)]),
        syn::parse_quote!(#[schemars(crate = #schemars)]),
    ];
    // Before the author's attributes: a helper attribute may not stand before the derive that brings it.
    input.attrs.splice(0..0, attributes);
    match &mut input.data {
        syn::Data::Struct(data) => ordered(&mut data.fields),
        syn::Data::Enum(data) => data.variants.iter_mut().for_each(|variant| ordered(&mut variant.fields)),
        syn::Data::Union(_) => {}
    }
}

fn ordered(fields: &mut syn::Fields) {
    if let syn::Fields::Named(fields) = fields {
        for (order, field) in fields.named.iter_mut().enumerate() {
            field.attrs.push(syn::parse_quote!(#[schemars(extend("order" = #order))]));
        }
    }
}

fn core(ident: &Ident, doc: &str, source: &Source) -> TokenStream {
    let entries = &source.entries;
    let name = entries.text("name").map_or_else(|| quote!(__rt::env!("CARGO_PKG_NAME")), ToTokens::to_token_stream);
    let version =
        entries.text("version").map_or_else(|| quote!(__rt::env!("CARGO_PKG_VERSION")), ToTokens::to_token_stream);
    let url = entries.text("documentation_url").map_or_else(|| quote!(__rt::None), |url| quote!(__rt::Some(#url)));
    let from_config = match entries.function("validate") {
        None => quote!(__rt::from_config(config)),
        Some((key, function)) => {
            let validate = super::calls::call(key, function, "validate", &quote!(&read));
            quote!(let read: Self = __rt::from_config(config)?; #validate?; __rt::Ok(read))
        }
    };
    let streams = source.streams().iter().map(with);
    let functions = source.functions();
    let asked = functions.iter().flat_map(|(key, functions)| {
        functions.iter().map(|function| {
            let call = super::calls::call(key, function, "streams", &quote!(config, api));
            quote!(.asked(|config, api| #call))
        })
    });
    let asked: TokenStream = asked.collect();
    let asks = functions.is_some().then(|| quote! { fn asks_streams() -> bool { true } });
    let flow = entries.keys("advanced_auth").map(advanced_auth);
    let check = entries.texts("check");
    let check = (!check.is_empty()).then(|| {
        quote! { fn check_streams() -> &'static [&'static str] { &[#(#check),*] } }
    });
    let global_state = entries.flag("global_state").then(|| quote! { fn global_state() -> bool { true } });
    quote! {
        impl __rt::Source for #ident {
            const INFO: __rt::SourceInfo = __rt::source_info(#name, #version, #doc, #url);
            fn config_schema() -> __rt::serde_json::Value { __rt::config_schema::<Self>() }
            fn from_config(config: &__rt::serde_json::Value) -> __rt::Result<Self> { #from_config }
            fn descriptors() -> __rt::Vec<&'static __rt::StreamDescriptor> { __rt::Lineage::descriptors(__STREAMS) }
            fn streams(self: __rt::Arc<Self>, cx: &__rt::SourceContext) -> __rt::Result<__rt::Streams> {
                __rt::HttpStreams::new(self, cx)?#(#streams)*#asked.finish()
            }
            #asks
            #check
            #flow
            #global_state
        }
    }
}

fn with(stream: &StreamRef) -> TokenStream {
    let path = &stream.path;
    let span = glue(path.span());
    match &stream.config {
        None => quote_spanned!(span=> .with::<#path>()?),
        Some(config) => {
            let name = Ident::new("config", config_span(config.to_token_stream()).unwrap_or_else(|| config.span()));
            quote_spanned!(span=> .with_config::<#path, _>(|#name| #config)?)
        }
    }
}

/// Where the author's `config` stands, so that the closure's parameter is the same name.
fn config_span(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) if ident == "config" => Some(ident.span()),
        proc_macro2::TokenTree::Group(group) => config_span(group.stream()),
        _ => None,
    })
}

fn http(ident: &Ident, source: &Source, known: &Known<'_>, errors: &Errors) -> TokenStream {
    let entries = &source.entries;
    let mut scope = Scope::new(known, "base_url", SETTING);
    let base_url = entries.value("base_url").and_then(|(key, value)| {
        let value = scope.value(value)?;
        Some(quote_spanned!(glue(key.span())=> __rt::base_url(#value)))
    });
    let base_url = base_url.unwrap_or_else(|| quote!(__rt::base_url("")));
    let locals = own_config(&scope);
    let authenticator = authenticator(source, known, errors);
    let settings = settings(source, known);
    quote! {
        impl __rt::HttpSource for #ident {
            fn url_base(&self) -> __rt::Result<__rt::String> { #locals #base_url }
            #authenticator
            #settings
        }
    }
}

fn authenticator(source: &Source, known: &Known<'_>, errors: &Errors) -> Option<TokenStream> {
    let (_, value) = source.entries.value("auth")?;
    let mut scope = Scope::new(known, "auth", SETTING);
    let auth = auth::auth(value, &mut scope, errors)?;
    let locals = own_config(&scope);
    Some(quote! {
        fn authenticator(&self) -> __rt::Result<__rt::Auth> { #locals __rt::Ok(#auth) }
    })
}

fn settings(source: &Source, known: &Known<'_>) -> Option<TokenStream> {
    let entries = &source.entries;
    let mut scope = Scope::new(known, "headers", SETTING);
    let headers: TokenStream = entries
        .values("headers")
        .iter()
        .filter_map(|named| {
            let (name, value) = (&named.name, scope.value(&named.value)?);
            Some(quote_spanned!(super::scope::place(&named.value)=> headers.add(#name, #value)?;))
        })
        .collect();
    let hosts = entries.texts("allowed_hosts").iter().map(|host| quote!(.allowed_host(#host)));
    let mut hosts: TokenStream = hosts.collect();
    hosts.extend(super::rules::rules(&source.rules, &mut scope));
    hosts.extend(
        entries.all_keys("quota").filter_map(|(_, quota)| self::quota(quota, &mut scope)).collect::<TokenStream>(),
    );
    if let Some(names) = entries.keys("limit_headers") {
        let calls = names.iter().filter_map(|entry| {
            let (name, text) = (&entry.ident, names.text(entry.key)?);
            Some(quote_spanned!(glue(name.span())=> .#name(#text)))
        });
        hosts.extend(quote!(.limit_headers(__rt::LimitHeaders::new()#(#calls)*)));
    }
    for key in ["concurrency", "requests_per_host"] {
        if let Some((_, number)) = entries.value(key)
            && let Some(number) = scope.owned(number)
        {
            let method = Ident::new(key, Span::call_site());
            hosts.extend(quote!(.#method(#number)));
        }
    }
    if let Some((roots, key)) = entries.choice("roots") {
        let roots = Ident::new(&super::cursor::pascal(roots), key.span());
        hosts.extend(quote!(.roots(__rt::Roots::#roots)));
    }
    if let Some((key, pem)) = entries.value("root_certificate")
        && let Some(pem) = scope.value(pem)
    {
        hosts.extend(quote_spanned!(glue(key.span())=> .root_certificate(__rt::pem(#pem))));
    }
    if headers.is_empty() && hosts.is_empty() {
        return None;
    }
    let locals = own_config(&scope);
    let mut functions = Vec::new();
    super::rules::functions(&source.rules, &mut functions);
    let functions = (!functions.is_empty()).then(|| quote!(use __rt::times::{#(#functions),*};));
    let (make, set) = if headers.is_empty() {
        (TokenStream::new(), None)
    } else {
        (quote!(let mut headers = __rt::Headers::new(); #headers), Some(quote!(.headers(headers))))
    };
    Some(quote! {
        fn settings(&self) -> __rt::Result<__rt::SourceSettings> {
            #functions #locals #make
            __rt::Ok(__rt::SourceSettings::new()#hosts #set)
        }
    })
}

/// The paths of the config that attributes name.
fn config_paths(source: &Source) -> Vec<LitStr> {
    let mut paths = source.entries.value("auth").map(|(_, auth)| super::config::kept(auth)).unwrap_or_default();
    if let Some(flow) = source.entries.keys("advanced_auth") {
        paths.extend(["client_id", "client_secret"].iter().filter_map(|key| flow.text(key)).cloned());
        paths.extend(["output", "input"].iter().flat_map(|key| flow.named_texts(key)).map(|(_, path)| path.clone()));
        paths.extend(flow.named_texts("predicate").iter().map(|(name, _)| name.clone()));
    }
    paths
}

/// `advanced_auth(…)` as the flow of the spec.
fn advanced_auth(flow: &Entries) -> Option<TokenStream> {
    let (consent, token) = (flow.text("consent_url")?, flow.text("access_token_url")?);
    let scope = flow.text("scope").map(|scope| quote!(.scope(#scope)));
    let client = match (flow.text("client_id"), flow.text("client_secret")) {
        (None, None) => None,
        (id, secret) => {
            let id = id.map_or_else(|| quote!("client_id"), ToTokens::to_token_stream);
            let secret = secret.map_or_else(|| quote!("client_secret"), ToTokens::to_token_stream);
            Some(quote!(.client(#id, #secret)))
        }
    };
    let calls = [
        ("output", "output"),
        ("input", "input"),
        ("headers", "header"),
        ("params", "param"),
        ("keys", "key"),
        ("predicate", "predicate"),
    ];
    let calls = calls.iter().flat_map(|(key, method)| {
        let method = Ident::new(method, Span::call_site());
        flow.named_texts(key).iter().map(move |(name, value)| quote!(.#method(#name, #value)))
    });
    Some(quote! {
        fn advanced_auth() -> __rt::Option<__rt::AdvancedAuth> {
            __rt::Some(__rt::AdvancedAuth::oauth2(#consent, #token)#scope #client #(#calls)*)
        }
    })
}

/// `quota(requests = …, seconds = …)` as a call.
fn quota(quota: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let (requests, seconds) = (quota.value("requests")?.1, quota.value("seconds")?.1);
    let (requests, seconds) = (scope.owned(requests)?, scope.owned(seconds)?);
    let make = match quota.choice("window") {
        Some(("fixed", _)) => quote!(fixed_quota),
        _ => quote!(quota),
    };
    let streams = quota.streams("streams");
    let names = streams.iter().map(|stream| {
        let path = &stream.path;
        quote_spanned!(glue(path.span())=> __rt::stream_name::<#path>())
    });
    let only = (!streams.is_empty()).then(|| quote!(.streams([#(#names),*])));
    Some(quote!(.quota(__rt::#make(#requests, #seconds)#only)))
}

fn own_config(scope: &Scope<'_>) -> Option<TokenStream> {
    scope.config().map(|span| {
        let config = Ident::new("config", span);
        quote!(let #config = self;)
    })
}

/// Names, circles and missing parents, checked when the source is compiled; each check stands at its stream.
fn checks(source: &Source) -> TokenStream {
    let streams: Vec<_> = source.streams().iter().map(|stream| &stream.path).collect();
    let lineage = streams.iter().map(|path| quote_spanned!(glue(path.span())=> __rt::Lineage::of::<#path>()));
    let checks = streams
        .iter()
        .enumerate()
        .map(|(at, path)| quote_spanned!(glue(path.span())=> const _: () = __rt::Lineage::check(__STREAMS, #at);));
    quote! {
        const __STREAMS: &[__rt::Lineage] = &[#(#lineage),*];
        #(#checks)*
    }
}
