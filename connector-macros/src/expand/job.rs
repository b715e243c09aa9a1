//! `#[job(…)]` as a `Job`, and the requests about it as hooks.

use super::calls::{added, call, path};
use super::scope::Scope;
use crate::attributes::{Entries, Value};
use crate::input::serde::glue;
use crate::model::Given;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The setting: `.job(…)`, and the functions that its values call.
pub(super) fn setting(entries: &Entries, scope: &mut Scope<'_>, functions: &mut Vec<Ident>) -> Option<TokenStream> {
    let span = glue(entries.span?);
    let parts: TokenStream = entries.iter().filter_map(|entry| part(entry.key, entries, scope)).collect();
    for key in ["every", "within"] {
        if let Some((_, value)) = entries.value(key) {
            super::cursor::calls(value.to_token_stream(), functions);
        }
    }
    Some(quote_spanned!(span=> .job(__rt::Job::new()#parts)))
}

fn part(key: &str, entries: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let method = Ident::new(key, Span::call_site());
    Some(match key {
        "created" | "created_headers" => {
            let method = Ident::new(if key == "created" { key } else { "created_header" }, Span::call_site());
            let named = entries.values(key).iter().filter_map(|named| {
                // Anything but a path was refused.
                let Value::Template(template) = &named.value else { return None };
                let (name, path) = (&named.name, template.constant()?);
                Some(quote!(.#method(#name, #path)))
            });
            named.collect()
        }
        "status" | "results" => {
            let path = entries.text(key)?;
            quote!(.#method(#path))
        }
        "running" | "done" | "empty" | "failed" => {
            let words = entries.texts(key);
            quote!(#(.#method(#words))*)
        }
        "results_optional" => quote!(.results_optional()),
        "download" => {
            let url = entries.keys(key)?.text("url")?;
            quote!(.file_url(#url))
        }
        "every" | "within" => {
            let (ident, value) = entries.value(key)?;
            let (span, value) = (glue(ident.span()), scope.value(value)?);
            quote_spanned!(span=> .#method(__rt::wait(#value)?))
        }
        "tries" | "at_once" => {
            let value = scope.owned(entries.value(key)?.1)?;
            quote!(.#method(#value))
        }
        _ => return None,
    })
}

/// The body of the hook that makes a request, and whether it is a plain delegation that reads all of its scope.
pub(super) fn request(keys: &Entries, scope: &mut Scope<'_>) -> (TokenStream, bool) {
    let word = |text| Ident::new(text, Span::call_site());
    let mut reads_all = false;
    let path = match keys.given_as("path") {
        Given::Function(key, function) => {
            reads_all = true;
            Some(call(key, function, "path", &quote!(cx)))
        }
        Given::Value(_, value) => Some(path(value, scope)),
        Given::Nothing => None,
    };
    let path = path.map(|path| quote!(request.path = __rt::Some({ #path }?);));
    // `url` of `download` is a path in the answer.
    let url = keys.value("url").and_then(|(_, value)| {
        let text = scope.value(value)?;
        Some(quote_spanned!(super::scope::place(value)=> request.url = __rt::Some(__rt::text(#text));))
    });
    let mut values = |key: &'static str, add: &str, question: Option<&TokenStream>| {
        let to = word(key);
        let calls: TokenStream =
            keys.values(key).iter().filter_map(|named| added(named, &to, add, question, scope)).collect();
        (!calls.is_empty()).then(|| quote!(let #to = &mut request.#to; #calls))
    };
    let params = values("params", "add", None);
    let body = values("body", "set", Some(&quote!(?)));
    let locals = scope.locals();
    (quote!(#locals #path #url #params #body __rt::Ok(())), reads_all)
}
